"""Pace: one connection and a delay per host, Retry-After for the whole host, over restarts.

Turns are promised in the database, so that outlets on one host share one pace, in this run and in
any other. A host that said 429 or 503 is left alone until it said, or for a time that doubles.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from archive.clock import Clock
from archive.urls import host_of
from crawler.lane import Lane

LONGEST_WAIT = timedelta(minutes=5)
"""A host that asks for more is left for another run; its leases are given back."""
LONGEST_RETRY_AFTER = timedelta(days=1)
FIRST_BACK_OFF = timedelta(minutes=1)
LONGEST_CRAWL_DELAY = 60.0
"""Seconds; a robots.txt that asks for more gets this much, and a warning."""
SLOW_DOWN = (429, 503)
"""Statuses that ask the whole host to be left alone for a while."""


class HostHeld(Exception):
    """A host wants to be left alone for longer than a run should wait."""

    def __init__(self, host: str, until: datetime, reason: str) -> None:
        super().__init__(f"{host} is left alone until {until.isoformat()} ({reason})")
        self.until = until


class RunStopped(Exception):
    """The run was asked to end while a request waited for its turn; nothing was sent."""


class Pace:
    """Gives every request its turn at its host."""

    def __init__(self, lane: Lane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._delays: dict[str, float] = {}
        self._held: dict[str, tuple[datetime | None, str | None, int]] = {}
        self._began: dict[str, datetime] = {}
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Give no more turns, and end the waits for one: what has not begun never will."""
        self._stopped.set()

    def slow(self, host: str, seconds: float) -> None:
        """Leave at least this long between requests to a host; the most careful wish counts."""
        self._delays[host] = max(seconds, self._delays.get(host, 0.0))

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for the URL's host, and keep it to oneself meanwhile.

        Raises:
            HostHeld: if the host is to be left alone for longer than we wait.
            RunStopped: if the run is asked to end before the turn has come.
        """
        host = host_of(url)
        async with self._locks[host]:
            if not self._stopped.is_set():
                await self._wait(host)
            if self._stopped.is_set():
                raise RunStopped("the run was asked to end")
            yield

    def began(self, url: str, at: datetime) -> None:
        """Note when a request was really written; the next one comes a whole delay after it.

        A turn is promised before that, and connecting takes its time: counted from the promise
        alone, the delay between two requests could shrink to nothing.
        """
        self._began[host_of(url)] = at

    async def heed(self, url: str, status: int | None, retry_after: str | None) -> None:
        """Take in how the host answered; to be called before its turn ends."""
        host = host_of(url)
        if status in SLOW_DOWN:
            failures = self._held.get(host, (None, None, 0))[2]
            until = self._clock.now() + back_off(retry_after, failures, self._clock.now())
            said = f"HTTP {status}" + (f", Retry-After {retry_after}" if retry_after else "")
            self._held[host] = (until, said, failures + 1)
            await self._lane.do(lambda turn: turn.hosts.hold(host, until=until, reason=said))
        elif status is not None and self._held.get(host, (None, None, 0))[2]:
            self._held[host] = (None, None, 0)
            await self._lane.do(lambda turn: turn.hosts.well(host))

    def held_until(self, url: str) -> datetime | None:
        """Until when the URL's host is left alone, if it is."""
        until = self._held.get(host_of(url), (None, None, 0))[0]
        return until if until and until > self._clock.now() else None

    async def _wait(self, host: str) -> None:
        if host not in self._held:
            self._held[host] = await self._lane.do(lambda turn: turn.hosts.state(host))
        until, reason, _ = self._held[host]
        if until and until - self._clock.now() > LONGEST_WAIT:
            raise HostHeld(host, until, reason or "asked for it")
        delay = timedelta(seconds=self._delays.get(host, 0.0))
        if delay:
            until = await self._lane.do(lambda turn: turn.hosts.reserve(host, delay))
            if host in self._began:
                # a clock that has stepped backwards since must not hold the host for an hour
                until = max(until, min(self._began[host], self._clock.now()) + delay)
        if until:
            await self._until(until)

    async def _until(self, instant: datetime) -> None:
        """Wait for an instant, or for the end of the run."""
        waiting = asyncio.ensure_future(self._clock.wait_until(instant))
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((waiting, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            stopped.cancel()


def back_off(retry_after: str | None, failures: int, now: datetime) -> timedelta:
    """How long a host is left alone: as it said (RFC 9110 §10.2.3), or a doubling time."""
    said = _parsed(retry_after, now) if retry_after else None
    if said is None:
        said = FIRST_BACK_OFF * 2 ** min(failures, 10)
    return min(max(said, timedelta(seconds=1)), LONGEST_RETRY_AFTER)


def _parsed(retry_after: str, now: datetime) -> timedelta | None:
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), int(LONGEST_RETRY_AFTER.total_seconds())))
    try:
        return parsedate_to_datetime(text) - now
    except (ValueError, TypeError):  # not a date, or one without a zone
        return None
