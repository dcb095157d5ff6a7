"""An article is found by whatever a person has of it, and says what changed."""

from datetime import timedelta

import pytest
from support.archives import NOW, captured, declaration, exchange, keep, provenance, url

from archive.errors import ArchiveError, NotCaptured
from archive.query.history import Change, captures_of, differences, find_article, sentences

HOUR = timedelta(hours=1)


def find(archive, said):
    with archive.reading() as connection:
        return find_article(connection, said, archive.clock.now())


def test_an_article_is_found_by_its_id_its_beginning_or_what_belongs_to_it(archive):
    capture, saved = captured(archive, "/harbour")
    ways = [
        saved.article, saved.article[:6], saved.article[2:], saved.article[2:8], saved.version,
        saved.version[:6], capture.id, capture.id[:10], url(), f" {url()} ",
        "http://www.lantern.example/harbour/?utm_source=x#top",
    ]  # fmt: skip
    assert {find(archive, said).id for said in ways} == {saved.article}


@pytest.mark.parametrize(
    "said", ["a:zzzz", "v:none", "r:none", "https://lantern.example/none", "%", "_", "a:%", "v:_"]
)
def test_what_is_not_there_is_said_so(archive, said):
    keep(archive)
    with pytest.raises(NotCaptured, match="kliping search"):
        find(archive, said)


def test_a_url_that_is_none_is_said_so(archive):
    with pytest.raises(ArchiveError, match="holds a space"):
        find(archive, "ftp://x y/")


def test_a_beginning_that_fits_several_names_them(archive):
    ids = [keep(archive, f"/{n}").article for n in range(3)]
    with pytest.raises(ArchiveError, match="fits 3 articles") as raised:
        find(archive, "a:")
    assert all(one in str(raised.value) for one in ids)


def test_one_url_in_two_outlets_is_two_articles(archive):
    with archive.turn() as turn:
        turn.sync_outlet(declaration("other"), None)
    keep(archive)
    keep(archive, outlet="other")
    with pytest.raises(ArchiveError, match="fits 2 articles"):
        find(archive, url())


def test_an_article_has_all_its_versions_in_order(archive, clock):
    for body in ("One.", "Two.", "Three."):
        saved = keep(archive, body=body, authors=("Siti",), section="Sport")
        clock.advance(HOUR)
    held = find(archive, saved.article)
    assert [(v.number, v.body) for v in held.versions] == [(1, "One."), (2, "Two."), (3, "Three.")]
    assert held.current == held.versions[2]
    assert (held.current.authors, held.current.section) == (("Siti",), "Sport")
    assert held.current.recorded_at == NOW + 2 * HOUR


def captures(archive, saved):
    with archive.reading() as connection:
        found = find_article(connection, saved.article, archive.clock.now())
        return captures_of(connection, found, archive.clock.now())


def test_the_captures_of_an_article_come_oldest_first(archive, clock):
    made = []
    for body in ("One.", "One.", "Two."):
        capture, saved = captured(archive, body=body)
        made.append(capture)
        clock.advance(HOUR)
    captured(archive, "/other")
    assert captures(archive, saved) == made


def test_a_redirect_and_where_it_led_are_both_captures_of_the_article(archive):
    from support.archives import draft, response

    moved = response(b"", b"Location: /final", status=b"301 Moved")
    with archive.turn() as turn:
        hop = turn.record(exchange("/short", response=moved), provenance())
        last = turn.record(exchange("/final", began_at=NOW + HOUR), provenance(hops="LR"))
        saved = turn.save(draft(), last, provenance(), known_as=url("/short"))
    assert captures(archive, saved) == [hop, last]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ('He said "no." She left.', ['He said "no."', "She left."]),
        ("今日は晴れ。明日は雨。", ["今日は晴れ。", "明日は雨。"]),
        ("A line\nanother\n\nthird", ["A line", "another", "third"]),
        ("3.5 percent", ["3.5 percent"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_sentences(text, expected):
    assert sentences(text) == expected


def test_differences_are_told_sentence_by_sentence(archive, clock):
    keep(archive, title="Harbour to grow", body="It grows. The mayor is glad. It rains.")
    clock.advance(HOUR)
    saved = keep(archive, title="Harbour to shrink", body="It grows. The mayor is sad. It rains.")
    title, body = differences(*find(archive, saved.article).versions)
    assert title == [Change("removed", "Harbour to grow"), Change("added", "Harbour to shrink")]
    assert body == [
        Change("same", "It grows."),
        Change("removed", "The mayor is glad."),
        Change("added", "The mayor is sad."),
        Change("same", "It rains."),
    ]


def test_an_unchanged_headline_is_the_same(archive, clock):
    keep(archive, body="One.")
    clock.advance(HOUR)
    saved = keep(archive, body="Two.")
    title, _ = differences(*find(archive, saved.article).versions)
    assert title == [Change("same", "Harbour to grow")]
