"""Reindex: the database made anew, from `warc/` and `journal/` alone.

The new one is made aside and takes the old one's place only when it is whole. Ids come out the
same, for they are made from outlet, URL and text, or are those of records. Without the journal,
captures, articles and versions still come back; what only the journal knows does not: restrictions,
sightings, when things are due again, runs, and captures of which nothing was sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from archive import acts
from archive.clock import Clock, SystemClock
from archive.config import ArchiveConfig, read_config
from archive.db import articles, captures, files, locations, robots, runs
from archive.errors import (
    ArchiveError,
    CorruptRecord,
    NotCaptured,
    StorageUnavailable,
)
from archive.indexer import BATCH, Happening, Indexed, batched, index_records, settle_drafts
from archive.journal import acts_of
from archive.lock import held
from archive.robotstxt import read_text
from archive.store import Archive
from archive.warc.recover import seal_orphans, sealed_file
from archive.warc.scan import whole_records
from archive.warc.writer import OPEN_SUFFIX

ASIDE = ".reindexing"
"""What the new SQLite file is called until it is whole."""
Tell = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """What a database was made from, and what could not be read."""

    files: int = 0
    acts: int = 0
    articles: int = 0
    indexed: Indexed = field(default_factory=Indexed)
    notes: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everything there was could be read."""
        return not self.indexed.problems and not self.indexed.orphans


def reindex(directory: Path, *, clock: Clock | None = None, tell: Tell = lambda _: None) -> Rebuilt:
    """Make an archive's database anew.

    Raises:
        NotAnArchive: if the directory is none.
        ArchiveError: if a crawl is writing to the archive, or a PostgreSQL database is not empty.
        AlreadyRunning: if `kliping run` keeps the archive.
    """
    config = read_config(directory)
    clock = clock or SystemClock()
    with held(directory, clock, "kliping reindex"):
        return _reindex(directory, config, clock, tell)


def _reindex(directory: Path, config: ArchiveConfig, clock: Clock, tell: Tell) -> Rebuilt:
    rebuilt = Rebuilt()
    _, rebuilt.notes = seal_orphans(directory / "warc", clock)
    if growing := next((directory / "warc").glob(f"*{OPEN_SUFFIX}"), None):
        raise ArchiveError(f"{growing} is being written: wait for that crawl to end, or stop it.")
    old = config.database_file(directory)
    archive = Archive(directory, config, clock, database=_aside(old))
    try:
        _prepare(archive)
        _rebuild(archive, rebuilt, tell)
    finally:
        archive.close()
    if old is not None:
        rebuilt.notes += _take_its_place(old, clock.now())
    return rebuilt


def _aside(old: Path | None) -> str | None:
    """Where the new SQLite database is made; a server's is filled where it is."""
    if old is None:
        return None
    new = old.with_name(old.name + ASIDE)
    for path in _with_side_files(new):  # of a reindex that was interrupted
        path.unlink(missing_ok=True)
    return f"sqlite:///{new}"


def _prepare(archive: Archive) -> None:
    archive.make_tables()
    with archive.reading() as connection:
        if runs.any_opened(connection) or captures.count(connection):
            raise ArchiveError(
                "The PostgreSQL database is not empty. Name a new one in kliping.toml, or "
                "empty this one; then `kliping reindex` fills it."
            )


def _rebuild(archive: Archive, rebuilt: Rebuilt, tell: Tell) -> None:
    journal = archive.directory / "journal"
    tell("restrictions")
    happened = acts.acts_in_time(journal)
    with archive.writing() as connection:
        for at, act in happened:
            acts.carry_out(acts.RESTRICTIONS, connection, act, at, rebuilt.indexed.problems)
    _note_files(archive, journal)
    with archive.reading() as connection:
        names = [one.name for one in locations.located(connection)]
    for name in names:
        tell(name)
        _index(archive, name, rebuilt)
    tell("journal")
    for some in batched(acts.acts_in_time(journal), BATCH):
        with archive.writing() as connection:
            for at, act in some:
                rebuilt.acts += 1
                acts.carry_out(acts.HAPPENINGS, connection, act, at, rebuilt.indexed.problems)
    tell("robots.txt")
    _read_robots(archive, rebuilt)
    tell("articles")
    with archive.reading() as connection:
        settle_drafts(
            connection, archive.writing, archive.shelf.record, rebuilt.indexed, _ends(journal)
        )
    with archive.reading() as connection:
        rebuilt.articles = articles.count(connection)


def _note_files(archive: Archive, journal: Path) -> None:
    """Note every file that is here, or was moved; a seal as the journal told it counts."""
    here = {path.name: path for path in archive.warc_directory.glob("*.warc.gz")}
    sealed, moved = {}, {}
    for act in acts_of(journal):
        if act["act"] == "sealed":
            sealed[act["name"]] = files.sealed_from_json(act)
        elif act["act"] == "moved":
            moved[act["name"]] = act["location"]
    with archive.writing() as connection:
        for name, path in sorted(here.items()):
            files.note_sealed(connection, sealed.get(name) or sealed_file(path, archive.clock))
        for name, location in moved.items():
            if name in sealed and name not in here:
                files.note_sealed(connection, sealed[name])
            locations.note_location(connection, name, location)


def _index(archive: Archive, name: str, rebuilt: Rebuilt) -> None:
    rebuilt.files += 1
    try:
        with archive.shelf.open(name) as file, archive.writing() as connection:
            records = whole_records(file, name, rebuilt.indexed.problems)
            index_records(connection, records, rebuilt.indexed, anew=True)
    except (CorruptRecord, StorageUnavailable) as error:
        rebuilt.indexed.problems.append(str(error))


def _read_robots(archive: Archive, rebuilt: Rebuilt) -> None:
    """Give the history of robots.txt its texts back, from the captures that it names."""
    with archive.reading() as connection:
        unread = robots.unread(connection)
    for origin, at, capture in unread:
        try:
            body = archive.read_back(capture)
        except (CorruptRecord, NotCaptured, StorageUnavailable) as error:
            rebuilt.indexed.problems.append(f"{origin}/robots.txt of {at.isoformat()}: {error}")
            continue
        with archive.writing() as connection:
            robots.tell_body(connection, origin, at, read_text(body))


def _ends(journal: Path) -> Iterator[Happening]:
    for at, act in acts.acts_in_time(journal):
        if act["act"] == "gone":
            yield at, partial(acts.mark_gone, act)


def _take_its_place(old: Path, now: datetime) -> list[str]:
    """Put the new file where the old one was; the old one is kept under another name."""
    said = []
    if old.exists():
        kept = old.with_name(f"{old.name}.before-{now:%Y%m%dT%H%M%S%f}Z")
        for path in _with_side_files(old):
            if path.exists():
                path.rename(kept.with_name(kept.name + path.name.removeprefix(old.name)))
        said.append(f"The database as it was is {kept}.")
    old.with_name(old.name + ASIDE).rename(old)
    return said


def _with_side_files(path: Path) -> Iterator[Path]:
    for suffix in ("", "-wal", "-shm"):
        yield path.with_name(path.name + suffix)
