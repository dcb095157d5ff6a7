import json
import time

from lxml.html import document_fromstring

from crawler.extract.blocks import Block
from crawler.extract.body import read_body
from crawler.extract.hydration import hydrated

LINES = (
    (
        "항구 도시의 부두가 내년 말까지 확장될 것이라고 시 의회가 화요일 "
        "회의에서 밝혔다고 전해졌다. 주민들은 이를 반겼다고 한다."
    ),
    (
        "북쪽에 두 개의 새 정박지가 계획되어 있으며 오래된 기중기는 "
        "곧 철거될 예정이라고 관계자가 말했다. 공사는 봄에 시작된다고 한다."
    ),
    (
        "어민들은 큰 배가 좌초되기 때문에 십 년 넘게 이 공사를 요청해 "
        "왔다고 설명했다. 비용은 아직 정해지지 않았다고 알려졌다."
    ),
)
MARKUP = "".join(f'<p class="x">{line}</p>' for line in LINES)
BLOCKS = [Block("paragraph", line) for line in LINES]
PADDING = {"menu": ["x" * 40] * 40}


def page(script: str, kind: str = "application/json") -> str:
    return f'<html><body><div id=app></div><script type="{kind}">{script}</script></body></html>'


def in_script(data: object) -> str:
    return json.dumps(data).replace("<", "\\u003c")


def test_marked_up_text_in_a_page_s_data_is_read() -> None:
    data = {"props": {"article": {"title": "항구", "contentHtml": MARKUP}}, **PADDING}
    assert hydrated(document_fromstring(page(in_script(data)))) == BLOCKS


def test_paragraphs_under_one_name_are_read_in_order() -> None:
    blocks = [{"type": "p", "text": line} for line in LINES]
    script = f"window.__STATE__ = {in_script({'blocks': blocks, **PADDING})};"
    assert hydrated(document_fromstring(page(script, "text/javascript"))) == BLOCKS


def test_a_stream_in_pieces_is_put_together_first() -> None:
    stream = f"1:{json.dumps({'contentHtml': MARKUP})}\n"
    cut = len(stream) // 2
    pushed = "</script><script>".join(
        f"self.__next_f.push([1,{in_script(piece)}])" for piece in (stream[:cut], stream[cut:])
    )
    assert hydrated(document_fromstring(page(pushed, ""))) == BLOCKS


def test_long_texts_of_a_stream_stand_outside_its_json_with_their_length_in_bytes() -> None:
    stream = f'1a:T{len(MARKUP.encode()):x},{MARKUP}2b:["$","p",null]'
    pushed = f"self.__next_f.push([1,{in_script(stream)}])"
    assert hydrated(document_fromstring(page(pushed, ""))) == BLOCKS


def test_json_ld_broken_strings_and_settings_are_not_the_article() -> None:
    data = in_script({"articleBody": MARKUP, **PADDING})
    assert hydrated(document_fromstring(page(data, "application/ld+json"))) == []
    settings = in_script({"consentText": MARKUP, "imageUrl": "x" * 900, **PADDING})
    assert hydrated(document_fromstring(page(settings))) == []
    broken = '{"contentHtml":"\\u00' + MARKUP.replace('"', "") + '"}' + " " * 900
    assert hydrated(document_fromstring(page(broken, "text/x"))) == []


def test_a_body_that_only_a_script_shows_is_found() -> None:
    data = in_script({"contentHtml": MARKUP, **PADDING})
    found = read_body(document_fromstring(page(data)), [], None)
    assert (found.blocks, found.origin) == (tuple(BLOCKS), "text")


def test_megabytes_of_unended_strings_and_lengths_take_no_long_time() -> None:
    hostile = '"text":"' + 'a\\"' * 500_000 + "1a:Tffffff," * 100_000 + '"text":' * 100_000
    tree = document_fromstring(page(hostile))
    began = time.process_time()
    hydrated(tree)
    assert time.process_time() - began < 10
