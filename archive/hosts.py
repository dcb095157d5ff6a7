"""What is remembered of hosts: turns promised, patience asked for, robots.txt; part of a turn."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from archive.clock import Clock
from archive.db import hosts
from archive.journal import Journal
from archive.records import RobotsFile


class Hosts:
    """Shared by all runs, and kept over restarts."""

    def __init__(self, connection: Connection, journal: Journal, clock: Clock) -> None:
        self._connection = connection
        self._journal = journal
        self._clock = clock

    def reserve(self, host: str, delay: timedelta) -> datetime:
        """Take a host's next turn: when the caller may go."""
        return hosts.reserve(self._connection, host, delay=delay, now=self._clock.now())

    def hold(self, host: str, *, until: datetime, reason: str) -> None:
        """Ask nothing of a host before `until`, in this run or any other."""
        self._journal.write("host-held", host=host, until=until.isoformat(), reason=reason)
        hosts.hold(self._connection, host, until=until, reason=reason)

    def well(self, host: str) -> None:
        """The host answered as it should."""
        self._journal.write("host-well", host=host)
        hosts.well(self._connection, host)

    def state(self, host: str) -> tuple[datetime | None, str | None, int]:
        """Until when a host is left alone, why, and its failures in a row."""
        return hosts.held_until(self._connection, host)

    def robots_of(self, origin: str) -> RobotsFile | None:
        """An origin's robots.txt, as last fetched."""
        return hosts.robots_of(self._connection, origin)

    def keep_robots(self, file: RobotsFile) -> None:
        """Remember a robots.txt."""
        hosts.keep_robots(self._connection, file)
