"""The front door: open an archive directory, write in turns, read back what was captured.

kliping.toml   outlets/   archive.db   warc/   cdxj/   journal/   exports/
"""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine

from archive import colophon, roots
from archive.clock import Clock, SystemClock
from archive.colophon import Declared
from archive.config import (
    CONFIG_NAME,
    ArchiveConfig,
    is_loopback,
    read_config,
    render_config,
    with_contact,
)
from archive.counting import many
from archive.db import dump, files, locations, migrate
from archive.db.engine import WRITES, connect, explained
from archive.errors import ArchiveError, ContactMissing
from archive.indexer import Indexed, index_records, settle_drafts
from archive.journal import Journal
from archive.records import CaptureId
from archive.replies import Replies, Reply
from archive.turn import Turn
from archive.urls import host_of
from archive.warc.index import CdxjWriter
from archive.warc.recover import seal_orphans, sealed_file
from archive.warc.scan import whole_records
from archive.warc.shelf import Shelf
from archive.warc.writer import SealedFile, WarcWriter

_SCRAPY_CFG = """\
# Written by `kliping init`, so that `scrapy crawl news -a outlet=ID` works here.
[settings]
default = crawler.settings
"""


class Archive:
    """An archive directory, open. Close it, or use it in a `with` block."""

    def __init__(
        self, directory: Path, config: ArchiveConfig, clock: Clock, *, database: str | None = None
    ) -> None:
        self.directory = directory
        self.config = config
        self.clock = clock
        self._engine: Engine = connect(database or config.database_url(directory))
        self._journal = Journal(directory / "journal", clock)
        self._sealed: list[SealedFile] = []
        self._declared: dict[str, Declared] = {}
        self.user_agent = colophon.user_agent(config)
        self.shelf = Shelf(self.warc_directory, config.storage, self._location_of)
        self._replies = Replies(self.reading, self.shelf, clock)
        self._warc = WarcWriter(
            self.warc_directory,
            prefix=config.warc.prefix,
            max_bytes=config.warc.max_bytes,
            max_age=timedelta(hours=config.warc.max_hours),
            clock=clock,
            warcinfo=self.warcinfo,
            on_sealed=self._sealed.append,
            index=CdxjWriter(self.cdxj_directory),
        )

    @classmethod
    def create(cls, directory: Path, config: ArchiveConfig, *, clock: Clock | None = None) -> Self:
        """Make an archive in a new or empty directory.

        Raises:
            ArchiveError: if there is one already, or the directory cannot be written.
        """
        if (directory / CONFIG_NAME).exists():
            raise ArchiveError(
                f"{directory} is an archive already. Crawl into it with "
                f"`kliping crawl --archive {directory} OUTLET`, or name another directory."
            )
        try:
            for name in ("outlets", "warc", "cdxj", "journal", "exports"):
                (directory / name).mkdir(parents=True, exist_ok=True)
            (directory / "scrapy.cfg").write_text(_SCRAPY_CFG, "utf-8")
            archive = cls(directory, config, clock or SystemClock())
            with archive._closed_on_failure():
                archive.make_tables()
                # last, for a directory with a configuration is an archive
                (directory / CONFIG_NAME).write_text(render_config(config), "utf-8")
        except OSError as error:
            raise ArchiveError(f"{directory} cannot be written: {error.strerror}") from error
        return archive

    @classmethod
    def open(cls, directory: Path, *, clock: Clock | None = None) -> Self:
        """Open an archive; nothing is written until the first turn.

        Raises:
            NotAnArchive: if the directory is none.
            ConfigError: if its `kliping.toml` is wrong.
            SchemaOutdated, SchemaTooNew: if its database is from another version.
        """
        archive = cls(directory, read_config(directory), clock or SystemClock())
        with archive._closed_on_failure(), explained(archive.directory):
            migrate.check(archive._engine)
        return archive

    @property
    def warc_directory(self) -> Path:
        """Where the WARC files lie."""
        return self.directory / "warc"

    @property
    def cdxj_directory(self) -> Path:
        """Where the index of each sealed WARC file lies."""
        return self.directory / "cdxj"

    @contextlib.contextmanager
    def turn(self) -> Iterator[Turn]:
        """Write: one transaction, durable records first.

        Raises:
            ArchiveLocked: if another process holds the database for too long.
            OSError: if records cannot be written; nothing of the turn is committed then.
        """
        try:
            with self.writing() as connection:
                yield Turn(
                    connection,
                    self._warc,
                    self._journal,
                    self.clock,
                    self.directory,
                    scope=self.config.dedup.scope,
                    declared=self._declared,
                )
                self._warc.sync()
                for sealed in self._sealed:
                    self._journal.write("sealed", **files.sealed_as_json(sealed))
                    files.note_sealed(connection, sealed)
                self._journal.sync()
        except BaseException:
            self._journal.forget()  # or the next turn would tell of what never was
            raise
        self._sealed.clear()  # not before the rows are there

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database; for `archive.query`."""
        with explained(self.directory), self._engine.connect() as connection:
            yield connection

    def connection(self) -> Connection:
        """A connection that is its caller's until closed; for a lock that is the session's."""
        with explained(self.directory):
            return self._engine.connect()

    def fetch(self, id_: CaptureId) -> Reply:
        """Read a captured response back, its digest checked.

        Raises:
            NotCaptured: if there is none, it never was answered, or it is not to be seen.
            CorruptRecord: if the record is damaged.
            StorageUnavailable: if it was moved, and what holds it cannot be asked.
        """
        return self._replies.fetch(id_)

    def read_back(self, id_: CaptureId) -> bytes:
        """What a captured response says, its coding undone; also of what is not to be seen.

        For what the database must know again, never for anybody's eyes.

        Raises:
            NotCaptured, CorruptRecord, StorageUnavailable: as `fetch` does.
        """
        return self._replies.read_back(id_)

    def fetch_screenshot(self, id_: str) -> bytes:
        """Read the picture of a screenshot back, its digest checked.

        Raises:
            NotCaptured, CorruptRecord, StorageUnavailable: as `fetch` does.
        """
        return self._replies.fetch_screenshot(id_)

    def speak_for(self, contact: str) -> None:
        """Use this contact while the archive is open, in place of the file's."""
        self.config = with_contact(self.config, contact)
        self.user_agent = colophon.user_agent(self.config)

    def require_contact(self, urls: Iterable[str]) -> None:
        """Refuse to ask anybody but this machine without saying who can be reached.

        Raises:
            ContactMissing: if `contact` is empty and one of the URLs is not on loopback.
        """
        if self.config.contact:
            return
        for url in urls:
            host = host_of(url)
            named = self.config.resolve.get(host, host).rpartition(":")[0] or host
            if not is_loopback(named):
                raise ContactMissing(
                    f"Crawling {host} needs a contact that publishers can reach: "
                    f'put contact = "you@library.example" into {self.directory / CONFIG_NAME}.'
                )

    def recover(self) -> list[str]:
        """Seal what a killed process left open, and index what has no rows; a sentence for each."""
        sealed, sentences = seal_orphans(self.warc_directory, self.clock, self.cdxj_directory)
        with self.reading() as connection:
            known = files.sealed_names(connection)
        done = {one.name for one in sealed}
        unknown = [
            path
            for path in sorted(self.warc_directory.glob("*.warc.gz"))
            if path.name not in known | done
        ]
        sealed += [sealed_file(path, self.clock) for path in unknown]
        sentences += [f"{path.name}: sealed, and noted only now" for path in unknown]
        if sealed:
            sentences += self.index([one.name for one in sealed])
            self._sealed.extend(sealed)
            with self.turn():
                pass
        return [*sentences, *self.root_days()]

    def root_days(self) -> list[str]:
        """Make the Merkle root of each day that is over; a sentence for each."""
        with self.reading() as connection:
            if not roots.is_due(connection, self.clock.now()):
                return []
        with self.turn() as turn:
            made = turn.root_days()
        return [
            f"{one.day}: the root over {many(one.records, 'record')} is {one.root}" for one in made
        ]

    def index(self, names: Iterable[str]) -> list[str]:
        """Make the rows that records of these files have not got; what was made, in sentences.

        A crash leaves records without rows: they were on disk before their rows were committed.
        """
        indexed = Indexed()
        for name in names:
            with self.shelf.open(name) as file, self.writing() as connection:
                index_records(connection, whole_records(file, name, indexed.problems), indexed)
        with self.reading() as connection:
            settle_drafts(connection, self.writing, self.shelf.record, indexed)
        texts = many(indexed.versions, "text")
        made = f"{many(indexed.captures, 'capture')} and {texts} had no rows: indexed"
        pictures = f"{many(indexed.screenshots, 'screenshot')} had no rows: indexed"
        return [
            *([made] if indexed.captures or indexed.versions else []),
            *([pictures] if indexed.screenshots else []),
            *indexed.problems,
        ]

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction for rows that are made from records; all else is written in turns."""
        with (
            explained(self.directory),  # connecting fails, too
            self._engine.connect() as connection,
            connection.execution_options(**{WRITES: True}).begin(),
        ):
            yield connection

    def make_tables(self) -> None:
        """Give an empty database every table."""
        with explained(self.directory):
            migrate.upgrade(self._engine)

    def upgrade(self) -> list[str]:
        """Bring the database up to this version, after a backup; what was done, in sentences."""
        with explained(self.directory):
            return migrate.upgrade_with_backup(self._engine, self.clock)

    def database_name(self) -> str:
        """What a copy of the database is called."""
        return dump.name_of(self._engine)

    def database_bytes(self) -> int:
        """How much room a copy of the database needs at most."""
        with explained(self.directory):
            return dump.bytes_of(self._engine)

    def copy_database(self, target: Path) -> None:
        """Copy the database to a new file, as it is at one instant, while others write.

        Raises:
            ArchiveError: if it is on PostgreSQL, and `pg_dump` is not there or fails.
        """
        with explained(self.directory):
            dump.copy(self._engine, target)

    def close(self) -> None:
        """Seal the WARC file and let go of the database."""
        try:
            # a disk that is full must not hide what was said before; `recover` makes up for it
            with contextlib.suppress(OSError, ArchiveError):
                if self._warc.seal() is not None:
                    with self.turn():
                        pass
        finally:
            self._journal.close()
            self._engine.dispose()

    @contextlib.contextmanager
    def _closed_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def warcinfo(self) -> list[tuple[str, str | None]]:
        """What each WARC file says of how it was made, in its first record."""
        return colophon.warcinfo(self.directory, self.config, self.clock, self._declared)

    def _location_of(self, name: str) -> str | None:
        with self.reading() as connection:
            return locations.location_of(connection, name)
