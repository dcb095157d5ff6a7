"""The agenda of a service: every outlet that is scheduled, and when it is due."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from archive.errors import ArchiveError
from archive.query.schedules import all_schedules, listing_dues, next_dues
from archive.records import OutletId
from archive.schedules import Schedule
from archive.store import Archive
from crawler import timetable
from crawler.outlets.catalogue import find_outlet, outlet_files
from crawler.outlets.spec import Outlet

BREATH = timedelta(minutes=15)
"""From the beginning of a visit until the next one for articles, unless the tempo is denser.

What becomes due meanwhile is fetched together, for a visit costs as much as some pages. As long as
the shortest step of a recheck: none waits for longer than twice that. A listing does not wait.
"""
SHORTEST_BREATH = timedelta(seconds=10)
CUT_SHORT = timedelta(minutes=5)
"""The breath after a visit that a quota of minutes cut short: much is left to fetch."""
FIRST_BACK_OFF = timedelta(minutes=5)
LONGEST_BACK_OFF = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Entry:
    """One outlet that is scheduled.

    Attributes:
        frontier_due: when something of it is due by the frontier.
        listing_due: when a listing of it is.
        not_before: a quota, a host that wants to be left alone, or a failure says so.
        rests_until: until then articles wait, to be fetched together.
        begun_at: when the visit began that is under way.
        failures: visits in a row that broke.
    """

    outlet: Outlet
    schedule: Schedule
    frontier_due: datetime | None = None
    listing_due: datetime | None = None
    not_before: datetime | None = None
    rests_until: datetime | None = None
    begun_at: datetime | None = None
    failures: int = 0
    _due: datetime = field(init=False)
    _visited_at: datetime | None = None

    def __post_init__(self) -> None:
        self._due = timetable.due_at(self.schedule, self.frontier_due)

    @property
    def is_running(self) -> bool:
        """Whether it is being visited."""
        return self.begun_at is not None

    @property
    def due_at(self) -> datetime:
        """When its next visit is to begin, or was to."""
        due = max(self._due, self.rests_until or self._due)
        if self._is_awaited and self.listing_due:
            due = min(due, self.listing_due)
        return max(due, self.not_before or due)

    @property
    def _is_awaited(self) -> bool:
        """Whether a listing will be due that the last visit did not leave undone."""
        if self.schedule.profile is None or self.listing_due is None:
            return False
        return self._visited_at is None or self.listing_due > self._visited_at

    def hear(
        self,
        schedule: Schedule,
        frontier_due: datetime | None,
        listing_due: datetime | None = None,
    ) -> None:
        """Take in what is scheduled now, and what the frontier says."""
        self.listing_due = listing_due
        if (schedule, frontier_due) != (self.schedule, self.frontier_due):
            self.schedule, self.frontier_due = schedule, frontier_due
            self._due = timetable.due_at(schedule, frontier_due)

    def begins(self, now: datetime) -> None:
        """A visit begins: the outlet is not begun again before it has ended."""
        self.begun_at = now

    def ends(
        self,
        now: datetime,
        *,
        has_failed: bool,
        not_before: datetime | None,
        is_cut_short: bool = False,
    ) -> None:
        """The visit has ended; after failures in a row the outlet is left longer and longer."""
        begun_at, self.begun_at = self.begun_at or now, None
        self._visited_at = begun_at
        self.failures = self.failures + 1 if has_failed else 0
        again = now + SHORTEST_BREATH
        breath = self._breath(now)
        if is_cut_short:
            breath = min(breath, CUT_SHORT)
        self.rests_until = max(begun_at + breath, again)
        if has_failed:
            again = now + min(FIRST_BACK_OFF * 2 ** min(self.failures - 1, 10), LONGEST_BACK_OFF)
        self.not_before = max(again, not_before or now)

    def _breath(self, now: datetime) -> timedelta:
        tempo = timetable.tempo_at(self.schedule, now)
        every = [one.every for one in timetable.boosts_on(self.schedule, now)]
        wanted = (self.schedule.every, tempo.section_every, tempo.shortest, *every)
        return min([BREATH, *filter(None, wanted)])


@dataclass(slots=True)
class Agenda:
    """Read from the archive again and again: people change schedules while a service runs."""

    archive: Archive
    entries: dict[OutletId, Entry] = field(default_factory=dict)
    problems: dict[OutletId, str] = field(default_factory=dict)
    """Outlets that cannot be visited, and why: a file with a mistake."""
    _files: dict[Path, tuple[int, Outlet]] = field(default_factory=dict)

    def read(self) -> list[str]:
        """See what is scheduled now, and what the frontier says; what is new, in sentences."""
        files = {path.stem: path for path in outlet_files(self.archive.directory)}
        with self.archive.reading() as connection:
            schedules = all_schedules(connection)
            ids = [one.outlet for one in schedules]
            dues, listings = next_dues(connection, ids), listing_dues(connection, ids)
        before = dict(self.problems)
        self.problems = {}
        found: dict[OutletId, Entry] = {}
        for one in schedules:
            try:
                outlet = self._outlet(files.get(one.outlet), one.outlet)
                self.archive.require_contact([outlet.home])
            except (ArchiveError, OSError, ValueError, RecursionError) as error:
                # whatever a file holds, the other outlets are visited
                self.problems[one.outlet] = str(error)
                continue
            entry = self.entries.get(one.outlet) or Entry(outlet=outlet, schedule=one)
            entry.outlet = outlet
            entry.hear(one, dues[one.outlet], listings[one.outlet])
            found[one.outlet] = entry
        # one that is being visited stays until it has ended
        self.entries = {
            **{id_: one for id_, one in self.entries.items() if one.is_running},
            **found,
        }
        return [
            f"{id_} is not visited: {why}"
            for id_, why in self.problems.items()
            if before.get(id_) != why
        ]

    def read_one(self, id_: OutletId) -> None:
        """See what is scheduled for one outlet, after its visit."""
        with self.archive.reading() as connection:
            kept = all_schedules(connection, id_)
            dues, listings = next_dues(connection, [id_]), listing_dues(connection, [id_])
        if not kept:
            self.entries.pop(id_, None)
        elif entry := self.entries.get(id_):
            entry.hear(kept[0], dues[id_], listings[id_])

    def due(self, now: datetime) -> list[Entry]:
        """The outlets that are to be visited now, those due longest first."""
        waiting = [one for one in self.entries.values() if not one.is_running]
        ready = [(one.due_at, one.outlet.id, one) for one in waiting]
        return [one for at, _, one in sorted(ready, key=lambda r: r[:2]) if at <= now]

    def next_at(self) -> datetime | None:
        """When the next visit is to begin, those under way aside."""
        waiting = [one.due_at for one in self.entries.values() if not one.is_running]
        return min(waiting, default=None)

    def upcoming(self, number: int) -> list[tuple[datetime, OutletId]]:
        """The visits that come next, in order."""
        waiting = [one for one in self.entries.values() if not one.is_running]
        return sorted((one.due_at, one.outlet.oid) for one in waiting)[:number]

    def _outlet(self, path: Path | None, id_: OutletId) -> Outlet:
        if path is None:
            return find_outlet(self.archive.directory, id_)  # says what is wrong
        changed = path.stat().st_mtime_ns
        if (known := self._files.get(path)) and known[0] == changed:
            return known[1]
        outlet = find_outlet(self.archive.directory, id_)
        self._files[path] = (changed, outlet)
        return outlet
