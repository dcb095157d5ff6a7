"""A small archive with revisits, and ways to hurt it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Executable
from support.archives import PAGE, captured, exchange, provenance, request

from archive.config import DedupConfig
from archive.records import Capture, Place, Saved
from archive.store import Archive
from archive.warc.reader import StoredRecord, records_of


@dataclass(frozen=True)
class Kept:
    """Two articles, a revisit of the first page, one unanswered request; all in a sealed file."""

    archive: Archive
    first: Capture
    second: Capture
    revisit: Capture
    unanswered: Capture
    saved: Saved
    path: Path

    def records(self) -> list[StoredRecord]:
        return list(records_of(self.path))

    def hurt(self, change: Callable[[bytearray], None]) -> None:
        content = bytearray(self.path.read_bytes())
        change(content)
        self.path.write_bytes(content)

    def flip(self, at: int) -> None:
        def change(content: bytearray) -> None:
            content[at] ^= 0x04  # of a gzip header's flags, one that means something

        self.hurt(change)

    def cut(self, start: int, length: int) -> None:
        def change(content: bytearray) -> None:
            del content[start : start + length]

        self.hurt(change)

    def zero(self, start: int, length: int) -> None:
        def change(content: bytearray) -> None:
            content[start : start + length] = bytes(length)

        self.hurt(change)


def kept_in(archive: Archive) -> Kept:
    """Fill an archive and seal its file; the clock moves on by a day, so that its day is over."""
    first, saved = captured(archive, "/a")
    second, _ = captured(archive, "/b", "Other", "Another text.")
    page = archive.fetch(first.id).entity
    with archive.turn() as turn:
        revisit = turn.record(exchange("/a", page), provenance())
    with archive.turn() as turn:
        unanswered = turn.record(
            exchange("/c", response=b"", request=request("/c"), error="reset"), provenance()
        )
    assert first.place is not None
    seal(archive)
    archive.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    path = archive.warc_directory / first.place.file
    return Kept(archive, first, second, revisit, unanswered, saved, path)


def seal(archive: Archive) -> None:
    archive._warc.seal()
    with archive.turn():
        pass


def add_file(archive: Archive, path: str = "/later", body: bytes = PAGE) -> Capture:
    """One more exchange in a sealed file of its own."""
    with archive.turn() as turn:
        one = turn.record(exchange(path, body), provenance())
    seal(archive)
    return one


def keep_every_payload(archive: Archive) -> None:
    """No revisits from now on."""
    off = DedupConfig(scope="off")
    archive.config = archive.config.model_copy(update={"dedup": off})


def write(archive: Archive, statement: Executable) -> None:
    with archive._engine.begin() as connection:
        connection.execute(statement)


def place_of(one: Capture) -> Place:
    assert one.place is not None
    return one.place


def alter_journal(archive: Archive, act: str, **changes: Any) -> None:
    """Alter every line of one kind; with no changes, take them out."""
    archive._journal.sync()
    for path in (archive.directory / "journal").glob("*.jsonl"):
        lines = []
        for line in path.read_text("utf-8").splitlines():
            said = json.loads(line)
            if said["act"] != act:
                lines.append(line)
            elif changes:
                lines.append(json.dumps(said | changes))
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
