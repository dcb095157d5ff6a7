"""The service: due outlets visited side by side in one reactor, for as long as it is let.

It decides nothing about manners or cadence: it reads the agenda, begins visits, and keeps house.
"""

import asyncio
import contextlib
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from archive.query.remarks import remarks_lately
from archive.query.schedules import held_hosts
from archive.store import Archive
from crawler.readers import Readers
from crawler.run.agenda import Agenda, Entry
from crawler.run.crawl import (
    OUTLETS_AT_ONCE,
    Report,
    note,
    open_desk,
    stopped_by_signals,
)
from crawler.run.days import Day, Days, midnight_after
from crawler.run.mishap import note_mishap
from crawler.run.round import FREE_EVERY, LOOK_EVERY, Made, make_round
from crawler.run.standing import Standing, State, Underway
from crawler.run.telling import SHOWN, introduction, told
from crawler.visit import Visit

WATCH_SECONDS = 0.01


class Service:
    """Visits what is scheduled in one archive. `serve` once; `stop` ends it cleanly."""

    def __init__(
        self,
        archive: Archive,
        *,
        tell: Callable[[str], None] = lambda _: None,
        free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
        look_every: timedelta = LOOK_EVERY,
    ) -> None:
        self.archive = archive
        self.agenda = Agenda(archive)
        self.stopped_by: str | None = None
        """The signal that ended it, by name."""
        self._clock = archive.clock
        self._tell = tell
        self._free = free
        self._look_every = look_every
        self._since = self._clock.now()
        self._state: State = "starting"
        self._days = Days(archive)
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._looked_at: datetime | None = None
        self._freed_at = self._since
        self._free_bytes = 0
        self._remarks: Counter[str] = Counter()
        self._held: tuple[tuple[str, datetime, str], ...] = ()
        self._last_visit_at: datetime | None = None
        self._done: set[str] = set()

    async def serve(
        self,
        *,
        once: bool = False,
        until: datetime | None = None,
        readers: Readers | None = None,
    ) -> Report:
        """Visit what is due, and go on; the account of the last day.

        Args:
            once: end when every outlet that is due has been visited once.
            until: end at this instant.
            readers: those of somebody else, who closes them.
        """
        async with open_desk(self.archive, readers=readers) as desk:
            desk.lane.on_broken = self._broke
            await self._days.begin(desk)
            with stopped_by_signals(self.stop):
                try:
                    self._state = "running"
                    await self._go(once=once, until=until)
                finally:
                    await self._finish()
            return self._days.today.report

    def stop(self, by: str | None = None) -> None:
        """Begin nothing more, let what is under way be finished, and give the rest back."""
        self.stopped_by = self.stopped_by or by
        self._state = "failed" if self._state == "failed" else "stopping"
        for day in self._days.open:
            day.desk.stop()
        self._changed.set()

    def standing(self) -> Standing:
        """How it stands now."""
        now = self._clock.now()
        due = self.agenda.due(now)
        late = due[0] if due else None
        desks = [day.desk for day in self._days.open]
        return Standing(
            state=self._state,
            since=self._since,
            now=now,
            run=desks[-1].run if desks else "",
            scheduled=len(self.agenda.entries),
            underway=tuple(
                Underway(
                    outlet=visit.outlet.oid,
                    since=self._begun_at(visit) or now,
                    doing=visit.doing,
                    counts=visit.counts,
                )
                for desk in desks
                for visit in desk.visits
            ),
            coming=tuple(self.agenda.upcoming(SHOWN)),
            last_visit_at=self._last_visit_at,
            lag=now - late.due_at if late else timedelta(),
            most_overdue=late.outlet.oid if late else None,
            free_bytes=self._free_bytes,
            min_free_bytes=self.archive.config.limits.min_free_bytes,
            backlog=desks[-1].lane.backlog if desks else 0,
            counts=self._days.counts,
            held=self._held,
            remarks=self._remarks,
            problems=self.agenda.problems,
            quotas=self._days.today.report.quotas if desks else {},
        )

    # the loop

    async def _go(self, *, once: bool, until: datetime | None) -> None:
        while self._state in ("running", "paused"):
            self._changed.clear()
            await self._keep_house()
            if until and self._clock.now() >= until:
                return
            self._begin_due(once=once)
            if once and not self._tasks:
                return
            await self._wait(once=once, until=until)

    def _begin_due(self, *, once: bool) -> None:
        now = self._clock.now()
        if self._state != "running":
            return
        for entry in self.agenda.due(now):
            if len(self._tasks) >= OUTLETS_AT_ONCE:
                return
            if once and entry.outlet.id in self._done:
                continue
            self._done.add(entry.outlet.id)
            entry.begins(now)
            task = asyncio.create_task(self._visit(entry, now, self._days.today))
            self._tasks.add(task)
            task.add_done_callback(self._forget)

    async def _wait(self, *, once: bool, until: datetime | None) -> None:
        """Until something is due, or happened."""
        if self._tasks and once:
            await self._changed.wait()
            return
        now = self._clock.now()
        wakes = [midnight_after(self._days.today.on)]
        if not self._clock.is_simulated or self._state == "paused" or not self.agenda.entries:
            wakes.append(now + self._look_every)
        if self._state == "running" and len(self._tasks) < OUTLETS_AT_ONCE:
            wakes += filter(None, [self.agenda.next_at()])
        wakes += [until] if until else []
        if self._tasks and self._clock.is_simulated:
            await self._watch(min(wakes))
            return
        sleeping = asyncio.ensure_future(self._clock.wait_until(min(wakes)))
        happening = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((sleeping, happening), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            happening.cancel()

    async def _watch(self, instant: datetime) -> None:
        """Until something happened, or visits moved a simulated clock to an instant."""
        while not self._changed.is_set() and self._clock.now() < instant:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), WATCH_SECONDS)

    async def _finish(self) -> None:
        """Let what is under way be finished, and close the runs."""
        cut_short = bool(self._tasks)
        if self._state != "failed":
            self.stop()
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self.stopped_by and cut_short:
            self._days.today.report.outcome = "interrupted"
        for day in list(self._days.open):
            await self._days.close(day)

    # one visit

    async def _visit(self, entry: Entry, begun_at: datetime, day: Day) -> None:
        outlet = entry.outlet.oid
        day.visits += 1
        made, failure = None, None
        try:
            made = await make_round(day.desk, entry.outlet, entry.schedule, begun_at)
            failure = made.failure
        except Exception as error:  # noqa: BLE001 - it is logged and remarked
            failure = await note_mishap(day.desk, outlet, error)
        self._ended(entry, day, made, failure)
        await self._days.let_go(day)

    def _forget(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._changed.set()  # not before: the loop asks whether visits are under way

    def _ended(self, entry: Entry, day: Day, made: Made | None, failure: str | None) -> None:
        now = self._clock.now()
        self._last_visit_at = now
        day.visits -= 1
        not_before, is_cut_short = None, False
        if made is not None:
            day.take(made.visit, failure)
            not_before = made.not_before(now)
            is_cut_short = made.visit.quota_reached == "minutes_per_visit"
        entry.ends(
            now,
            has_failed=failure is not None,
            not_before=not_before,
            is_cut_short=is_cut_short,
        )
        if day.desk.fatal:
            self._state = "failed"
            self.stop()
            return
        self.agenda.read_one(entry.outlet.oid)
        self._tell(told(entry, made.visit if made else None, failure))

    def _begun_at(self, visit: Visit) -> datetime | None:
        entry = self.agenda.entries.get(visit.outlet.oid)
        return entry.begun_at if entry else None

    # house-keeping

    async def _keep_house(self) -> None:
        now = self._clock.now()
        if now.date() != self._days.today.on:
            await self._days.turn()
        if self._looked_at and _is_within(self._look_every, self._looked_at, now):
            return
        is_first, self._looked_at = self._looked_at is None, now
        for sentence in self.agenda.read():
            self._tell(sentence)
        with self.archive.reading() as connection:
            self._held = tuple(held_hosts(connection, now))
            self._remarks = remarks_lately(connection, now)
        self._look_at_disk()
        if not _is_within(FREE_EVERY, self._freed_at, now):
            self._freed_at = now
            desk = self._days.today.desk
            await note(desk, lambda turn: turn.free_leases(self._days.is_over))
        if is_first:
            for sentence in introduction(self.agenda, now):
                self._tell(sentence)

    def _look_at_disk(self) -> None:
        least = self.archive.config.limits.min_free_bytes
        places = (self.archive.directory, self.archive.warc_directory)  # maybe another disk
        self._free_bytes = min(map(self._free, places))
        if self._state == "running" and self._free_bytes < least:
            self._state = "paused"
            self._tell(
                f"Paused: {self._free_bytes} bytes are free, and limits.min_free_bytes is {least}. "
                "No visit begins; make room, and it goes on by itself."
            )
        elif self._state == "paused" and self._free_bytes >= least:
            self._state = "running"
            self._tell(f"Goes on: {self._free_bytes} bytes are free.")

    def _broke(self, error: BaseException) -> None:
        """Nothing can be written any more."""
        for day in self._days.open:
            day.desk.give_up(error)
        self._state = "failed"
        self.stop()


def _is_within(span: timedelta, since: datetime, now: datetime) -> bool:
    """Whether less than a span has passed; not if the clock was set back meanwhile."""
    return timedelta() <= now - since < span
