"""A visit to all of an outlet's past, the newest and the oldest first, and how far it has come.

What is newest nobody else has yet; what is oldest is the first that a closing paper takes away. So
articles are borrowed from both ends in turn, and whenever a rescue is cut short, the middle lacks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, zip_longest

from archive.records import Capture, Lease, UrlKey
from archive.settlements import CAPTURED, Outcome
from crawler.desk import Desk
from crawler.discovery.periods import EARLIEST_YEAR, Period
from crawler.discovery.survey import PastListing, Reach
from crawler.outlets.spec import Outlet
from crawler.spiders.past import PastVisit
from crawler.spiders.plan import PastPlan

FAR = Reach(listings=20_000, found=500_000, quiet_days=400, takes_undated=True)
"""Daily archive pages of fifty years; half a million articles take a month at five seconds each. A
year and a bit, for some papers list only the years in which they printed."""
SETTLED, OLD_FRESH = timedelta(days=7), timedelta(days=30)
"""A listing whose days were over by so much does not change; it is believed for so long."""
TOLD_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Headway:
    """How far a rescue has come: articles, and the seconds that are left at the pace."""

    done: int
    left: int
    refused: int
    failed: int
    seconds: float

    def __str__(self) -> str:
        ends = f"{self.seconds / 3600:.1f} h" if self.seconds >= 3600 else f"{self.seconds:.0f} s"  # noqa: PLR2004 - an hour
        return (
            f"{self.done:,} done, {self.left:,} left, {self.refused:,} refused, "
            f"{self.failed:,} failed; {ends} left at the pace"
        )


def headway(plan: PastPlan, counts: Mapping[str, int], delay: float) -> Headway:
    """How far a rescue has come by its plan.

    Args:
        plan: what it set out to do.
        counts: what came of articles so far.
        delay: seconds between two requests, as they are now.
    """
    done = sum(counts.get(f"articles/{outcome}", 0) for outcome in CAPTURED)
    refused, failed = (counts.get(f"articles/{how}", 0) for how in ("refused", "failed"))
    total = plan.requests + plan.disallowed + plan.rechecks
    left = max(total - done - refused - failed, 0)
    return Headway(done=done, left=left, refused=refused, failed=failed, seconds=left * delay)


class RescueVisit(PastVisit):
    """Surveys all of the past, and borrows it from both ends."""

    notes_disallowed = True

    def __init__(
        self,
        desk: Desk,
        outlet: Outlet,
        last: date,
        *,
        since: datetime,
        only_plan: bool = False,
        tell: Callable[[PastPlan], None] = lambda _: None,
        reach: Reach = FAR,
        tell_headway: Callable[[Headway], None] = lambda _: None,
    ) -> None:
        span = Period(date(EARLIEST_YEAR, 1, 1), last)
        super().__init__(desk, outlet, span, only_plan=only_plan, tell=tell, reach=reach)
        self._since = since
        self._tell_headway = tell_headway

    def ended(self, lease: Lease, outcome: Outcome, reason: str | None = None) -> None:
        """Count a lease that has been settled; now and then say how far this is."""
        super().ended(lease, outcome, reason)
        ended = sum(n for name, n in self.counts.items() if _is_total(name))
        if self.plan and lease.kind == "article" and ended % TOLD_EVERY == 0:
            self._tell_headway(headway(self.plan, self.counts, self.delay))

    @property
    def delay(self) -> float:
        """Seconds between two requests, as far as is known."""
        known = self.desk.pace.delay_of(self.outlet.home)
        return max(known, self.outlet.pace.delay_seconds)

    def _in_order(self, newest_first: list[UrlKey]) -> list[UrlKey]:
        return alternately(newest_first)

    def _is_fresh(self, listing: PastListing, seen: Capture) -> bool:
        if super()._is_fresh(listing, seen):
            return True
        age = self.desk.clock.now() - seen.captured_at
        is_over = listing.period and listing.period.last < seen.captured_at.date() - SETTLED
        return bool(is_over) and age < OLD_FRESH

    async def _rechecks(self) -> int:
        oid, since = self.outlet.oid, self._since
        return await self.desk.lane.do(lambda turn: turn.backlog.unseen(oid, since))


def alternately(newest_first: list[UrlKey]) -> list[UrlKey]:
    """The first, the last, the second, the last but one, and so on to the middle."""
    half = (len(newest_first) + 1) // 2
    pairs = zip_longest(newest_first[:half], reversed(newest_first[half:]))
    return [key for key in chain.from_iterable(pairs) if key is not None]


def _is_total(name: str) -> bool:
    return name.startswith("articles/") and name.count("/") == 1
