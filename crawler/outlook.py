"""What a schedule will do, told: when next, at what cost, and how it ends."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from archive.console import clean, out
from archive.counting import many
from archive.query.schedules import (
    articles_a_day,
    delay_of,
    next_dues,
    upcoming,
)
from archive.schedules import Boost, Schedule, schedule_as_json
from archive.store import Archive
from archive.urls import host_of
from crawler.budget import SUPPOSED, Budget, budget
from crawler.cadence import Tempo
from crawler.outlets.spec import Outlet
from crawler.timetable import due_at, instants, tempo_at

NEXT_RUNS = 3
_POLICY = "overlap: skipped, caught up after · missed while nothing ran: one catch-up visit"


def describe(archive: Archive, outlet: Outlet, one: Schedule) -> dict[str, Any]:
    """What a schedule will do, when next, and what it may cost; for people and as JSON."""
    zone, now = ZoneInfo(one.zone), archive.clock.now()
    with archive.reading() as connection:
        frontier_due = next_dues(connection, [one.outlet])[one.outlet]
        begun = one.profile and one.last_begun_at
        coming = upcoming(connection, one.outlet, archive.clock.now()) if begun else []
        known = articles_a_day(connection, one.outlet, now)
        asked = delay_of(connection, host_of(outlet.home)) or 0.0
    first = max(due_at(one, frontier_due), now)
    runs = [first]
    if one.profile is None:
        following = instants(one, first)
        runs += [next(following) for _ in range(NEXT_RUNS - 1)]
    spends = spending(outlet, one, now, articles_a_day=known, delay_seconds=asked)
    return {
        "does": _does(one, tempo_at(one, now)),
        **schedule_as_json(one),
        "next": [at.astimezone(zone) for at in runs],
        "upcoming": [
            {"at": max(each.at, now).astimezone(zone), "what": each.what, "url": each.url,
             "number": each.number}
            for each in coming
        ],
        "requests_a_day": round(spends.requests),
        "share_of_pace": round(spends.share, 3),
        "delay_seconds": spends.delay_seconds,
        "boosts": [
            {"name": each.name, "from": each.begins_at.astimezone(zone),
             "until": (each.ended_at or each.ends_at).astimezone(zone),
             "state": _state(each, now)}
            for each in one.boosts
        ],
    }  # fmt: skip


def spending(
    outlet: Outlet,
    one: Schedule,
    now: datetime,
    *,
    articles_a_day: float | None = None,
    delay_seconds: float = 0.0,
) -> Budget:
    """What the schedule may cost, by what is known of the outlet so far."""
    expected = outlet.expect.articles_per_day
    supposed = sum(expected) / 2 if expected else SUPPOSED
    return budget(
        one,
        [kind for kind, _ in outlet.listing_urls()],
        articles_a_day=supposed if articles_a_day is None else articles_a_day,
        delay_seconds=max(delay_seconds, outlet.pace.delay_seconds),
        now=now,
    )


def _does(one: Schedule, tempo: Tempo) -> str:
    if one.every is not None:
        return f"visited every {said(one.every)}; every listing is asked for each time"
    if one.cron is not None:
        return f"visited at {one.cron} in {one.zone}; every listing is asked for each time"
    bounds = f"{said(tempo.shortest)} .. {said(tempo.longest)}"
    parts = [f"{one.profile}: feeds and sitemaps adaptive ({bounds})"]
    parts += [f"front page every {said(tempo.section_every)}"] if tempo.section_every else []
    often = f" {tempo.recheck_factor:g} times as often" if tempo.recheck_factor != 1 else ""
    return ", ".join(parts) + f", rechecks by age{often}"


def said(delta: timedelta) -> str:
    """A duration as it may be typed."""
    left = int(delta.total_seconds())
    parts = []
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        number, left = divmod(left, seconds)
        parts += [f"{number}{unit}"] if number else []
    return "".join(parts) or "0s"


def _state(boost: Boost, now: datetime) -> str:
    if boost.is_on(now):
        return "on"
    return "to come" if now < boost.begins_at and boost.ended_at is None else "over"


def print_outlook(told: dict[str, Any], where: Path) -> None:
    """An outlook for people."""
    out.print(Text(f"{told['outlet']}: {clean(told['does'])}"))
    runs = [
        f"{iso(one['at'])} {_what(one)}" for one in told["upcoming"]
    ] or [iso(at) for at in told["next"]]  # fmt: skip
    out.print(Text(clean("next:  " + " · ".join(runs))))
    share = told["share_of_pace"]
    out.print(
        f"budget: up to {many(told['requests_a_day'], 'request')} a day, "
        f"{share:.0%} of what one each {told['delay_seconds']:g} s allows"
    )
    if share > 1:
        out.print(Text("  more than there is time for: some rechecks will come late", "yellow"))
    out.print(_POLICY)
    for one in told["boosts"]:
        span = f"{iso(one['from'])} .. {iso(one['until'])}"
        ends = "" if one["state"] == "over" else ", ends by itself"
        out.print(Text(clean(f"boost {one['name']}: {span} ({one['state']}){ends}")))
    at = "" if where == Path() else f" -A {where}"
    out.print(f"ends with: kliping schedule{at} remove {told['outlet']}")
    out.print(f"Next:  kliping run{at}")


def _what(one: dict[str, Any]) -> str:
    if one["what"] == "article":
        return many(one["number"], "article")
    return f"{one['what']} {one['url']}"


def iso(instant: datetime) -> str:
    """An instant with its offset, to the minute."""
    return instant.isoformat(timespec="minutes")
