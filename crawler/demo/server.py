"""The newspaper on a socket: HTTP/1.1 by hand, on loopback only.

By hand, because a server library would not send the broken replies that the demo is for.
"""

import contextlib
import errno
import socket
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock, Thread
from typing import BinaryIO, NamedTuple, Self

from archive.errors import ArchiveError
from crawler.demo.incoming import read_request
from crawler.demo.newspaper import Newspaper
from crawler.demo.replies import PIECES, Reply, Request, wire

ADDRESS = "127.0.0.1"
IDLE_SECONDS = 30.0
"""How long a connection may be silent before it is closed."""
CLOSE_SECONDS = 2.0
"""How long closing waits for the threads of open connections."""


class PortTaken(ArchiveError, OSError):
    """Another program listens on the port."""

    exit_code = 1


class Visit(NamedTuple):
    """One request in the log."""

    at: datetime
    host: str
    path: str
    status: int


class Server:
    """Serves a newspaper to whoever connects, one thread for each connection.

    With `steady`, the time stands still from here on and nothing is counted, so that
    equal requests get equal bytes whenever and in whatever order they come. What only happens to
    the first requests does not happen then.
    """

    def __init__(self, paper: Newspaper, port: int = 0, *, steady: bool = False) -> None:
        self.paper = paper
        self.port = port
        self.log: list[Visit] = []
        self._frozen_at = paper.clock.now() if steady else None
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()
        self._listener: socket.socket | None = None
        self._acceptor: Thread | None = None
        self._open: dict[socket.socket, Thread] = {}
        self._is_closing = False

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Listen.

        Raises:
            PortTaken: an `OSError` too, if another program has the port.
        """
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((ADDRESS, self.port))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                raise PortTaken(
                    f"port {self.port} on {ADDRESS} is taken or not ours to take; "
                    "choose another one, or 0 for any that is free"
                ) from error
            raise
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._acceptor = Thread(
            target=self._accept, args=(listener,), name="demo-accept", daemon=True
        )
        self._acceptor.start()

    def close(self) -> None:
        """Stop listening, end every connection and wait for its thread."""
        self._is_closing = True
        if self._listener:
            # shutdown wakes accept(); close alone would leave it waiting on Linux
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        with self._lock:
            left = dict(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        until = time.monotonic() + CLOSE_SECONDS
        threads = [*left.values(), *([self._acceptor] if self._acceptor else [])]
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _accept(self, listener: socket.socket) -> None:
        while not self._is_closing:
            try:
                connection, (peer, _) = listener.accept()
            except OSError:
                return
            thread = Thread(
                target=self._converse, args=(connection, peer), name="demo-client", daemon=True
            )
            with self._lock:
                self._open[connection] = thread
            thread.start()

    def _converse(self, connection: socket.socket, peer: str) -> None:
        """Answer one connection until either side has had enough; clients may vanish any time."""
        with contextlib.suppress(OSError), connection:
            connection.settimeout(IDLE_SECONDS)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection.makefile("rb") as stream:
                while not self._is_closing and self._exchange(connection, stream, peer):
                    pass
        with self._lock:
            self._open.pop(connection, None)

    def _exchange(self, connection: socket.socket, stream: BinaryIO, peer: str) -> bool:
        """Read one request and answer it; whether the connection can take another one."""
        try:
            incoming = read_request(stream)
        except ValueError:
            now = self._now()
            self._send(connection, _plain(400, "Bad request"), at=now, keeps_alive=False)
            return False
        if incoming is None:
            return False
        at = self._now()  # a kept connection may have waited long for this request
        request, keeps_alive, knows_chunks = incoming
        reply = self._reply(request, at, peer)
        if not knows_chunks:
            reply = replace(reply, is_chunked=False, has_trailers=False)
        has_body = request.method != "HEAD"
        keeps_alive = keeps_alive and not (reply.is_cut and has_body)
        self.log.append(Visit(at, request.host, request.path, reply.status))
        self._send(connection, reply, at=at, has_body=has_body, keeps_alive=keeps_alive)
        return keeps_alive

    def _now(self) -> datetime:
        return self._frozen_at or self.paper.clock.now()

    def _reply(self, request: Request, at: datetime, peer: str) -> Reply:
        if request.method not in ("GET", "HEAD"):
            refused = _plain(405, "Only GET and HEAD")
            return replace(refused, headers=(("Allow", "GET, HEAD"),))
        count = None if self._frozen_at else partial(self._count, peer)
        return self.paper.answer(request, at, count)

    def _count(self, peer: str, key: str) -> int:
        """How often `peer` asked for `key` before; this time is counted, too."""
        with self._lock:
            before = self._counts[peer, key]
            self._counts[peer, key] += 1
        return before

    def _send(
        self,
        connection: socket.socket,
        reply: Reply,
        *,
        at: datetime,
        has_body: bool = True,
        keeps_alive: bool,
    ) -> None:
        for piece in wire(reply, at=at, has_body=has_body, keeps_alive=keeps_alive):
            connection.sendall(piece)
            if reply.drip_seconds:
                time.sleep(reply.drip_seconds / PIECES)


def _plain(status: int, text: str) -> Reply:
    return Reply(status=status, media="text/plain; charset=utf-8", body=f"{text}\n".encode())
