"""The two places where Scrapy's downloader asks our manners: before a request, and at each hop."""

import dataclasses
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.coding import decode
from archive.errors import UndecodableBody
from archive.records import RobotsFile, Url
from crawler.desk import Desk
from crawler.errand import Errand
from crawler.manners.guard import AddressRefused
from crawler.manners.pace import HostHeld, RunStopped
from crawler.manners.robots import PARSED_BYTES, is_unreachable

ROBOTS_HOP = "P"
_OK = range(200, 300)


class ObeyRobots:
    """Asks robots.txt before every request but its own."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let it pass.

        Raises:
            RefusedByRobots: if it may not be fetched.
        """
        errand: Errand = request.meta["errand"]
        if errand.hops.endswith(ROBOTS_HOP) or request.meta.get("is_robots"):
            return
        desk: Desk = self._crawler.spider.desk  # type: ignore[union-attr]

        async def fetch(origin: str) -> RobotsFile:
            return await self._fetch(desk, origin, errand)

        await desk.robots.check(request.url, fetch)

    async def _fetch(self, desk: Desk, origin: str, errand: Errand) -> RobotsFile:
        asking = dataclasses.replace(errand, lease=None, hops=errand.hops + ROBOTS_HOP)
        request = Request(
            f"{origin}/robots.txt",
            meta={"errand": asking, "is_robots": True},
            dont_filter=True,
            priority=1000,
        )
        status, body = None, None
        try:
            response = await self._crawler.engine.download_async(request)
            status = response.status
            body = _text(response) if status in _OK else None
        except IgnoreRequest:
            status = 404  # too many redirects: RFC 9309 §2.3.1.2 lets us take it as unavailable
        except (AddressRefused, HostHeld, RunStopped):
            raise  # nothing was asked, so nothing is known; the page itself would meet the same
        except Exception as error:
            if desk.fatal:
                raise
            desk.counts[f"robots/failed/{type(error).__name__}"] += 1
            said = str(error).strip().splitlines() or [type(error).__name__]
            desk.robots.reasons[origin] = f"no answer: {said[0][:150]}"
        desk.counts["robots/unreachable" if is_unreachable(status) else "robots/fetched"] += 1
        capture = request.meta.get("capture")
        return RobotsFile(
            origin=origin,
            fetched_at=desk.clock.now(),
            status=status,
            body=body,
            capture=capture.id if capture else None,
        )


class FollowRedirects(RedirectMiddleware):
    """Scrapy's redirects; each hop's request says which URL sent it there, and no Referer."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it, without its search for a Referer middleware: we send none."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def handle_referer(self, request: Request, response: Response) -> None:
        """Note the hop in the errand of the request that follows it."""
        errand: Errand = request.meta["errand"]
        request.meta["errand"] = dataclasses.replace(
            errand, via=Url(response.url), hops=errand.hops + "R"
        )


def _text(response: Response) -> str:
    coding = response.headers.get(b"Content-Encoding")
    try:
        body = decode(response.body, coding.decode("latin-1") if coding else None)
    except UndecodableBody:
        body = b""
    return body[:PARSED_BYTES].decode("utf-8-sig", "replace")
