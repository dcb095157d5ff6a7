"""An origin on raw sockets that says what it likes, and remembers each byte it read and wrote."""

import contextlib
import socket
import ssl
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from typing import Self
from urllib.parse import urlsplit

PAGE = b"<!doctype html><title>Harbour</title><p>The harbour is to grow.</p>" * 20


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

    def say_in_pieces(self, said: bytes, size: int) -> None:
        """Say it in segments of this many bytes."""
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.say(*(said[at : at + size] for at in range(0, len(said), size)))

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


def _not_found(line: Line) -> None:
    line.say(answer(b"", b"Nothing here.", status=b"404 Nope"))


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


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
            behave = BEHAVIOURS.get(talk.path.strip("/").partition("?")[0], _not_found)
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
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)  # who waits at the other end is to hear of the end


def _path(head: bytes) -> str:
    said = head.split()[1].decode("latin-1")
    parts = urlsplit(said)
    return parts.path + (f"?{parts.query}" if parts.query else "")
