"""The two places where Scrapy's downloader asks our manners: before a request, and at each hop."""

import dataclasses
import re
from datetime import timedelta
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.coding import decode_beginning
from archive.errors import UndecodableBody
from archive.records import Capture, Url
from archive.robotstxt import PARSED_BYTES, RobotsFile, read_text
from crawler.desk import Desk
from crawler.errand import Errand
from crawler.manners.guard import AddressRefused
from crawler.manners.pace import HostHeld, RunStopped
from crawler.manners.robots import is_unreachable

ROBOTS_HOP = "P"
_OK = range(200, 300)
_NOT_MODIFIED = 304


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

        await desk.robots.check(request.url, fetch, errand.robots)

    async def _fetch(self, desk: Desk, origin: str, errand: Errand) -> RobotsFile:
        asking = dataclasses.replace(errand, lease=None, hops=errand.hops + ROBOTS_HOP)
        known = desk.robots.known(origin)
        request = Request(
            f"{origin}/robots.txt",
            headers=await _condition(desk, known) if known else {},
            meta={"errand": asking, "is_robots": True},
            dont_filter=True,
            priority=1000,
        )
        file = RobotsFile(origin=origin, fetched_at=desk.clock.now(), status=None, body=None)
        try:
            response = await self._crawler.engine.download_async(request)
            file = _read(file, response, known)
        except IgnoreRequest:
            # too many redirects: RFC 9309 §2.3.1.2 lets us take it as unavailable
            file = dataclasses.replace(file, status=404)
        except Exception as error:
            if desk.fatal or _was_not_asked(request, error):
                raise  # nothing was asked, so nothing is known; the page would meet the same
            desk.counts[f"robots/failed/{type(error).__name__}"] += 1
            said = str(error).strip().splitlines() or [type(error).__name__]
            file = dataclasses.replace(file, reason=f"no answer: {said[0][:150]}")
        desk.counts["robots/unreachable" if is_unreachable(file.status) else "robots/fetched"] += 1
        last: Capture | None = request.meta.get("capture")
        return dataclasses.replace(
            file,
            fetched_at=desk.clock.now(),
            capture=file.capture or (last.id if last else None),
        )


async def _condition(desk: Desk, known: RobotsFile) -> dict[str, bytes]:
    """What to ask with for a robots.txt that is held: 304 says that it is as it was."""
    if known.body is None or known.status not in _OK:
        return {}
    etag, modified = await desk.lane.do(lambda turn: turn.hosts.robots_validators(known.origin))
    said = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value.encode("latin-1") for name, value in said.items() if value}


def _was_not_asked(request: Request, error: Exception) -> bool:
    """Whether a robots.txt was not even asked for; to be refused after a redirect is an answer."""
    first: Capture | None = request.meta.get("capture")
    if isinstance(error, AddressRefused):
        return first is None or first.status is None
    return isinstance(error, HostHeld | RunStopped)


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


def _read(file: RobotsFile, response: Response, known: RobotsFile | None) -> RobotsFile:
    """What an answer says: rules if it is good, and until when it says that it counts."""
    capture: Capture | None = response.meta.get("capture")
    seconds = fresh_seconds(_header(response, b"Cache-Control"))
    again = None if seconds is None else file.fetched_at + timedelta(seconds=seconds)
    if response.status == _NOT_MODIFIED and known and known.body is not None:
        return dataclasses.replace(known, ask_again_at=again, failures=0, reason=None)
    return dataclasses.replace(
        file,
        status=response.status,
        body=_text(response) if response.status in _OK else None,
        capture=capture.id if capture else None,
        ask_again_at=again,
    )


def fresh_seconds(cache_control: str | None) -> int | None:
    """How long a Cache-Control header lets an answer count (RFC 9111 §5.2.2); None if unsaid."""
    said = (cache_control or "").lower()
    if re.search(r"(?:^|[\s,])no-(?:cache|store)(?:$|[\s,=])", said):
        return 0
    ages = [int(age) for age in re.findall(r'(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})', said)]
    return min(ages, default=None)


def _header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _text(response: Response) -> str:
    coding = _header(response, b"Content-Encoding")
    try:
        # one more, so that it is seen to go on
        return read_text(decode_beginning(response.body, coding, PARSED_BYTES + 1))
    except UndecodableBody:
        return ""
