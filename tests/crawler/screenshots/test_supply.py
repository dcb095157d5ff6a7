"""A page gets what was held when it was captured, as far as it may be seen; all is noted."""

import gzip
from datetime import timedelta

import pytest
from support.archives import NOW, captured, exchange, provenance, response, url

from archive.records import Capture
from archive.store import Archive
from crawler.screenshots.supply import Supply, answer_of


@pytest.fixture
def page(sqlite_archive: Archive) -> Capture:
    return captured(sqlite_archive)[0]


def held(archive: Archive, path: str, response_: bytes, hours: float = 0) -> Capture:
    began = NOW + timedelta(hours=hours)
    with archive.turn() as turn:
        one = exchange(path, response=response_, began_at=began)
        return turn.record(one, provenance())


def test_what_is_held_is_given_decoded_and_with_its_type(
    sqlite_archive: Archive, page: Capture
) -> None:
    packed = gzip.compress(b"p {}")
    head = (b"Content-Encoding: gzip", b"Set-Cookie: a=b", b"Refresh: 0;url=/x")
    sheet = held(sqlite_archive, "/a.css", response(packed, *head))
    supply = Supply(sqlite_archive, page)
    answer = supply(url("/a.css"))
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"p {}")
    assert answer.headers == (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Access-Control-Allow-Origin", "*"),
    )
    assert supply(url("/a.css")) == answer
    assert supply.made_of == (page.id, sheet.id)
    assert supply.not_held == ()


def test_redirects_are_given_and_lead_on(sqlite_archive: Archive, page: Capture) -> None:
    moved = response(b"", b"Location: /b.png\xff\x01", status=b"301 Moved")
    held(sqlite_archive, "/a.png", moved)
    answer = Supply(sqlite_archive, page)(url("/a.png"))
    assert answer is not None
    assert answer.status == 301
    assert ("Location", "/b.png") in answer.headers


def test_a_304_is_given_as_what_it_confirms(sqlite_archive: Archive, page: Capture) -> None:
    first = response(b"p {}", b'ETag: "1"')
    held(sqlite_archive, "/a.css", first)
    asked = b'GET /a.css HTTP/1.1\r\nHost: lantern.example\r\nIf-None-Match: "1"\r\n\r\n'
    with sqlite_archive.turn() as turn:
        again = exchange("/a.css", request=asked, response=b"HTTP/1.1 304 Not Modified\r\n\r\n")
        revisit = turn.record(again, provenance())
    assert revisit.refers_to
    answer = answer_of(sqlite_archive.fetch(revisit.id))
    assert (answer.status, answer.body) == (200, b"p {}")


def test_what_is_not_held_hidden_or_broken_is_not_given_and_said(
    sqlite_archive: Archive, page: Capture
) -> None:
    hidden = held(sqlite_archive, "/hidden.png", response(b"x"))
    held(sqlite_archive, "/broken.css", response(b"no gzip", b"Content-Encoding: gzip"))
    with sqlite_archive.turn() as turn:
        turn.restrict("urlkey", hidden.urlkey, reason="a court", actor="Anna")
    supply = Supply(sqlite_archive, page)
    paths = ("/never.png", "/hidden.png", "/broken.css", "/never.png")
    assert [supply(url(path)) for path in paths] == [None] * 4
    assert supply.made_of == (page.id,)
    assert supply.not_held == tuple(url(path) for path in paths[:3])
    with pytest.raises(ValueError, match="IPv6"):
        supply("http://[")
