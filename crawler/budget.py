"""What a schedule costs: requests a day, as a share of what the outlet's pace allows; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from archive.schedules import Schedule
from crawler import cadence
from crawler.timetable import instants, tempo_at

DAY = timedelta(days=1)
LOOKED_AT = timedelta(days=28)
"""Over how long the instants of a schedule are counted: a cron line may be of one day a week."""
SUPPOSED = 30.0
"""Articles a day of an outlet of which nothing is known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Requests a day at most; `share` of one request each `delay_seconds`, 1.0 is all of it."""

    listings: float
    articles: float
    rechecks: float
    delay_seconds: float

    @property
    def requests(self) -> float:
        """All of them."""
        return self.listings + self.articles + self.rechecks

    @property
    def share(self) -> float:
        """Of what the pace allows; more than 1.0 is more than there is time for."""
        return self.requests * self.delay_seconds / DAY.total_seconds()


def budget(
    schedule: Schedule,
    kinds: Sequence[str],
    *,
    articles_a_day: float,
    delay_seconds: float,
    now: datetime,
) -> Budget:
    """What a schedule may cost.

    Args:
        schedule: the schedule.
        kinds: of each listing: `feed`, `sitemap` or `section`.
        articles_a_day: how many are announced.
        delay_seconds: between two requests to the outlet's host.
        now: boosts that are on count.
    """
    tempo = tempo_at(schedule, now)
    gap = _gap(schedule, now)
    polls = 0.0
    for kind in kinds:
        fixed = tempo.section_every if kind == "section" else None
        polls += DAY / (gap or fixed or tempo.shortest)
    return Budget(
        listings=polls,
        articles=articles_a_day,
        rechecks=articles_a_day * _rechecks(tempo.recheck_factor, gap),
        delay_seconds=delay_seconds,
    )


def _gap(schedule: Schedule, now: datetime) -> timedelta | None:
    """The mean time between two visits at fixed instants; None if the frontier decides."""
    if schedule.profile is not None:
        return None
    until = now + LOOKED_AT
    number = sum(1 for _ in takewhile(lambda at: at <= until, instants(schedule, now)))
    return LOOKED_AT / max(number, 1)


def _rechecks(factor: float, gap: timedelta | None) -> float:
    """How often an article that never changes is looked at again, all its life."""
    born = at = datetime(2026, 1, 1, tzinfo=UTC)
    number = 0
    while (due := cadence.recheck(at, born, number, factor).at) is not None:
        step = due - at
        at += max(step, gap) if gap else step
        number += 1
    return number
