"""The days of a service: each UTC day has a run and a desk of its own.

Visits that cross midnight end at the desk where they began. What all desks share, the lane, the
pace and the readers, lives as long as the service; what grows with each visit ends with its day,
and of the rules of hosts those go that nobody asked for in two days.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from archive.query.schedules import all_schedules
from archive.records import OutletId
from archive.store import Archive
from crawler.desk import Desk, is_over, new_run_id
from crawler.run.crawl import Report, note
from crawler.visit import Visit


@dataclass(slots=True)
class Day:
    """A day's desk and its account; closed once it is over and its last visit has ended."""

    on: date
    desk: Desk
    report: Report
    visits: int = 0
    """Those that are under way."""

    def take(self, visit: Visit, failure: str | None) -> None:
        """Account for a visit that has ended."""
        self.report.take(visit, failure)
        with contextlib.suppress(ValueError):
            self.desk.visits.remove(visit)


class Days:
    """Today, and the days before it whose visits have not all ended."""

    def __init__(
        self, archive: Archive, *, outlets: Callable[[], Sequence[OutletId]] | None = None
    ) -> None:
        """`outlets` says which a day's run has; all that are scheduled if it is not given."""
        self._archive = archive
        self._outlets = outlets or self._scheduled
        self.open: list[Day] = []
        self.past: Counter[str] = Counter()
        """The numbers of the days that were closed."""

    @property
    def today(self) -> Day:
        """The day at which visits begin."""
        return self.open[-1]

    @property
    def counts(self) -> Counter[str]:
        """The numbers of all days."""
        return sum((day.desk.counts for day in self.open), self.past.copy())

    async def begin(self, desk: Desk) -> None:
        """Open a day, and make the roots of those that are over."""
        now = self._archive.clock.now()
        self.open.append(Day(now.date(), desk, Report(run=desk.run, counts=desk.counts)))
        outlets = self._outlets()
        await note(desk, lambda turn: turn.open_run(desk.run, outlets))
        await note(desk, lambda turn: turn.root_days())

    async def turn(self) -> None:
        """Seal what grew, have new processes read, and go on at a new desk."""
        before = self.today
        await note(before.desk, lambda turn: turn.rotate())
        before.desk.readers.renew()
        before.desk.robots.forget()
        before.desk.statements.forget()
        before.desk.pace.forget()
        fresh = replace(
            before.desk,
            run=new_run_id(self._archive.clock.now()),
            counts=Counter(),
            pages=Counter(),
            bytes=Counter(),
            visits=[],
            remarked=set(),
        )
        await self.begin(fresh)
        await self.let_go(before)

    async def let_go(self, day: Day) -> None:
        """Close a day if it is over and its last visit has ended."""
        if day is not self.today and not day.visits and day in self.open:
            await self.close(day)

    async def close(self, day: Day) -> None:
        """Note how its run ended."""
        desk, report = day.desk, day.report
        counts = dict(desk.counts)
        await note(
            desk, lambda turn: turn.close_run(desk.run, outcome=report.outcome, counts=counts)
        )
        if desk.fatal:
            report.outcome, report.reason = "failed", desk.fatal
        if day is not self.today:
            self.open.remove(day)
            self.past.update(counts)

    def _scheduled(self) -> Sequence[OutletId]:
        with self._archive.reading() as connection:
            return [one.outlet for one in all_schedules(connection)]

    def is_over(self, run: str) -> bool:
        """Whether the process of a run has ended; those of ours that are open have not."""
        return is_over(run) and run not in {day.desk.run for day in self.open}


def midnight_after(day: date) -> datetime:
    """When a UTC day is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def midnight_of(day: date) -> datetime:
    """When a UTC day begins."""
    return datetime.combine(day, time(), tzinfo=UTC)
