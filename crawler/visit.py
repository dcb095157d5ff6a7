"""One outlet's visit within a run: what it borrowed from the frontier, and how each ended.

Every lease ends exactly once, and is counted with its outcome and its reason; what is still
borrowed when a visit is stopped is given back.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from archive.records import ArticleId, Capture, Discovery, Lease, Url, UrlKey
from archive.remarks import Remark
from archive.settlements import Outcome, Settlement
from archive.turn import Turn
from archive.urls import origin_of, urlkey
from crawler.again import End, Polled, settlement
from crawler.cadence import Tempo
from crawler.desk import DISK_FULL, Desk
from crawler.errand import Errand
from crawler.extract.memory import OutletMemory
from crawler.outlets.spec import Outlet
from crawler.quota import Quota
from crawler.requisites.requisite import Requisite
from crawler.requisites.wanted import Allowance, wanted

logger = logging.getLogger(__name__)

LEASE_FOR = timedelta(minutes=15)
BORROW = 8
"""Leases taken at a time: at five seconds each they are over long before they expire."""
_HOPS = {"article": "L", "requisite": "LE"}
"""How Heritrix writes the way from a seed: a link, and what is embedded in a page."""
IN_FLIGHT = 8
"""Fetched or being read at once; the host itself is only ever asked for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one run does: an outlet, and whether all that is due or one article of it.

    Attributes:
        tempo: how eagerly the outlet is followed.
        makes_due: whether all its listings are due at once, whatever the frontier says.
    """

    outlet: Outlet
    only: Url | None = None
    tempo: Tempo = Tempo()  # noqa: RUF009 - frozen
    makes_due: bool = True


class Visit:
    """Borrows, settles and counts for one outlet."""

    def __init__(
        self,
        desk: Desk,
        outlet: Outlet,
        *,
        limit: int | None = None,
        only: UrlKey | None = None,
        quota: Quota | None = None,
        tempo: Tempo = Tempo(),  # noqa: B008 - frozen
    ) -> None:
        self.desk = desk
        self.outlet = outlet
        self.tempo = tempo
        self.memory: OutletMemory | None = None
        """What is known of the outlet's pages; the same from a visit's beginning to its end."""
        self.began_at = desk.clock.now()
        self.counts: Counter[str] = Counter()
        self.misses: list[tuple[Url, str, str]] = []
        """URL, outcome and reason of every lease that brought no article and should have."""
        self.held_until: datetime | None = None
        self.doing = ""
        """The URL that was started last."""
        self.quota_reached: str | None = None
        """The quota that ended it early."""
        self.allowance = Allowance(outlet.requisites)
        self._quota = quota or Quota()
        self._before = (desk.pages[outlet.oid], desk.bytes[outlet.oid])
        self.days: set[date] = set()
        """The days, in the outlet's zone, whose ledger this visit has had a hand in."""
        self.origins: set[str] = set()
        """Whose robots.txt was to be obeyed."""
        self.faults: list[str] = []
        """What does not balance at its end."""
        self.remarks: list[Remark] = []
        """What it has to say of itself at its end."""
        self._digest = outlet.digest
        self._declared = {urlkey(url) for _, url in outlet.listing_urls()}
        self._limit = limit
        self._only = only
        self._taken = 0
        self._borrowed: list[Lease] = []
        self._open: dict[str, Lease] = {}
        self._changed = asyncio.Event()

    async def next(self) -> Lease | None:
        """The next thing to fetch, newest first; None when nothing is due and all has ended."""
        while True:
            if self._may_start() and len(self._open) < IN_FLIGHT:
                if not self._borrowed:
                    self._borrowed = await self._borrow()
                if self._borrowed and self._waits_for_listings():
                    self._changed.clear()
                    borrowed, self._borrowed = self._borrowed, []
                    await self._give_back(borrowed)
                    await self._changed.wait()
                    continue
                if self._borrowed and not self._waits_for_requisite():
                    return self._start(self._borrowed.pop(0))
            if not self._open:
                await self.give_back()
                return None
            self._changed.clear()
            await self._changed.wait()

    def errand(self, lease: Lease) -> Errand:
        """Why a lease's request is made."""
        hops = _HOPS.get(lease.kind, "")
        return Errand(
            outlet=self.outlet.oid,
            config_digest=self._digest,
            lease=lease,
            hops=hops,
            delay_seconds=self.outlet.pace.delay_seconds,
            robots=self.outlet.robots,
            visit_at=self.began_at,
        )

    async def settle(
        self,
        lease: Lease,
        outcome: Outcome,
        *,
        reason: str | None = None,
        capture: Capture | None = None,
        act: Callable[[Turn], Polled | None] | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """End a lease; `act` is done before it, in the same turn, and may say what a poll brought.

        `not_before` is until when its host is left alone.
        """

        def end(turn: Turn) -> None:
            polled = act(turn) if act else None
            self.end(
                turn,
                lease,
                outcome,
                reason=reason,
                capture=capture,
                polled=polled,
                not_before=not_before,
            )

        await self.desk.lane.do(end)
        self.ended(lease, outcome, reason)

    def end(
        self,
        turn: Turn,
        lease: Lease,
        outcome: Outcome,
        *,
        reason: str | None = None,
        capture: Capture | None = None,
        article: ArticleId | None = None,
        polled: Polled | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Settle a lease within a turn; `ended` must follow once the turn is durable."""
        if lease.kind == "article":
            self.days.add(self.day_of(lease.first_sighted_at))
        end = End(
            lease=lease,
            outcome=outcome,
            reason=reason,
            capture=capture,
            article=article,
            polled=polled,
            is_declared=lease.urlkey in self._declared,
            not_before=not_before,
        )
        turn.settle(settlement(end, self.desk.clock.now(), self.tempo))

    def ended(self, lease: Lease, outcome: Outcome, reason: str | None = None) -> None:
        """Count a lease that has been settled, and let the next one start."""
        if self._open.pop(lease.token, None) is None:
            return
        room = lease.room
        self._count(f"{room}/{outcome}")
        if reason and outcome not in ("new", "changed", "same", "polled", "unchanged"):
            self._count(f"{room}/{outcome}/{reason.split(' (')[0][:80]}")
            if outcome not in ("released", "gone") and room != "requisites":
                self.misses.append((lease.url, outcome, reason))
        self._changed.set()

    async def broke(self, lease: Lease, error: BaseException) -> None:
        """Something of ours broke on a page: its lease ends as failed, the visit goes on.

        Not if the disk is full: reading needs temporary files, and no page is to blame for that.
        """
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            self.desk.give_up(error)
        logger.error("%s broke: %r", lease.url, error, exc_info=error)
        reason = f"broke: {type(error).__name__} ({str(error)[:200]})"
        try:
            if not self.desk.fatal:
                await self.settle(lease, "failed", reason=reason)
        except Exception as failure:  # noqa: BLE001 - the lane has told the desk already
            reason = str(failure)
        self.ended(lease, "released", self.desk.fatal or reason)

    async def release(self, lease: Lease, reason: str, until: datetime | None = None) -> None:
        """Give a lease back unused; it stays due."""
        self.held_until = until or self.held_until
        settlement = Settlement(token=lease.token, outcome="released", reason=reason)
        await self.desk.lane.do(lambda turn: turn.settle(settlement))
        self.ended(lease, "released", reason)

    async def give_back(self) -> None:
        """Give back everything that is still borrowed."""
        waiting = [*self._borrowed, *self._open.values()]
        self._borrowed = []
        self._open = {}
        await self._give_back(waiting)

    def furnish(
        self,
        turn: Turn,
        capture: Capture,
        found: Sequence[Requisite],
        *,
        depth: int,
        page: Url | None = None,
    ) -> None:
        """Make due what a captured page or style sheet needs to look right; `page` is whose."""
        rules = self.outlet.requisites
        needed = [
            Discovery(url=url, listing=page or capture.url, kind="page", position=depth)
            for url in wanted(found, page or capture.url, rules)
        ]
        turn.need(self.outlet.oid, capture.id, needed, timedelta(days=rules.fresh_days))

    def note(self, name: str, number: int = 1) -> None:
        """Count something else that happened."""
        self._count(name, number)

    def poke(self) -> None:
        """Look again whether to go on: the run was asked to stop, say."""
        self._changed.set()

    @property
    def is_open(self) -> bool:
        """Whether something is under way."""
        return bool(self._open)

    @property
    def is_balanced(self) -> bool:
        """Whether everything that was started has ended."""
        ended = sum(
            number
            for name, number in self.counts.items()
            if name.count("/") == 1 and name.startswith(("articles/", "listings/", "requisites/"))
        )
        return not self._open and ended == self._taken

    def _may_start(self) -> bool:
        return not self.desk.stopping and self.held_until is None and not self._is_spent()

    def _is_spent(self) -> bool:
        """Whether a quota is reached, what is under way counted in."""
        if self.quota_reached is None:
            pages = self.desk.pages[self.outlet.oid] - self._before[0] + len(self._open)
            size = self.desk.bytes[self.outlet.oid] - self._before[1]
            self.quota_reached = self._quota.reached(pages, size, self.desk.clock.now())
            if self.quota_reached:
                self.note(f"quota/{self.quota_reached}")
        return self.quota_reached is not None

    def _waits_for_listings(self) -> bool:
        """With a limit, whether a listing is being read that may name newer articles than these."""
        if self._limit is None or self._borrowed[0].kind != "article":
            return False
        return any(one.is_listing for one in self._open.values())

    def _waits_for_requisite(self) -> bool:
        """Whether a requisite is under way: what a page has had is known only when it is there."""
        return self._borrowed[0].kind == "requisite" and any(
            one.kind == "requisite" for one in self._open.values()
        )

    async def _give_back(self, leases: list[Lease]) -> None:
        if leases:
            tokens = [Settlement(token=one.token, outcome="released") for one in leases]
            await self.desk.lane.do(lambda turn: [turn.settle(one) for one in tokens])

    def _start(self, lease: Lease) -> Lease:
        self._open[lease.token] = lease
        self.doing = lease.url
        self.origins.add(origin_of(lease.url))
        self._taken += 1
        return lease

    async def _borrow(self) -> list[Lease]:
        left = BORROW
        if self._limit is not None:
            done = sum(self.counts[f"articles/{o}"] for o in ("new", "changed"))
            running = sum(1 for one in self._open.values() if one.kind == "article")
            left = min(BORROW, self._limit - done - running)
            if left <= 0 and running:
                return []  # one of them may fail, and another take its place
        return await self.desk.lane.do(
            lambda turn: turn.lease(
                self.outlet.oid,
                limit=max(left, 1),
                for_=LEASE_FOR,
                only=self._only,
                holder=self.desk.run,
                without_articles=left <= 0,
            )
        )

    def day_of(self, instant: datetime) -> date:
        """The outlet's own day of an instant."""
        return instant.astimezone(self.outlet.tz or UTC).date()

    def _count(self, name: str, number: int = 1) -> None:
        self.counts[name] += number
        self.desk.counts[name] += number


def prepare(turn: Turn, plan: Plan) -> None:
    """Note the outlet as declared, and make due what this visit is for."""
    outlet = plan.outlet
    listings = outlet.listing_urls() if plan.only is None else None
    turn.sync_outlet(outlet.declaration, listings, makes_due=plan.makes_due)
    if plan.only is not None:
        turn.ask_for(outlet.oid, plan.only)
