"""What pages agree on is learned; what few show, or holds much of a text, is not."""

from dataclasses import replace

import pytest
from support.outletpages import page, sentences, topic_of

from crawler.extract.article import extract
from crawler.extract.memory import Learned, memory_from_json
from crawler.memory.learn import MIN_PAGES, learn
from crawler.memory.trace import body_lines
from crawler.memory.tracks import tracks_of


def learned(pages):
    return learn(tracks_of(one) for one in pages)


def whats(several):
    return {one.what for one in several}


def test_boxes_that_hold_no_text_of_an_article_are_learned(pages):
    memory = learned(pages)
    assert {"div.xq-slot", "div.zr-person"} <= whats(memory.furniture)
    assert not {"div.story-body", "p.story-p"} & whats(memory.furniture)
    assert all(one.pages == one.of == 8 for one in memory.furniture)


def test_container_suffix_and_zone_are_learned(pages):
    memory = learned(pages)
    assert memory.container.what == "div.story-body"
    assert whats(memory.suffixes) == {"The Post"}
    assert memory.zone.what == "Etc/GMT-7"


def test_the_order_of_the_pages_does_not_matter(pages):
    assert learned(pages) == learned(reversed(pages))


def test_too_few_pages_teach_nothing(pages):
    assert learned(pages[: MIN_PAGES - 1]) is None


def test_one_article_under_many_addresses_is_one_page(pages):
    copies = [replace(pages[0], url=f"{pages[0].url}?copy={i}") for i in range(10)]
    assert learned(copies) is None
    assert learned([*pages, *copies]).pages == 8


def test_a_zone_is_not_learned_from_one_season(pages):
    summer = [one for i, one in enumerate(pages) if i % 2]
    assert learned(summer).zone is None


def test_a_memory_survives_as_json(pages):
    memory = learned(pages)
    again = memory_from_json(memory.as_json())
    assert again == memory
    assert again.digest == memory.digest


def test_a_memory_of_another_form_is_not_used(pages):
    assert memory_from_json(learned(pages).as_json() | {"version": 99}) is None


def test_a_page_is_read_better_with_a_memory_than_without(pages):
    memory = learned(pages[1:])
    alone, known = extract(pages[0]), extract(replace(pages[0], memory=memory))
    assert "thank you" not in known.body
    assert "Ana Reyes writes" not in known.body
    assert known.body.count("harbour of the town") == alone.body.count("harbour of the town")
    assert known.fingerprint.memory == memory.digest
    assert alone.fingerprint.memory is None
    [said] = [claim.value for claim in known.claims["body"] if claim.origin == "memory"]
    assert "container" in said


def with_line(one, line, tag="p"):
    """The same page with a line more in its text."""
    body = one.body.replace(
        b'<div class="xq-slot">', f"<{tag}>{line}</{tag}><div class='xq-slot'>".encode()
    )
    return replace(one, body=body)


def test_a_line_that_few_pages_share_stays_in_their_texts():
    said = "There were no immediate reports of damage or of injured people."
    many = [page(number) for number in range(20)]
    memory = learned([*(with_line(one, said) for one in many[:3]), *many[3:]])
    assert memory.lines == ()


def test_a_notice_of_correction_is_kept_however_often_it_recurs(pages):
    said = "Correction: An earlier version of this article misstated the year of the vote."
    marked = [with_line(one, said) for one in pages]
    draft = extract(replace(marked[0], memory=learned(marked[1:])))
    assert said in draft.body
    assert draft.correction


def test_a_text_is_not_taken_for_lines_of_the_site(pages):
    memory = learned(pages)
    lines = tuple(Learned(line, 8, 8) for line in body_lines(extract(pages[0]).body))
    draft = extract(replace(pages[0], memory=replace(memory, lines=lines)))
    assert len(draft.body.split()) > 50


def test_elements_that_mostly_hold_text_are_no_furniture_for_some_menus(pages):
    menu = b'<div class="panel"><a href="/m">The menu of all our sections today</a></div>' * 2

    def paneled(number, one):
        own = "".join(
            f'<div class="panel"><p>{sentences(topic_of(number), number * 9 + i)}</p></div>'
            for i in range(2)
        )
        body = one.body.replace(b'<div class="xq-slot">', own.encode() + b'<div class="xq-slot">')
        return replace(
            one, body=body.replace(b"</h1>", b"</h1>" + menu if number % 3 else b"</h1>")
        )

    memory = learned([paneled(number, one) for number, one in enumerate(pages)])
    assert "div.panel" not in whats(memory.furniture)


def test_a_text_parted_by_line_breaks_is_seen_in_its_container():
    def broken(one):
        body = one.body.decode().replace('<p class="story-p">', "").replace("</p><p", "<br><br><p")
        head, _, rest = body.partition('<div class="story-body">')
        text, mark, end = rest.partition('<div class="xq-slot">')
        return replace(
            one,
            body=f'{head}<div class="txt">{text.replace("</p>", "<br><br>")}{mark}{end}'.encode(),
        )

    memory = learned([broken(page(number)) for number in range(8)])
    assert memory is None or "div.txt" not in whats(memory.furniture)


@pytest.mark.parametrize("offset", ["Z", "+00:00", "+15:00", "-13:00", "+05:30"])
def test_offsets_that_tell_no_clock_teach_no_zone(pages, offset):
    said = [replace(one, body=one.body.replace(b"+07:00", offset.encode())) for one in pages]
    assert learned(said).zone is None


def test_a_page_of_another_layout_shows_nothing_of_the_memory(pages):
    memory = learned(pages)
    other = (
        page(3, layout="redesigned").body.replace(b"zr-person", b"n1").replace(b"xq-slot", b"n2")
    )
    draft = extract(replace(pages[3], body=other, memory=memory))
    assert all(claim.origin != "memory" for claim in draft.claims["body"])
    assert draft.body
