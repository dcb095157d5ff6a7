"""What people decide of schedules, and the visits they led to; part of a turn."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from archive.clock import Clock
from archive.db import schedules
from archive.journal import Journal
from archive.records import OutletId
from archive.schedules import Boost, Schedule, boost_as_json, schedule_as_json


class Schedules:
    """Kept in the journal as well: a lost database must not end a schedule."""

    def __init__(self, connection: Connection, journal: Journal, clock: Clock) -> None:
        self._connection = connection
        self._journal = journal
        self._clock = clock

    def set(self, one: Schedule) -> None:
        """Give an outlet a schedule in place of the one before; its boosts stay."""
        self._journal.write("schedule-set", **schedule_as_json(one))
        schedules.keep(self._connection, replace(one, set_at=self._clock.now()))

    def remove(self, outlet: OutletId) -> bool:
        """End an outlet's schedule and its boosts; whether there was one."""
        if not schedules.remove(self._connection, outlet):
            return False
        self._journal.write("schedule-removed", outlet=outlet)
        return True

    def boost(self, outlet: OutletId, one: Boost) -> None:
        """Make a schedule denser for a while; one of the same name is replaced."""
        self._journal.write("boost-added", outlet=outlet, **boost_as_json(one))
        schedules.add_boost(self._connection, outlet, one)

    def end_boost(self, outlet: OutletId, name: str) -> bool:
        """End a boost early; whether there was one that was not over."""
        if not schedules.end_boost(self._connection, outlet, name, self._clock.now()):
            return False
        self._journal.write("boost-ended", outlet=outlet, name=name)
        return True

    def visited(self, outlet: OutletId, begun_at: datetime) -> None:
        """A visit that the schedule asked for has come to its end.

        Noted at the end, and not when it begins: one that was killed is to begin again.
        """
        self._journal.write("visited", outlet=outlet, begun_at=begun_at.isoformat())
        schedules.note_visited(self._connection, outlet, begun_at)
