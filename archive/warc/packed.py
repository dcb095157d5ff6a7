"""Records taken out of a file as they lie there: their packed bytes, to be copied unchanged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from archive.errors import CorruptRecord
from archive.records import Place
from archive.warc.exchanges import follows
from archive.warc.inflate import InflateError, unpacker
from archive.warc.reader import StoredRecord, parse

PIECE = 64 * 1024
Open = Callable[[str], BinaryIO]
"""Opens a WARC file by its name, wherever it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A record, and its gzip member."""

    record: StoredRecord
    plain: bytes = field(repr=False)
    member: bytes = field(repr=False)


def packed_at(open_file: Open, place: Place, *, with_followers: bool = False) -> list[Packed]:
    """The record at a place; with its followers, the whole exchange that it begins.

    Raises:
        CorruptRecord: if there is no whole record at that place.
    """
    with open_file(place.file) as file:
        found = _packed(file, place.file, place.offset)
        if found is None:
            raise CorruptRecord(f"{place.file} at {place.offset}: no record is there")
        if not with_followers:
            return [found]
        return [found, *_followers(file, found)]


def first_of(open_file: Open, name: str) -> Packed:
    """The first record of a file: its warcinfo.

    Raises:
        CorruptRecord: if there is none.
    """
    return packed_at(open_file, Place(file=name, offset=0, length=0))[0]


def _followers(file: BinaryIO, first: Packed) -> Iterator[Packed]:
    at = first.record.place.offset + first.record.place.length
    before = first.record
    while (found := _packed(file, first.record.place.file, at)) is not None:
        if not follows(found.record, first.record, before):
            return
        yield found
        before = found.record
        at += before.place.length


def _packed(file: BinaryIO, name: str, offset: int) -> Packed | None:
    """The record at an offset; None at the end of the file."""
    file.seek(offset)
    inflating = unpacker()
    member, plain = bytearray(), bytearray()
    try:
        while not inflating.eof:
            piece = file.read(PIECE)
            if not piece:
                if not member:
                    return None
                raise CorruptRecord(f"{name} at {offset}: the record is torn")
            plain += inflating.decompress(piece)
            member += piece[: len(piece) - len(inflating.unused_data)]
    except InflateError as error:
        raise CorruptRecord(f"{name} at {offset}: {error}") from error
    place = Place(file=name, offset=offset, length=len(member))
    whole = bytes(plain)
    plain.clear()  # a record may be large
    return Packed(record=parse(whole, place), plain=whole, member=bytes(member))
