"""One record, one gzip member: what a WARC 1.1 record is made of, and its bytes.

    WARC/1.1 CRLF
    WARC-Type … WARC-Record-ID … WARC-Date … (named fields, UTF-8) CRLF
    CRLF
    block: for HTTP, exactly the bytes that crossed the socket
    CRLF CRLF

warcio writes the container around blocks that stay raw; the deflate is ours, since warcio's
fixed level 9 was 95 % of its cost.
"""

import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from zlib_ng import zlib_ng

from archive.digests import sha256
from archive.warc.inflate import WBITS

LEVEL = 6
"""zlib-ng's level 6 packs pages within 2 % of zlib's at under half its cost."""
LIGHT_LEVEL = 1
"""For drafts. It knows no stored blocks: what is packed already would grow by 5 %."""
STORED_BYTES = 65535
"""The most that one stored block holds."""
LONGEST_HEAD = 64 * 1024
PROBE_BYTES = 4096
PIECE = 1 << 20
Parts = tuple[bytes, ...]
"""A record before packing: head, block, end; or in one piece."""
_GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Deflated, no name, no time, unknown system (RFC 1952 §2.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A WARC record about to be written; `fields` come after the mandatory ones, in order."""

    type: str
    id: uuid.UUID
    at: datetime
    block: bytes = field(repr=False)
    content_type: str
    fields: tuple[tuple[str, str], ...] = ()
    is_light: bool = False
    """Pack it lightly: its body is packed already, or it is small and soon followed by its like."""

    @property
    def urn(self) -> str:
        """The record's id as other records refer to it."""
        return f"<urn:uuid:{self.id}>"

    def parts(self) -> Parts:
        """The record before packing: head, block, end. The block is not copied."""
        out = _Parts()
        _RawWriter(out, gzip=False, warc_version="1.1").write_record(self._as_warcio())
        return tuple(out)

    def plain(self) -> bytes:
        """The record before packing, from its version line to its last CRLF."""
        return b"".join(self.parts())

    def member(self) -> bytes:
        """The record as one gzip member."""
        return b"".join(packed(self.parts(), is_light=self.is_light))

    def _as_warcio(self) -> Any:
        headers = [
            ("WARC-Type", self.type),
            ("WARC-Record-ID", self.urn),
            ("WARC-Date", warc_date(self.at)),
            *((name, _one_line(value)) for name, value in self.fields),
            ("WARC-Block-Digest", sha256(self.block)),
        ]
        return ArcWarcRecord(
            "warc",
            self.type,
            StatusAndHeaders("", headers, protocol="WARC/1.1"),
            BytesIO(),
            # warcio must not re-serialise what was received, nor copy it
            _RawHead(self.block),
            self.content_type,
            len(self.block),
        )


class _RawWriter(WARCWriter):  # type: ignore[misc]
    def ensure_digest(self, record: Any, *, block: bool = True, payload: bool = True) -> None:
        """Digests are ours: warcio would hash chunked bytes as payload (warcio#74)."""


class _RawHead:
    """In place of HTTP headers and what follows them: the block's own bytes."""

    def __init__(self, block: bytes) -> None:
        self.headers_buff = block

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """They are there already."""


class _Parts(list[bytes]):
    """A file that keeps what is written to it as it was given."""

    write = list.append

    def flush(self) -> None:
        """It is there already."""


def packed(parts: Parts, *, is_light: bool = False) -> Iterator[bytes | memoryview]:
    """A record as one gzip member, in pieces; nothing large is copied.

    Of a light record, which comes as head, block and end, a body that cannot shrink is stored.
    """
    if is_light:
        head, block, end = parts
        begins = _end_of_head(block, LONGEST_HEAD - len(head))
        if begins and _is_dense(block, begins):
            return _stored(head + block[:begins], memoryview(block)[begins:], end)
    return _deflated(parts, LIGHT_LEVEL if is_light else LEVEL)


def pack(plain: bytes) -> bytes:
    """A record that is at hand in one piece as one gzip member."""
    return b"".join(packed((plain,)))


def _deflated(parts: Parts, level: int) -> Iterator[bytes]:
    packer = zlib_ng.compressobj(level, zlib_ng.DEFLATED, WBITS)
    if sum(map(len, parts)) <= PIECE:
        yield packer.compress(b"".join(parts))
    else:
        for part in parts:
            for at in range(0, len(part), PIECE):
                yield packer.compress(memoryview(part)[at : at + PIECE])
    yield packer.flush()


def _end_of_head(block: bytes, longest: int) -> int:
    """Where the body begins, behind the block's own head; 0 if nowhere."""
    end = block.find(b"\r\n\r\n", 0, max(longest, 0))
    return end + 4 if end >= 0 else 0


def _is_dense(block: bytes, begins: int) -> bool:
    """Whether what begins there is packed already, from a sample of its middle.

    Not from its beginning: pictures begin with words about themselves.
    """
    middle = (begins + len(block)) // 2
    sample = block[middle : middle + PROBE_BYTES]
    return len(zlib_ng.compress(sample, LIGHT_LEVEL, -15)) >= len(sample)


def _stored(head: bytes, body: memoryview, end: bytes) -> Iterator[bytes | memoryview]:
    # deflated blocks up to a byte's end (RFC 1951 §3.2.4), then stored ones: one stream
    packer = zlib_ng.compressobj(LEVEL, zlib_ng.DEFLATED, -15)
    yield _GZIP_HEAD
    yield packer.compress(head)
    yield packer.flush(zlib_ng.Z_SYNC_FLUSH)
    whole = len(body) - len(body) % STORED_BYTES
    for at in range(0, whole, STORED_BYTES):
        yield _block_head(STORED_BYTES)
        yield body[at : at + STORED_BYTES]
    rest = bytes(body[whole:]) + end
    for at in range(0, len(rest), STORED_BYTES):
        piece = rest[at : at + STORED_BYTES]
        yield _block_head(len(piece), is_last=at + STORED_BYTES >= len(rest))
        yield piece
    checksum = zlib_ng.crc32(end, zlib_ng.crc32(body, zlib_ng.crc32(head)))
    size = len(head) + len(body) + len(end)
    yield struct.pack("<II", checksum, size & 0xFFFFFFFF)


def _block_head(size: int, *, is_last: bool = False) -> bytes:
    return struct.pack("<BHH", is_last, size, size ^ 0xFFFF)


def warc_date(at: datetime) -> str:
    """An instant as WARC-Date: UTC, to the microsecond (WARC 1.1 §5.4)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def warc_fields(pairs: list[tuple[str, str | None]]) -> bytes:
    """An `application/warc-fields` block; what is unknown is left out."""
    lines = [f"{name}: {_one_line(value)}\r\n" for name, value in pairs if value]
    return "".join(lines).encode()


def _one_line(value: str) -> str:
    # a header that somebody else wrote must not start one of ours
    return " ".join(value.split())
