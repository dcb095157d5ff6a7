"""The bytes of one exchange as they cross the socket: above TLS, below the parser.

`Wire` gathers them; `TapProtocol` feeds it, and gives the parser a cleaned copy; `TapPool` and
`TapFactory` put the one under each request of the other. Twisted silently sends a GET again when a
kept-alive connection turns out to be dead: the wire then begins anew, and counts.
"""

import hashlib
import re
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError

from archive.records import Digest, Exchange, Truncation, Url
from crawler.capture.cleaner import Cleaner
from crawler.capture.heads import LONGEST_HEAD

MOST_RECEIVED = 64 * 1024 * 1024
"""Bytes of one response, all framing included: three times what DOWNLOAD_MAXSIZE grants a body.
Without it, one-byte chunks with long extensions would fill the memory until the timeout."""

_WIRE = "_kliping_wire"
_INTERIM = re.compile(
    rb"(?i)HTTP/\d(?:\.\d)?[ \t]+1(?!01)\d\d(?!\d)[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n"
)
_SECRETS = re.compile(
    rb"(?im)^((?:proxy-)?authorization|cookie|x-api-key):[ \t]*([^\r\n]*)(?=\r?\n)"
)


@dataclass(slots=True)
class Wire:
    """One exchange while it happens."""

    now: Callable[[], datetime]
    proxied: bool = False
    began_at: datetime | None = None
    asked: float | None = None
    heard: float | None = None
    """Monotonic: when the request was written, and the first byte came."""
    heard_at: datetime | None = None
    attempts: int = 0
    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    ip_address: str | None = None
    tls: str | None = None
    cipher: str | None = None
    certificate: Digest | None = None
    handshake: Any = None
    """The TLS connection that a request was given to, done or not; None without TLS."""

    def begin(self) -> None:
        """A request is about to be written, for the first time or again."""
        self.began_at = self.now()
        self.asked, self.heard, self.heard_at = time.monotonic(), None, None
        self.attempts += 1
        self.sent.clear()
        self.received.clear()

    @property
    def latency(self) -> float | None:
        """Seconds until the host answered, or until now if it has not; None if never asked."""
        if self.asked is None:
            return None
        return (self.heard or time.monotonic()) - self.asked

    def exchange(
        self, url: Url, *, truncated: Truncation | None = None, error: str | None = None
    ) -> Exchange:
        """What crossed the socket, with secrets redacted and interim answers apart; asked once."""
        if self.handshake is not None and self.handshake.get_finished() is None:
            self.sent.clear()  # TLS was never agreed on, so what was given to it never left
        request, redacted = redact(bytes(self.sent))
        interim, response = part_interim(bytes(self.received))
        self.received.clear()  # it may be large, and recording it takes its time
        protocols = ("http/1.1", self.tls) if self.tls else ("http/1.1",)
        return Exchange(
            url=url,
            request=request,
            response=response,
            began_at=self.began_at or self.now(),
            interim=interim,
            ip_address=None if self.proxied else self.ip_address,
            protocols=protocols,
            cipher=self.cipher,
            certificate_digest=self.certificate,
            truncated=truncated if response else None,
            error=error,
            redacted=redacted,
            attempts=max(self.attempts, 1),
        )

    def look_at(self, transport: Any) -> None:
        """Note the peer and, if there is TLS, its facts; called at the first received byte.

        Earlier would be too early: through a CONNECT tunnel the handshake is not over.
        """
        self.ip_address = getattr(transport.getPeer(), "host", None)
        handle = _tls_of(transport)
        if handle is None:
            return
        self.tls = handle.get_protocol_version_name().lower().replace("tlsv", "tls/")
        self.cipher = handle.get_cipher_name()
        if certificate := handle.get_peer_certificate(as_cryptography=True):
            from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

            der = certificate.public_bytes(Encoding.DER)
            self.certificate = Digest("sha256:" + hashlib.sha256(der).hexdigest())


def _tls_of(transport: Any) -> Any:
    """The OpenSSL connection of a transport; None if there is no TLS."""
    handle = transport.getHandle()
    return handle if hasattr(handle, "get_finished") else None


class TapProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's HTTP/1.1 client protocol, overheard."""

    _wire: Wire | None = None
    _cleaner: Cleaner

    def request(self, request: Any) -> Deferred[Any]:
        """Send a request that `TapPool` has marked with its wire."""
        self._wire = wire = getattr(request, _WIRE, None)
        self._cleaner = Cleaner(has_body=request.method != b"HEAD")
        if wire is not None:
            wire.begin()
            wire.handshake = _tls_of(self.transport)
            write_to = type(request).writeTo
            request.writeTo = lambda transport: write_to(request, _Tee(transport, wire))
        answer = super().request(request)
        if self._parser is not None:
            self._parser.MAX_LENGTH = LONGEST_HEAD  # of a line; Twisted's own 16 KiB are too few
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Keep the bytes, then let a cleaned copy of them be parsed."""
        if self._wire is not None:
            if not self._wire.received:
                self._wire.heard, self._wire.heard_at = time.monotonic(), self._wire.now()
                self._wire.look_at(self.transport)
            self._wire.received += data
            data = self._cleaner.feed(data)
            if self._cleaner.is_endless:
                self._refuse(f"no end of the head within {LONGEST_HEAD} bytes")
                return
            if len(self._wire.received) > MOST_RECEIVED:
                self._refuse(f"over {MOST_RECEIVED} bytes, most of them framing")
                return
        # also if nothing is left to parse yet: the parser asks whether anything came at all
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _refuse(self, reason: str) -> None:
        transport: Any = self.transport
        self._giveUp(Failure(ParseError(reason, b"")))  # type: ignore[no-untyped-call]
        transport.abortConnection()  # who never stops may never say good-bye either

    def _giveUp(self, reason: Failure) -> None:  # noqa: N802
        # over TLS a peer may go on talking after we hung up; it is not listened to
        self._wire = None
        super()._giveUp(reason)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802
        # `rest` came after the end of this message and is no part of it
        if self._wire is not None:
            if rest:
                del self._wire.received[-len(rest) :]
            self._wire = None
        super()._finishResponse(rest)


class TapFactory(_LenientHTTP11ClientFactory):
    """Builds `TapProtocol` instead of Scrapy's own."""

    def buildProtocol(self, addr: Any) -> TapProtocol:  # noqa: N802
        """One protocol a connection."""
        return TapProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class TapPool:
    """A connection pool as one request sees it: every connection it gives knows its wire."""

    def __init__(self, pool: Any, wire: Wire) -> None:
        self._pool = pool
        self._wire = wire

    @property
    def persistent(self) -> bool:
        """Whether connections are kept; the agent asks."""
        return bool(self._pool.persistent)

    def getConnection(self, key: Hashable, endpoint: Any) -> Deferred[Any]:  # noqa: N802
        """A connection from the pool behind, or a new one."""
        connecting: Deferred[Any] = self._pool.getConnection(key, endpoint)
        return connecting.addCallback(lambda protocol: _Marking(protocol, self._wire))


class _Marking:
    def __init__(self, protocol: Any, wire: Wire) -> None:
        self._protocol = protocol
        self._wire = wire

    def request(self, request: Any) -> Deferred[Any]:
        setattr(request, _WIRE, self._wire)  # survives Twisted's silent retry
        result: Deferred[Any] = self._protocol.request(request)
        return result


class _Tee:
    """A transport that also keeps what is written to it."""

    def __init__(self, transport: Any, wire: Wire) -> None:
        self._transport = transport
        self._wire = wire

    def write(self, data: bytes) -> None:
        self._wire.sent += data
        self._transport.write(data)

    def writeSequence(self, pieces: list[bytes]) -> None:  # noqa: N802
        self.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def part_interim(received: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """The heads of 1xx answers, and the final response: a record begins with its status line."""
    heads: list[bytes] = []
    at = 0
    while match := _INTERIM.match(received, at):
        heads.append(match[0])
        at = match.end()
    return tuple(heads), received[at:]


def redact(request: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The request without secrets, and the names of the headers that held some."""
    head, blank, body = request.partition(b"\r\n\r\n")
    found = [m[1].decode("latin-1").lower() for m in _SECRETS.finditer(head + b"\r\n")]
    if not found:
        return request, ()
    cleaned = _SECRETS.sub(rb"\1: REDACTED", head + b"\r\n").removesuffix(b"\r\n")
    return cleaned + blank + body, tuple(found)
