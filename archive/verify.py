"""Verify: does every byte still say what was recorded, and does every row still find its record?

Everything is read from the files themselves: gzip members, record lengths, block and payload
digests, sealed files' size, SHA-256 and Merkle root, the links between rows and records both ways,
and the chain of daily roots. Three ways to ask: all of it, a sample of records, or a scrub, which
goes on with the files that were read longest ago for as long as it may.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.db import files, places
from archive.db.files import SealedRow
from archive.digests import text_digest, version_id
from archive.errors import ArchiveLocked, CorruptRecord, StorageUnavailable
from archive.fixity import holdings
from archive.fixity.budget import Budget, Sample
from archive.fixity.chain import check_chain
from archive.fixity.file import check_file
from archive.fixity.holdings import warc_files
from archive.fixity.one import check_one
from archive.fixity.verdict import Verdict
from archive.records import ArticleId, Digest
from archive.store import Archive

__all__ = ["Verdict", "verify", "warc_files"]

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a verification is: which file, and bytes."""

    file: str
    done: int
    total: int


Tell = Callable[[Progress], None]


def verify(
    archive: Archive,
    *,
    sample: Sample | None = None,
    scrub: bool = False,
    budget: Budget | None = None,
    since: Digest | None = None,
    repair: bool = False,
    progress: Tell | None = None,
) -> Verdict:
    """Check the archive, or a part of it. No WARC file is touched but by `repair`.

    The days that are over are rooted first, and each sealed file that was read through is noted.

    Args:
        archive: open; it may be being written meanwhile.
        sample: check as many records, drawn by lot, and no whole file.
        scrub: check sealed files alone, those first that were verified longest ago.
        budget: what may be used; when it is over no further file is begun.
        since: a root that was written down; it is a fault if the chain does not hold it.
        repair: recover first what a killed process left behind; nothing is deleted.
        progress: told how far it is.
    """
    verdict = Verdict()
    if repair:
        verdict.repaired += archive.recover()
    try:
        archive.root_days()
    except ArchiveLocked as error:
        verdict.unchecked.append(f"days that are over and have no root yet: {error}")
    check_chain(archive, verdict, since)
    tell = _Teller(progress, budget or Budget())
    if sample:
        _check_sample(archive, sample, tell, verdict)
    elif scrub:
        _scrub(archive, tell, verdict)
    else:
        _check_all(archive, tell, verdict)
    return verdict


class _Teller:
    """Counts what is read, and lets it take its time."""

    def __init__(self, progress: Tell | None, budget: Budget) -> None:
        self.budget = budget
        self.total = 0
        self._progress = progress
        self._done = 0
        self._file = ""

    def begin(self, file: str) -> None:
        self._file = file
        self._tell()

    def read(self, size: int) -> None:
        self._done += size
        self.budget.spend(size)
        self._tell()

    def _tell(self) -> None:
        if self._progress:
            self._progress(
                Progress(file=self._file, done=min(self._done, self.total), total=self.total)
            )


def _check_all(archive: Archive, tell: _Teller, verdict: Verdict) -> None:
    with archive.reading() as connection:
        names = files.sealed_names(connection) | places.files_named(connection)
    names |= holdings.names_here(archive)
    _check_files(archive, sorted(names), tell, verdict)
    _check_texts(archive, verdict)


def _scrub(archive: Archive, tell: _Teller, verdict: Verdict) -> None:
    with archive.reading() as connection:
        rows = files.sealed_rows(connection)
    rows.sort(key=lambda row: (row.verified_at or _NEVER, row.name))
    left = _check_files(archive, [row.name for row in rows], tell, verdict)
    if left:
        size = sum(row.bytes for row in rows[-left:])
        verdict.is_partial = True
        verdict.unchecked.append(
            f"{left} of {len(rows)} sealed files, {size} bytes: the time ran out; the next scrub "
            "begins with them"
        )
    verdict.unchecked.append("files that still grow and the texts of versions: no part of a scrub")


def _check_files(archive: Archive, names: list[str], tell: _Teller, verdict: Verdict) -> int:
    """Check files in turn, and note each that is sealed; how many the time did not allow."""
    tell.total = sum(_size(archive, name) for name in names)
    for number, name in enumerate(names):
        if tell.budget.is_over:
            return len(names) - number
        tell.begin(name)
        try:
            with archive.reading() as connection:
                is_sealed = check_file(archive, connection, name, verdict, tell.read)
        except StorageUnavailable as error:
            verdict.unchecked.append(f"{name}: {error}")
            verdict.is_partial = True
            continue
        except CorruptRecord as error:
            verdict.faults.append(str(error))
            continue
        if is_sealed:
            _note(archive, name, verdict)
    return 0


def _note(archive: Archive, name: str, verdict: Verdict) -> None:
    try:
        with archive.turn() as turn:
            turn.note_verified(name)
    except ArchiveLocked as error:
        verdict.unchecked.append(f"when {name} was verified could not be noted: {error}")


def _check_sample(archive: Archive, sample: Sample, tell: _Teller, verdict: Verdict) -> None:
    with archive.reading() as connection:
        total = places.count_rows(connection)
        drawn = places.sample(connection, sample.of(total))
        rows = files.sealed_rows(connection)
    missing = _check_sizes(archive, rows, verdict)
    tell.total = sum(length for _, _, length in drawn)
    for file, id_, _ in drawn:
        tell.begin(file)
        with archive.reading() as connection:
            row = places.row_of(connection, id_)
            if row is not None and row.place is not None and file not in missing:
                check_one(archive, connection, row, row.place, verdict)
                tell.read(row.place.length)
    if total > len(drawn):
        verdict.unchecked.append(f"{total - len(drawn)} of {total} records that rows lead to")
    verdict.unchecked.append(
        "requests, metadata, SHA-256 and roots of files, and the texts of versions: no part of a "
        "sample"
    )


def _size(archive: Archive, name: str) -> int:
    """How large a file is as far as is known: of one that cannot be asked, nothing is."""
    try:
        return holdings.size_of(archive, name)
    except (CorruptRecord, StorageUnavailable):
        return 0


def _check_sizes(archive: Archive, rows: Iterable[SealedRow], verdict: Verdict) -> set[str]:
    """Tell of sealed files that have another size, or are missing; the names of these."""
    missing: set[str] = set()
    for row in rows:
        if not holdings.is_there(archive, row.name):
            missing.add(row.name)
            verdict.faults.append(f"warc/{row.name} is missing; restore it from a backup")
        elif (size := holdings.size_of(archive, row.name)) != row.bytes:
            verdict.faults.append(
                f"{row.name}: not the bytes that were sealed (size {size} in place of {row.bytes})"
            )
    return missing


def _check_texts(archive: Archive, verdict: Verdict) -> None:
    """The texts that people read, against the digests that named their versions."""
    with archive.reading() as connection:
        for id_, which in places.versions_without_captures(connection).items():
            lost = " and ".join(which)
            verdict.faults.append(f"version {id_}: its {lost} capture has no row")
        for one in places.texts(connection):
            verdict.texts += 1
            digest = text_digest(one.title, one.body)
            if (digest, version_id(ArticleId(one.article), digest)) != (one.digest, one.id):
                verdict.faults.append(
                    f"version {one.id}: its text is not what was read; its draft's record has it"
                )
