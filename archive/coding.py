"""Content codings undone, within a limit: gzip, deflate, br, zstd (RFC 9110 §8.4, RFC 8878).

What is fetched is hostile: half a gigabyte hides in a gzip of a few hundred kilobytes. Decoding
is done in pieces and stops at the limit.
"""

import zlib
from collections.abc import Callable, Generator, Iterator

import brotli
import zstandard

from archive.errors import BodyTooLarge, UndecodableBody

DECODED_LIMIT = 50 * 1024 * 1024
"""Bytes that a body may unpack to; a news page has a few hundred thousand."""

_PIECE = 64 * 1024
_SLICE = 4 * 1024
_CODINGS_LIMIT = 3
"""More codings than this on one body is nobody's honest server."""


def decode(body: bytes, content_encoding: str | None, limit: int = DECODED_LIMIT) -> bytes:
    """Undo the codings that a Content-Encoding header names, the last applied first.

    A body that turns out not to be packed at all is returned as it is: servers lie about gzip,
    and browsers forgive it. A packed body that ends too early, or breaks its coding's rules midway,
    gives what could be unpacked.

    Raises:
        BodyTooLarge: if it unpacks to more than `limit` bytes.
        UndecodableBody: if a coding is unknown, or nothing can be unpacked.
    """
    for coding in _codings(content_encoding):
        if body:
            body = _unpacked(body, coding, limit)
            if len(body) > limit:
                raise BodyTooLarge(f"{coding} body unpacks to more than {limit} bytes")
    if len(body) > limit:
        raise BodyTooLarge(f"body of {len(body)} bytes, limit {limit}")
    return body


def decode_beginning(body: bytes, content_encoding: str | None, limit: int) -> bytes:
    """The first `limit` bytes of a body, its codings undone no further than that.

    For what counts as far as it was read, such as a robots.txt: too large a one is no empty one.

    Raises:
        UndecodableBody: if a coding is unknown, or nothing can be unpacked.
    """
    for coding in _codings(content_encoding):
        if body:
            body = _unpacked(body, coding, limit)
    return body[:limit]


def _codings(content_encoding: str | None) -> list[str]:
    """The codings to undo, in this order.

    Raises:
        UndecodableBody: if there are more than anybody honest has.
    """
    codings = [c.strip().lower() for c in (content_encoding or "").split(",")]
    codings = [c for c in codings if c and c != "identity"]
    if len(codings) > _CODINGS_LIMIT:
        raise UndecodableBody(f"{len(codings)} content codings on one body")
    return codings[::-1]


def _unpacked(body: bytes, coding: str, limit: int) -> bytes:
    """The body with one coding undone, up to the piece that passes the limit.

    Raises:
        UndecodableBody: if the coding is unknown, or nothing can be unpacked.
    """
    unpack = _UNPACKERS.get(coding)
    if unpack is None:
        raise UndecodableBody(f"unknown content coding {coding!r}")
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in unpack(body):
            size += len(piece)
            if piece:
                pieces.append(piece)
            if size > limit:
                break
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        if not pieces:
            if _is_plain(body):
                return body
            raise UndecodableBody(f"not a {coding} body: {error}") from error
    return b"".join(pieces) or (body if _is_plain(body) else b"")


def _is_plain(body: bytes) -> bool:
    return body.lstrip()[:1] in (b"<", b"{")


def _gunzip(body: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        at = yield from _inflate(zlib.decompressobj(wbits=31), body, at)
        if body[at : at + 2] != b"\x1f\x8b":
            return  # padding or junk after the last member is ignored, as browsers do


def _undeflate(body: bytes) -> Iterator[bytes]:
    # "deflate" is zlib-wrapped by RFC 9110 §8.4.1.2 and raw by the habit of some servers
    wrapped = (body[0] & 0x0F) == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
    yield from _inflate(zlib.decompressobj(wbits=15 if wrapped else -15), body, 0)


def _inflate(unpacker: "zlib._Decompress", body: bytes, at: int) -> Generator[bytes, None, int]:
    """Unpack what begins at `at`; returns where it ends.

    It is given in slices, for zlib copies what it leaves over: a body of a million tiny members
    would be copied a million times.
    """
    while at < len(body) and not unpacker.eof:
        given = body[at : at + _SLICE]
        yield unpacker.decompress(given, _PIECE)
        at += len(given) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data)
    if not unpacker.eof:
        yield unpacker.flush()  # all was taken in, and a run of it may not be out yet
    return at


def _unbrotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    piece = unpacker.process(body, output_buffer_limit=_PIECE)
    yield piece
    while not unpacker.is_finished():
        piece = unpacker.process(b"", output_buffer_limit=_PIECE)
        if not piece:
            return
        yield piece


def _unzstd(body: bytes) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    with unpacker.stream_reader(body, read_across_frames=True) as reader:
        while piece := reader.read(_PIECE):
            yield piece


_UNPACKERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
