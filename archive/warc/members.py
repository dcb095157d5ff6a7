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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from zlib_ng import zlib_ng

from archive.digests import sha256

LEVEL = 6
"""zlib-ng's level 6 packs pages within 2 % of zlib's at under half its cost."""
LIGHT_LEVEL = 1
"""For drafts. It knows no stored blocks: what is packed already would grow by 5 %."""
STORED_LEVEL = 0
LONGEST_HEAD = 64 * 1024
PROBE_BYTES = 4096
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

    def plain(self) -> bytes:
        """The record before packing, from its version line to its last CRLF."""
        plain = BytesIO()
        _RawWriter(plain, gzip=False, warc_version="1.1").write_record(self._as_warcio())
        return plain.getvalue()

    def member(self) -> bytes:
        """The record as one gzip member."""
        return pack(self.plain(), is_light=self.is_light)

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
            BytesIO(self.block),
            # no parsed HTTP headers: warcio must not re-serialise what was received
            _RawHead(self.block) if self.type == "revisit" else None,
            self.content_type,
            len(self.block),
        )


class _RawWriter(WARCWriter):  # type: ignore[misc]
    def ensure_digest(self, record: Any, *, block: bool = True, payload: bool = True) -> None:
        """Digests are ours: warcio would hash chunked bytes as payload (warcio#74)."""


class _RawHead:
    """Of a revisit, warcio writes nothing but HTTP headers: these are the block's own bytes."""

    def __init__(self, block: bytes) -> None:
        self.headers_buff = block

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """They are there already."""


def pack(plain: bytes, *, is_light: bool = False) -> bytes:
    """A record as one gzip member; if it is light and its body cannot shrink, that is stored."""
    if is_light and (head := _end_of_heads(plain)) and _is_dense(plain, head):
        return _pack_head(plain, head)
    packer = zlib_ng.compressobj(LIGHT_LEVEL if is_light else LEVEL, zlib_ng.DEFLATED, 31)
    return b"".join((packer.compress(plain), packer.flush()))


def _end_of_heads(plain: bytes) -> int:
    """Where the body begins, behind the record's head and the block's own; 0 if nowhere."""
    block = plain.find(b"\r\n\r\n") + 4
    end = plain.find(b"\r\n\r\n", block, LONGEST_HEAD)
    return end + 4 if end >= 0 else 0


def _is_dense(plain: bytes, start: int) -> bool:
    """Whether what begins at `start` is packed already, from a sample of its middle.

    Not from its beginning: pictures begin with words about themselves.
    """
    middle = (start + len(plain)) // 2
    sample = plain[middle : middle + PROBE_BYTES].removesuffix(b"\r\n\r\n")
    return bool(sample) and len(zlib_ng.compress(sample, LIGHT_LEVEL, -15)) >= len(sample)


def _pack_head(plain: bytes, head: int) -> bytes:
    # deflated blocks up to a byte's end (RFC 1951 §3.2.4), then stored ones: one stream
    packer = zlib_ng.compressobj(LEVEL, zlib_ng.DEFLATED, -15)
    storer = zlib_ng.compressobj(STORED_LEVEL, zlib_ng.DEFLATED, -15)
    return b"".join(
        (
            _GZIP_HEAD,
            packer.compress(plain[:head]),
            packer.flush(zlib_ng.Z_SYNC_FLUSH),
            storer.compress(memoryview(plain)[head:]),
            storer.flush(),
            struct.pack("<II", zlib_ng.crc32(plain), len(plain) & 0xFFFFFFFF),
        )
    )


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
