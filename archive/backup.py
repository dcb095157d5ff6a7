"""Backup: a consistent copy of an archive that may be being written meanwhile.

    database ─> journal ─> warc/ ─> kliping.toml, outlets/ ─> manifest

The order is that of truth turned round: a row's line and record were on disk before the row was,
so what is copied later holds a little more than the copied database knows, never less. A restored
copy is an archive like any other; `kliping verify --repair` notes the little more.

A sealed file never changes: it is linked if it lies on the same file system, else copied, and only
once. Of a file that grows, whole records are copied. A kill leaves what `ended_at` null tells of,
and the next backup completes it.
"""

import contextlib
import os
import shutil
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from archive.db.locations import Located, located
from archive.errors import ArchiveError, NameTaken
from archive.lock import alone
from archive.manifest import NAME, Entry, Manifest, Tell, read_manifest, write_manifest
from archive.store import Archive
from archive.warc.writer import OPEN_SUFFIX, file_sha256, last_whole, sync_directory

ROOMS = ("journal", "warc", "outlets")
WORDS = ("kliping.toml", "scrapy.cfg", "signing-key.pem")
_PART = ".part"
_PIECE = 1 << 20
MARGIN_BYTES = 50_000_000
"""Room that is left over: what grows meanwhile, and the manifest."""


@dataclass(slots=True, kw_only=True)
class Backup:
    """What was done. `bytes` were copied; `elsewhere` are files that lie in other storage."""

    directory: Path
    database: str
    copied: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    kept: int = 0
    """Files that were there as they are."""
    bytes: int = 0
    files: int = 0
    total: int = 0
    """Bytes of all files of the backup."""
    elsewhere: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def back_up(archive: Archive, directory: Path, tell: Tell = lambda *_: None) -> Backup:
    """Copy an archive into a directory of its own, or bring the copy there up to date.

    Args:
        archive: open; it may be being written meanwhile.
        directory: new, empty, or a backup of this archive.
        tell: told the file at hand, and how many bytes more of it were copied.

    Raises:
        NameTaken: if the directory holds something else, or another archive's backup.
        ArchiveLocked: if another backup of it, or `kliping offload`, is at work.
        ArchiveError: if there is not room enough, or the database cannot be copied.
        OSError: if the directory cannot be written.
    """
    _refuse_inside(archive, directory)
    known = _known(directory)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(archive.warc_directory), alone(directory):
        return _Copying(archive, directory, known, tell).all()


