"""Who asked for a URL at some time would have got what was held then, or came soon after."""

from datetime import timedelta

import pytest
from support.archives import NOW, exchange, provenance, url

from archive.query.nearest import nearest, newest


@pytest.fixture
def at(archive):
    def record(path, hours, body=b"x"):
        with archive.turn() as turn:
            began = NOW + timedelta(hours=hours)
            return turn.record(exchange(path, body, began_at=began), provenance())

    return record


def found(archive, page, path="/a.css"):
    with archive.reading() as connection:
        return nearest(connection, url(path), page, archive.clock.now())


def test_it_is_the_last_one_before_or_soon_after(archive, at):
    page = at("/harbour", 5)
    at("/a.css", 1, b"old")
    soon = at("/a.css", 5.5, b"soon")
    at("/a.css", 7, b"late")
    assert found(archive, page) == soon


def test_without_one_before_it_is_the_first_after(archive, at):
    page = at("/harbour", 5)
    at("/a.css", 9, b"later")
    late = at("/a.css", 7, b"late")
    assert found(archive, page) == late


def test_what_was_never_answered_or_is_hidden_is_not_found(archive, at):
    page = at("/harbour", 5)
    with archive.turn() as turn:
        turn.record(exchange("/a.css", response=b"", error="reset"), provenance())
    assert found(archive, page) is None
    hidden = at("/a.css", 5)
    with archive.turn() as turn:
        turn.restrict("urlkey", hidden.urlkey, reason="a court", actor="Anna")
    assert found(archive, page) is None


def test_the_newest_is_the_last_answer(archive, at):
    at("/a.css", 1, b"old")
    last = at("/a.css", 9, b"new")
    with archive.reading() as connection:
        assert newest(connection, url("/a.css"), archive.clock.now()) == last
        assert newest(connection, url("/b.css"), archive.clock.now()) is None
