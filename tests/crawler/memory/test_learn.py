"""What pages agree on is learned; what few show, or holds much of a text, is not."""

from dataclasses import replace

from support.outletpages import page

from crawler.extract.article import extract
from crawler.extract.memory import memory_from_json
from crawler.memory.learn import MIN_PAGES, learn
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


def test_a_page_of_another_layout_shows_nothing_of_the_memory(pages):
    memory = learned(pages)
    other = (
        page(3, layout="redesigned").body.replace(b"zr-person", b"n1").replace(b"xq-slot", b"n2")
    )
    draft = extract(replace(pages[3], body=other, memory=memory))
    assert all(claim.origin != "memory" for claim in draft.claims["body"])
    assert draft.body
