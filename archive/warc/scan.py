"""A whole file read through whatever is broken in it.

    | record | record | gap        | record | record | gap |
                      ^ damage     ^ found again       ^ nothing more that is whole

After damage the scan goes on at the next gzip member that begins a WARC record of this file, so one
flipped byte costs one record. Records can lie *inside* a record that is damaged (somebody archives
WARC files): they name another warcinfo record, and are not taken for ours.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from archive.errors import CorruptRecord
from archive.records import Place
from archive.warc.inflate import InflateError, unpacker
from archive.warc.reader import PIECE, StoredRecord, parse

LARGEST = 1 << 28
"""No record of ours unpacks to more: an answer is cut at 20 MiB. Bounds what damage can cost."""

_MAGIC = b"\x1f\x8b\x08"
_FEED = 1 << 14
_SIP = 16
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A record that could be read; its digests are not compared yet."""

    record: StoredRecord
    plain: bytes = field(repr=False)
    """The record before packing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Bytes that are no whole record, up to the next record or the end of the file."""

    place: Place
    reason: str
    headers: dict[str, str] = field(repr=False)
    """What can still be read of the head of the record that begins here; names in lower case."""


class Scan:
    """One pass over a file; iterate over it once.

    Args:
        file: open for reading, at its beginning; it is sought in.
        name: what the file is called in places.
        on_read: told how many bytes were read, each time.
    """

    def __init__(
        self, file: BinaryIO, name: str, *, on_read: Callable[[int], None] = lambda _: None
    ) -> None:
        self._file = file
        self._name = name
        self._on_read = on_read
        self._digest = hashlib.sha256()
        self._held = b""
        self._held_at = 0
        self._hashed = 0
        self._infos: set[str] = set()
        self.size = file.seek(0, os.SEEK_END)

    @property
    def sha256(self) -> str:
        """Digest of the whole file, once all of it was read; bare hexadecimal digits."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[Whole | Gap]:
        at = 0
        while at < self.size:
            try:
                plain, length = self._member(at)
            except CorruptRecord as error:
                following = self._next_record(at + 1)
                yield self._gap(at, following - at, error)
                at = following
                continue
            place = Place(file=self._name, offset=at, length=length)
            try:
                record = parse(plain, place)
            except CorruptRecord as error:
                yield self._gap(at, length, error)
            else:
                if record.type == "warcinfo":
                    self._infos.add(record.urn)
                yield Whole(record=record, plain=plain)
            at += length
        while self._hashed < self.size and self._from(self._hashed):
            pass

    def _member(self, at: int) -> tuple[bytes, int]:
        """The member that begins at an offset: unpacked, and its packed length."""
        inflating = unpacker()
        plain: list[bytes] = []
        length = unpacked = 0
        while not inflating.eof:
            fed = self._from(at + length)[:_FEED]
            if not fed:
                raise CorruptRecord("the record is torn")
            try:
                plain.append(inflating.decompress(fed))
            except InflateError as error:
                raise CorruptRecord(_in_words(error)) from error
            length += len(fed) - len(inflating.unused_data)
            unpacked += len(plain[-1])
            if unpacked > LARGEST:
                raise CorruptRecord("it unpacks to more than any record holds")
        return b"".join(plain), length

    def _next_record(self, at: int) -> int:
        """Where the next record of this file begins, or the end of the file."""
        while (left := len(self._from(at, len(_MAGIC)))) >= len(_MAGIC):
            found = self._held.find(_MAGIC, at - self._held_at)
            if found < 0:  # the first bytes of a member may be the last of this piece
                at += left - len(_MAGIC) + 1
                continue
            at = self._held_at + found
            headers = self._headers(at)
            if headers is not None and self._is_ours(headers):
                return at
            at += 1
        return self.size

    def _is_ours(self, headers: dict[str, str]) -> bool:
        return not self._infos or headers.get("warc-warcinfo-id") in self._infos

    def _gap(self, at: int, length: int, error: CorruptRecord) -> Gap:
        place = Place(file=self._name, offset=at, length=length)
        # a parser names the place as well, and whoever reports this does so again
        reason = str(error).removeprefix(f"{self._name} at {at}: ")
        return Gap(place=place, reason=reason, headers=self._headers(at) or {})

    def _headers(self, at: int) -> dict[str, str] | None:
        """The head of the record at an offset as far as it unpacks; None if none begins there."""
        inflating = unpacker()
        plain = bytearray()
        packed = bytes(self._from(at, _HEAD)[:_HEAD])
        for start in range(0, len(packed), _SIP):  # sips, for an error loses what came with it
            try:
                plain += inflating.decompress(packed[start : start + _SIP])
            except InflateError:
                break
            if b"\r\n\r\n" in plain or inflating.eof:
                break
        head, whole, _ = bytes(plain).partition(b"\r\n\r\n")
        if not head.startswith(b"WARC/1."):
            return None
        lines = head.decode("utf-8", "replace").split("\r\n")[1 : None if whole else -1]
        pairs = (line.partition(":") for line in lines)
        return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}

    def _from(self, at: int, least: int = 1) -> memoryview:
        """What is held of the file from an offset on: `least` bytes, fewer at its end only."""
        within = at - self._held_at
        wanted = min(least, max(1, self.size - at))
        if not 0 <= within <= len(self._held) - wanted:
            self._file.seek(at)
            self._held, self._held_at, within = self._file.read(max(PIECE, least)), at, 0
            self._on_read(len(self._held))
            end = at + len(self._held)
            if at <= self._hashed < end:
                self._digest.update(self._held[self._hashed - at :])
                self._hashed = end
        return memoryview(self._held)[within:]


def whole_records(file: BinaryIO, name: str, problems: list[str]) -> Iterator[StoredRecord]:
    """Every record of a file that can be read; what cannot is added to `problems`, placed."""
    for found in Scan(file, name):
        if isinstance(found, Gap):
            problems.append(f"{name} at {found.place.offset}: {found.reason}")
        else:
            yield found.record


def _in_words(error: Exception) -> str:
    said = str(error)
    if "incorrect data check" in said or "incorrect length check" in said:
        return "its bytes are not those that were packed (CRC-32)"
    if "incorrect header check" in said:
        return "no record begins here"
    return f"it cannot be unpacked ({said.removeprefix('Error -3 while decompressing data: ')})"
