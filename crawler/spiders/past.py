"""A visit to an outlet's past: first its listings, then a plan, then the articles, newest first.

A listing that was captured within a day is read from the archive; an older one is asked for with
what a server compares it by. What daily visits know of a listing is left as it is. Articles are
lent by the frontier, so that a backfill that is stopped goes on where it was.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from archive.records import Capture, Lease, Url, UrlKey
from archive.robotstxt import RobotsFile
from archive.settlements import Outcome
from archive.turn import Turn
from archive.urls import origin_of, urlkey
from crawler.desk import Desk
from crawler.discovery.listing import Reading, read_listing
from crawler.discovery.periods import Period
from crawler.discovery.survey import PastListing, Reach, Survey, sitemaps_in
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page
from crawler.manners.robots import RefusedByRobots
from crawler.outlets.spec import Outlet
from crawler.readers import ReadingFailed
from crawler.spiders.plan import NEVER_ASKED, PastPlan, plan_of
from crawler.stages import page_of
from crawler.visit import BORROW, LEASE_FOR, Visit

LISTING_FRESH = timedelta(days=1)
"""A plan today and the backfill itself tomorrow morning read each listing once."""
NOTED_AT_ONCE = 500
_ANSWERED = 200
_NO_ARTICLE = UrlKey("")
"""Asked for alone, it leaves what pages need to look right."""


class PastVisit(Visit):
    """Surveys, plans, and borrows what the plan says.

    Attributes:
        notes_disallowed: whether what robots.txt disallows is borrowed, too. It is refused before
            anything is sent, and so has its line in the ledger.
    """

    notes_disallowed = False

    def __init__(
        self,
        desk: Desk,
        outlet: Outlet,
        span: Period,
        *,
        limit: int | None = None,
        only_plan: bool = False,
        tell: Callable[[PastPlan], None] = lambda _: None,
        reach: Reach = Reach(),  # noqa: B008 - frozen
    ) -> None:
        super().__init__(desk, outlet, limit=limit)
        self.survey = Survey(outlet, span, reach)
        self.plan: PastPlan | None = None
        self._most = limit
        self._only_plan = only_plan
        self._tell = tell
        self._read: dict[str, PastListing] = {}
        self._compared: dict[str, Capture] = {}
        self._todo: list[UrlKey] = []
        self._has_asked_robots = False
        if not self.survey.knows_any:
            usual = Url(urljoin(outlet.home, "/sitemap.xml"))
            self.survey.add([PastListing("sitemap", usual)])

    async def settle(self, lease: Lease, outcome: Outcome, **how: Any) -> None:
        """End a lease; that of a listing is no business of the frontier."""
        if not lease.is_listing:
            await super().settle(lease, outcome, **how)
            return
        self.ended(lease, outcome, how.get("reason"))

    @property
    def listings_asked(self) -> set[Url]:
        """The listings that were asked for, and not read from the archive."""
        return {listing.url for listing in self._read.values()}

    async def take(self, lease: Lease, page: Page) -> None:
        """Read a listing that came, and end its lease."""
        reading = await self._reading(self._read[lease.token], page)
        if isinstance(reading, str):
            await self.settle(lease, "failed", reason=reading)
            return
        self.survey.take(self._read[lease.token], reading)
        await self.settle(lease, "polled")

    async def take_held(self, lease: Lease) -> None:
        """Read a listing that has not changed since it was captured."""
        reply = self.desk.archive.fetch(self._compared[lease.token].id)
        await self.take(lease, page_of(reply, self.outlet))

    async def take_none(self, lease: Lease) -> None:
        """There is no archive page for these days: nothing was printed, or nothing is listed."""
        self.survey.missing += 1
        await self.settle(lease, "polled")

    async def _borrow(self) -> list[Lease]:
        if listing := await self._next_listing():
            return [listing]
        if self.desk.stopping or any(one.is_listing for one in self._open.values()):
            return []
        if not self._has_asked_robots:
            self._has_asked_robots = True
            await self._hear_robots()
            return await self._borrow()
        if self.plan is None:
            await self._make_plan()
        if self._only_plan:
            return []
        return await self._articles() or await self._requisites()

    async def _next_listing(self) -> Lease | None:
        """The next listing to ask for; those that were captured lately are read meanwhile."""
        while listing := self.survey.next():
            if self.desk.stopping:
                return None
            seen = await self._last_seen(listing.url)
            is_there = seen is not None and seen.status == _ANSWERED
            if seen is None or not self._is_fresh(listing, seen):
                return self._lease_of(listing, seen if is_there else None)
            if not is_there and listing.kind == "section":
                self.survey.missing += 1
                continue
            if not is_there:
                return self._lease_of(listing, None)
            reply = self.desk.archive.fetch(seen.id)
            reading = await self._reading(listing, page_of(reply, self.outlet))
            if isinstance(reading, str):
                return self._lease_of(listing, None)
            self.survey.take(listing, reading)
            self.note("past/listings read from the archive")
        return None

    def _is_fresh(self, _listing: PastListing, seen: Capture) -> bool:
        """Whether a listing is read from the archive, and not asked for."""
        return seen.captured_at >= self.desk.clock.now() - LISTING_FRESH

    async def _last_seen(self, url: Url) -> Capture | None:
        return await self.desk.lane.do(lambda turn: turn.backlog.last_seen(self.outlet.oid, url))

    def _lease_of(self, listing: PastListing, seen: Capture | None) -> Lease:
        now = self.desk.clock.now()
        token = f"{self.desk.run}/{secrets.token_hex(6)}"
        self._read[token] = listing
        if seen:
            self._compared[token] = seen
        return Lease(
            token=token,
            outlet=self.outlet.oid,
            url=listing.url,
            urlkey=urlkey(listing.url),
            kind=listing.kind,
            purpose="poll",
            until=now + LEASE_FOR,
            first_sighted_at=now,
            etag=seen.etag if seen else None,
            since=seen.since if seen else None,
        )

    async def _reading(self, listing: PastListing, page: Page) -> Reading | str:
        """What a listing says, or why it says nothing."""
        task = (page, listing.kind, self.outlet.urls.article)
        try:
            reading = await self.desk.readers.read(_read, task)
        except (Unextractable, ReadingFailed) as error:
            return f"not a listing: {error}"
        if reading.problem:
            self.note("problems/listings")
            if not reading.discoveries and not reading.children and listing.kind == "sitemap":
                return reading.problem
        return reading

    async def _hear_robots(self) -> None:
        """Add the sitemaps that the outlet's robots.txt names, if it was read on the way."""
        origin = origin_of(self.outlet.home)
        file = await self.desk.lane.do(lambda turn: turn.hosts.robots_of(origin))
        if file and file.body:
            self.survey.add(sitemaps_in(file.body, self.outlet))

    async def _make_plan(self) -> None:
        survey, oid = self.survey, self.outlet.oid
        keys = self._in_order(survey.newest_first())
        known = await self.desk.lane.do(lambda turn: turn.backlog.standings(oid, keys))
        fresh = [key for key in keys if known.get(key, NEVER_ASKED) == NEVER_ASKED]
        allowed = [key for key in fresh if await self._may_ask(survey.found[key][0].url)]
        self._todo = fresh if self.notes_disallowed else allowed
        self.plan = plan_of(
            survey,
            known.values(),
            disallowed=len(fresh) - len(allowed),
            requests=len(allowed),
            failed=self.counts["listings/failed"] + self.counts["listings/refused"],
            delay=max(self.desk.pace.delay_of(self.outlet.home), self.outlet.pace.delay_seconds),
            rechecks=await self._rechecks(),
        )
        self._tell(self.plan)
        if not self._only_plan and not self.desk.stopping:
            await self._note_all()

    def _in_order(self, newest_first: list[UrlKey]) -> list[UrlKey]:
        """In which order articles are asked for."""
        return newest_first

    async def _rechecks(self) -> int:
        """How many articles are asked for again when all others have been."""
        return 0

    async def _may_ask(self, url: Url) -> bool:
        await asyncio.sleep(0)  # there may be many, and others are at work beside us
        try:
            await self.desk.robots.check(url, _unknown, self.outlet.robots)
        except RefusedByRobots:
            return False
        except LookupError:  # an origin that nobody has asked yet; it will be, before the article
            return True
        return True

    async def _note_all(self) -> None:
        """Note what was found, some at a time: the lane is not for us alone."""
        plan = self.plan
        for start in range(0, len(self._todo), NOTED_AT_ONCE):
            await self._note_some(self._todo[start : start + NOTED_AT_ONCE])
        if plan is not None:
            counts = Counter(found=plan.found, held=plan.held, requests=plan.requests)
            await self.desk.lane.do(
                lambda turn: turn.backlog.begin(self.outlet.oid, plan.first, plan.last, counts)
            )

    async def _note_some(self, keys: list[UrlKey]) -> None:
        some = [self.survey.found[key] for key in keys]

        def note(turn: Turn) -> int:
            self.days.add(self.day_of(self.desk.clock.now()))
            return turn.backlog.note(self.outlet.oid, some).new_urls

        self.note("announced", await self.desk.lane.do(note))

    async def _articles(self) -> list[Lease]:
        """The next articles of the plan."""
        while self._todo and (room := self._room()) > 0:
            some, self._todo = self._todo[:room], self._todo[room:]
            if leases := await self._lend(some):
                return leases
        return []

    async def _lend(self, keys: list[UrlKey]) -> list[Lease]:
        oid, holder = self.outlet.oid, self.desk.run
        return await self.desk.lane.do(
            lambda turn: turn.backlog.lease(oid, keys, for_=LEASE_FOR, holder=holder)
        )

    def _room(self) -> int:
        """How many articles may be borrowed; with a limit, no more than are wanted still."""
        if self._most is None:
            return BORROW
        done = self.counts["articles/new"] + self.counts["articles/changed"]
        running = sum(1 for one in self._open.values() if one.kind == "article")
        return min(BORROW, self._most - done - running)

    async def _requisites(self) -> list[Lease]:
        """What the pages need to look right, once there is no article to fetch."""
        if self.outlet.requisites.policy == "none" or any(
            one.kind == "article" for one in self._open.values()
        ):
            return []
        return await self.desk.lane.do(
            lambda turn: turn.lease(
                self.outlet.oid,
                limit=BORROW,
                for_=LEASE_FOR,
                holder=self.desk.run,
                only=_NO_ARTICLE,
            )
        )


async def _unknown(origin: str) -> RobotsFile:
    raise LookupError(origin)


def _read(task: tuple[Page, str, tuple[str, ...]]) -> Reading:
    """In a worker process."""
    page, declared, patterns = task
    return read_listing(page, declared=declared, article_patterns=patterns)  # type: ignore[arg-type]
