"""A payload digest holds in every way of counting that is in use, and in no other."""

import gzip

import pytest
from support import foreign as made

from archive.digests import sha256
from archive.warc.http import split
from archive.warc.payload import payload_agrees

CHUNKS = b"2\r\nok\r\n0\r\n\r\n"
CHUNKED = split(made.http(CHUNKS, "Transfer-Encoding: chunked"))
PACKED = split(made.http(gzip.compress(b"ok", mtime=0), "Content-Encoding: gzip"))


@pytest.mark.parametrize("content", [b"ok", CHUNKS])
def test_chunks_may_be_counted_or_not(content: bytes) -> None:
    assert payload_agrees(sha256(content), CHUNKED)


@pytest.mark.parametrize("content", [b"ok", gzip.compress(b"ok", mtime=0)])
def test_the_coding_may_be_undone_or_not(content: bytes) -> None:
    assert payload_agrees(made.sha1(content), PACKED)


@pytest.mark.parametrize("message", [CHUNKED, PACKED])
def test_anything_else_does_not_hold(message: object) -> None:
    assert not payload_agrees(made.sha1(b"other"), message)  # type: ignore[arg-type]


def test_an_algorithm_that_nobody_knows_is_not_held_against_it() -> None:
    assert payload_agrees("blake9:xyz", CHUNKED)


def test_a_coding_that_cannot_be_undone_is_no_excuse() -> None:
    message = split(made.http(b"x", "Content-Encoding: nonsense"))
    assert not payload_agrees(made.sha1(b"other"), message)
