"""Who works for an archive on PostgreSQL, and at what: what many workers must agree on.

The queue itself is procrastinate's and lies in the same database, in a schema of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata, resources

from sqlalchemy import Connection

from archive.db import jobs as rows
from archive.db.jobs import SCHEMA
from archive.errors import ArchiveError
from archive.records import OutletId
from archive.store import Archive

__all__ = ["LOCK", "SCHEMA", "SILENT_FOR", "Jobs", "Lead", "NoQueue", "Shift", "Working", "renew"]

SILENT_FOR = timedelta(seconds=60)
"""A worker says every ten seconds that it lives. One that is silent for so long is taken for dead:
on another machine nothing else can be known of it."""
LOCK = "outlet:"
"""What the lock of a job begins with; the outlet's id follows."""


class NoQueue(ArchiveError):
    """Many workers are asked for, and there is nothing they could share."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """One worker as the database knows it.

    Attributes:
        silent_seconds: since it last said that it lives; None if the queue has forgotten it.
        outlets: those it is visiting.
    """

    id: int
    machine: str
    pid: int
    since: datetime
    leads: bool
    silent_seconds: float | None
    outlets: tuple[OutletId, ...]

    @property
    def is_silent(self) -> bool:
        """Whether it has said nothing for too long."""
        return self.silent_seconds is None or self.silent_seconds > SILENT_FOR.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How it stands with workers and jobs. Jobs that are stalled are at a worker that is silent."""

    workers: tuple[Working, ...]
    waiting: int = 0
    doing: int = 0
    stalled: int = 0
    failed: int = 0

    @property
    def is_well(self) -> bool:
        """Whether somebody works, nobody is silent and no job has failed lately."""
        silent = any(one.is_silent for one in self.workers)
        return bool(self.workers) and not (silent or self.stalled or self.failed)


class Jobs:
    """The words of one archive's workers to each other."""

    def __init__(self, archive: Archive) -> None:
        url = archive.config.database_url(archive.directory)
        if not url.startswith("postgresql"):
            raise NoQueue(
                "Many workers need PostgreSQL, and this archive is on SQLite, where one process "
                "visits all outlets: leave out --workers, or put a postgresql:// database into "
                "kliping.toml and run `kliping reindex`."
            )
        self._archive = archive
        self.conninfo = "postgresql://" + url.partition("://")[2]
        """How the queue's own connections find the database."""

    def prepare(self) -> bool:
        """Make the queue's schema if it is not there, or was made by another version.

        Returns:
            whether it was made.

        Raises:
            NoQueue: if procrastinate is not installed, or workers of another version still run.
        """
        try:
            version = metadata.version("procrastinate")
        except metadata.PackageNotFoundError as error:
            raise NoQueue(
                "Many workers need procrastinate: pip install 'kliping[workers]'"
            ) from error
        library = resources.files("procrastinate.sql").joinpath("schema.sql").read_text("utf-8")
        with self._archive.writing() as connection:
            rows.lock_making(connection)
            before = rows.made_by(connection)
            if before == version:
                return False
            if before and any(not one.is_silent for one in _workers(connection)):
                raise NoQueue(
                    f"Workers run with procrastinate {before}, and {version} is installed here. "
                    "Stop them all first, then begin again."
                )
            rows.make(connection, library, version)
        return True

    def try_to_lead(self) -> "Lead | None":
        """Become the one that says what is to be done, unless another is."""
        return Lead.take(self._archive)

    def arrive(self, id_: int, machine: str, pid: int) -> None:
        """Note that a worker begins."""
        with self._archive.writing() as connection:
            rows.arrive(connection, id_, machine, pid, self._archive.clock.now())

    def leave(self, ids: Iterable[int]) -> None:
        """Forget workers that have ended."""
        with self._archive.writing() as connection:
            rows.leave(connection, ids)

    def note_leader(self, id_: int) -> None:
        """Note which worker leads, for people."""
        with self._archive.writing() as connection:
            rows.note_leader(connection, id_)

    def is_known(self, id_: int) -> bool:
        """Whether nobody has taken this worker for dead."""
        with self._archive.reading() as connection:
            return rows.is_known(connection, id_)

    def live(self) -> dict[OutletId, str]:
        """Outlets that have a job, and whether it is `todo` or `doing`."""
        with self._archive.reading() as connection:
            return {OutletId(lock.removeprefix(LOCK)): said for lock, said in rows.live(connection)}

    def pause(self, outlet: OutletId, until: datetime, failures: int) -> None:
        """Leave an outlet alone until an instant, after so many visits that failed in a row."""
        with self._archive.writing() as connection:
            rows.pause(connection, outlet, until, failures)

    def pauses(self) -> dict[OutletId, datetime]:
        """Outlets that are to be left alone now, and until when."""
        now = self._archive.clock.now()
        with self._archive.reading() as connection:
            return {OutletId(one): until for one, until in rows.pauses(connection, now)}

    def failures_of(self, outlet: OutletId) -> int:
        """How many visits of an outlet failed in a row."""
        with self._archive.reading() as connection:
            return rows.failures_of(connection, outlet)

    def dead(self, is_gone: Callable[[str, int], bool]) -> list[Working]:
        """Workers that are silent, or of which `is_gone(machine, pid)` knows it at once."""
        with self._archive.reading() as connection:
            found = _workers(connection)
        return [one for one in found if one.is_silent or is_gone(one.machine, one.pid)]

    def shift(self) -> Shift:
        """Who works now, and at what."""
        with self._archive.reading() as connection:
            if not rows.is_there(connection):
                return Shift(workers=())
            workers = tuple(_workers(connection))
            number = Counter(rows.counts(connection))
        attended = sum(len(one.outlets) for one in workers if not one.is_silent)
        return Shift(
            workers=workers,
            waiting=number["todo"],
            doing=attended,
            stalled=max(0, number["doing"] - attended),
            failed=number["failed"],
        )


class Lead:
    """The leader's lock: the database's own, so that it ends with the connection that holds it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def take(cls, archive: Archive) -> "Lead | None":
        """The lock, unless another has it."""
        connection = archive.connection()
        try:
            if rows.try_to_lead(connection):
                rows.notice_lost_peers(connection)
                connection.commit()
                return cls(connection)
        except BaseException:
            connection.close()
            raise
        connection.close()
        return None

    def check(self) -> None:
        """See that the connection stands.

        Raises:
            Exception: if it does not: another may lead by now.
        """
        self._connection.exec_driver_sql("SELECT 1")
        self._connection.commit()

    def end(self) -> None:
        """Let another lead."""
        self._connection.invalidate()  # not back into the pool: the lock is the session's
        self._connection.close()


def renew(archive: Archive) -> list[str]:
    """Make the queue anew if another version made it; what was done, in sentences."""
    if not archive.config.database_url(archive.directory).startswith("postgresql"):
        return []
    with archive.reading() as connection:
        before = rows.made_by(connection)
    if before is None:
        return []  # no worker ever ran
    jobs = Jobs(archive)
    return ["The queue of the workers was made anew."] if jobs.prepare() else []


def _workers(connection: Connection) -> list[Working]:
    return [
        Working(**{**one, "outlets": tuple(map(OutletId, one["outlets"]))})
        for one in rows.at_work(connection)
    ]
