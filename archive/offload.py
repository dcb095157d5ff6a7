"""Offload: sealed WARC files move to the depot that `[storage]` names, and come back.

    sha256 here ─> put if absent ─> sha256 there ─> journal, row ─> set aside ─> there? ─> gone

A kill at any instant loses nothing: the file here goes last, after its row is committed, and the
next run finds done what was done. Nothing is ever deleted from the depot.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from archive.db.locations import Located, located
from archive.errors import (
    ArchiveError,
    CorruptRecord,
    NameTaken,
    StorageUnavailable,
)
from archive.lock import alone
from archive.store import Archive
from archive.warc.writer import OPEN_SUFFIX, file_sha256, sync_directory

_PIECE = 1 << 20
_ASIDE = ".moved"
_COMING = ".part"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A file that was moved, or would be; `location` is a URL, or the path it came back to."""

    name: str
    bytes: int
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A file that was not moved, and why."""

    name: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What was moved, what stays as it should, and what could not be moved."""

    moved: list[Moved] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    failed: list[Left] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One of the two directions."""

    reason_to_leave: Callable[[Located], str | None]
    target: Callable[[Located], str]
    go: Callable[[Located], None]


def offload(
    archive: Archive,
    names: Collection[str] = (),
    *,
    older_than: timedelta = timedelta(0),
    keep_local: bool = False,
    dry_run: bool = False,
    progress: Tell = lambda _: None,
) -> Report:
    """Move sealed files to the depot: all, or those named.

    Args:
        archive: open; it may be being written meanwhile.
        names: of files; none is all.
        older_than: how long ago a file must have been sealed.
        keep_local: leave the file here as well.
        dry_run: say what would be done; nothing is asked of the depot.
        progress: told the name of each file before it is moved.

    Raises:
        StorageUnavailable: if no storage is configured.
        ArchiveLocked: if another process is moving files.
    """
    before = archive.clock.now() - older_than

    def reason_to_leave(row: Located) -> str | None:
        if row.location and not _is_here(archive, row.name):
            return f"moved before, to {row.location}"
        if row.location and keep_local:
            return f"kept here, and in {row.location}"
        if row.sealed_at > before:
            return f"too young: sealed at {row.sealed_at.isoformat(timespec='minutes')}"
        return None

    way = _Way(
        reason_to_leave=reason_to_leave,
        target=lambda row: archive.shelf.location_of(row.name),
        go=lambda row: _move(archive, row, keep_local=keep_local),
    )
    report = _each(archive, names, way, dry_run=dry_run, progress=progress)
    report.left += _not_noted(archive, names)
    return report


def recall(
    archive: Archive,
    names: Collection[str] = (),
    *,
    dry_run: bool = False,
    progress: Tell = lambda _: None,
) -> Report:
    """Fetch moved files back: all, or those named. What lies in the depot stays there.

    Raises:
        StorageUnavailable: if no storage is configured.
        ArchiveLocked: if another process is moving files.
    """
    way = _Way(
        reason_to_leave=lambda row: None if row.location else "never moved",
        target=lambda row: str(archive.warc_directory / row.name),
        go=lambda row: _bring_back(archive, row),
    )
    return _each(archive, names, way, dry_run=dry_run, progress=progress)


def _each(
    archive: Archive, names: Collection[str], way: _Way, *, dry_run: bool, progress: Tell
) -> Report:
    """Send each file its way; what fails for one file lets the others go on."""
    report = Report()
    with contextlib.nullcontext() if dry_run else _alone(archive):
        for row in _chosen(archive, names, report):
            if reason := way.reason_to_leave(row):
                report.left.append(Left(name=row.name, reason=reason))
                continue
            target = way.target(row)
            try:
                if not dry_run:
                    progress(row.name)
                    way.go(row)
            except (ArchiveError, OSError) as error:
                said = f"{error.strerror}" if isinstance(error, OSError) else str(error)
                report.failed.append(Left(name=row.name, reason=said))
                if not isinstance(error, CorruptRecord | NameTaken):
                    break  # the next file would fare no better
            else:
                report.moved.append(Moved(name=row.name, bytes=row.bytes, location=target))
    return report


def _chosen(archive: Archive, names: Collection[str], report: Report) -> list[Located]:
    with archive.reading() as connection:
        rows = located(connection)
    if not names:
        return rows
    for name in sorted(set(names) - {row.name for row in rows}):
        report.failed.append(Left(name=name, reason="no sealed file of this name is noted"))
    return [row for row in rows if row.name in names]


def _not_noted(archive: Archive, names: Collection[str]) -> Iterator[Left]:
    if names:
        return
    with archive.reading() as connection:
        known = {row.name for row in located(connection)}
    for path in sorted(archive.warc_directory.glob("*.warc.gz*")):
        if path.name.endswith(OPEN_SUFFIX):
            yield Left(name=path.name, reason="not sealed yet: it grows, or was left by a kill")
        elif path.suffix == ".gz" and path.name not in known:
            yield Left(name=path.name, reason="not in the database; `kliping upgrade` notes it")


def _move(archive: Archive, row: Located, *, keep_local: bool) -> None:
    path = archive.warc_directory / row.name
    if not path.exists():
        raise CorruptRecord(f"{path} is missing; restore it from a backup")
    if file_sha256(path) != row.sha256:
        raise CorruptRecord(f"{path} is not the bytes that were sealed; restore it from a backup")
    depot = archive.shelf.depot()
    location = depot.location_of(row.name)
    with contextlib.suppress(NameTaken):  # by a run that was interrupted, or by something else
        if depot.size(row.name) is None:
            depot.put(row.name, path)
    with depot.open(row.name) as far:
        held = _copied(far, None)
    if held != row.sha256:
        raise NameTaken(
            f"{location} holds other bytes (SHA-256 {held}) than {path} ({row.sha256}); both were "
            "left as they are"
        )
    if row.location != location:
        _note(archive, row, location)
    if not keep_local:
        _remove(archive, row, path)


def _remove(archive: Archive, row: Located, path: Path) -> None:
    """Remove the file here, unless the depot turns out to be this very directory."""
    depot = archive.shelf.depot()
    aside = path.with_name(path.name + _ASIDE)
    path.rename(aside)
    try:
        is_there = depot.size(row.name) == row.bytes
    except BaseException:
        aside.rename(path)
        raise
    if not is_there:
        aside.rename(path)
        _note(archive, row, None)
        raise StorageUnavailable(
            f"{depot.location_of(row.name)} was gone as soon as {path} was set aside: is the "
            "storage this very directory? The file is where it was"
        )
    aside.unlink()
    sync_directory(path.parent)


def _bring_back(archive: Archive, row: Located) -> None:
    path = archive.warc_directory / row.name
    if path.exists():
        if file_sha256(path) != row.sha256:
            raise NameTaken(f"{path} is there and is not the bytes that were sealed; move it away")
    else:
        coming = path.with_name(path.name + _COMING)
        try:
            with archive.shelf.open(row.name) as far, coming.open("wb") as file:
                held = _copied(far, file)
                file.flush()
                os.fsync(file.fileno())
            if held != row.sha256:
                raise CorruptRecord(
                    f"{row.location} is not the bytes that were sealed (SHA-256 {held}); "
                    "restore it from a backup"
                )
            coming.rename(path)
        finally:
            coming.unlink(missing_ok=True)
        sync_directory(path.parent)
    _note(archive, row, None)


def _note(archive: Archive, row: Located, location: str | None) -> None:
    with archive.turn() as turn:
        turn.note_moved(row.name, location, row.sha256)


def _copied(source: BinaryIO, target: BinaryIO | None) -> str:
    """Read a file to its end, and write it on if there is where; its SHA-256."""
    digest = hashlib.sha256()
    while piece := source.read(_PIECE):
        digest.update(piece)
        if target:
            target.write(piece)
    return digest.hexdigest()


def _is_here(archive: Archive, name: str) -> bool:
    return any((archive.warc_directory / (name + end)).exists() for end in ("", _ASIDE))


@contextlib.contextmanager
def _alone(archive: Archive) -> Iterator[None]:
    """Let no other process move files meanwhile, and take back what a kill left set aside."""
    archive.shelf.depot()
    with alone(archive.warc_directory):
        for aside in archive.warc_directory.glob("*" + _ASIDE):
            path = aside.with_name(aside.name.removesuffix(_ASIDE))
            if not path.exists():
                aside.rename(path)
        yield
