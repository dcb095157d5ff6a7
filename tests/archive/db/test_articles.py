"""A capture that comes in late has its version at its place in time, and is not current."""

from datetime import timedelta
from typing import Any

import pytest
from support.archives import NOW, keep, url

from archive.query.history import find_article
from archive.query.search import search
from archive.records import Article
from archive.store import Archive


def told(archive: Archive) -> Article:
    with archive.reading() as connection:
        return find_article(connection, url(), archive.clock.now())


def texts(archive: Archive) -> list[tuple[int, str]]:
    return [(one.number, one.body) for one in told(archive).versions]


def hits(archive: Archive, word: str) -> int:
    with archive.reading() as connection:
        return search(connection, word, now=archive.clock.now()).total


@pytest.fixture
def edited(archive: Archive, clock: Any) -> Archive:
    """An article seen twice, with two texts: at noon `second`, an hour later `third`."""
    keep(archive, body="The second text.")
    clock.advance(timedelta(hours=1))
    keep(archive, body="The third text.")
    return archive


def test_an_older_text_is_the_first_version_and_not_the_current(edited: Archive) -> None:
    saved = keep(edited, body="The first text.", at=NOW - timedelta(days=1))
    assert saved.outcome == "changed"
    assert texts(edited) == [
        (1, "The first text."),
        (2, "The second text."),
        (3, "The third text."),
    ]
    assert told(edited).current.body == "The third text."
    assert hits(edited, "third") == 1
    assert hits(edited, "first") == 0


def test_a_text_between_two_lies_between_them(edited: Archive) -> None:
    keep(edited, body="Between.", at=NOW + timedelta(minutes=30))
    assert [body for _, body in texts(edited)] == [
        "The second text.",
        "Between.",
        "The third text.",
    ]


def test_an_older_capture_of_the_current_text_lengthens_it_into_the_past(edited: Archive) -> None:
    at = NOW - timedelta(days=1)
    assert keep(edited, body="The third text.", at=at).outcome == "same"
    assert told(edited).current.first_captured_at == at
    assert texts(edited) == [(1, "The third text."), (2, "The second text.")]


def test_an_older_capture_of_an_earlier_text_leaves_the_current_one(edited: Archive) -> None:
    saved = keep(edited, body="The second text.", at=NOW + timedelta(minutes=30))
    assert saved.outcome == "same"
    assert told(edited).current.body == "The third text."


def test_an_older_capture_does_not_bring_back_what_is_gone(edited: Archive, clock: Any) -> None:
    with edited.turn() as turn:
        from archive.db import articles

        articles.mark_gone(turn._connection, told(edited).id, at=clock.now(), cause="HTTP 410")
    keep(edited, body="The first text.", at=NOW - timedelta(days=1))
    assert told(edited).gone_cause == "HTTP 410"


def test_a_later_capture_is_current(edited: Archive, clock: Any) -> None:
    keep(edited, body="The first text.", at=NOW - timedelta(days=1))
    clock.advance(timedelta(hours=1))
    keep(edited, body="The first text.")
    assert told(edited).current.body == "The first text."
