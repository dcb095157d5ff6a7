"""What a host has been promised, shared by all runs and remembered over restarts."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from archive.db.crawling import host as table
from archive.db.crawling import robots
from archive.db.engine import insert_or_ignore, upsert
from archive.records import RobotsFile

LONGEST_QUEUE = timedelta(minutes=15)
"""A turn that is promised for later than this was promised before the clock stepped backwards."""


def reserve(connection: Connection, name: str, *, delay: timedelta, now: datetime) -> datetime:
    """Take the host's next turn: when the caller may go. The turn after it is `delay` later."""
    insert_or_ignore(connection, table, [{"host": name, "failures": 0}])
    statement = select(table.c.next_allowed_at, table.c.held_until).where(table.c.host == name)
    allowed, held = connection.execute(statement.with_for_update()).one()
    soonest = max(now, held or now)
    if allowed and allowed > soonest + LONGEST_QUEUE:
        allowed = soonest + delay
    at = max(soonest, allowed or soonest)
    values = {"next_allowed_at": at + delay, "delay_seconds": delay.total_seconds()}
    connection.execute(update(table).where(table.c.host == name).values(values))
    return at


def hold(connection: Connection, name: str, *, until: datetime, reason: str) -> None:
    """Ask nothing of the host before `until`; an earlier promise is never shortened."""
    insert_or_ignore(connection, table, [{"host": name, "failures": 0}])
    held, failures = connection.execute(
        select(table.c.held_until, table.c.failures).where(table.c.host == name)
    ).one()
    values = {
        "held_until": max(until, held) if held else until,
        "reason": reason,
        "failures": failures + 1,
    }
    connection.execute(update(table).where(table.c.host == name).values(values))


def held_until(connection: Connection, name: str) -> tuple[datetime | None, str | None, int]:
    """Until when the host is left alone, why, and how often in a row it asked for that."""
    statement = select(table.c.held_until, table.c.reason, table.c.failures).where(
        table.c.host == name
    )
    row = connection.execute(statement).first()
    return (row[0], row[1], row[2]) if row else (None, None, 0)


def well(connection: Connection, name: str) -> None:
    """The host answered as it should: its failures are forgotten."""
    ill = (table.c.host == name) & (table.c.failures > 0)
    connection.execute(update(table).where(ill).values(failures=0, held_until=None, reason=None))


def robots_of(connection: Connection, origin: str) -> RobotsFile | None:
    """The robots.txt of an origin, as last fetched."""
    statement = select(
        robots.c.fetched_at, robots.c.status, robots.c.body, robots.c.capture_id
    ).where(robots.c.origin == origin)
    row = connection.execute(statement).first()
    if row is None:
        return None
    fetched_at, status, body, capture_id = row
    return RobotsFile(
        origin=origin, fetched_at=fetched_at, status=status, body=body, capture=capture_id
    )


def keep_robots(connection: Connection, file: RobotsFile) -> None:
    """Remember a robots.txt in place of the one before."""
    row = {
        "origin": file.origin,
        "fetched_at": file.fetched_at,
        "status": file.status,
        "body": file.body,
        "capture_id": file.capture,
    }
    upsert(connection, robots, [row], key=["origin"])
