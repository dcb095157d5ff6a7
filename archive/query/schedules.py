"""What is scheduled, and what the frontier and the captures say of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from archive import policy
from archive.db import schedules as rows
from archive.db.crawling import frontier, host, outlet
from archive.db.dues import LISTINGS
from archive.db.schema import capture
from archive.records import OutletId
from archive.schedules import Schedule

LATELY = timedelta(days=7)
AT_A_TIME = 500
AT_ONCE = timedelta(hours=1)
"""Rechecks due within this of the first are told as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """What is due at an outlet, and when: a listing, or so many articles."""

    at: datetime
    what: str
    url: str | None = None
    number: int = 1


def all_schedules(connection: Connection, only: OutletId | None = None) -> list[Schedule]:
    """Every schedule with its boosts, by outlet; or one outlet's alone."""
    return rows.schedules(connection, only)


def next_dues(
    connection: Connection, outlets: Iterable[OutletId]
) -> dict[OutletId, datetime | None]:
    """When each outlet is due next by the frontier; None if nothing of it ever is.

    A look at the index for each, but in few statements: a service of 10,000 outlets asks often.
    """
    return _earliest(connection, outlets, frontier.c.next_due_at.is_not(None))


def listing_dues(
    connection: Connection, outlets: Iterable[OutletId]
) -> dict[OutletId, datetime | None]:
    """When a listing of each outlet is due next; None if none ever is."""
    return _earliest(connection, outlets, frontier.c.kind.in_(LISTINGS))


def _earliest(
    connection: Connection, outlets: Iterable[OutletId], which: ColumnElement[bool]
) -> dict[OutletId, datetime | None]:
    wanted = list(outlets)
    mine = and_(frontier.c.outlet_id == outlet.c.id, which)
    first = select(func.min(frontier.c.next_due_at)).where(mine).scalar_subquery()
    found: dict[OutletId, datetime | None] = dict.fromkeys(wanted)
    for start in range(0, len(wanted), AT_A_TIME):
        some = outlet.c.id.in_(wanted[start : start + AT_A_TIME])
        rows = connection.execute(select(outlet.c.id, first).where(some))
        found.update({OutletId(id_): at for id_, at in rows})
    return found


def upcoming(
    connection: Connection, outlet: OutletId, now: datetime, *, listings: int = 3
) -> list[Upcoming]:
    """The listings of an outlet that are due first and may be seen, and its articles that are."""
    mine = (frontier.c.outlet_id == outlet) & frontier.c.next_due_at.is_not(None)
    soonest = (
        select(frontier.c.next_due_at, frontier.c.kind, frontier.c.url)
        .where(mine, frontier.c.kind.in_(LISTINGS), policy.visible_url(now))
        .order_by(frontier.c.next_due_at)
        .limit(listings)
    )
    found = [Upcoming(at=at, what=kind, url=url) for at, kind, url in connection.execute(soonest)]
    articles = mine & (frontier.c.kind == "article")
    first = connection.execute(select(func.min(frontier.c.next_due_at)).where(articles)).scalar()
    if first is not None:
        together = articles & (frontier.c.next_due_at <= first + AT_ONCE)
        number = connection.execute(select(func.count()).where(together)).scalar() or 0
        found.append(Upcoming(at=first, what="article", number=number))
    return sorted(found, key=lambda one: one.at)


def articles_a_day(connection: Connection, outlet: OutletId, now: datetime) -> float | None:
    """How many articles were announced a day, lately; None if we have not looked for a day yet."""
    mine = (frontier.c.outlet_id == outlet) & (frontier.c.kind == "article")
    since, number = connection.execute(
        select(func.min(frontier.c.first_sighted_at), func.count()).where(
            mine, frontier.c.first_sighted_at > now - LATELY
        )
    ).one()
    if since is None or now - since < timedelta(days=1):
        return None
    days: float = (now - since) / timedelta(days=1)
    return int(number) / days


def delay_of(connection: Connection, name: str) -> float | None:
    """Seconds between two requests to a host, as last kept; robots.txt may have asked for more."""
    statement = select(host.c.delay_seconds).where(host.c.host == name)
    found: float | None = connection.execute(statement).scalar()
    return found


def spent_since(connection: Connection, outlet: OutletId, since: datetime) -> tuple[int, int]:
    """Captures and payload bytes of an outlet since an instant."""
    statement = select(func.count(), func.coalesce(func.sum(capture.c.payload_bytes), 0)).where(
        capture.c.outlet_id == outlet, capture.c.captured_at >= since
    )
    number, size = connection.execute(statement).one()
    return int(number), int(size)


def held_hosts(connection: Connection, now: datetime) -> list[tuple[str, datetime, str]]:
    """Hosts that are to be left alone, until when, and why; none that is hidden."""
    statement = (
        select(host.c.host, host.c.held_until, host.c.reason)
        .where(host.c.held_until > now)
        .order_by(host.c.held_until)
    )
    held = connection.execute(statement).all()
    if not held:
        return []
    is_hidden = policy.hidden_hosts(connection, now)
    return [(name, until, why or "") for name, until, why in held if not is_hidden(name)]
