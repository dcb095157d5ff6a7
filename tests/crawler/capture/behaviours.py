"""What an origin may answer that any client reads, and the ways in which it breaks off."""

import contextlib
import gzip
import time

import brotli
import zstandard
from hostile import CHUNKED, PAGE, Line, answer, chunked, named

NEVER = 60.0


@named
def plain(line: Line) -> None:
    cookies = b"Set-Cookie: a=1\r\nB:no space\r\nSet-Cookie: b=2\r\n"
    line.say(answer(b"x-ODD-case: 1\r\n" + cookies + b"X-odd-CASE: 2\r\n"))


@named
def reason(line: Line) -> None:
    line.say(answer(b"", status=b"200 Tudo bem, obrigado"))


@named
def no_reason(line: Line) -> None:
    line.say(answer(b"", status=b"200"))


@named
def latin_1(line: Line) -> None:
    line.say(answer(b"X-Redacteur: Andr\xe9 \xff\xfe\r\nX-Utf-8: \xce\xb1\r\n"))


@named
def folded(line: Line) -> None:
    line.say(answer(b"X-Long: one\r\n two\r\n\tthree\r\nX-Next: yes\r\n"))


@named
def colonless(line: Line) -> None:
    line.say(answer(b"this line has no colon\r\nX-Next: yes\r\n"))


@named
def bare_newlines(line: Line) -> None:
    line.say(answer(b"X-Next: yes\r\n").replace(b"\r\n", b"\n"))


@named
def empty(line: Line) -> None:
    line.say(answer(b"", b""))


@named
def byte_by_byte(line: Line) -> None:
    line.say_in_pieces(answer(b"X-Next: yes\r\n", b"short"), 1)


@named
def chunks(line: Line) -> None:
    line.say(CHUNKED, chunked(PAGE[:100], PAGE[100:]))


@named
def chunk_extensions_and_trailers(line: Line) -> None:
    first = b'10;name="a;b";flag\r\n' + PAGE[:16] + b"\r\n"
    line.say(CHUNKED, first, chunked(PAGE[16:], end=b"000;last\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n"))


@named
def gzip_body(line: Line) -> None:
    line.say(answer(b"Content-Encoding: gzip\r\n", gzip.compress(PAGE, mtime=0)))


@named
def brotli_body(line: Line) -> None:
    line.say(answer(b"Content-Encoding: br\r\n", brotli.compress(PAGE)))


@named
def zstd_body(line: Line) -> None:
    line.say(answer(b"Content-Encoding: zstd\r\n", zstandard.compress(PAGE)))


@named
def lying_gzip(line: Line) -> None:
    line.say(answer(b"Content-Encoding: gzip\r\n", b"this is no gzip"))


