"""An origin on raw sockets that says what it likes, and remembers each byte it read and wrote."""

import contextlib
import gzip
import socket
import ssl
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from typing import Self
from urllib.parse import urlsplit

import brotli
import zstandard

PAGE = b"<!doctype html><title>Harbour</title><p>The harbour is to grow.</p>" * 20
NEVER = 60.0


@dataclass
class Talk:
    """One request on one connection, and what was answered."""

    connection: int
    path: str
    read: bytes
    wrote: bytearray = field(default_factory=bytearray)


class HungUp(Exception):
    """The origin ends the connection."""


@dataclass
class Line:
    """A connection as a behaviour sees it."""

    socket: socket.socket
    talk: Talk
    turn: int
    """Which request of this connection it is, from 0."""

    def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.socket.sendall(piece)
            self.talk.wrote += piece

    def hang_up(self) -> None:
        raise HungUp

    def reset(self) -> None:
        time.sleep(0.2)  # what was said before is read by then: a reset may swallow it
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise HungUp


Behaviour = Callable[[Line], None]
BEHAVIOURS: dict[str, Behaviour] = {}


def named(behaviour: Behaviour) -> Behaviour:
    BEHAVIOURS[behaviour.__name__.replace("_", "-")] = behaviour
    return behaviour


def answer(head: bytes, body: bytes = PAGE, *, status: bytes = b"200 OK") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 " + status + b"\r\n" + length + head + b"\r\n" + body


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + end


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


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
    line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    said = answer(b"X-Next: yes\r\n", b"short")
    line.say(*(said[at : at + 1] for at in range(len(said))))


@named
def chunks(line: Line) -> None:
    line.say(CHUNKED, chunked(PAGE[:100], PAGE[100:]))


@named
def chunk_extensions_and_trailers(line: Line) -> None:
    first = b'10;name="a;b";flag\r\n' + PAGE[:16] + b"\r\n"
    line.say(CHUNKED, first, chunked(PAGE[16:], end=b"000;last\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n"))


@named
def padded_chunk_sizes(line: Line) -> None:
    line.say(CHUNKED, b"%x  \r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE))


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
    line.say(answer(b"", b"Nothing here.", status=b"404 Nope"))


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


class Origin:
    """Listens on loopback; each connection has a thread."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.talks: list[Talk] = []
        self.connections = 0
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def last(self, path: str) -> Talk:
        return [talk for talk in self.talks if talk.path == path][-1]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._open.append(client)
                number, self.connections = self.connections, self.connections + 1
                Thread(target=self._serve, args=(client, number), daemon=True).start()

    def _serve(self, client: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            if self._tls:
                client = self._tls.wrap_socket(client, server_side=True)
                self._open.append(client)
            with client:
                self.converse(client, number)

    def converse(self, client: socket.socket, number: int) -> None:
        turn = 0
        while read := read_head(client):
            talk = Talk(number, _path(read), read)
            self.talks.append(talk)
            behave = BEHAVIOURS.get(talk.path.strip("/").partition("?")[0], not_found)
            try:
                behave(Line(client, talk, turn))
            except HungUp:
                return
            turn += 1


class ConnectProxy(Origin):
    """A proxy for tunnels only: all of them lead to one address, whatever they ask for."""

    def __init__(self, to: str, *, refuses: bool = False) -> None:
        super().__init__()
        self._to = to
        self._refuses = refuses

    def converse(self, client: socket.socket, number: int) -> None:
        read = read_head(client)
        self.talks.append(Talk(number, read.split()[1].decode(), read))
        if self._refuses:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        ip, _, port = self._to.rpartition(":")
        with socket.create_connection((ip, int(port))) as behind:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            Thread(target=_pour, args=(behind, client), daemon=True).start()
            _pour(client, behind)


def read_head(client: socket.socket) -> bytes:
    read = b""
    while not read.endswith(b"\r\n\r\n"):
        data = client.recv(1)
        if not data:
            return b""
        read += data
    return read


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


def _path(head: bytes) -> str:
    said = head.split()[1].decode("latin-1")
    parts = urlsplit(said)
    return parts.path + (f"?{parts.query}" if parts.query else "")
