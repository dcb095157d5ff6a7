"""Reading records back: one by its place, or all of a file in order."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from archive.digests import agrees
from archive.errors import CorruptRecord, DigestMismatch
from archive.records import Place
from archive.warc.inflate import InflateError, unpack, unpacker

PIECE = 1 << 20
FEED = 1 << 16
"""Unpacked at once of a file of many members: what is left over of it is copied each time."""
_LENGTH = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record as it lies in a file; header names are in lower case."""

    place: Place
    headers: dict[str, str] = field(repr=False)
    block: bytes = field(repr=False)

    @property
    def type(self) -> str:
        """`response`, `request`, `metadata` and so on."""
        return self.headers.get("warc-type", "")

    @property
    def urn(self) -> str:
        """`<urn:uuid:…>`."""
        return self.headers.get("warc-record-id", "")

    @property
    def uuid(self) -> str:
        """The record's id, bare."""
        return bare_id(self.urn)

    @property
    def date(self) -> datetime:
        """WARC-Date; the beginning of 1970 if it cannot be read."""
        return date_of(self.headers.get("warc-date", ""))

    def check(self) -> None:
        """Compare the block with its digest.

        Raises:
            DigestMismatch: if they differ.
        """
        said = self.headers.get("warc-block-digest")
        if said and agrees(said, self.block) is False:
            raise DigestMismatch(
                f"{self.place.file} at {self.place.offset}: the block of {self.urn} "
                f"is not what was recorded ({said})"
            )


def date_of(text: str) -> datetime:
    """A WARC date as an instant; the beginning of 1970 if it cannot be read."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def bare_id(urn: str) -> str:
    """`<urn:uuid:…>` without all that."""
    return urn.strip("<> ").removeprefix("urn:uuid:")


def open_path(directory: Path, name: str) -> Path:
    """The file as it is called now: sealed, or still growing.

    Raises:
        CorruptRecord: if there is neither.
    """
    for path in (directory / name, directory / (name + ".open")):
        if path.exists():
            return path
    raise CorruptRecord(f"{directory / name} is missing; restore it from a backup")


def read_record(directory: Path, place: Place) -> StoredRecord:
    """Read one record: one seek, one inflate.

    Raises:
        CorruptRecord: if there is no whole record at that place.
        DigestMismatch: if its block is not what was recorded.
    """
    with _opened(directory, place.file) as file:
        file.seek(place.offset)
        return record_in(file.read(place.length), place)


def _opened(directory: Path, name: str) -> FileIO:
    with contextlib.suppress(FileNotFoundError):
        return (directory / name).open("rb", buffering=0)  # most are sealed: nothing is looked up
    return open_path(directory, name).open("rb", buffering=0)


def record_in(member: bytes, place: Place) -> StoredRecord:
    """The record that one gzip member holds, wherever its bytes were read from.

    Raises:
        CorruptRecord: if it is no whole record.
        DigestMismatch: if its block is not what was recorded.
    """
    try:
        plain = unpack(member)
    except InflateError as error:
        raise CorruptRecord(f"{place.file} at {place.offset}: {error}") from error
    del member  # a record may be large
    record = parse(plain, place)
    del plain
    record.check()
    return record


def records_of(path: Path, name: str | None = None) -> Iterator[StoredRecord]:
    """Every record of a file, in order, each with its place; digests are not compared.

    Raises:
        CorruptRecord: at the first byte that is no whole record; what came before was given.
    """
    with path.open("rb") as file:
        yield from records_in(file, name or path.name)


def records_in(file: BinaryIO, name: str) -> Iterator[StoredRecord]:
    """As `records_of`, of a file that is open, wherever it lies."""
    offset = 0
    for plain, length in members_in(file, name):
        yield parse(plain, Place(file=name, offset=offset, length=length))
        offset += length


def members_of(path: Path, name: str | None = None) -> Iterator[tuple[bytes, int]]:
    """Every gzip member of a file, in order: unpacked, and its packed length.

    Raises:
        CorruptRecord: at the first byte that is no whole member; what came before was given.
    """
    with path.open("rb") as file:
        yield from members_in(file, name or path.name)


def members_in(file: BinaryIO, name: str) -> Iterator[tuple[bytes, int]]:
    """As `members_of`, of a file that is open, wherever it lies."""
    held = memoryview(file.read(PIECE))
    offset = 0
    while held:
        inflating = unpacker()
        plain: list[bytes] = []
        length = 0
        try:
            while not inflating.eof:
                if not held and not (held := memoryview(file.read(PIECE))):
                    raise CorruptRecord(f"{name} at {offset}: the record is torn")
                fed = held[:FEED]
                plain.append(inflating.decompress(fed))
                used = len(fed) - len(inflating.unused_data)
                held = held[used:]
                length += used
        except InflateError as error:
            raise CorruptRecord(f"{name} at {offset}: {error}") from error
        held = held or memoryview(file.read(PIECE))
        offset += length
        yield b"".join(plain), length


def parse(plain: bytes, place: Place) -> StoredRecord:
    """The record that an unpacked member is.

    Raises:
        CorruptRecord: if it is none, or is longer or shorter than it says.
    """
    end = plain.find(b"\r\n\r\n")
    lines = plain[: max(end, 0)].decode("utf-8", "replace").split("\r\n")
    if not lines[0].startswith("WARC/1."):
        raise CorruptRecord(f"{place.file} at {place.offset}: not a WARC record")
    headers = {
        name.strip().lower(): value.strip()
        for name, colon, value in (line.partition(":") for line in lines[1:])
        if colon
    }
    said = headers.get("content-length", "")
    length = int(said) if _LENGTH.fullmatch(said) else -1
    start = end + 4
    if len(plain) != start + length + 4 or not plain.endswith(b"\r\n\r\n"):
        raise CorruptRecord(f"{place.file} at {place.offset}: the record's length is wrong")
    return StoredRecord(place=place, headers=headers, block=plain[start:-4])