@named
def interim(line: Line) -> None:
    line.say(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    line.say(answer(b"X-Next: yes\r\n"))


@named
def two_interims_at_once(line: Line) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
    line.say(hints + answer(b""))


@named
def no_content(line: Line) -> None:
    line.say(b"HTTP/1.1 204 No Content\r\nX-Next: yes\r\n\r\n")


@named
def not_modified(line: Line) -> None:
    line.say(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 1360\r\n\r\n')


@named
def not_found(line: Line) -> None:
    line.say(answer(b"", b"We looked everywhere.", status=b"404 Nope"))


@named
def redirect(line: Line) -> None:
    line.say(answer(b"Location: /plain\r\n", b"Over there.", status=b"302 Found"))


@named
def short_body(line: Line) -> None:
    line.say(answer(b"")[:-500])
    line.hang_up()


@named
def cut_chunks(line: Line) -> None:
    line.say(CHUNKED, chunked(PAGE, end=b""), b"ff\r\nand the")
    line.hang_up()


@named
def cut_head(line: Line) -> None:
    line.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/ht")
    line.hang_up()


@named
def reset_midway(line: Line) -> None:
    line.say(answer(b"")[:-500])
    line.reset()


@named
def not_a_byte(line: Line) -> None:
    line.hang_up()


@named
def no_http(line: Line) -> None:
    line.say(b"220 ftp.example FTP server ready\r\n")
    line.hang_up()


@named
def until_closed(line: Line) -> None:
    line.say(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE)
    line.hang_up()


@named
def huge(line: Line) -> None:
    with contextlib.suppress(OSError):
        line.say(answer(b"", b"x" * 400_000))


@named
def huge_and_endless(line: Line) -> None:
    with contextlib.suppress(OSError):
        line.say(CHUNKED, *(chunked(b"y" * 10_000, end=b"") for _ in range(40)))
        time.sleep(NEVER)


@named
def slow(line: Line) -> None:
    line.say(answer(b"")[:-500])
    time.sleep(NEVER)


@named
def never(line: Line) -> None:
    time.sleep(NEVER)


@named
def too_much(line: Line) -> None:
    """More than was promised, on a connection that could have been kept."""
    line.say(answer(b"") + b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nstray!!")
    line.hang_up()


@named
def stale(line: Line) -> None:
    """A kept connection is dead when the next request comes; a new one answers."""
    if line.turn:
        line.hang_up()
    line.say(answer(b""))


@named
def gzip_in_chunks(line: Line) -> None:
    packed = gzip.compress(PAGE, mtime=0)
    head = CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    line.say(head, chunked(packed[:20], packed[20:]))


@named
def empty_in_chunks(line: Line) -> None:
    line.say(CHUNKED + b"0\r\n\r\n")


@named
def empty_header_value(line: Line) -> None:
    line.say(answer(b"X-Empty:\r\nX-Blank: \t \r\nX-Next: yes\r\n"))


@named
def nul_in_a_header(line: Line) -> None:
    line.say(answer(b"X-Nul: a\0b\r\nX-Bell: \x07\r\n"))


@named
def http_1_0_kept_alive(line: Line) -> None:
    said = answer(b"Connection: keep-alive\r\n")
    line.say(said.replace(b"HTTP/1.1", b"HTTP/1.0", 1))


@named
def closed_without_length(line: Line) -> None:
    line.say(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + PAGE)
    line.hang_up()


@named
def multiple_choices(line: Line) -> None:
    """A 3xx that leads nowhere, with a body of its own."""
    line.say(CHUNKED.replace(b"200 OK", b"300 Multiple Choices"), chunked(PAGE))


@named
def not_modified_and_chunked(line: Line) -> None:
    """No body follows a 304, whatever its head says."""
    line.say(CHUNKED.replace(b"200 OK", b"304 Not Modified"))


@named
def server_error(line: Line) -> None:
    line.say(answer(b"", status=b"500 Oh no"))


@named
def interim_in_pieces(line: Line) -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    line.say_in_pieces(hint + CHUNKED + b"5  \r\nshort\r\n0\r\n\r\n", 1)


@named
def slow_head(line: Line) -> None:
    line.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/ht")
    time.sleep(NEVER)


@named
def slow_chunk(line: Line) -> None:
    line.say(CHUNKED, b"ff  \r\nand the")
    time.sleep(NEVER)


@named
def cut_in_a_size_line(line: Line) -> None:
    line.say(CHUNKED, chunked(PAGE, end=b""), b"ff ;nam")
    line.hang_up()


@named
def cut_in_trailers(line: Line) -> None:
    line.say(CHUNKED, chunked(PAGE, end=b"0\r\nX-Sum: 1\r\n"))
    line.hang_up()


@named
def reset_at_once(line: Line) -> None:
    line.reset()


@named
def endless_head(line: Line) -> None:
    with contextlib.suppress(OSError):
        line.say(b"HTTP/1.1 200 OK\r\n", *(b"X-%d: %b\r\n" % (n, PAGE) for n in range(2000)))
        time.sleep(NEVER)


@named
def endless_trailers(line: Line) -> None:
    with contextlib.suppress(OSError):
        line.say(CHUNKED, chunked(PAGE, end=b"0\r\n"))
        line.say(*(b"X-%d: %b\r\n" % (n, PAGE) for n in range(2000)))
        time.sleep(NEVER)
