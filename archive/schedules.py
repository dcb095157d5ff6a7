"""Schedules: which outlets are visited again and again, and what is done more often for a while.

A schedule says one of three things: a profile (adaptive, `crawler.timetable` knows them), an
interval, or a cron line. A boost makes it denser between two instants, and then is over by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.records import OutletId


@dataclass(frozen=True, slots=True, kw_only=True)
class Boost:
    """What is done more often from `begins_at` until `ends_at`, not included.

    Attributes:
        front_page: how often front and section pages are asked for.
        feeds: how often feeds and sitemaps are, at least.
        every: how often the outlet is visited, if its schedule is an interval or a cron line.
        recheck_factor: 3.0 is: articles are looked at three times as often.
        ended_at: when a person ended it early.
    """

    name: str
    begins_at: datetime
    ends_at: datetime
    front_page: timedelta | None = None
    feeds: timedelta | None = None
    every: timedelta | None = None
    recheck_factor: float = 1.0
    ended_at: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        """Whether it counts at this instant."""
        return self.begins_at <= now < (self.ended_at or self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One outlet's schedule: a `profile`, `every` so often, or a `cron` line read in `zone`.

    Attributes:
        front_page: how often front and section pages are asked for; with a profile alone.
        set_at: since when it counts.
        last_begun_at: when the last visit that it asked for, and that came to its end, began.

    Raises:
        ValueError: if it says none of the three, or more than one.
    """

    outlet: OutletId
    profile: str | None = None
    every: timedelta | None = None
    cron: str | None = None
    zone: str = "UTC"
    front_page: timedelta | None = None
    set_at: datetime
    last_begun_at: datetime | None = None
    boosts: tuple[Boost, ...] = ()

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.profile, self.every, self.cron)) != 1:
            raise ValueError("a schedule is a profile, an interval or a cron line: one of them")


def schedule_as_json(one: Schedule) -> dict[str, Any]:
    """A schedule as the journal keeps it; its boosts are acts of their own."""
    return {
        "outlet": one.outlet,
        "profile": one.profile,
        "every": _seconds(one.every),
        "cron": one.cron,
        "zone": one.zone,
        "front_page": _seconds(one.front_page),
    }


def schedule_from_json(said: Mapping[str, Any], set_at: datetime) -> Schedule:
    """The way back."""
    return Schedule(
        outlet=OutletId(said["outlet"]),
        profile=said["profile"],
        every=_delta(said["every"]),
        cron=said["cron"],
        zone=said["zone"],
        front_page=_delta(said["front_page"]),
        set_at=set_at,
    )


def boost_as_json(one: Boost) -> dict[str, Any]:
    """A boost as the journal keeps it."""
    return {
        "name": one.name,
        "begins_at": one.begins_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
        "front_page": _seconds(one.front_page),
        "feeds": _seconds(one.feeds),
        "every": _seconds(one.every),
        "recheck_factor": one.recheck_factor,
    }


def boost_from_json(said: Mapping[str, Any]) -> Boost:
    """The way back."""
    return Boost(
        name=said["name"],
        begins_at=datetime.fromisoformat(said["begins_at"]),
        ends_at=datetime.fromisoformat(said["ends_at"]),
        front_page=_delta(said["front_page"]),
        feeds=_delta(said["feeds"]),
        every=_delta(said["every"]),
        recheck_factor=float(said["recheck_factor"]),
    )


def _seconds(delta: timedelta | None) -> float | None:
    return delta.total_seconds() if delta is not None else None


def _delta(seconds: float | None) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds is not None else None
