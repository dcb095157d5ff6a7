"""When an outlet is visited by its schedule, and how densely it is looked at; pure.

    a profile     when the frontier says that something of it is due
    an interval   at instants so far apart, counted from when the schedule was set
    a cron line   at the instants it names, in its zone

Instants that were missed, because a visit was under way or nothing ran, are made up for by one
visit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from archive.schedules import Boost, Schedule
from crawler.cadence import Tempo


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A schedule by name: how densely, and for what."""

    tempo: Tempo
    words: str


PROFILES = {
    "daily-news": Profile(tempo=Tempo(), words="a paper that prints all day"),
    "front-page": Profile(
        tempo=Tempo(
            shortest=timedelta(minutes=10),
            longest=timedelta(hours=1),
            section_every=timedelta(minutes=15),
        ),
        words="what stands on the front page, and for how long",
    ),
    "event": Profile(
        tempo=Tempo(
            shortest=timedelta(minutes=5),
            longest=timedelta(minutes=30),
            section_every=timedelta(minutes=10),
            recheck_factor=2.0,
        ),
        words="an election, a flood: edits are expected",
    ),
}
"""They differ in how densely they look; none of the numbers is measured."""


def boosts_on(schedule: Schedule, now: datetime) -> tuple[Boost, ...]:
    """The boosts that count now."""
    return tuple(one for one in schedule.boosts if one.is_on(now))


def tempo_at(schedule: Schedule, now: datetime) -> Tempo:
    """How densely the outlet is looked at now: its profile's tempo, made denser by boosts."""
    profile = PROFILES.get(schedule.profile or "")
    tempo = profile.tempo if profile else Tempo()
    if schedule.front_page:
        tempo = replace(tempo, section_every=schedule.front_page)
    for one in boosts_on(schedule, now):
        tempo = replace(
            tempo,
            section_every=_denser(tempo.section_every, one.front_page),
            longest=min(tempo.longest, one.feeds or tempo.longest),
            shortest=min(tempo.shortest, one.feeds or tempo.shortest),
            recheck_factor=max(tempo.recheck_factor, one.recheck_factor),
        )
    return tempo


def makes_due(schedule: Schedule, now: datetime) -> bool:
    """Whether a visit that begins now asks for every listing, or only for what is due.

    It does at the instants of an interval or a cron line, and once when a boost begins: what was
    settled before was given its time by the tempo of before.
    """
    since = schedule.last_begun_at or schedule.set_at
    return schedule.profile is None or any(
        one.begins_at > since for one in boosts_on(schedule, now)
    )


def due_at(schedule: Schedule, frontier_due: datetime | None) -> datetime:
    """When the outlet is to be visited next, or was to be.

    Args:
        schedule: its schedule.
        frontier_due: when the frontier says that something of it is due; None is never.
    """
    last = schedule.last_begun_at
    begin = last or schedule.set_at
    starts = [
        one.begins_at
        for one in schedule.boosts
        if one.begins_at > begin and one.is_on(one.begins_at)
    ]
    if schedule.profile is not None:
        if last is None:
            return schedule.set_at
        # its file may name other listings by now, so it is looked in on all the same
        idle = last + tempo_at(schedule, last).longest
        return min([idle, *starts, *([frontier_due] if frontier_due else [])])
    return min([next(instants(schedule, begin, is_first=last is None)), *starts])


def instants(schedule: Schedule, after: datetime, *, is_first: bool = False) -> Iterator[datetime]:
    """The instants of an interval or a cron line after one, boosts counted in.

    With `is_first`, those of an interval begin with the very instant that it was set.
    """
    while True:
        following = _following(schedule, after, is_first=is_first)
        boosted = [
            at
            for one in schedule.boosts
            if one.every and one.is_on(at := _on_grid(one.begins_at, one.every, after))
        ]
        after = min([following, *boosted])
        is_first = False
        yield after


def _following(schedule: Schedule, after: datetime, *, is_first: bool) -> datetime:
    if schedule.every is not None:
        if is_first:
            return schedule.set_at
        return _on_grid(schedule.set_at, schedule.every, after)
    if schedule.cron is None:
        raise ValueError("a profile has no instants of its own")
    return next(CronSim(schedule.cron, after.astimezone(ZoneInfo(schedule.zone)))).astimezone(UTC)


def _on_grid(origin: datetime, step: timedelta, after: datetime) -> datetime:
    """The first of `origin`, `origin + step` … that is later than `after`."""
    if after < origin:
        return origin
    return origin + step * ((after - origin) // step + 1)


def _denser(one: timedelta | None, other: timedelta | None) -> timedelta | None:
    given = [each for each in (one, other) if each is not None]
    return min(given) if given else None
