"""Reading one request from a connection, and refusing what is not HTTP."""

import re
from http import HTTPStatus
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

from crawler.demo.replies import Request

LINE_BYTES = 16_384
HEADERS = 100
BODY_BYTES = 1_000_000

_REQUEST_LINE = re.compile(rb"([A-Z]{1,20}) ([!-~]+) (HTTP/1\.[01])\r?\n")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*\r?\n")
_HOST = re.compile(r"[\w.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?", re.ASCII)


class BadRequest(ValueError):
    """What came is not a request that this server understands."""

    status = HTTPStatus.BAD_REQUEST


class Incoming(NamedTuple):
    """One request, and what the client can take."""

    request: Request
    keeps_alive: bool
    knows_chunks: bool


def read_request(stream: BinaryIO) -> Incoming | None:
    """The next request on a connection; None if the client is done.

    Raises:
        BadRequest: if it is none. The connection cannot be used any more.
        OSError: if the client vanished.
    """
    line = stream.readline(LINE_BYTES)
    if line in (b"\r\n", b"\n"):
        line = stream.readline(LINE_BYTES)
    if not line:
        return None
    found = _REQUEST_LINE.fullmatch(line)
    if not found:
        raise BadRequest(line)
    method, target, version = (part.decode("latin-1") for part in found.groups())
    headers = _headers(stream)
    _skip_body(stream, headers)
    host = headers.get("host", "")
    if target.startswith("http://"):
        parts = urlsplit(target)
        host, target = parts.netloc, target[len("http://") + len(parts.netloc) :] or "/"
    if not _HOST.fullmatch(host) or not target.startswith("/"):
        raise BadRequest(target)
    connection = headers.get("connection", "").lower()
    is_new = version == "HTTP/1.1"
    return Incoming(
        request=Request(method=method, host=host, path=target, headers=headers),
        keeps_alive="close" not in connection if is_new else "keep-alive" in connection,
        knows_chunks=is_new,
    )


def _headers(stream: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(HEADERS):
        line = stream.readline(LINE_BYTES)
        if line in (b"\r\n", b"\n"):
            return headers
        found = _HEADER.fullmatch(line)
        if not found:
            raise BadRequest(line)
        name, value = (part.decode("latin-1") for part in found.groups())
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    raise BadRequest("too many headers")


def _skip_body(stream: BinaryIO, headers: dict[str, str]) -> None:
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not re.fullmatch(r"\d{1,9}", length, re.ASCII):
        raise BadRequest("a body of unknown length")
    if int(length) > BODY_BYTES:
        raise BadRequest("a body too large")
    stream.read(int(length))
