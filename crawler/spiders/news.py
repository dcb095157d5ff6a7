"""The news spider: fetches what is due of one outlet, newest first, until nothing is.

    scrapy crawl news -a outlet=ID        in an archive directory

It parses nothing itself: listings and articles are read in worker processes, and articles go on
through the pipelines.
"""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive.moments import end_of
from archive.records import Capture, Lease, Moment, Url
from archive.signals import Statement
from archive.turn import Turn
from archive.urls import urlkey
from crawler import cadence
from crawler.again import Polled
from crawler.cadence import GONE_CHECKS
from crawler.capture.ask import statements_about
from crawler.discovery.judged import label
from crawler.discovery.listing import Reading
from crawler.discovery.periods import period_in
from crawler.discovery.sitemaps import Child
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page
from crawler.heard import Heard, hear
from crawler.manners.guard import AddressRefused
from crawler.manners.pace import HostHeld, RunStopped
from crawler.manners.robots import RefusedByRobots
from crawler.readers import ReadingFailed
from crawler.spiders import alone, furnish
from crawler.stages import Fetched
from crawler.visit import Visit

CHILDREN_AT_ONCE = 20
"""Sitemaps of one index that are due at once, the newest first; the others come after them. The
past is the business of a backfill."""
CHILD_FRESH = timedelta(days=3)

_GONE = (404, 410)
_ANSWERED = 200
_NOT_MODIFIED = 304


