"""robots.txt obeyed as RFC 9309 says, and archived like everything else.

    2xx  obey it            4xx  there is none: allowed
    3xx  followed           429, 5xx, no answer  unreachable: refuse all, ask again later

A file is asked for again after a day (§2.4); what was read is kept over restarts.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from protego import Protego

from archive.clock import Clock
from archive.records import RobotsFile
from archive.urls import host_of, origin_of
from crawler.lane import Lane
from crawler.manners.pace import LONGEST_CRAWL_DELAY, Pace

logger = logging.getLogger(__name__)

AGENT = "kliping"
"""The name we answer to in a robots.txt."""
FRESH = timedelta(hours=24)
ASK_AGAIN = timedelta(hours=1)
PARSED_BYTES = 512 * 1024
"""RFC 9309 §2.5 asks for at least 500 KiB."""

Fetch = Callable[[str], Awaitable[RobotsFile]]
"""Fetches an origin's robots.txt through the recorder."""


class RefusedByRobots(Exception):
    """A robots.txt disallows a URL, or cannot be had."""


@dataclass(frozen=True, slots=True)
class _Rules:
    file: RobotsFile
    parsed: Protego | None


class Robots:
    """Says whether a URL may be asked for."""

    def __init__(self, lane: Lane, pace: Pace, clock: Clock) -> None:
        self._lane = lane
        self._pace = pace
        self._clock = clock
        self.reasons: dict[str, str] = {}
        """Why an origin gave no answer, in this run."""
        self._rules: dict[str, _Rules] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check(self, url: str, fetch: Fetch) -> None:
        """Return if `url` may be fetched.

        Raises:
            RefusedByRobots: if not, saying by what.
        """
        origin = origin_of(url)
        async with self._locks[origin]:
            rules = await self._current(origin, fetch)
        if is_unreachable(rules.file.status):
            silent = self.reasons.get(origin, "no answer")
            said = f"HTTP {rules.file.status}" if rules.file.status else silent
            raise RefusedByRobots(f"robots.txt unreachable ({said})")
        if rules.parsed and not rules.parsed.can_fetch(url, AGENT):
            raise RefusedByRobots(f"disallowed by {origin}/robots.txt")

    def known(self, origin: str) -> RobotsFile | None:
        """The file of an origin as this run has read it, without asking for it."""
        rules = self._rules.get(origin)
        return rules.file if rules else None

    async def _current(self, origin: str, fetch: Fetch) -> _Rules:
        rules = self._rules.get(origin)
        if rules is None:
            known = await self._lane.do(lambda turn: turn.hosts.robots_of(origin))
            rules = self._adopt(known) if known else None
        if rules is None or self._is_stale(rules.file):
            file = await fetch(origin)
            await self._lane.do(lambda turn: turn.hosts.keep_robots(file))
            rules = self._adopt(file)
        return rules

    def _is_stale(self, file: RobotsFile) -> bool:
        keep = ASK_AGAIN if is_unreachable(file.status) else FRESH
        return self._clock.now() - file.fetched_at >= keep

    def _adopt(self, file: RobotsFile) -> _Rules:
        parsed = Protego.parse(file.body.removeprefix("\ufeff")) if file.body else None
        rules = self._rules[file.origin] = _Rules(file, parsed)
        asked = float(parsed.crawl_delay(AGENT) or 0.0) if parsed else 0.0
        if asked > LONGEST_CRAWL_DELAY:
            logger.warning(
                "%s asks for %s s between requests; it gets %s s, the most we wait",
                urlsplit(file.origin).netloc,
                asked,
                LONGEST_CRAWL_DELAY,
            )
        if asked:
            self._pace.slow(host_of(file.origin), min(asked, LONGEST_CRAWL_DELAY))
        return rules


def is_unreachable(status: int | None) -> bool:
    """Whether a status means "assume that everything is disallowed" (RFC 9309 §2.3.1.4)."""
    return status is None or status == 429 or status >= 500  # noqa: PLR2004 - HTTP's numbers