class _Copying:
    def __init__(
        self, archive: Archive, directory: Path, known: Manifest | None, tell: Tell
    ) -> None:
        self._archive = archive
        self._to = directory
        self._tell = tell
        self._manifest = Manifest(
            begun_at=archive.clock.now(),
            software=f"kliping/{version('kliping')}",
            files=dict(known.files) if known else {},
        )
        self._done = Backup(directory=directory, database=archive.database_name())
        self._sealed: dict[str, Located] = {}

    def all(self) -> Backup:
        self._refuse_other()
        self._require_room()
        for room in ROOMS:
            (self._to / room).mkdir(mode=0o700, exist_ok=True)
        self._save()
        self._copy_database()
        for path in sorted((self._archive.directory / "journal").glob("*.jsonl")):
            self._copy(path, f"journal/{path.name}", _last_line(path))
        self._save()
        self._copy_warc()
        self._copy_words()
        self._drop_stale()
        self._manifest.ended_at = self._archive.clock.now()
        self._save()
        self._done.files, self._done.total = len(self._manifest.files), self._manifest.bytes
        return self._done

    def _refuse_other(self) -> None:
        """A journal is never deleted: a backup that holds one that is not here is another's."""
        for path, one in self._manifest.files.items():
            here = self._archive.directory / path
            if path.startswith("journal/") and _bytes_of(here) < one.bytes:
                raise NameTaken(
                    f"{self._to} has more of {path} than {self._archive.directory} has: it is the "
                    "backup of another archive, or this one has lost something. Nothing was "
                    "changed; name another directory, or restore."
                )

    def _require_room(self) -> None:
        needed = self._archive.database_bytes() + MARGIN_BYTES
        for path in self._archive.directory.glob("warc/*"):
            is_held = f"warc/{path.name}" in self._manifest.files
            if not (is_held or self._can_link(path)):
                needed += _bytes_of(path)
        free = shutil.disk_usage(self._to).free
        if free < needed:
            raise ArchiveError(
                f"{self._to} has no room for the backup: about {needed} bytes are needed and "
                f"{free} are free. Make room, or name a directory elsewhere."
            )

    def _copy_database(self) -> None:
        name = self._done.database
        part = self._part(name)
        self._tell(name, 0)
        self._archive.copy_database(part)
        size = part.stat().st_size
        self._put(part, name, Entry(size, file_sha256(part)))
        self._tell(name, size)
        with self._archive.reading() as connection:
            self._sealed = {row.name: row for row in located(connection)}

    def _copy_warc(self) -> None:
        here = self._archive.warc_directory
        for growing in sorted(here.glob(f"*{OPEN_SUFFIX}")):
            with contextlib.suppress(FileNotFoundError):  # sealed meanwhile: found below
                whole = last_whole(growing, growing.stat().st_size)
                self._copy(growing, f"warc/{growing.name}", whole)
        for path in sorted(here.iterdir()):
            if path.is_file() and path.suffix not in (OPEN_SUFFIX, _PART, ".moved"):
                self._keep(path, f"warc/{path.name}")
        for name, row in self._sealed.items():
            if (here / name).exists():
                continue
            if row.location:
                self._done.elsewhere.append(name)
            else:
                kept = "; the backup has it" if f"warc/{name}" in self._manifest.files else ""
                self._done.problems.append(f"warc/{name} is missing in the archive{kept}")

    def _keep(self, path: Path, name: str) -> None:
        """Have a file that never changes: as it is there, as a link, or as a copy."""
        target, held = self._to / name, self._manifest.files.get(name)
        if held and _bytes_of(target) == held.bytes == _bytes_of(path):
            self._done.kept += 1
            return
        row = self._sealed.get(path.name)
        if target.exists() and not held:  # of a backup that was interrupted, or somebody else's
            if file_sha256(target) != file_sha256(path):
                raise NameTaken(f"{target} is there and is no part of the backup; move it away")
            self._manifest.files[name] = Entry(_bytes_of(target), file_sha256(target))
            self._done.kept += 1
            return
        if self._can_link(path):
            target.unlink(missing_ok=True)
            os.link(path, target)
            digest = row.sha256 if row else file_sha256(path)
            self._manifest.files[name] = Entry(_bytes_of(path), digest)
            self._done.linked.append(name)
            return
        self._copy(path, name, _bytes_of(path))
        if row and self._manifest.files[name].sha256 != row.sha256:
            self._done.problems.append(
                f"{name} is not the bytes that were sealed, and was copied as it is: kliping verify"
            )
        self._save()

    def _copy_words(self) -> None:
        top = self._archive.directory
        found = [top / name for name in WORDS] + sorted((top / "outlets").glob("*"))
        for path in found:
            if path.is_file():
                self._copy(path, path.relative_to(top).as_posix(), _bytes_of(path))

    def _copy(self, path: Path, name: str, size: int) -> None:
        """Copy the first bytes of a file, unless the backup has as many of it."""
        held = self._manifest.files.get(name)
        is_appended = path.suffix in (".jsonl", OPEN_SUFFIX)
        if is_appended and held and held.bytes == size == _bytes_of(self._to / name):
            self._done.kept += 1
            return
        part = self._part(name)
        with path.open("rb") as source, _private(part) as target:
            left = size
            while left and (piece := source.read(min(_PIECE, left))):
                target.write(piece)
                left -= len(piece)
                self._tell(name, len(piece))
        self._put(part, name, Entry(_bytes_of(part), file_sha256(part)))

    def _put(self, part: Path, name: str, entry: Entry) -> None:
        target = self._to / name
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
        sync_directory(target.parent)
        self._manifest.files[name] = entry
        self._done.copied.append(name)
        self._done.bytes += entry.bytes

    def _drop_stale(self) -> None:
        """Take out what is ours and no more of the archive: files that grew, outlets, databases."""
        for name in list(self._manifest.files):
            top, _, rest = name.rpartition("/")
            is_database = not top and name not in (*WORDS, self._done.database)
            may_go = is_database or name.endswith(OPEN_SUFFIX) or top == "outlets"
            if may_go and (is_database or not (self._archive.directory / top / rest).exists()):
                (self._to / name).unlink(missing_ok=True)
                del self._manifest.files[name]

    def _can_link(self, path: Path) -> bool:
        is_plain = not path.is_symlink() and path.suffix not in (OPEN_SUFFIX, _PART)
        return is_plain and path.stat().st_dev == self._to.stat().st_dev

    def _part(self, name: str) -> Path:
        return self._to / (name + _PART)

    def _save(self) -> None:
        write_manifest(self._to, self._manifest)


def _known(directory: Path) -> Manifest | None:
    known = read_manifest(directory)
    if known is None and directory.exists() and any(directory.iterdir()):
        raise NameTaken(
            f"{directory} is not empty and holds no backup (no {NAME}); name a new directory"
        )
    return known


def _refuse_inside(archive: Archive, directory: Path) -> None:
    here, there = archive.directory.resolve(), directory.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise ArchiveError(
            f"{directory} and the archive {archive.directory} lie in each other; name a directory "
            "elsewhere, best on another disk."
        )


def _private(path: Path) -> BinaryIO:
    """A new file that its owner alone can read: configuration and journal may hold secrets."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _last_line(path: Path) -> int:
    """Where the last whole line of a file ends."""
    at = path.stat().st_size
    with path.open("rb") as file:
        while at:
            begin = max(0, at - _PIECE)
            file.seek(begin)
            if (end := file.read(at - begin).rfind(b"\n")) >= 0:
                return begin + end + 1
            at = begin
    return 0


def _bytes_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
