"""Schedules and their boosts, as rows."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from archive.db.crawling import boost, schedule
from archive.db.engine import upsert
from archive.records import OutletId
from archive.schedules import Boost, Schedule


def keep(connection: Connection, one: Schedule) -> None:
    """Note a schedule in place of the one before; its boosts stay."""
    row = {
        "outlet_id": one.outlet,
        "profile": one.profile,
        "every_seconds": _seconds(one.every),
        "cron": one.cron,
        "zone": one.zone,
        "front_page_seconds": _seconds(one.front_page),
        "set_at": one.set_at,
    }
    upsert(connection, schedule, [row], key=["outlet_id"])


def remove(connection: Connection, outlet_id: OutletId) -> bool:
    """Forget a schedule with its boosts; whether there was one."""
    connection.execute(delete(boost).where(boost.c.outlet_id == outlet_id))
    gone = delete(schedule).where(schedule.c.outlet_id == outlet_id)
    return connection.execute(gone).rowcount > 0


def add_boost(connection: Connection, outlet_id: OutletId, one: Boost) -> None:
    """Note a boost in place of one of the same name."""
    row = {
        "outlet_id": outlet_id,
        "name": one.name,
        "begins_at": one.begins_at,
        "ends_at": one.ends_at,
        "front_page_seconds": _seconds(one.front_page),
        "feed_seconds": _seconds(one.feeds),
        "every_seconds": _seconds(one.every),
        "recheck_factor": one.recheck_factor,
        "ended_at": None,
    }
    upsert(connection, boost, [row], key=["outlet_id", "name"])


def end_boost(connection: Connection, outlet_id: OutletId, name: str, at: datetime) -> bool:
    """End a boost early; whether there was one that was not over."""
    one = (
        (boost.c.outlet_id == outlet_id)
        & (boost.c.name == name)
        & boost.c.ended_at.is_(None)
        & (boost.c.ends_at > at)
    )
    return connection.execute(update(boost).where(one).values(ended_at=at)).rowcount > 0


def note_visited(connection: Connection, outlet_id: OutletId, begun_at: datetime) -> None:
    """Note when the last visit began that the schedule asked for and that came to its end."""
    one = schedule.c.outlet_id == outlet_id
    connection.execute(update(schedule).where(one).values(last_begun_at=begun_at))


def schedules(connection: Connection, only: OutletId | None = None) -> list[Schedule]:
    """Every schedule with its boosts, by outlet; or one outlet's alone."""
    boosts: defaultdict[str, list[Boost]] = defaultdict(list)
    added = select(boost).order_by(boost.c.begins_at, boost.c.name)
    kept = select(schedule).order_by(schedule.c.outlet_id)
    if only is not None:
        added = added.where(boost.c.outlet_id == only)
        kept = kept.where(schedule.c.outlet_id == only)
    for row in connection.execute(added):
        boosts[row.outlet_id].append(
            Boost(
                name=row.name,
                begins_at=row.begins_at,
                ends_at=row.ends_at,
                front_page=_delta(row.front_page_seconds),
                feeds=_delta(row.feed_seconds),
                every=_delta(row.every_seconds),
                recheck_factor=row.recheck_factor,
                ended_at=row.ended_at,
            )
        )
    return [
        Schedule(
            outlet=OutletId(row.outlet_id),
            profile=row.profile,
            every=_delta(row.every_seconds),
            cron=row.cron,
            zone=row.zone,
            front_page=_delta(row.front_page_seconds),
            set_at=row.set_at,
            last_begun_at=row.last_begun_at,
            boosts=tuple(boosts[row.outlet_id]),
        )
        for row in connection.execute(kept)
    ]


def _seconds(delta: timedelta | None) -> float | None:
    return delta.total_seconds() if delta is not None else None


def _delta(seconds: float | None) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds is not None else None
