"""Ledgers: what was announced on a day of an outlet, and what has become of it since.

    announced = captured + refused + failed + pending

Counted from the frontier whenever it is asked for, by one statement that reads only the rows of
the days in question (the index on outlet, kind and first sighting). A day is the outlet's own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    or_,
    select,
    values,
)

from archive.db.columns import UtcDateTime
from archive.db.crawling import frontier, ledger, poll_day, sighting
from archive.db.engine import insert_or_ignore
from archive.db.frontier import BACKLOG
from archive.records import OutletId
from archive.settlements import CAPTURED

HELD = ("new", "changed", "same")
OPEN = ("pending", "refused", "failed")
DAYS_AT_ONCE = 200
"""Bounds in one statement; SQLite takes fewer than 500 rows of values."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One day of one outlet.

    Attributes:
        announced: article URLs first sighted that day, counted by themselves.
        counts: the same URLs by state and reason; of what is held, the reason is empty.
        unsighted: URLs that are known though no listing named them.
        silent: URLs that are not had and will not be asked for, though nobody gave them up.
    """

    day: date
    announced: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    unsighted: int = 0
    silent: int = 0

    def of(self, *states: str) -> int:
        """How many URLs stand in one of these states."""
        return sum(number for (state, _), number in self.counts.items() if state in states)

    def reasons(self, state: str) -> Counter[str]:
        """Why URLs stand in a state."""
        return Counter({why: number for (one, why), number in self.counts.items() if one == state})

    @property
    def captured(self) -> int:
        """Fetched, whatever they held."""
        return self.of(*CAPTURED)

    @property
    def backlog(self) -> int:
        """Articles of the past, noted that day, that wait for a backfill."""
        return self.counts["pending", BACKLOG]

    @property
    def complete(self) -> float | None:
        """Captured of announced, from 0 to 1; what waits for a backfill is not of that day."""
        of_the_day = self.announced - self.backlog
        return self.captured / of_the_day if of_the_day else None

    def faults(self) -> list[str]:
        """What is wrong with the account, in sentences; nothing, ever."""
        parts = (self.captured, *(self.of(state) for state in ("refused", "failed", "pending")))
        said = []
        if sum(parts) != self.announced or self.announced != sum(self.counts.values()):
            sums = " + ".join(str(one) for one in parts)
            said.append(
                f"{self.announced} announced, but {sums} captured, refused, failed, pending"
            )
        if self.silent:
            said.append(f"{self.silent} neither had nor due nor given up")
        if self.unsighted:
            said.append(f"{self.unsighted} known though no listing named them")
        if missing := sum(self.counts[state, ""] for state in ("refused", "failed")):
            said.append(f"{missing} refused or failed for no reason")
        return said


def lines(
    connection: Connection, outlet_id: OutletId, days: Iterable[date], zone: ZoneInfo
) -> list[Line]:
    """The ledger of each of these days as it stands now, in their order."""
    found: list[Line] = []
    asked = list(days)
    for start in range(0, len(asked), DAYS_AT_ONCE):
        found += _lines(connection, outlet_id, asked[start : start + DAYS_AT_ONCE], zone)
    return found


def _lines(
    connection: Connection, outlet_id: OutletId, days: Sequence[date], zone: ZoneInfo
) -> list[Line]:
    if not days:
        return []
    facts: dict[str, Any] = {"outlet": outlet_id}
    for n, day in enumerate(days):
        facts[f"since{n}"], facts[f"until{n}"] = bounds_of(day, zone)
    grouped, total = _statements(len(days))
    made: list[dict[str, Any]] = [
        {"day": day, "counts": Counter(), "unsighted": 0, "silent": 0} for day in days
    ]
    for number, state, reason, rows, silent, unsighted in connection.execute(grouped, facts):
        made[number]["counts"][state, short(reason)] += rows
        made[number]["silent"] += silent
        made[number]["unsighted"] += unsighted
    announced: dict[int, int] = dict(connection.execute(total, facts).all())
    return [Line(**one, announced=announced.get(n, 0)) for n, one in enumerate(made)]


@cache
def _statements(days: int) -> tuple[Select[Any], Select[Any]]:
    """The groups of so many days, and their totals; building these anew costs more than asking."""
    instant = UtcDateTime()
    given = values(column("number", Integer), column("since", instant), column("until", instant))
    rows = [
        (n, bindparam(f"since{n}", type_=instant), bindparam(f"until{n}", type_=instant))
        for n in range(days)
    ]
    bounds = given.data(rows).cte("bounds")  # SQLite names the columns of no other values
    mine = and_(
        frontier.c.outlet_id == bindparam("outlet"),
        frontier.c.kind == "article",
        frontier.c.first_sighted_at >= bounds.c.since,
        frontier.c.first_sighted_at < bounds.c.until,
    )
    waits = and_(frontier.c.state == "pending", frontier.c.due_reason == BACKLOG)
    plain = frontier.c.state.in_((*HELD, "pending"))
    why = case((waits, BACKLOG), (plain, ""), else_=frontier.c.reason)
    grouped = (
        select(
            bounds.c.number,
            frontier.c.state,
            why.label("why"),
            func.count(),
            func.sum(case((_is_silent(), 1), else_=0)),
            func.sum(case((_is_sighted(), 0), else_=1)),
        )
        .select_from(bounds.join(frontier, mine))
        .group_by(bounds.c.number, frontier.c.state, why)
    )
    total = select(bounds.c.number, func.count()).select_from(bounds.join(frontier, mine))
    return grouped, total.group_by(bounds.c.number)


def _is_silent() -> Any:
    """Not had, never due, and not given up: dropped without a word."""
    return and_(
        frontier.c.state.in_(OPEN),
        frontier.c.next_due_at.is_(None),
        frontier.c.lease_token.is_(None),
        or_(frontier.c.retired_at.is_(None), frontier.c.state == "pending"),
        func.coalesce(frontier.c.due_reason, "") != BACKLOG,
    )


def _is_sighted() -> Any:
    # of `exists` PostgreSQL makes a hash of all sightings there are, for the days of one outlet
    one = select(literal(1)).where(sighting.c.frontier_id == frontier.c.id).limit(1)
    return one.correlate(frontier).scalar_subquery().is_not(None)


def short(reason: str | None) -> str:
    """A reason without what only one case says: `HTTP 404`, `DownloadTimeout`."""
    return (reason or "").split(" (")[0][:80]


def bounds_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a day begins in a zone, and when the next one does."""
    one, other = (
        datetime.combine(at, time.min, tzinfo=zone).astimezone(UTC)
        for at in (day, day + timedelta(days=1))
    )
    return one, other


