"""One visit as a schedule wants it, whoever makes it: the service, or one of many workers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.query.schedules import spent_since
from archive.schedules import Schedule
from archive.store import Archive
from crawler.desk import Desk
from crawler.outlets.spec import Outlet
from crawler.quota import Quota, limits, quota
from crawler.run.crawl import make_visit, note
from crawler.run.days import midnight_after, midnight_of
from crawler.timetable import makes_due, tempo_at
from crawler.visit import Plan, Visit

LOOK_EVERY = timedelta(seconds=30)
"""How soon a schedule counts that was set meanwhile, and room on the disk is seen."""
FREE_EVERY = timedelta(minutes=5)
"""How often the leases of processes that died are taken back."""


@dataclass(frozen=True, slots=True)
class Made:
    """A visit that has ended, and why it failed if it did."""

    visit: Visit
    failure: str | None

    def not_before(self, now: datetime) -> datetime | None:
        """Until when the outlet is left alone: a host asked for it, or a day's quota is spent."""
        until = self.visit.held_until
        if self.visit.quota_reached in ("pages_per_day", "bytes_per_day"):
            return max(until or now, midnight_after(now.date()))
        return until


async def make_round(desk: Desk, outlet: Outlet, schedule: Schedule, begun_at: datetime) -> Made:
    """Visit an outlet as scheduled, and note it as visited unless it was cut short."""
    plan = Plan(
        outlet=outlet,
        tempo=tempo_at(schedule, begun_at),
        makes_due=makes_due(schedule, begun_at),
    )
    left = quota_left(desk.archive, outlet, begun_at)
    visit, failure = await make_visit(desk, plan, quota=left)
    if not desk.stopping:
        await note(desk, lambda turn: turn.schedules.visited(outlet.oid, begun_at))
    return Made(visit, failure)


def quota_left(archive: Archive, outlet: Outlet, now: datetime) -> Quota:
    """What of an outlet's quota is left today."""
    said = limits(outlet.quota, archive.config.quota)
    pages, size = 0, 0
    if said.pages_per_day is not None or said.bytes_per_day is not None:
        with archive.reading() as connection:
            pages, size = spent_since(connection, outlet.oid, midnight_of(now.date()))
    return quota(said, pages, size, now)
