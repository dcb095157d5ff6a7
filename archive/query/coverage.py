"""Coverage: for each outlet and day what was announced, what became of it, and what was missed."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from archive import policy
from archive.db import ledgers, polls
from archive.db.crawling import frontier, outlet
from archive.db.dues import LISTINGS
from archive.db.ledgers import Line
from archive.db.polls import Gap
from archive.query.gaps import visible_gaps
from archive.records import OutletId, Url

_ADDRESS = re.compile(r"https?://(?:[^\s/]+/(robots\.txt)\b|\S+)")
LONGEST = 3660
"""Days that can be asked for at once: ten years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of one outlet: announced = captured + refused + failed + pending.

    Attributes:
        complete: captured of announced, the backlog aside, from 0 to 1; None if nothing was.
        backlog: of what is pending, the articles of the past that wait for a backfill.
        why: of what is not held as an article, how many by state and reason: `refused: …`.
        denied: URLs that the outlet's own rules left out, in the fullest of its polls.
        polls: how often its listings were asked for, and `failed_polls` how often in vain.
        gaps: proved gaps that touch this day.
    """

    day: date
    announced: int
    captured: int
    refused: int
    failed: int
    pending: int
    walled: int
    backlog: int
    complete: float | None
    why: Mapping[str, int]
    denied: int
    polls: int
    failed_polls: int
    gaps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A listing that was given up, why, and when it is probed next."""

    url: Url
    retired_at: datetime
    reason: str | None
    probed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One outlet's days, the gaps among them, and its retired listings."""

    id: OutletId
    name: str
    days: tuple[Day, ...]
    gaps: tuple[Gap, ...]
    retired: tuple[Retired, ...]

    def total(self, name: str) -> int:
        """The sum of a figure over all days."""
        return sum(getattr(one, name) for one in self.days)


def coverage(
    connection: Connection,
    now: datetime,
    *,
    only: OutletId | None = None,
    since: date | None = None,
    until: date | None = None,
    days: int = 14,
) -> tuple[Coverage, ...]:
    """The coverage of one outlet, or of all.

    Args:
        connection: the archive's.
        now: up to when.
        only: an outlet; None is all of them.
        since: the first day; if not given, `days` before the last.
        until: the last day; if not given, today, where the outlet is.
        days: how many, if `since` is not given.
    """
    name = policy.visible_name(outlet.c.name, now)
    statement = select(outlet.c.id, name).order_by(outlet.c.id)
    if only is not None:
        statement = statement.where(outlet.c.id == only)
    found = []
    for id_, name in connection.execute(statement).all():
        zone = polls.zone_of(connection, OutletId(id_))
        last = until or now.astimezone(zone).date()
        first = since or last - timedelta(days=days - 1)
        number = min((last - first).days + 1, LONGEST)
        asked = [first + timedelta(days=n) for n in range(number)]
        found.append(_coverage(connection, OutletId(id_), name, asked, now))
    return tuple(found)


def _coverage(
    connection: Connection, id_: OutletId, name: str, asked: list[date], now: datetime
) -> Coverage:
    zone = polls.zone_of(connection, id_)
    polled = polls.days(connection, id_, asked[0], asked[-1]) if asked else {}
    begins, ends = (ledgers.bounds_of(day, zone) for day in (asked[0], asked[-1]))
    gaps = visible_gaps(connection, id_, begins[0], ends[1], now)
    made = []
    for line in ledgers.lines(connection, id_, asked, zone):
        since, until = ledgers.bounds_of(line.day, zone)
        touching = sum(1 for gap in gaps if gap.began_at < until and gap.ended_at >= since)
        made.append(_day(line, polled.get(line.day, {}), touching))
    return Coverage(
        id=id_,
        name=name,
        days=tuple(made),
        gaps=gaps,
        retired=_retired(connection, id_, now),
    )


def _day(line: Line, polled: Mapping[str, int], gaps: int) -> Day:
    why: Counter[str] = Counter()
    for (state, reason), number in sorted(line.counts.items()):
        if state not in (*ledgers.HELD, "pending"):
            why[f"{state}: {bare(reason)}" if reason else state] += number
    return Day(
        day=line.day,
        announced=line.announced,
        captured=line.captured,
        refused=line.of("refused"),
        failed=line.of("failed"),
        pending=line.of("pending"),
        walled=line.of("walled"),
        backlog=line.backlog,
        complete=line.complete,
        why=why,
        denied=polled.get("denied", 0),
        polls=polled.get("polls", 0),
        failed_polls=polled.get("failed", 0),
        gaps=gaps,
    )


def bare(reason: str) -> str:
    """A reason without addresses: it is told of many URLs, and some of them may be hidden."""
    return _ADDRESS.sub(lambda one: one[1] or "an address", reason)


def _retired(connection: Connection, id_: OutletId, now: datetime) -> tuple[Retired, ...]:
    statement = (
        select(frontier.c.url, frontier.c.retired_at, frontier.c.reason, frontier.c.next_due_at)
        .where(
            frontier.c.outlet_id == id_,
            frontier.c.kind.in_(LISTINGS),
            frontier.c.retired_at.is_not(None),
            policy.visible_url(now),
        )
        .order_by(frontier.c.url)
    )
    return tuple(
        Retired(url=Url(url), retired_at=since, reason=reason, probed_at=due)
        for url, since, reason, due in connection.execute(statement)
    )
