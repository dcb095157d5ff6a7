"""Requests and replies as values, and a reply's bytes on the wire."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from http import HTTPStatus
from itertools import pairwise

import brotli
import zstandard

HTML = "text/html; charset=utf-8"
CHUNK_BYTES = 1021
"""A prime, so that no chunk ends where a reader might expect it."""
PIECES = 8
"""In how many pieces a slow body drips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked; `path` has its query, the names of `headers` are in lower case."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered, before it is coded and framed."""

    status: int = 200
    media: str = HTML
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    changed: datetime | None = None
    coding: str | None = None
    is_chunked: bool = False
    has_trailers: bool = False
    is_cut: bool = False
    drip_seconds: float = 0.0

    def coded(self) -> bytes:
        """The body in its content coding, the same bytes every time."""
        match self.coding:
            case "gzip":
                return gzip.compress(self.body, 6, mtime=0)
            case "br":
                return bytes(brotli.compress(self.body, quality=5))
            case "zstd":
                return zstandard.ZstdCompressor(level=3).compress(self.body)
        return self.body


def page(html: str, *, status: int = 200, changed: datetime | None = None) -> Reply:
    """A reply with an HTML page."""
    return Reply(status=status, body=html.encode(), changed=changed)


def redirect(target: str, status: int = 302) -> Reply:
    """A reply that leads elsewhere."""
    body = f"<!doctype html><title>Moved</title><p>Moved to {escape(target)}</p>\n"
    return Reply(status=status, body=body.encode(), headers=(("Location", target),))


def http_date(at: datetime) -> str:
    """An instant as HTTP writes it."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def conditioned(reply: Reply, request: Request, validators: tuple[str, ...]) -> Reply:
    """The reply with its validators, or 304 if the client already holds it."""
    if reply.status != HTTPStatus.OK or reply.changed is None:
        return reply
    marks = []
    if "etag" in validators:
        digest = hashlib.sha256(reply.body).hexdigest()[:20]
        marks.append(("ETag", f'"{digest}{f"-{reply.coding}" if reply.coding else ""}"'))
    if "last-modified" in validators:
        marks.append(("Last-Modified", http_date(reply.changed)))
    headers = (*reply.headers, *marks, ("Vary", "Accept-Encoding"))
    if _is_held(request, dict(marks), reply.changed):
        return Reply(status=304, headers=headers)
    return replace(reply, headers=headers)


def wire(reply: Reply, *, at: datetime, has_body: bool, keeps_alive: bool) -> Iterator[bytes]:
    """The reply's bytes, in the pieces in which they are to be sent."""
    body = reply.coded()
    bare = reply.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
    lines += [f"Date: {http_date(at)}", "Server: newspaper-in-a-box"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    if not bare:
        lines.append(f"Content-Type: {reply.media}")
        if reply.coding:
            lines.append(f"Content-Encoding: {reply.coding}")
        if reply.has_trailers:
            lines.append("Trailer: X-Body-SHA256")
        chunked = reply.is_chunked or reply.has_trailers
        lines.append("Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}")
    lines.append(f"Connection: {'keep-alive' if keeps_alive else 'close'}")
    yield ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    if has_body and not bare:
        yield from _framed(reply, body)


def _framed(reply: Reply, body: bytes) -> Iterator[bytes]:
    if reply.is_chunked or reply.has_trailers:
        yield _chunked(body, has_trailers=reply.has_trailers)
    elif reply.is_cut:
        yield body[: len(body) * 3 // 5]
    elif reply.drip_seconds:
        cuts = [len(body) * step // PIECES for step in range(PIECES + 1)]
        yield from (body[start:end] for start, end in pairwise(cuts))
    else:
        yield body


def _chunked(body: bytes, *, has_trailers: bool) -> bytes:
    parts = [body[at : at + CHUNK_BYTES] for at in range(0, len(body), CHUNK_BYTES)]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    trailer = f"X-Body-SHA256: {hashlib.sha256(body).hexdigest()}\r\n" if has_trailers else ""
    return framed + b"0\r\n" + trailer.encode() + b"\r\n"


def _is_held(request: Request, marks: Mapping[str, str], changed: datetime) -> bool:
    if (wanted := request.headers.get("if-none-match")) is not None:
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return "ETag" in marks and bool(tags & {marks["ETag"], "*"})
    since = request.headers.get("if-modified-since")
    if since is None or "Last-Modified" not in marks:
        return False
    try:
        return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
