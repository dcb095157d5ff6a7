"""The one clock: cadence, leases, pace, Retry-After and records all read it (DESIGN 11)."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

DRIFT_SECONDS = 1.0
"""By how much a wait may be longer than meant: the machine's clock is set a little all the time."""


class Clock(Protocol):
    """What time it is, and waiting for a later one."""

    @property
    def is_simulated(self) -> bool:
        """Whether records made under this clock are no evidence of when things happened."""
        ...

    def now(self) -> datetime:
        """The present instant, aware and in UTC."""
        ...

    async def wait_until(self, instant: datetime) -> None:
        """Return once `now()` is at or past `instant`, or was to be."""
        ...


class SystemClock:
    """The machine's clock."""

    is_simulated = False

    def now(self) -> datetime:
        """The present instant, to the microsecond."""
        return datetime.now(UTC)

    async def wait_until(self, instant: datetime) -> None:
        """Sleep; if the clock steps backwards meanwhile, no longer than it was to be at first."""
        longest = time.monotonic() + (instant - self.now()).total_seconds() + DRIFT_SECONDS
        while (left := (instant - self.now()).total_seconds()) > 0:
            left = min(left, longest - time.monotonic())
            if left <= 0:
                return
            await asyncio.sleep(left)


@dataclass(slots=True)
class SimulatedClock:
    """A clock that stands still until told: by `advance_to`, or by somebody waiting on it.

    Waiting moves it at once, so a crawl with five seconds between requests takes no real time
    and its records still lie five seconds apart. It never moves backwards.
    """

    instant: datetime
    _lock: Lock = field(default_factory=Lock, repr=False)

    is_simulated = True

    def now(self) -> datetime:
        """The instant it was last told."""
        return self.instant

    def advance_to(self, instant: datetime) -> None:
        """Move to `instant`, unless it is already past."""
        with self._lock:
            self.instant = max(self.instant, instant)

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`."""
        self.advance_to(self.instant + by)

    async def wait_until(self, instant: datetime) -> None:
        """Move there, giving others their turn."""
        self.advance_to(instant)
        await asyncio.sleep(0)
