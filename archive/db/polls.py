"""Polls of listings: how the last one went, what they brought each day, and what went by unseen.

One row for a listing and a day, however often it is polled: a thousand outlets polled every
quarter of an hour for years must not cost a row each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, case, select, update

from archive.db.crawling import frontier, gap, outlet, poll_day
from archive.db.engine import INSERTS, insert_or_ignore
from archive.records import OutletId, Url
from archive.settlements import Lent, Settlement

_ADDED = ("polls", "unchanged", "failed", "named", "fresh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which a listing's items went by unseen: no item of a poll was known."""

    listing: Url
    began_at: datetime
    ended_at: datetime
    proved_at: datetime
    items: int


def note(connection: Connection, lent: Lent, settlement: Settlement, now: datetime) -> None:
    """Note how a poll ended."""
    poll = settlement.poll
    is_had = settlement.outcome in ("polled", "unchanged")
    row = {
        "frontier_id": lent.id,
        "day": now.astimezone(zone_of(connection, lent.outlet)).date(),
        "outlet_id": lent.outlet,
        "polls": 1,
        "unchanged": int(settlement.outcome == "unchanged"),
        "failed": int(not is_had),
        "named": poll.items if poll else 0,
        "fresh": poll.items - poll.known if poll else 0,
        "denied": poll.denied if poll else 0,
    }
    connection.execute(_adding(connection.dialect.name), row)
    if not is_had:
        return
    every = int(poll.every.total_seconds()) if poll and poll.every else None
    one = update(frontier).where(frontier.c.id == lent.id)
    connection.execute(one.values(polled_at=now, every_seconds=every))
    if poll and poll.gap:
        began_at, ended_at = poll.gap
        found = {
            "frontier_id": lent.id,
            "proved_at": now,
            "outlet_id": lent.outlet,
            "began_at": began_at,
            "ended_at": ended_at,
            "named": poll.items,
        }
        insert_or_ignore(connection, gap, [found])


@cache
def _adding(dialect: str) -> Any:
    """Add to a day's row. What was left out is named again by each poll: the most of one counts."""
    statement = INSERTS[dialect](poll_day)
    new = statement.excluded
    most = case((poll_day.c.denied > new.denied, poll_day.c.denied), else_=new.denied)
    sums = {name: poll_day.c[name] + new[name] for name in _ADDED}
    return statement.on_conflict_do_update(
        index_elements=["frontier_id", "day"], set_={**sums, "denied": most}
    )


def zone_of(connection: Connection, outlet_id: OutletId) -> ZoneInfo:
    """The zone in which an outlet's days begin; UTC if it declares none."""
    declared = connection.execute(select(outlet.c.zone).where(outlet.c.id == outlet_id)).scalar()
    return ZoneInfo(declared or "UTC")


def gaps(
    connection: Connection,
    outlets: Iterable[OutletId],
    since: datetime,
    until: datetime,
    seen: ColumnElement[bool] | None = None,
) -> list[tuple[OutletId, Gap]]:
    """Every gap of these outlets that touches a time, the oldest first.

    `seen` says of rows of the frontier which listings may be named; all, if it is not given.
    """
    statement = (
        select(
            gap.c.outlet_id,
            frontier.c.url,
            gap.c.began_at,
            gap.c.ended_at,
            gap.c.proved_at,
            gap.c.named,
        )
        .join(frontier, frontier.c.id == gap.c.frontier_id)
        .where(gap.c.outlet_id.in_(list(outlets)), gap.c.ended_at >= since, gap.c.began_at < until)
        .order_by(gap.c.began_at, gap.c.frontier_id)
    )
    if seen is not None:
        statement = statement.where(seen)
    return [
        (
            OutletId(id_),
            Gap(listing=Url(url), began_at=began, ended_at=ended, proved_at=proved, items=named),
        )
        for id_, url, began, ended, proved, named in connection.execute(statement)
    ]


def days(
    connection: Connection, outlet_id: OutletId, since: date, until: date
) -> dict[date, dict[str, int]]:
    """What an outlet's listings brought on each day from `since` to `until`, both included."""
    mine = and_(poll_day.c.outlet_id == outlet_id, poll_day.c.day.between(since, until))
    statement = select(*poll_day.c).where(mine)
    found: dict[date, dict[str, int]] = {}
    rows = connection.execute(statement).mappings()
    for row in rows:
        day = found.setdefault(row["day"], dict.fromkeys((*_ADDED, "denied"), 0))
        for name in day:
            day[name] += row[name]
    return found
