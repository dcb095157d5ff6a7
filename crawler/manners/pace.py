"""Pace: one connection and a delay per host, Retry-After for the whole host, over restarts.

Turns are promised in the database, so that outlets on one host share one pace, in this run and in
any other, and one request at a time is under way there. A host that said 429 or 503 is left alone
until it said, or for a time that doubles; afterwards its delay is raised for a while. How long the
delay is, and why, is `archive.pace`.
"""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from archive.clock import Clock
from archive.pace import HostState, Wish
from archive.turn import Turn
from archive.urls import host_of
from crawler.lane import Lane
from crawler.manners.locks import Locks

LONGEST_WAIT = timedelta(minutes=5)
"""A host that asks for more is left for another run; its leases are given back."""
LONGEST_RETRY_AFTER = timedelta(days=1)
FIRST_BACK_OFF = timedelta(minutes=1)
BELIEVED_FOR = timedelta(seconds=30)
"""What another process says of a host that has no delay is heard within this."""
LONGEST_CRAWL_DELAY = 60.0
"""Seconds; a robots.txt that asks for more gets this much, and a warning."""
FORGOTTEN_AFTER = timedelta(days=2)
"""A host that nobody asked for so long; longer than its robots.txt is believed, which would have
to be heard again."""
SLOW_DOWN = (429, 503)
"""Statuses that ask the whole host to be left alone for a while."""
_GOOD = range(200, 400)


class HostHeld(Exception):
    """A host wants to be left alone for longer than a run should wait."""

    def __init__(self, host: str, until: datetime, reason: str) -> None:
        super().__init__(f"{host} is left alone until {until.isoformat()} ({reason})")
        self.until = until


class RunStopped(Exception):
    """The run was asked to end while a request waited for its turn, or took too long to answer."""


@dataclass(slots=True)
class _Host:
    """What this process knows of a host; `state` is remembered by the archive, too."""

    used_at: datetime
    configured: float = 0.0
    crawl_delays: dict[str, float] = field(default_factory=dict)
    state: HostState = field(default_factory=HostState)
    asked_at: datetime | None = None
    had_at: datetime | None = None
    is_busy: bool = False

    @property
    def delays(self) -> Wish:
        """The delays that are asked for."""
        return Wish(
            configured=self.configured, crawl_delay=max(self.crawl_delays.values(), default=0.0)
        )


