"""Records taken out of a file as they lie there: their packed bytes, to be copied unchanged."""

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from archive.errors import CorruptRecord
from archive.records import Place
from archive.warc.exchanges import FOLLOWERS, follows
from archive.warc.inflate import InflateError, unpacker
from archive.warc.reader import StoredRecord, parse

PIECE = 64 * 1024
HEAD_BYTES = 4096
SIP = 128
_KIND = re.compile(rb"(?i)\r\nwarc-type:[ \t]*([a-z]+)[ \t]*(?=\r\n)")
Open = Callable[[str], BinaryIO]
"""Opens a WARC file by its name, wherever it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A record, and its gzip member."""

    record: StoredRecord
    head: bytes = field(repr=False)
    """The record's head as it lies there, unpacked, without its blank line."""
    member: bytes = field(repr=False)


def packed_at(open_file: Open, place: Place, *, with_followers: bool = False) -> list[Packed]:
    """The record at a place; with its followers, the whole exchange that it begins.

    Raises:
        CorruptRecord: if there is no whole record at that place.
    """
    with open_file(place.file) as file:
        found = _packed(file, place.file, place.offset, place.length or PIECE)
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
    while _may_follow(file, at):
        found = _packed(file, first.record.place.file, at)
        if found is None or not follows(found.record, first.record, before):
            return
        yield found
        before = found.record
        at += before.place.length


def _may_follow(file: BinaryIO, at: int) -> bool:
    """Whether the record at an offset is of a kind that follows others, or cannot be told.

    The next exchange begins there, mostly, and its response is large.
    """
    file.seek(at)
    packed, head, inflating = file.read(HEAD_BYTES), b"", unpacker()
    with contextlib.suppress(InflateError):  # whoever reads it whole says why
        for start in range(0, len(packed), SIP):  # for an error loses what came with it
            head += inflating.decompress(packed[start : start + SIP])
            if b"\r\n\r\n" in head or inflating.eof:
                break
    kind = _KIND.search(head.partition(b"\r\n\r\n")[0])
    return kind is None or kind[1].decode() in FOLLOWERS


def _packed(file: BinaryIO, name: str, offset: int, length: int = PIECE) -> Packed | None:
    """The record at an offset, `length` bytes read at once; None at the end of the file.

    A large record whose length is known is read in one piece, and then not copied.
    """
    file.seek(offset)
    inflating = unpacker()
    member: list[bytes] = []
    plain: list[bytes] = []
    try:
        while not inflating.eof:
            piece = file.read(PIECE if member else length)
            if not piece:
                if not member:
                    return None
                raise CorruptRecord(f"{name} at {offset}: the record is torn")
            plain.append(inflating.decompress(piece))
            member.append(piece[: len(piece) - len(inflating.unused_data)])
    except InflateError as error:
        raise CorruptRecord(f"{name} at {offset}: {error}") from error
    whole, taken = _joined(plain), _joined(member)
    record = parse(whole, Place(file=name, offset=offset, length=len(taken)))
    return Packed(record=record, head=whole[: whole.find(b"\r\n\r\n")], member=taken)


def _joined(pieces: list[bytes]) -> bytes:
    """Pieces put together, and let go of, for a record may be large."""
    whole = b"".join(pieces)
    pieces.clear()
    return whole
