"""Heads are read without losing a byte, and bodies come out of any framing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.http import dechunk, split

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def with_length(length: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n" + body


def test_a_response_is_split_at_its_blank_line():
    message = split(b"HTTP/1.1 404 Not Found\r\nA: 1\r\n\r\nbody\r\n\r\nmore")
    assert message.status == 404
    assert message.head == b"HTTP/1.1 404 Not Found\r\nA: 1\r\n\r\n"
    assert message.body == b"body\r\n\r\nmore"


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"HTTP/1.0 200 OK", 200),
        (b"HTTP/1.1 200", 200),
        (b"HTTP/1.1  301 Moved", 301),
        (b"HTTP/2 204", 204),
        (b"http/1.1 200 ok", 200),
        (b"HTTP/1.1 200OK", 200),
        (b"HTTP/1.1 20 OK", None),
        (b"ICY 200 OK", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_the_status_is_read_from_the_first_line(line, status):
    assert split(line + b"\r\n\r\n").status == status


def test_folded_headers_are_unfolded():
    message = split(b"HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\n\tthree\r\n\r\n")
    assert message.header(b"x-long") == "one two three"


def test_lines_without_a_colon_are_left_out_of_the_fields_and_kept_in_the_head():
    raw = b"HTTP/1.1 200 OK\r\nnonsense\r\nETag: x\r\n\r\n"
    message = split(raw)
    assert message.fields == ((b"ETag", b"x"),)
    assert message.head == raw


def test_of_duplicate_headers_the_last_counts_and_all_are_kept():
    message = split(b"HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\n\r\n")
    assert message.header(b"A") == "2"
    assert message.fields == ((b"A", b"1"), (b"a", b"2"))


def test_a_header_beyond_ascii_is_read_as_latin_1():
    assert split(b"HTTP/1.1 200 OK\r\nLocation: /caf\xe9\r\n\r\n").header(b"location") == "/café"


def test_a_missing_header_is_none_and_an_empty_one_is_empty():
    message = split(b"HTTP/1.1 200 OK\r\nEmpty:\r\n\r\n")
    assert (message.header(b"Empty"), message.header(b"Missing")) == ("", None)


def test_bare_newlines_end_lines_too():
    message = split(b"HTTP/1.1 200 OK\nA: 1\n\nbody")
    assert (message.header(b"A"), message.body) == ("1", b"body")


def test_a_response_cut_within_its_head_has_no_body():
    message = split(b"HTTP/1.1 200 OK\r\nContent-Ty")
    assert (message.status, message.body) == (200, b"")


@given(st.binary(max_size=200))
def test_no_response_can_break_the_reader(raw):
    message = split(raw)
    assert message.head + message.body == raw
    message.entity()


@pytest.mark.parametrize(
    ("framed", "entity", "is_whole"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", b"hello world", True),
        (b"A;name=value\r\n0123456789\r\n0\r\n\r\n", b"0123456789", True),
        (b"00005  \r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"  5\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"5\nhello\n0\n\n", b"hello", True),
        (b"5\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n", b"hello", True),
        (b"0\r\n\r\n", b"", True),
        (b"5\r\nhello\r\n", b"hello", False),
        (b"5\r\nhel", b"hel", False),
        (b"5\r\nhello\r\nzz\r\n", b"hello", False),
        (b"5\r\nhello0\r\n\r\n", b"hello", False),
        (b"5;\\\0\r;\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"5;" + b"x" * 16_000 + b"\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"5;" + b"x" * 17_000 + b"\r\nhello\r\n0\r\n\r\n", b"", False),
        (b"0" * 99 + b"5\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"FFFFFFFFFFFFFFFF\r\nhello", b"hello", False),
        (b"-5\r\nhello\r\n0\r\n\r\n", b"", False),
        (b"", b"", False),
    ],
)
def test_chunks_are_undone(framed, entity, is_whole):
    assert dechunk(framed) == (entity, is_whole)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6))
def test_whatever_was_chunked_comes_out_again(pieces):
    framed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    assert dechunk(framed + b"0\r\n\r\n") == (b"".join(pieces), True)


@pytest.mark.parametrize(
    ("response", "entity", "is_whole"),
    [
        (CHUNKED + b"2\r\nok\r\n0\r\n\r\n", b"ok", True),
        (CHUNKED.replace(b"chunked", b"gzip, Chunked") + b"2\r\nok\r\n0\r\n\r\n", b"ok", True),
        (CHUNKED[:-2] + b"Transfer-Encoding: identity\r\n\r\n2\r\nok\r\n0\r\n\r\n", b"ok", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nall", b"all", True),
        (with_length(b"2", b"ok"), b"ok", True),
        (with_length(b"2", b"ok and more"), b"ok", True),
        (with_length(b"9", b"cut"), b"cut", False),
        (with_length(b"nonsense", b"all"), b"all", True),
        (with_length(b"-1", b"all"), b"all", True),
        (with_length(b"\xb2", b"all"), b"all", True),
        (with_length(b"9" * 5000, b"all"), b"all", True),
        (b"HTTP/1.1 200 OK\r\n\r\nall", b"all", True),
    ],
)
def test_the_entity_is_what_the_framing_says(response, entity, is_whole):
    assert split(response).entity() == (entity, is_whole)


@pytest.mark.parametrize(
    ("body", "is_chunked"),
    [
        (b"2\r\nok\r\n0\r\n\r\n", True),
        (b" 2 ;x=y\nok", True),
        (b"1f", True),
        (b"", True),
        (b"<html>", False),
        (b"\x1f\x8b\x08", False),
        (b"decade", True),  # nobody can tell
        (b"decades", False),
    ],
)
def test_a_body_without_a_chunk_size_was_dechunked_by_its_recorder(body, is_chunked):
    message = split(CHUNKED + body)
    assert message.is_chunked is is_chunked
    if not is_chunked:
        assert message.entity() == (body, True)


@pytest.mark.parametrize(
    "response",
    [
        CHUNKED + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
        with_length(b"4", b"body and more"),
        with_length(b"99", b"body"),
        b"HTTP/1.1 200 OK\r\n\r\nbody",
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ],
)
def test_an_entity_in_parts_is_a_view_of_what_was_received(response):
    message = split(response)
    parts, is_whole = message.entity_parts()
    assert (b"".join(parts), is_whole) == message.entity()
    assert all(part.obj is response for part in parts)
    assert message.has_body == bool(message.body)
