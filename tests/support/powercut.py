"""A power cut, after a kill: what had not reached the disk is taken away, or half of it is.

A kill leaves all that was handed to the system. A power cut does not: of the WARC file it may take
whatever was not yet synced, which is all that comes after the last record with a committed row; of
SQLite's log the last commits (`synchronous=NORMAL`). What was promised to be durable stays.
"""

import gzip
import random
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from support.aftermath import copied, members

_WAL_HEADER = 32
_SALT = slice(16, 24)


@dataclass(frozen=True)
class Disk:
    """What was on the disk when a process began: no later power cut takes that."""

    salt: bytes
    """Of SQLite's log; it changes when the log begins anew."""
    size: int
    growing: frozenset[str]
    """WARC files that an earlier process left open."""

    @classmethod
    def of(cls, directory: Path) -> "Disk":
        """What is there now."""
        path = directory / "archive.db-wal"
        held = path.read_bytes() if path.exists() else b""
        growing = frozenset(path.name for path in (directory / "warc").glob("*.open"))
        return cls(held[:_WAL_HEADER][_SALT], len(held), growing)


def torn_tail(path: Path) -> int:
    """How many bytes after the last whole record of a file there are."""
    end = max((one.offset + one.length for one in members(path)), default=0)
    return path.stat().st_size - end


def cut_power(directory: Path, before: Disk, dice: random.Random) -> list[str]:
    """Take away what a power cut may take; what was done, a word or two for each.

    Args:
        directory: the archive; the process that wrote to it has been killed.
        before: the disk when that process began.
        dice: decides how much is taken.
    """
    done = []
    for path in sorted((directory / "warc").glob("*.open")):
        if path.name in before.growing:
            continue
        with copied(directory) as db:
            synced = _synced(path, db)
        done.append(_cut_records(path, synced, dice))
    if dice.random() < 0.5 and _cut_commits(directory, before, dice):
        done.append("commits undone")
    return done


def _synced(path: Path, db: sqlite3.Connection) -> int:
    """Where the last record ends that was on the disk before some row was committed."""
    name = path.name.removesuffix(".open")
    (last,) = db.execute(
        'select max(at) from (select max("offset") as at from capture where file = ?1 '
        'union select max("offset") from extraction where file = ?1)',
        (name,),
    ).fetchone()
    if last is None:
        return 0
    ends = 0
    id_ = b""
    for one in members(path):
        head = one.plain.partition(b"\r\n\r\n")[0]
        if one.offset == last:
            id_ = _field(head, b"WARC-Record-ID")
        # an exchange's request and metadata were written, and synced, with its response
        if one.offset <= last or _field(head, b"WARC-Concurrent-To") == id_:
            ends = one.offset + one.length
    return ends


def _field(head: bytes, name: bytes) -> bytes:
    return (
        next((line for line in head.split(b"\r\n") if line.startswith(name)), b"")
        .partition(b":")[2]
        .strip()
    )


def _cut_records(path: Path, synced: int, dice: random.Random) -> str:
    size = path.stat().st_size
    with path.open("r+b") as file:
        if synced < size:
            at = dice.randrange(synced, size)
            file.truncate(at)
            if dice.random() < 0.3:  # the new size had reached the disk, the bytes had not
                file.truncate(size)
                return "unsynced records zeroed"
            return "unsynced records cut"
        held = next(members(path)).plain if size else b"WARC/1.1\r\n"
        half = gzip.compress(held, mtime=0)
        file.seek(size)
        file.write(half[: dice.randrange(1, len(half))])
    return "half a record added"


def _cut_commits(directory: Path, before: Disk, dice: random.Random) -> bool:
    now = Disk.of(directory)
    since = before.size if now.salt == before.salt else _WAL_HEADER
    if now.size <= since:
        return False
    with (directory / "archive.db-wal").open("r+b") as file:
        file.truncate(dice.randrange(since, now.size))
    (directory / "archive.db-shm").unlink(missing_ok=True)
    return True
