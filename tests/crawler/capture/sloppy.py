"""What an origin may answer that Twisted refuses: some of it browsers read, some of it nobody does.

What Chromium 156 and curl 7.88 both read comes first, and is to reach the spider.
"""

import contextlib
import time

from hostile import CHUNKED, PAGE, Line, answer, chunked, named

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(PAGE)


def paddedly(page: bytes, size: int) -> bytes:
    """In chunks of this size, their size lines padded as old servers do."""
    pieces = (page[at : at + size] for at in range(0, len(page), size))
    return b"".join(b"%-6x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0     \r\n\r\n"


@named
def padded_chunk_sizes(line: Line) -> None:
    line.say(CHUNKED, paddedly(PAGE, len(PAGE)))


@named
def padded_chunks_in_pieces(line: Line) -> None:
    """Each segment ends somewhere else in a chunk: within sizes, padding, data and newlines."""
    line.say_in_pieces(CHUNKED + paddedly(PAGE, 31), 7)


@named
def many_padded_chunks(line: Line) -> None:
    line.say_in_pieces(CHUNKED + paddedly(PAGE * 200, 1000), 1461)


@named
def odd_chunk_extensions(line: Line) -> None:
    odd = b'%x ; name="\\\x01\x7f\0\r" \r\n%b\r\n' % (16, PAGE[:16])
    long = b"%x;%b\r\n%b\r\n" % (16, b"x" * 5000, PAGE[16:32])
    line.say(CHUNKED, odd, long, chunked(PAGE[32:], end=b"0;last=\\\r\n\r\n"))


@named
def bare_newlines_in_chunks(line: Line) -> None:
    line.say(CHUNKED, b"%x\n%b\n0\nX-Sum: 1\n\n" % (len(PAGE), PAGE))


@named
def identity_coding(line: Line) -> None:
    line.say(answer(b"Transfer-Encoding: identity\r\n"))


@named
def chunked_said_twice(line: Line) -> None:
    twice = b"Transfer-Encoding: chunked, chunked\r\nTransfer-Encoding: identity\r\n\r\n"
    line.say(OK + twice, chunked(PAGE))


@named
def length_and_chunks(line: Line) -> None:
    line.say(OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", chunked(PAGE))


@named
def length_said_twice(line: Line) -> None:
    line.say(answer(LENGTH + b"Content-Length: %d, %d\r\n" % (len(PAGE), len(PAGE))))


@named
def length_with_a_unit(line: Line) -> None:
    line.say(OK + b"Content-Length: %d bytes\r\n\r\n" % len(PAGE) + PAGE)
    line.hang_up()


@named
def blanks_before_colons(line: Line) -> None:
    line.say(OK + LENGTH.replace(b":", b" :") + b"X-Next \t: yes\r\n\r\n" + PAGE)


@named
def names_that_are_none(line: Line) -> None:
    names = b"X Powered By: me\r\n folded\r\n: nobody\r\nX-\xe9: \xe9\r\n(c): 2026\r\n"
    line.say(answer(names + b"X-Next: yes\r\n"))


@named
def odd_blanks_in_the_status(line: Line) -> None:
    line.say(answer(b"").replace(b"HTTP/1.1 200 OK", b"HTTP/1.1  200\tOK", 1))


@named
def glued_reason(line: Line) -> None:
    line.say(answer(b"", status=b"200OK"))


@named
def says_http_2(line: Line) -> None:
    line.say(answer(b"").replace(b"HTTP/1.1 200 OK", b"HTTP/2 200", 1))


@named
def lower_case_http(line: Line) -> None:
    line.say(answer(b"").replace(b"HTTP", b"http", 1))


@named
def long_header_line(line: Line) -> None:
    line.say(answer(b"Content-Security-Policy: %b\r\n" % (b"https://news.example " * 4500)))


# what not even browsers agree on, and what is broken for everybody


@named
def framing_without_end(line: Line) -> None:
    with contextlib.suppress(OSError):
        line.say(CHUNKED, *(b"1;%b\r\nx\r\n" % (b"x" * 16_000) for _ in range(500)))
        time.sleep(60)


@named
def no_size(line: Line) -> None:
    line.say(CHUNKED + b"%x junk\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE))


@named
def unended_chunk(line: Line) -> None:
    line.say(CHUNKED + b"%x\r\n%b0\r\n\r\n" % (len(PAGE), PAGE))


@named
def gzip_coding(line: Line) -> None:
    line.say(answer(b"Transfer-Encoding: gzip\r\n"))


@named
def conflicting_lengths(line: Line) -> None:
    line.say(answer(b"Content-Length: 5\r\n"))


@named
def newlines_before_the_head(line: Line) -> None:
    line.say(b"\r\n" + answer(b""))


@named
def no_status(line: Line) -> None:
    line.say(answer(b"", status=b"OK"))
