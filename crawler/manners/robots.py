"""robots.txt obeyed as RFC 9309 says, and archived like everything else.

    2xx  obey it            401, 403  the outlet's file decides; refused if it does not
    3xx  followed           other 4xx  there is none: allowed
    429, 5xx, no answer     unreachable: all is refused, and it is asked for again later

A file counts for a day (§2.4), or for as long as its own Cache-Control says, but no less than an
hour. One that cannot be had is asked for again after five minutes that double, a day at most. All
of it is kept over restarts, and each change in the history.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from archive.clock import Clock
from archive.robotstxt import RobotsFile, RobotsTxt
from archive.urls import host_of, origin_of
from crawler.lane import Lane
from crawler.manners.locks import Locks
from crawler.manners.pace import LONGEST_CRAWL_DELAY, Pace
from crawler.outlets.spec import RobotsChoice

AGENT = "kliping"
"""The name we answer to in a robots.txt."""
FRESH = timedelta(hours=24)
LEAST_FRESH = timedelta(hours=1)
"""Many servers send `no-cache` with everything; to ask before each page would be no kindness."""
FIRST_AGAIN = timedelta(minutes=5)
UNAUTHORIZED = (401, 403)
OBEY = RobotsChoice()

Fetch = Callable[[str], Awaitable[RobotsFile]]
"""Fetches an origin's robots.txt through the recorder. Its `ask_again_at` is when its own
Cache-Control says, if it says so."""


class RefusedByRobots(Exception):
    """A robots.txt disallows a URL, or cannot be had.

    Attributes:
        until: when the answer may be another, if that is known.
    """

    def __init__(self, reason: str, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.until = until


@dataclass(frozen=True, slots=True)
class _Rules:
    file: RobotsFile
    parsed: RobotsTxt | None


class Robots:
    """Says whether a URL may be asked for."""

    def __init__(self, lane: Lane, pace: Pace, clock: Clock) -> None:
        self._lane = lane
        self._pace = pace
        self._clock = clock
        self.remarks: dict[str, str] = {}
        """What a person should know of an origin's robots.txt, in sentences; for the account."""
        self._rules: dict[str, _Rules] = {}
        self._locks = Locks()

    async def check(self, url: str, fetch: Fetch, choice: RobotsChoice = OBEY) -> None:
        """Return if `url` may be fetched.

        A robots.txt that is not to count is fetched, kept and waited for all the same.

        Raises:
            RefusedByRobots: if not, saying by what.
        """
        origin = origin_of(url)
        async with self._locks.of(origin):
            rules = await self._current(origin, fetch)
        if choice.ignore:
            self.remarks[origin] = (
                f"{_named(origin)}: robots.txt does not count, by the outlet's file "
                f"({choice.basis})"
            )
            return
        self._judge(url, rules, choice)

    def _judge(self, url: str, rules: _Rules, choice: RobotsChoice) -> None:
        """Return if the rules let a URL pass.

        Raises:
            RefusedByRobots: if not.
        """
        file = rules.file
        if is_unreachable(file.status):
            said = f"HTTP {file.status}" if file.status else file.reason or "no answer"
            raise RefusedByRobots(f"robots.txt unreachable ({said})", file.ask_again_at)
        if file.status in UNAUTHORIZED and choice.unauthorized == "refuse":
            self.remarks[file.origin] = (
                f"{_named(file.origin)}: robots.txt answers HTTP {file.status}. If the outlet may "
                'be crawled (ask it), put [robots] unauthorized = "allow" into its file'
            )
            raise RefusedByRobots(
                f"robots.txt is closed to us (HTTP {file.status}; "
                '[robots] unauthorized = "allow" in the outlet\'s file would crawl all the same)'
            )
        ruling = rules.parsed.ruling(AGENT, url) if rules.parsed else None
        if ruling and not ruling.is_allowed:
            raise RefusedByRobots(
                f"disallowed by {file.origin}/robots.txt "
                f"(line {ruling.line}, {ruling.rule!r}, for User-agent {ruling.group})"
            )

    def known(self, origin: str) -> RobotsFile | None:
        """The file of an origin as this run has read it, without asking for it."""
        rules = self._rules.get(origin)
        return rules.file if rules else None

    def forget(self) -> None:
        """Let go of what nobody has asked for since it became stale; it is kept in the archive.

        A service runs for years, and comes to ever more hosts.
        """
        now = self._clock.now()
        for origin, rules in list(self._rules.items()):
            if now - rules.file.fetched_at >= 2 * FRESH:
                del self._rules[origin]
                self.remarks.pop(origin, None)

    async def _current(self, origin: str, fetch: Fetch) -> _Rules:
        rules = self._rules.get(origin)
        if rules is None:
            known = await self._lane.do(lambda turn: turn.hosts.robots_of(origin))
            rules = self._adopt(known) if known else None
        if rules is None or self._is_stale(rules.file):
            failures = rules.file.failures if rules else 0
            file = self._dated(await fetch(origin), failures)
            await self._lane.do(lambda turn: turn.hosts.keep_robots(file))
            rules = self._adopt(file)
        return rules

    def _is_stale(self, file: RobotsFile) -> bool:
        now = self._clock.now()
        # never believed for longer than a day, whatever clock it was fetched under
        again = min(file.ask_again_at or now, file.fetched_at + FRESH)
        return now >= again

    def _dated(self, file: RobotsFile, failures: int) -> RobotsFile:
        """With the time when it is to be asked for again."""
        at = file.fetched_at
        if is_unreachable(file.status):
            again = at + min(FIRST_AGAIN * 2 ** min(failures, 10), FRESH)
            held = self._pace.held_until(file.origin)
            return replace(file, ask_again_at=max(again, held or again), failures=failures + 1)
        wished = file.ask_again_at or at + FRESH
        return replace(file, ask_again_at=min(max(wished, at + LEAST_FRESH), at + FRESH))

    def _adopt(self, file: RobotsFile) -> _Rules:
        parsed = RobotsTxt(file.body) if file.body else None
        rules = self._rules[file.origin] = _Rules(file, parsed)
        asked = (parsed.crawl_delay(AGENT) if parsed else None) or 0.0
        if asked > LONGEST_CRAWL_DELAY:
            self.remarks[file.origin] = (
                f"{_named(file.origin)} asks for {asked:g} s between two requests (Crawl-delay); "
                f"it gets {LONGEST_CRAWL_DELAY:g} s, the most we wait"
            )
        host = host_of(file.origin)
        self._pace.ask_for(host, file.origin, min(asked, LONGEST_CRAWL_DELAY))
        return rules


def is_unreachable(status: int | None) -> bool:
    """Whether a status means "assume that everything is disallowed" (RFC 9309 §2.3.1.4)."""
    return status is None or status == 429 or status >= 500  # noqa: PLR2004 - HTTP's numbers


def _named(origin: str) -> str:
    return urlsplit(origin).netloc
