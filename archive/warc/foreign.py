"""Records that other programs wrote, read one after the other; what is damaged is passed over.

    WARC/1.0 or 1.1, packed or not, one gzip member a record or one for many

A record is given with its text as it was: version line, headers and block. Only what frames it is
put right: header lines end in CRLF, and two CRLF follow the block.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from archive.digests import agrees
from archive.errors import ArchiveError, CorruptRecord
from archive.records import Place
from archive.warc.http import split
from archive.warc.payload import payload_agrees
from archive.warc.reader import StoredRecord, bare_id, parse
from archive.warc.unpacked import Limits, Torn, Unpacked

HEAD_BYTES = 256 * 1024
"""A longer head is none."""
_BLANK = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"(?:^|\n)content-length:[ \t]*([0-9]{1,18})[ \t]*\r?(?=\n)", re.IGNORECASE)
_CONCURRENT = re.compile(rb"(?:^|\n)warc-concurrent-to:([^\r\n]*)", re.IGNORECASE)


class _Malformed(Exception):
    pass


class _TooLarge(Exception):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A record of somebody else's, whole; its place is where it lay in their file."""

    record: StoredRecord
    plain: bytes = field(repr=False)

    @property
    def concurrent_to(self) -> list[str]:
        """The ids that it names as of the same exchange; there may be many (WARC 1.1 §5.7)."""
        head = self.plain.partition(b"\r\n\r\n")[0]
        return [bare_id(one.decode("utf-8", "replace")) for one in _CONCURRENT.findall(head)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A record that could not be taken, and why."""

    file: str
    offset: int
    reason: str
    is_large: bool = False
    """It is whole, and larger than is taken."""

    def __str__(self) -> str:
        return f"{self.file} at {self.offset}: {self.reason}"


def foreign_records(
    file: BinaryIO, name: str, size: int, limits: Limits
) -> Iterator[Foreign | Damage]:
    """Every record of a file, in order; in place of one that cannot be read, why.

    Raises:
        ArchiveError: if it is an ARC file or no WARC file, or unpacks to more than the limits.
    """
    stream = Unpacked(file, name, size, limits)
    is_lost = False
    is_first = True
    while True:
        at = stream.here()
        try:
            if is_lost and not stream.next_record():
                return
            is_lost = False
            if not stream.skip_blank():
                return
            at = stream.here()
            if is_first:
                _refuse_others(stream, name)
            is_first = False
            found = _take(stream, Place(file=name, offset=at, length=0), limits)
        except Torn as torn:
            yield Damage(file=name, offset=stream.here(), reason=str(torn))
            is_first = False
            if not stream.next_member():
                return
        except _TooLarge as error:
            yield Damage(file=name, offset=at, reason=str(error), is_large=True)
        except (_Malformed, CorruptRecord) as error:
            yield Damage(file=name, offset=at, reason=str(error).rpartition(": ")[2])
            is_lost = True
        else:
            yield found


def fault_of(found: Foreign) -> str | None:
    """What its own digests say is wrong with a record; None if they agree, or cannot be told."""
    record = found.record
    block = record.headers.get("warc-block-digest")
    if block and agrees(block, record.block) is False:
        return "the block is not what its digest says"
    payload = record.headers.get("warc-payload-digest")
    if not payload or record.type not in ("response", "resource"):
        return None
    if record.type == "response" and "http" in record.headers.get("content-type", ""):
        holds = payload_agrees(payload, split(record.block))
    else:
        holds = agrees(payload, record.block) is not False
    return None if holds else "the payload is not what its digest says"


def _refuse_others(stream: Unpacked, name: str) -> None:
    stream.want(16)
    begins = bytes(stream.buffer[:16])
    if begins.startswith(b"filedesc:"):
        raise ArchiveError(f"{name} is an ARC file. Make a WARC of it first: warcio recompress.")
    if begins.startswith(b"WARC/0."):
        raise ArchiveError(f"{name} is in a draft version of WARC, before 1.0: not read.")
    if not begins.startswith(b"WARC/1."):
        raise ArchiveError(f"{name} is no WARC file: it begins with {begins!r}.")


def _take(stream: Unpacked, place: Place, limits: Limits) -> Foreign:
    head = _head(stream)
    said = _LENGTH.search(head)
    if not head.startswith(b"WARC/1.") or said is None:
        raise _Malformed("not the head of a WARC record")
    length = int(said[1])
    if length > limits.record_bytes:
        _pass_over(stream, len(head) + length)
        raise _TooLarge(f"a record of {length} bytes; no more than {limits.record_bytes} are taken")
    end = len(head) + length
    if not stream.want(end):
        raise _Malformed("the file ends within the record")
    if not _ends_there(stream, end):
        raise _Malformed("the record's length is wrong")
    lines = re.split(rb"\r?\n", head.rstrip(b"\r\n"))
    block = bytes(stream.buffer[len(head) : end])
    plain = b"\r\n".join(lines) + b"\r\n\r\n" + block + b"\r\n\r\n"
    record = parse(plain, place)
    stream.drop(end)
    return Foreign(record=record, plain=plain)


def _head(stream: Unpacked) -> bytes:
    looked = 0
    while True:
        found = _BLANK.search(stream.buffer, looked)
        if found:
            return bytes(stream.buffer[: found.end()])
        looked = max(0, len(stream.buffer) - 3)
        if looked > HEAD_BYTES or not stream.fill():
            raise _Malformed("not the head of a WARC record")


def _ends_there(stream: Unpacked, end: int) -> bool:
    """Whether line ends, another record or nothing follows."""
    try:
        stream.want(end + 12)
    except Torn as torn:  # a member's checksum comes after its last byte
        if torn.begun == stream.at or len(stream.buffer) < end:
            raise
    follows = bytes(stream.buffer[end : end + 12]).lstrip(b"\r\n")
    return not follows or b"WARC/1.".startswith(follows[:7])


def _pass_over(stream: Unpacked, count: int) -> None:
    while count > 0 and stream.want(1):
        piece = min(count, len(stream.buffer))
        stream.drop(piece)
        count -= piece