class Pace:
    """Gives every request its turn at its host."""

    def __init__(self, lane: Lane, clock: Clock, holder: str | None = None) -> None:
        self._lane = lane
        self._clock = clock
        self._holder = holder or uuid.uuid4().hex
        self._locks = Locks()
        self._hosts: dict[str, _Host] = {}
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Give no more turns, and end the waits for one: what has not begun never will."""
        self._stopped.set()

    def slow(self, host: str, seconds: float) -> None:
        """Leave at least this long between requests to a host; the most careful wish counts."""
        known = self._used(host)
        known.configured = max(seconds, known.configured)

    def ask_for(self, host: str, origin: str, seconds: float) -> None:
        """Heed the Crawl-delay of an origin at this host, as its robots.txt says it now."""
        self._used(host).crawl_delays[origin] = seconds

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for the URL's host, and keep it to oneself meanwhile.

        Raises:
            HostHeld: if the host is to be left alone for longer than we wait.
            RunStopped: if the run is asked to end before the turn has come.
        """
        host = host_of(url)
        async with self._locks.of(host):
            known = self._used(host)
            try:
                if not self._stopped.is_set():
                    await self._wait(host, known)
                if self._stopped.is_set():
                    raise RunStopped("the run was asked to end")
                yield
            finally:
                if known.is_busy:
                    # what cannot be written ends by itself, and whoever failed has said why
                    with contextlib.suppress(Exception):
                        await self._lane.do(lambda turn: self.answered(turn, url))

    def delay_of(self, url: str) -> float:
        """The least seconds between two requests to the URL's host, as far as is known."""
        known = self._hosts.get(host_of(url))
        return max(known.delays.configured, known.delays.crawl_delay) if known else 0.0

    def had(self, url: str, at: datetime) -> None:
        """Note when the host had a request for certain; the next comes a whole delay after it."""
        self._used(host_of(url)).had_at = at

    def answered(
        self, turn: Turn, url: str, *, status: int | None = None, seconds: float | None = None
    ) -> None:
        """Within a turn of the archive, end a turn at a host and note how fast it was.

        Args:
            turn: the one that records the exchange, so that this costs no commit of its own.
            url: what was asked for.
            status: None if no answer came.
            seconds: from the request to the first byte, or until nobody waited any more.
        """
        host = host_of(url)
        known = self._hosts.get(host)
        if known is None or not known.is_busy:
            return
        turn.hosts.answered(
            host,
            holder=self._holder,
            had_at=known.had_at,
            seconds=seconds,
            is_good=status in _GOOD,
        )
        known.is_busy = False

    async def heed(self, url: str, status: int | None, retry_after: str | None) -> None:
        """Take in how the host answered; to be called before its turn ends."""
        host = host_of(url)
        known = self._used(host)
        failures = known.state.failures
        if status in SLOW_DOWN:
            until = self._clock.now() + back_off(retry_after, failures, self._clock.now())
            said = f"HTTP {status}" + (f", Retry-After {retry_after}" if retry_after else "")
            known.state = await self._lane.do(lambda turn: _held(turn, host, until, said))
        elif status is not None and failures:
            known.state = await self._lane.do(lambda turn: _well(turn, host))

    def held_until(self, url: str) -> datetime | None:
        """Until when the URL's host is left alone, if it is."""
        known = self._hosts.get(host_of(url))
        until = known.state.held_until if known else None
        return until if until and until > self._clock.now() else None

    def forget(self) -> None:
        """Let go of hosts that nobody has asked for two days; the archive remembers them.

        Not of one that is to be left alone still, nor of one that is waited for. To be called after
        robots.txt files were let go of, whose Crawl-delay is told here when they are read.
        """
        now = self._clock.now()
        for host, known in list(self._hosts.items()):
            until = known.state.held_until
            is_wanted = host in self._locks or known.is_busy or (until is not None and until > now)
            if not is_wanted and now - known.used_at >= FORGOTTEN_AFTER:
                del self._hosts[host]

    def _used(self, host: str) -> _Host:
        """What is known of a host, for whoever has to do with it now."""
        now = self._clock.now()
        known = self._hosts.setdefault(host, _Host(now))
        known.used_at = now
        return known

    async def _wait(self, host: str, known: _Host) -> None:
        """Wait for a promised turn, then until the one before is over.

        Raises:
            HostHeld: if that is too long to wait for.
        """
        wish = known.delays
        state = await self._known(host, known)
        until = state.held_until
        if is_paced := bool(wish.configured or wish.crawl_delay or state.caution > 1):
            until, state = await self._lane.do(lambda turn: self._promised(turn, host, known, wish))
        known.state = state
        while until is not None and not self._stopped.is_set():
            if until - self._clock.now() > LONGEST_WAIT:
                raise HostHeld(host, until, state.held_reason or "asked for it")
            await self._until(until)
            if not is_paced or self._stopped.is_set():
                return
            until, state = await self._lane.do(lambda turn: self._begun(turn, host, known))
            known.state = state

    async def _known(self, host: str, known: _Host) -> HostState:
        """What is remembered of a host; asked for again, for other processes hold hosts, too."""
        now = self._clock.now()
        if known.asked_at is None or not timedelta() <= now - known.asked_at < BELIEVED_FOR:
            known.state = await self._lane.do(lambda turn: turn.hosts.state(host))
            known.asked_at = now
        return known.state

    def _promised(
        self, turn: Turn, host: str, known: _Host, wish: Wish
    ) -> tuple[datetime | None, HostState]:
        """When to come for a turn; None if it has begun already."""
        promise = turn.hosts.reserve(host, wish, patience=LONGEST_WAIT)
        if promise.at is None:
            return promise.state.held_until, promise.state
        if promise.at > self._clock.now():
            return promise.at, promise.state
        return self._begun(turn, host, known)

    def _begun(self, turn: Turn, host: str, known: _Host) -> tuple[datetime | None, HostState]:
        """When to try again to begin a turn; None if it has begun."""
        again = turn.hosts.begin(host, holder=self._holder)
        if again is None:
            known.is_busy = True
        return again, turn.hosts.state(host)

    async def _until(self, instant: datetime) -> None:
        """Wait for an instant, or for the end of the run."""
        waiting = asyncio.ensure_future(self._clock.wait_until(instant))
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((waiting, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            stopped.cancel()


def _held(turn: Turn, host: str, until: datetime, reason: str) -> HostState:
    turn.hosts.hold(host, until=until, reason=reason)
    return turn.hosts.state(host)


def _well(turn: Turn, host: str) -> HostState:
    turn.hosts.well(host)
    return turn.hosts.state(host)


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
