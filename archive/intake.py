"""Intake: somebody else's WARC or WACZ file, judged whole before anything of it is kept.

It is read twice. First every record is judged and noted (`archive.warc.pairs`), and a file that
escapes or explodes is refused; nothing was written then. Then its exchanges are given one by one,
each with what belongs to it, for `Turn.adopt`.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from archive.db import captures, extractions
from archive.errors import ArchiveError
from archive.indexer import batched
from archive.records import Capture, CaptureId, Digest, Place
from archive.store import Archive
from archive.urls import origin_of
from archive.wacz.parcel import Parcel
from archive.warc.adopted import Beside, Incoming, Repeated
from archive.warc.exchanges import UUID, follows, is_first, target_of
from archive.warc.foreign import Damage, Foreign, fault_of, foreign_records
from archive.warc.pairs import HTML, Noted, Pairs, noted_of
from archive.warc.reader import StoredRecord, date_of, parse
from archive.warc.unpacked import GZIP, Limits
from archive.warc.writer import file_sha256

__all__ = ["HTML", "Beside", "Foreign", "Found", "Incoming", "Intake", "Limits", "Tell", "intake"]
"""The front door of what lies beneath, for whoever takes files in."""

BATCH = 500
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LEADING_BYTES = 16_000_000
"""Of the records before a file's first exchange, what is held until one comes in."""
FOLLOWER_BYTES = 10_000_000
"""A larger request or metadata record is not taken: all of a file are kept aside for a while."""
SHOWN = 1000
"""Damaged records that are named; all are counted."""
Tell = Callable[[str, int, int], None]
"""Told what is going on, how many bytes are done, and of how many."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What a file holds, and what of it cannot be taken."""

    file: str
    sha256: str
    records: int = 0
    captures: int = 0
    known: int = 0
    """Captures that the archive has already."""
    damaged: int = 0
    damages: list[str] = field(default_factory=list)
    """File, offset and reason of each damaged record; of very many, the first."""
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    """What the package says and is not so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    name: str
    size: int
    open: Callable[[], contextlib.AbstractContextManager[BinaryIO]]


class Intake:
    """A file that was judged. `intake` makes one."""

    def __init__(self, path: Path, parts: list[_Part], pairs: Pairs, found: Found) -> None:
        self.path = path
        self.found = found
        self._parts = parts
        self._pairs = pairs
        self._bad: set[int] = set()
        """Numbers of records that are not to be taken."""

    def judge(self, archive: Archive, limits: Limits, tell: Tell) -> None:
        """Read it once through.

        Raises:
            ArchiveError: if it is refused.
        """
        latest = archive.clock.now() + timedelta(days=1)
        for number, found in self._records(limits, tell, "judging"):
            if isinstance(found, Damage):
                self._note_damage(found)
            else:
                self.found.records += 1
                self._note(number, found, latest)
        self._pairs.settle()
        for number, id_ in self._pairs.lone_requests():
            record = parse(self._pairs.plain_of(number), Place(file="", offset=0, length=0))
            self._adopt_request(number, id_, record, latest)
        for kind, count in self._pairs.lost().items():
            self.found.skipped[f"{kind} of an exchange that is not here"] += count
        with archive.reading() as connection:
            for some in batched(self._pairs.ids(), BATCH):
                ids = [f"r:{id_}" for id_, _ in some]
                known = captures.known(connection, ids)
                self._pairs.mark_known(one.removeprefix("r:") for one in known)
        self.found.captures, self.found.known = self._pairs.count()

    @property
    def source(self) -> str:
        """What `imported-from` says."""
        return f"{self.path.name} sha256:{self.found.sha256}"

    @property
    def origins(self) -> dict[str, tuple[int, int]]:
        """Of each origin, how many captures are new, and how many of them are pages."""
        return self._pairs.new_by_origin()

    def incoming(self, limits: Limits, tell: Tell) -> Iterator[Incoming | Beside]:
        """What the archive has not got, in the order of the file."""
        leading: list[Foreign] = []
        part = ""
        is_taken: bool | None = None
        for number, found in self._records(limits, tell, "taking"):
            if isinstance(found, Damage) or number in self._bad:
                continue
            record = found.record
            if record.place.file != part:
                part, leading, is_taken = record.place.file, [], None
            if is_first(record) or record.type == "request":
                wanted = self._pairs.is_wanted(number)
                if wanted:
                    yield self._incoming(number, found, tuple(leading))
                    leading = []
                    is_taken = True
                elif is_first(record):
                    is_taken = False
            elif not self._pairs.is_follower(number):
                if is_taken:
                    yield Beside(records=(found,))
                elif is_taken is None and _bytes(leading) + len(found.plain) <= LEADING_BYTES:
                    leading.append(found)

    def unread(self, archive: Archive) -> list[Capture]:
        """The captures of its pages of which no draft was ever made, the oldest first."""
        with archive.reading() as connection:
            pages = (CaptureId(f"r:{id_}") for id_, is_page in self._pairs.ids() if is_page)
            found = [
                one
                for some in batched(pages, BATCH)
                for one in extractions.unread(connection, some)
            ]
        return sorted(found, key=lambda one: (one.captured_at, one.id))

    def _records(
        self, limits: Limits, tell: Tell, doing: str
    ) -> Iterator[tuple[int, Foreign | Damage]]:
        number = 0
        total = sum(part.size for part in self._parts)
        done = 0
        for part in self._parts:
            with part.open() as file:
                counted = _Counted(file, lambda size: tell(doing, min(total, size), total), done)
                for found in foreign_records(
                    cast("BinaryIO", counted), part.name, part.size, limits
                ):
                    number += 1
                    yield number, found
            done += part.size

    def _note(self, number: int, found: Foreign, latest: datetime) -> None:
        record = found.record
        if fault := fault_of(found):
            self._bad.add(number)
            at = record.place
            self._note_damage(Damage(file=at.file, offset=at.offset, reason=fault))
            return
        if reason := self._skip_reason(number, found, latest):
            self._bad.add(number)
            self.found.skipped[reason] += 1
            return
        if is_first(record):
            noted = noted_of(record)
            if noted is None:
                self._bad.add(number)
                self.found.skipped["cannot be read as HTTP"] += 1
            else:
                self._pairs.add_first(number, noted, found.concurrent_to)
        elif record.type == "request" or (record.type == "metadata" and found.concurrent_to):
            if len(found.plain) > FOLLOWER_BYTES:
                self._bad.add(number)
                self.found.skipped[f"a {record.type} larger than is taken"] += 1
                return
            self._pairs.add_follower(number, found, target_of(record))

    def _skip_reason(self, number: int, found: Foreign, latest: datetime) -> str | None:
        """Why a sound record is not taken; None if it is."""
        record = found.record
        if not UUID.fullmatch(record.uuid) and record.type != "warcinfo":
            return "its id is no UUID"
        if record.type != "warcinfo" and not self._pairs.claim(record.uuid, number):
            return "its id is that of an earlier record"
        if not is_first(record):
            return None
        try:
            origin_of(target_of(record))
        except ValueError:
            return "its URL cannot be"
        if not EARLIEST <= record.date <= latest:
            return "its date cannot be"
        return None

    def _note_damage(self, damage: Damage) -> None:
        if damage.is_large:
            self.found.skipped["larger than is taken"] += 1
        self.found.damaged += 1
        if len(self.found.damages) < SHOWN:
            self.found.damages.append(str(damage))

    def _adopt_request(self, number: int, id_: str, record: StoredRecord, latest: datetime) -> None:
        url = target_of(record)
        try:
            origin = origin_of(url)
        except ValueError:
            return
        is_alone = "warc-concurrent-to" not in record.headers
        if is_alone and EARLIEST <= record.date <= latest:
            noted = Noted(
                id=id_, url=url, at=record.date.isoformat(), origin=origin, is_page=False,
                said=None, digest=None, size=0,
            )  # fmt: skip
            self._pairs.adopt(number, noted)

    def _incoming(self, number: int, found: Foreign, before: tuple[Foreign, ...]) -> Incoming:
        theirs, last = [], found.record
        for plain in self._pairs.followers_of(number):
            one = Foreign(record=parse(plain, found.record.place), plain=plain)
            if follows(one.record, found.record, last):  # or nobody could tell it from the file
                theirs.append(one)
                last = one.record
        return Incoming(
            first=found,
            requests=tuple(one for one in theirs if one.record.type == "request"),
            others=tuple(one for one in theirs if one.record.type != "request"),
            before=before,
            source=self.source,
            repeated=self._repeated(found.record),
        )

    def _repeated(self, record: StoredRecord) -> Repeated | None:
        if record.type != "revisit":
            return None
        said = record.headers
        original = self._pairs.original_of(
            said.get("warc-refers-to", ""),
            said.get("warc-refers-to-target-uri", "").strip("<>"),
            date_of(said.get("warc-refers-to-date", "")).isoformat(),
            said.get("warc-payload-digest"),
        )
        if original is None:
            return None
        return Repeated(
            id=CaptureId(f"r:{original.id}"),
            digest=Digest(original.digest) if original.digest else None,
            size=original.size,
        )


@contextlib.contextmanager
def intake(
    archive: Archive, path: Path, *, limits: Limits | None = None, tell: Tell = lambda *_: None
) -> Iterator[Intake]:
    """Judge a file; nothing is kept yet.

    Raises:
        ArchiveError: if it is refused: no WARC or WACZ, or one that escapes or explodes.
    """
    limits = limits or Limits()
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such file")
    with contextlib.ExitStack() as until_done:
        parts, problems = _parts(path, limits, until_done)
        pairs = until_done.enter_context(Pairs())
        found = Found(file=str(path), sha256=file_sha256(path), problems=problems)
        one = Intake(path, parts, pairs, found)
        one.judge(archive, limits, tell)
        yield one


def _parts(
    path: Path, limits: Limits, until_done: contextlib.ExitStack
) -> tuple[list[_Part], list[str]]:
    with path.open("rb") as file:
        begins = file.read(8)
    size = path.stat().st_size
    if begins.startswith(b"PK"):
        parcel = until_done.enter_context(Parcel(path, limits))
        parts = [_member(parcel, path, name) for name in parcel.members]
        return parts, parcel.broken_promises()
    if not begins.startswith((GZIP, b"WARC/", b"filedesc", b"\r\n")):
        raise ArchiveError(f"{path} is neither WARC nor WACZ: it begins with {begins!r}.")
    return [_Part(name=path.name, size=size, open=lambda: path.open("rb"))], []


def _member(parcel: Parcel, path: Path, name: str) -> _Part:
    return _Part(
        name=f"{path.name} {name}",
        size=parcel.size_of(name),
        open=lambda: cast("contextlib.AbstractContextManager[BinaryIO]", parcel.open(name)),
    )


def _bytes(records: list[Foreign]) -> int:
    return sum(len(one.plain) for one in records)


class _Counted:
    """A file that tells how far it has been read."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], None], done: int) -> None:
        self._file = file
        self._tell = tell
        self._done = done

    def read(self, size: int) -> bytes:
        """As the file's own."""
        piece = self._file.read(size)
        self._done += len(piece)
        self._tell(self._done)
        return piece