class NewsSpider(Spider):
    """Visits one outlet."""

    name = "news"

    def __init__(self, visit: Visit, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.visit = visit
        self.desk = visit.desk

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Under `scrapy crawl`, say who asks as the archive in this directory says."""
        super().update_settings(settings)
        alone.prepare_settings(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """As Scrapy makes it; with `-a outlet=ID` instead of a visit it opens its own desk."""
        if "visit" not in kwargs:
            kwargs["visit"] = alone.open_visit(crawler, kwargs.pop("outlet", None))
        return super().from_crawler(crawler, *args, **kwargs)

    async def start(self) -> AsyncIterator[Any]:
        """Lease by lease, as fast as the host's pace allows."""
        while (lease := await self.visit.next()) is not None:
            if not await furnish.refused(self.visit, lease):
                yield self.request(lease)

    def request(self, lease: Lease) -> Request:
        """The request for a lease, conditional if we hold something to compare with."""
        headers: dict[str, bytes] = {}
        if lease.purpose != "fetch":
            # octet by octet as received: Scrapy would write a letter outside ASCII as UTF-8
            known = {"If-None-Match": lease.etag, "If-Modified-Since": lease.since}
            headers = {name: said.encode("latin-1") for name, said in known.items() if said}
        meta: dict[str, Any] = {"errand": self.visit.errand(lease), "lease": lease}
        if lease.kind == "requisite":
            page = furnish.page_of(lease)
            meta["download_maxsize"] = self.visit.allowance.bytes_left(page)
        return Request(
            lease.url,
            callback=self.answered,
            errback=self.failed,
            headers=headers,
            dont_filter=True,
            meta=meta,
        )

    async def answered(self, response: Response) -> AsyncIterator[Any]:
        """A response came, whatever its status; it is recorded already."""
        lease: Lease = response.meta["lease"]
        try:
            page = await self._settle_or_page(lease, response)
        except Exception as error:  # noqa: BLE001 - one page never ends a visit
            await self.visit.broke(lease, error)
        else:
            if page is not None:
                yield page

    async def _settle_or_page(self, lease: Lease, response: Response) -> Fetched | None:
        """What goes on to the pipelines; None if the lease has ended here."""
        capture: Capture = response.meta["capture"]
        if lease.kind == "requisite":
            await furnish.settle_requisite(self.visit, lease, capture, response)
        elif response.status == _NOT_MODIFIED and lease.purpose != "fetch":
            await self._settle_unmodified(lease, capture, response)
        elif lease.is_listing and response.status == _ANSWERED:
            await self._read_listing(lease, capture, response)
        elif cause := self._gone(lease, response):
            await self._may_be_gone(lease, cause)
        elif response.status in (_ANSWERED, 202, 203):
            return Fetched(
                visit=self.visit,
                lease=lease,
                capture=capture,
                page=self._page(response),
                statements=await statements_about(self.crawler, self.visit.outlet, response),
            )
        else:
            until = self.desk.pace.held_until(response.url)
            await self.visit.settle(
                lease, "failed", reason=f"HTTP {response.status}", capture=capture, not_before=until
            )
        return None

    async def _settle_unmodified(self, lease: Lease, capture: Capture, response: Response) -> None:
        if lease.is_listing:
            brought = Polled(wish=cadence.wish(None, _text(response, b"Cache-Control")))
            await self.visit.settle(lease, "unchanged", capture=capture, act=lambda _: brought)
            return
        said = await statements_about(self.crawler, self.visit.outlet, response)

        def keep(turn: Turn) -> None:
            turn.rights.keep(capture.id, said, confirms=capture.refers_to)

        await self.visit.settle(lease, "same", capture=capture, act=keep)

    async def failed(self, failure: Failure) -> None:
        """No response came; the lease ends with the reason."""
        lease: Lease = failure.request.meta["lease"]  # type: ignore[attr-defined]
        try:
            await self._settle_failed(lease, failure.value)
        except Exception as error:  # noqa: BLE001 - one page never ends a visit
            await self.visit.broke(lease, error)

    async def _settle_failed(self, lease: Lease, error: BaseException | None) -> None:
        if lease.kind == "requisite":
            furnish.note_failure(self.visit, lease, error)
        if isinstance(error, HostHeld):
            await self.visit.release(lease, str(error), until=error.until)
        elif self.desk.fatal:
            self.visit.ended(lease, "released", self.desk.fatal)
        elif isinstance(error, RunStopped):
            await self.visit.release(lease, str(error))
        elif isinstance(error, RefusedByRobots | AddressRefused):
            until = getattr(error, "until", None)
            await self.visit.settle(lease, "refused", reason=str(error), not_before=until)
        else:
            await self.visit.settle(lease, "failed", reason=explain(error))

    async def _read_listing(self, lease: Lease, capture: Capture, response: Response) -> None:
        page = self._page(response)
        try:
            heard = await self.desk.readers.read(hear, (page, lease.kind, self.visit.outlet))
        except (Unextractable, ReadingFailed) as error:
            await self.visit.settle(
                lease, "failed", reason=f"not a listing: {error}", capture=capture
            )
            return
        reading = heard.reading
        if reading.problem:
            self.visit.note("problems/listings")
            self.logger.warning("%s: %s", lease.url, reading.problem)
        if reading.problem and not reading.discoveries and not reading.children:
            await self.visit.settle(lease, "failed", reason=reading.problem, capture=capture)
            return
        wish = cadence.wish(heard.ttl, _text(response, b"Cache-Control"))

        def note(turn: Turn) -> Polled:
            said = Statement(source="feed", said_by=capture.id, signals=heard.stated)
            turn.rights.keep(capture.id, [said])
            return self._discover(turn, heard, wish)

        await self.visit.settle(lease, "polled", capture=capture, act=note)

    def _discover(self, turn: Turn, heard: Heard, wish: timedelta | None) -> Polled:
        outlet, reading, judged = self.visit.outlet, heard.reading, heard.judged
        sighted = turn.discover(outlet.oid, judged.wanted)
        self.visit.note("announced", sighted.new_urls)
        self.visit.note("sightings", sighted.new_urls + sighted.known_urls)
        self.visit.days.add(self.visit.day_of(self.desk.clock.now()))
        if sighted.changed:
            self.visit.note("sightings/changed", sighted.changed)
        refused = judged.refused + reading.traps
        for reason, number in refused.items():
            self.visit.note(label(reason), number)
        for reason, url in judged.examples:
            self.logger.info("not fetched (%s): %s", reason, url)
        if reading.children:
            self._release(turn, reading)
        dated = [d.published.utc for d in judged.wanted if d.published]
        return Polled(
            items=sighted.new_urls + sighted.known_urls,
            known=sighted.known_urls,
            denied=refused.total(),
            oldest=min(dated, default=None),
            wish=wish,
        )

    def _release(self, turn: Turn, reading: Reading) -> None:
        """Let the sitemaps that an index names become due, the newest first."""
        now = self.desk.clock.now()
        recent = recent_children(reading.children, now)
        _, later = turn.add_children(self.visit.outlet.oid, recent, at_once=CHILDREN_AT_ONCE)
        if later:
            self.visit.note("sitemaps/later", later)
        if left := len(reading.children) - len(recent):
            self.visit.note("sitemaps/left to backfill", left)

    def _page(self, response: Response) -> Page:
        lease: Lease = response.meta["lease"]
        capture: Capture = response.meta["capture"]
        outlet = self.visit.outlet
        return Page(
            url=Url(response.url),
            body=response.body,
            content_type=_text(response, b"Content-Type"),
            content_encoding=_text(response, b"Content-Encoding"),
            captured_at=capture.captured_at,
            languages=outlet.languages,
            zone=outlet.zone,
            outlet_name=outlet.name,
            rule=outlet.rule_at(capture.captured_at.date()),
            witness=lease.discovery,
            status=response.status,
            memory=self.visit.memory,
        )

    def _gone(self, lease: Lease, response: Response) -> str | None:
        if lease.purpose != "recheck":
            return None
        if response.status in _GONE:
            return f"HTTP {response.status}"
        if response.status == _ANSWERED and response.meta.get("redirect_urls"):
            path = urlsplit(response.url).path
            if path in ("", "/") and urlkey(response.url) != lease.urlkey:
                return "redirected to the home page"
        return None

    async def _may_be_gone(self, lease: Lease, cause: str) -> None:
        checks = lease.attempts + 1
        if checks >= GONE_CHECKS:
            await self.visit.settle(
                lease, "gone", reason=cause, act=lambda turn: turn.mark_gone(lease, cause)
            )
            self.visit.note("gone")
        else:
            reason = f"{cause} ({checks} of {GONE_CHECKS} checks)"
            await self.visit.settle(lease, "gone", reason=reason)


def recent_children(children: Iterable[Child], now: datetime) -> list[tuple[Url, Moment | None]]:
    """The sitemaps of an index that a daily visit may read: changed lately, or undated.

    One without a `lastmod` is dated by its name, if that holds a day, a month or a year.
    """
    since = now - CHILD_FRESH
    recent: list[tuple[Url, Moment | None]] = []
    for _, url, modified in children:
        period = period_in(url) if modified is None else None
        is_past = end_of(modified) < since if modified else period and period.last < since.date()
        if not is_past:
            recent.append((url, modified))
    return recent


def explain(error: BaseException | None) -> str:
    """A failed fetch as a short reason, the same words for the same cause."""
    if isinstance(error, IgnoreRequest):
        return str(error) or "ignored"
    text = str(error).strip().splitlines()[0] if str(error).strip() else ""
    name = type(error).__name__.removesuffix("Error")
    return f"{name} ({text[:150]})" if text else name


def _text(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