def first_day(connection: Connection, outlet_id: OutletId, zone: ZoneInfo) -> date | None:
    """The first day of which anything is known: a sighting, or a poll."""
    mine = and_(frontier.c.outlet_id == outlet_id, frontier.c.kind == "article")
    sighted = connection.execute(select(func.min(frontier.c.first_sighted_at)).where(mine)).scalar()
    polled = connection.execute(
        select(func.min(poll_day.c.day)).where(poll_day.c.outlet_id == outlet_id)
    ).scalar()
    days = [polled] if polled else []
    days += [sighted.astimezone(zone).date()] if sighted else []
    return min(days, default=None)


def last_closed(connection: Connection, outlet_id: OutletId) -> date | None:
    """The last day whose ledger is closed."""
    mine = ledger.c.outlet_id == outlet_id
    return connection.execute(select(func.max(ledger.c.day)).where(mine)).scalar()


def close(connection: Connection, outlet_id: OutletId, line: Line, now: datetime) -> None:
    """Keep a day's ledger as it stands now; what was closed before stays."""
    insert_or_ignore(
        connection, ledger, [{"outlet_id": outlet_id, "closed_at": now, **line_as_json(line)}]
    )


def line_as_json(line: Line) -> dict[str, Any]:
    """The five figures of a day."""
    return {
        "day": line.day,
        "announced": line.announced,
        "captured": line.captured,
        "refused": line.of("refused"),
        "failed": line.of("failed"),
        "pending": line.of("pending"),
    }
