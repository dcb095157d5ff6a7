"""A head becomes one that Twisted reads as browsers read the original."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.core.downloader.handlers.http11 import _LenientHTTPClientParser
from twisted.internet.testing import StringTransport
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers

from crawler.capture.heads import clean

OK = b"HTTP/1.1 200 OK\r\n"
LINE = st.sampled_from([
    b"A: 1", b"a : 2", b"Set-Cookie: x=\xe9", b" folded", b"\tfolded", b"X Y: 1", b": 1", b"none",
    b"Content-Length: 5", b"Content-Length: 05", b"Content-Length: x", b"Connection: close",
    b"Transfer-Encoding: chunked", b"Transfer-Encoding:", b"transfer-encoding : identity",
])  # fmt: skip
HEADS = st.lists(LINE, max_size=6).map(lambda lines: b"\r\n".join([OK[:-2], *lines, b"", b""]))


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK"),
        (b"HTTP/1.0 404 Tudo  bem", b"HTTP/1.0 404 Tudo  bem"),
        (b"HTTP/1.1 200", b"HTTP/1.1 200 "),
        (b"HTTP/1.1  200  OK", b"HTTP/1.1 200 OK"),
        (b"HTTP/1.1\t200\tOK", b"HTTP/1.1 200 OK"),
        (b"HTTP/1.1 200OK", b"HTTP/1.1 200 OK"),
        (b"http/1.1 200 ok", b"HTTP/1.1 200 ok"),
        (b"HTTP/2 200", b"HTTP/1.1 200 "),
    ],
)
def test_a_status_line_has_single_spaces(line: bytes, becomes: bytes) -> None:
    head = clean(line + b"\r\n\r\n")
    assert head is not None
    assert head.cleaned == becomes + b"\r\n\r\n"


@pytest.mark.parametrize(
    "line", [b"HTTP/1.1 2000 OK", b"HTTP/1.1 OK", b"HTTP/1.1", b"ICY 200", b""]
)
def test_what_has_no_status_is_no_head(line: bytes) -> None:
    assert clean(line + b"\r\n\r\n") is None


@pytest.mark.parametrize(
    ("lines", "become"),
    [
        (b"A: 1\r\nx-ODD:2\r\nA:\r\n", b"A: 1\r\nx-ODD:2\r\nA:\r\n"),
        (b"A: 1\nB: 2\n", b"A: 1\r\nB: 2\r\n"),
        (b"A \t: 1\r\n", b"A: 1\r\n"),
        (b"A: one\r\n two\r\n\tthree\r\nB: 2\r\n", b"A: one two\tthree\r\nB: 2\r\n"),
        (b"A: 1\r\nX Y: 2\r\n folded\r\nB: 3\r\n", b"A: 1\r\nB: 3\r\n"),
        (b" folded\r\nA: 1\r\n", b"A: 1\r\n"),
        (b"X\xe9: 1\r\n: 2\r\n(c): 3\r\nX\0: 4\r\nno colon\r\nA: 5\r\n", b"A: 5\r\n"),
        (b"A: \xe9\0\x01\rb\r\n", b"A: \xe9\0\x01\rb\r\n"),
        (b"Content-Length: 5\r\n", b"Content-Length: 5\r\n"),
        (b"Content-Length : 5, 5\r\n", b"Content-Length: 5, 5\r\n"),
        (b"Content-Length: 21 bytes\r\nA: 1\r\n", b"A: 1\r\n"),
        (
            b"content-length: -1\r\nContent-Length:\r\nContent-Length: 7\r\n",
            b"Content-Length: 7\r\n",
        ),
    ],
)
def test_header_lines_have_names_and_lengths_are_numbers(lines: bytes, become: bytes) -> None:
    head = clean(OK + lines + b"\r\n")
    assert head is not None
    assert head.cleaned == OK + become + b"\r\n"
    assert not head.is_chunked


@pytest.mark.parametrize(
    ("lines", "said", "is_chunked"),
    [
        (b"Transfer-Encoding: chunked\r\n", b"chunked", True),
        (b"Transfer-Encoding: CHUNKED , chunked\r\n", b"chunked", True),
        (b"Transfer-Encoding : identity, chunked\r\n", b"chunked", True),
        (b"Transfer-Encoding: chunked\r\ntransfer-encoding: chunked\r\n", b"chunked", True),
        (b"Transfer-Encoding:\r\n\tchunked\r\n", b"chunked", True),
        (b"Transfer-Encoding: identity\r\n", None, False),
        (b"Transfer-Encoding:\r\n", None, False),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: odd\r\n", b"chunked", True),
        (b"Transfer-Encoding: gzip, chunked\r\n", b"gzip, chunked", False),
    ],
)
def test_of_transfer_codings_what_counts_is_left(
    lines: bytes, said: bytes | None, *, is_chunked: bool
) -> None:
    head = clean(OK + lines + b"\r\n")
    assert head is not None
    left = b"Transfer-Encoding: " + said + b"\r\n" if said else b""
    assert (head.cleaned, head.is_chunked) == (OK + left + b"\r\n", is_chunked)


@pytest.mark.parametrize(
    ("status", "is_interim", "has_body"),
    [(103, True, True), (200, False, True), (204, False, False), (304, False, False)],
)
def test_a_head_says_what_may_follow(status: int, *, is_interim: bool, has_body: bool) -> None:
    head = clean(b"HTTP/1.1 %d X\r\n\r\n" % status)
    assert head is not None
    assert (head.is_interim, head.has_body) == (is_interim, has_body)


@given(st.binary(max_size=100))
def test_a_clean_head_stays_as_it_is(lines: bytes) -> None:
    once = clean(OK + lines.replace(b"\n", b"") + b"\r\n\r\n")
    assert once is not None
    again = clean(once.cleaned)
    assert again == once


def read(head: bytes) -> tuple[Any, ...]:
    """What Scrapy's own parser makes of a head."""
    parser = _LenientHTTPClientParser(Request(b"GET", b"/", Headers(), None), lambda _: None)
    parser.makeConnection(StringTransport())
    parser.dataReceived(head)
    response = parser.response
    headers = dict(parser.headers.getAllRawHeaders())
    return response.code, response.phrase, response.length, type(parser.bodyDecoder), headers


@given(HEADS)
def test_a_head_that_twisted_reads_is_read_as_before(head: bytes) -> None:
    cleaned = clean(head)
    assert cleaned is not None
    try:
        before = read(head)
    except Exception:  # noqa: BLE001 - whatever it stumbles on
        return
    assert read(cleaned.cleaned) == before
