"""The ledgers of outlets, checked when a visit ends and closed day by day; part of a turn.

Beside them stands what a run remarks: what it could not do, and what does not balance.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from archive.clock import Clock
from archive.db import ledgers, remarks
from archive.db.ledgers import line_as_json
from archive.db.polls import zone_of
from archive.journal import Journal
from archive.records import OutletId, RunId
from archive.remarks import Remark, remark_as_json

MOST_DAYS = 400
"""Days closed in one turn; an archive that is older than its ledgers is closed in several."""


class Ledgers:
    """Announced = captured + refused + failed + pending, of every outlet and day."""

    def __init__(self, connection: Connection, journal: Journal, clock: Clock) -> None:
        self._connection = connection
        self._journal = journal
        self._clock = clock

    def faults(self, outlet: OutletId, days: Iterable[date]) -> list[str]:
        """What does not balance on these days, in sentences."""
        zone = zone_of(self._connection, outlet)
        found = ledgers.lines(self._connection, outlet, sorted(days), zone)
        return [f"{outlet} on {one.day}: {fault}" for one in found for fault in one.faults()]

    def remark(self, run: RunId, outlet: OutletId, ones: Sequence[Remark]) -> None:
        """Keep what a run remarks of an outlet."""
        if not ones:
            return
        said = [remark_as_json(one) for one in ones]
        self._journal.write("remarked", run=run, outlet=outlet, remarks=said)
        remarks.keep(self._connection, run, ones, self._clock.now())

    def close(self, outlet: OutletId) -> list[date]:
        """Close the ledger of each day of an outlet that is over; the days that were closed."""
        zone = zone_of(self._connection, outlet)
        last = ledgers.last_closed(self._connection, outlet)
        first = last + timedelta(days=1) if last else None
        first = first or ledgers.first_day(self._connection, outlet, zone)
        if first is None:
            return []
        now = self._clock.now()
        over = min((now.astimezone(zone).date() - first).days, MOST_DAYS)
        days = [first + timedelta(days=n) for n in range(over)]
        for line in ledgers.lines(self._connection, outlet, days, zone):
            self._journal.write("day-closed", outlet=outlet, **line_as_json(line))
            ledgers.close(self._connection, outlet, line, now)
        return days
