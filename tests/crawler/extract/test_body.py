from collections.abc import Callable

import pytest
from lxml.html import HtmlElement, document_fromstring

from archive.records import Draft
from crawler.extract import body as bodies
from crawler.extract import passes
from crawler.extract.blocks import Block
from crawler.extract.body import read_body, words_in

DraftOf = Callable[..., Draft]
ONE = "The harbour of the small town will be widened until the end of next year, the council said."
TWO = "Two new berths are planned on the northern side, and the old crane will be taken down soon."
THREE = "Fishermen had asked for the work for more than ten years, since large boats run aground."


def read(
    html: str, *headlines: str, article_body: str | None = None, rule: str | None = None
) -> bodies.Body:
    return read_body(document_fromstring(html), headlines, article_body, rule)


def page(*paragraphs: str) -> str:
    inner = "".join(f"<p>{p}</p>" for p in paragraphs)
    return f"<html><body><article>{inner}</article></body></html>"


def test_an_early_line_that_repeats_the_headline_is_dropped_and_a_late_one_kept() -> None:
    text = read(
        page("Harbour to grow!", ONE, TWO, THREE, ONE[::-1], TWO[::-1]), "Harbour to grow"
    ).text
    assert text is not None
    assert text.startswith(ONE)
    late = read(
        page(ONE, TWO, THREE, ONE[::-1], TWO[::-1], "Harbour to grow it says here now"),
        "Harbour to grow it says here now",
    ).text
    assert late is not None
    assert late.endswith("Harbour to grow it says here now")


def test_a_long_line_is_not_given_twice() -> None:
    text = read(page(ONE, TWO, ONE, THREE)).text
    assert text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_the_tree_is_left_as_it_was() -> None:
    tree = document_fromstring(page(ONE, TWO))
    before = len(list(tree.iter()))
    read_body(tree, [], None)
    assert len(list(tree.iter())) == before


def test_a_body_that_only_json_ld_holds_is_taken_from_there() -> None:
    found = read(
        "<html><body><div id=app></div></body></html>", article_body=f"<p>{ONE}</p><p>{TWO}</p>"
    )
    assert (found.text, found.origin) == (f"{ONE}\n\n{TWO}", "json-ld")
    plain = read("<html><body></body></html>", article_body=f"{ONE}\n{TWO}\n{THREE}")
    assert plain.text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_a_fault_of_the_extractor_leaves_the_fallbacks(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(passes, "extract_content", fails)
    monkeypatch.setattr(passes, "bare_extraction", fails)
    found = read(page(ONE, TWO, THREE))
    assert (found.text, found.origin) == (f"{ONE}\n\n{TWO}\n\n{THREE}", "text")


def test_a_rule_selects_the_text_and_drops_what_is_never_text() -> None:
    html = (
        f"<div class=isi>{ONE}<br><p>{TWO}</p><figure>Photo: X</figure>"
        f"<script>x()</script><ul><li>{THREE}</ul></div>"
    )
    found = read(f"<html><body>{html}</body></html>", rule="div.isi")
    assert (found.text, found.origin) == (f"{ONE}\n\n{TWO}\n\n{THREE}", "rule")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, 0),
        ("", 0),
        ("two words", 2),
        ("港を拡張する", 3),
        ("港 and 2 words 長い", 4),
        ("ท่าเรือจะขยาย", 6),
    ],
)
def test_scripts_without_spaces_count_two_characters_a_word(text: str | None, words: int) -> None:
    assert words_in(text) == words


def test_a_dateline_before_the_text_is_the_opening_and_no_text() -> None:
    found = read(page("Lokal", "Contoh, 19 Juni 2024", ONE, TWO, THREE))
    assert (found.text, found.opening) == (f"{ONE}\n\n{TWO}\n\n{THREE}", "Contoh, 19 Juni 2024")
    assert read(page("Lokal", ONE, TWO, THREE, ONE[::-1])).opening == ONE
    assert read("<html><body></body></html>").opening is None


def test_a_body_is_a_sequence_of_blocks() -> None:
    html = f"<article><p>{ONE}</p><h3>Boats</h3><p>{TWO}</p><ul><li>{THREE}</li></ul></article>"
    found = read(f"<html><body>{html}<p>{ONE * 3}</p></body></html>")
    assert found.blocks[:4] == (
        Block("paragraph", ONE),
        Block("heading", "Boats", 3),
        Block("paragraph", TWO),
        Block("item", THREE, 1),
    )


def test_a_text_of_another_part_of_the_page_is_tried_again_thoroughly() -> None:
    whole = "".join(f"<p>{n} {ONE} {TWO}</p>" for n in range(12))
    html = f'<div class="article-content"><p>{TWO}</p><p>{THREE}</p></div><div>{whole}</div>'
    found = read(f"<html><body>{html}</body></html>")
    assert found.text is not None
    assert f"11 {ONE}" in found.text


def test_links_to_other_articles_between_paragraphs_are_no_text() -> None:
    teaser = '<p><a href="/x">The old crane of the harbour will be taken down</a></p>'
    html = page(ONE, TWO, THREE).replace("</p><p>", f"</p>{teaser}<p>")
    assert read(html).text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_a_short_news_item_is_whole(draft_of: DraftOf) -> None:
    html = f"<html><body><h1>Harbour</h1><article><p>{ONE}</p><p>{TWO}</p></article></body></html>"
    draft = draft_of(html)
    assert draft.kind == "article"
    assert draft.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    "flood",
    ["<figure>a " * 200 + "</figure>" * 200, "<table><tr>" + "<td>1" * 5_000 + "</table>"],
    ids=["deeper than real pages", "more pieces of text than real pages"],
)
def test_what_was_made_to_cost_is_read_quickly_alone(
    flood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def read_once(tree: HtmlElement, *, fast: bool, **how: bool) -> None:
        asked.append((fast, len(tree.xpath("//figure | //td")) > 100))

    monkeypatch.setattr(passes, "bare_extraction", read_once)
    read_body(document_fromstring("<body><p>A quay.</p></body>"), [], None)
    assert (False, False) in asked
    asked.clear()
    read_body(document_fromstring(f"<body><p>A quay.</p>{flood}</body>"), [], None)
    assert (False, True) not in asked
