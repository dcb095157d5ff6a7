"""What is remembered of hosts: turns promised, patience asked for, robots.txt; part of a turn."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from archive.clock import Clock
from archive.db import captures, hosts, robots
from archive.journal import Journal
from archive.pace import HostState, Promise, Wish
from archive.robotstxt import RobotsFile


class Hosts:
    """Shared by all runs, and kept over restarts."""

    def __init__(self, connection: Connection, journal: Journal, clock: Clock) -> None:
        self._connection = connection
        self._journal = journal
        self._clock = clock

    def reserve(self, host: str, wish: Wish, *, patience: timedelta) -> Promise:
        """Take a host's next turn: when the caller may come, if it may."""
        now = self._clock.now()
        return hosts.reserve(self._connection, host, wish=wish, now=now, patience=patience)

    def begin(self, host: str, *, holder: str) -> datetime | None:
        """Begin a turn whose time has come; or when to try again."""
        return hosts.begin(self._connection, host, holder=holder, now=self._clock.now())

    def answered(
        self,
        host: str,
        *,
        holder: str,
        had_at: datetime | None = None,
        seconds: float | None = None,
        is_good: bool = False,
    ) -> None:
        """End a turn, and learn from how the host answered, in how many seconds."""
        hosts.answered(
            self._connection,
            host,
            holder=holder,
            now=self._clock.now(),
            had_at=had_at,
            seconds=seconds,
            is_good=is_good,
        )

    def hold(self, host: str, *, until: datetime, reason: str) -> None:
        """Ask nothing of a host before `until`, in this run or any other."""
        self._journal.write("host-held", host=host, until=until.isoformat(), reason=reason)
        hosts.hold(self._connection, host, until=until, reason=reason)

    def well(self, host: str) -> None:
        """The host answered as it should."""
        self._journal.write("host-well", host=host)
        hosts.well(self._connection, host)

    def free(self, holders: Callable[[str], bool]) -> None:
        """End the turns of runs of which `holders` says that they are over."""
        hosts.free(self._connection, holders)

    def state(self, host: str) -> HostState:
        """What is remembered of a host."""
        return hosts.state(self._connection, host)

    def robots_of(self, origin: str) -> RobotsFile | None:
        """An origin's robots.txt, as last fetched."""
        return robots.robots_of(self._connection, origin)

    def robots_validators(self, origin: str) -> tuple[str | None, str | None]:
        """An origin's robots.txt: its ETag, and since when to ask; none if it was had elsewhere."""
        file = robots.robots_of(self._connection, origin)
        had = file and file.capture and captures.by_id(self._connection, file.capture)
        if not had or had.url != f"{origin}/robots.txt":
            return None, None
        return had.etag, had.since

    def keep_robots(self, file: RobotsFile) -> None:
        """Remember a robots.txt, and in the history if it changed; its text is in its capture."""
        robots.keep(self._connection, file)
        digest = robots.digest_of(file)
        self._journal.write(
            "robots-seen",
            origin=file.origin,
            seen_at=file.fetched_at.isoformat(),
            status=file.status,
            digest=digest,
            capture=file.capture,
        )
        robots.see(
            self._connection,
            file.origin,
            at=file.fetched_at,
            status=file.status,
            digest=digest,
            body=file.body,
            capture=file.capture,
        )
