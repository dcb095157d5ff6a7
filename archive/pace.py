"""Pace: how long a host is left between two requests, and why; pure.

    delay = the longest of   what the outlet's file says
                             what robots.txt asks for (Crawl-delay)
                             five times what the host takes to answer, a minute at most
            × caution        2 after a hold, 4 after the next; a tenth less with each good answer

The row of a host remembers what this rests on, so that all runs share it and a restart forgets
nothing. See docs/decisions/0018.
"""

from dataclasses import dataclass
from datetime import datetime

LATENCY_FACTOR = 5.0
"""Heritrix's `delayFactor`: a host is busy with us for a sixth of the time at most."""
LATENCY_WEIGHT = 0.25
"""Of the newest answer in the average: four slow ones in a row are believed."""
LONGEST_DELAY = 60.0
"""Seconds; neither a slow host nor one that was held is slowed down beyond."""
RAISE, MOST_CAUTION = 2.0, 8.0
EASE = 0.9
"""A host that was held once is back at its own delay after seven good answers."""
LEAST_RAISED = 1.0
"""Seconds; what caution multiplies if there is no delay at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Seconds between the starts of two requests, and whose wish that is."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """What is remembered of a host.

    Attributes:
        next_allowed_at: when the next request may start; None if none was promised.
        ready_at: a delay after it last had a request for certain.
        held_until: until when it is left alone.
        held_reason: why.
        failures: how often in a row it asked for that.
        latency_seconds: how long it takes to answer, smoothed.
        caution: by how much its delay is raised.
        delay: the delay used last.
        busy_by: the run that has a request under way there.
        busy_until: when that is over, come what may.
    """

    next_allowed_at: datetime | None = None
    ready_at: datetime | None = None
    held_until: datetime | None = None
    held_reason: str | None = None
    failures: int = 0
    latency_seconds: float | None = None
    caution: float = 1.0
    delay: Delay | None = None
    busy_by: str | None = None
    busy_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for at a host, in seconds, before it has answered anything."""

    configured: float = 0.0
    crawl_delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """When to come for a turn; None if the host is held for too long, as `state` tells."""

    at: datetime | None
    state: HostState


def delay_in_force(wish: Wish, state: HostState) -> Delay:
    """The delay for a host, and why; a wish of nothing is for a machine of one's own."""
    delay = Delay(seconds=wish.configured, reason=f"configured {wish.configured:g} s")
    if wish.crawl_delay > delay.seconds:
        reason = f"Crawl-delay {wish.crawl_delay:g} s"
        delay = Delay(seconds=wish.crawl_delay, reason=reason)
    latency = state.latency_seconds or 0.0
    adaptive = min(LATENCY_FACTOR * latency, LONGEST_DELAY)
    if delay.seconds and adaptive > delay.seconds:
        reason = f"adaptive {adaptive:.1f} s, for it takes {latency:.1f} s to answer"
        delay = Delay(seconds=adaptive, reason=reason)
    if state.caution > 1:
        raised = max(delay.seconds, LEAST_RAISED) * state.caution
        seconds = max(delay.seconds, min(raised, LONGEST_DELAY))
        reason = f"{delay.reason}, times {state.caution:.1f} since it asked for patience"
        delay = Delay(seconds=seconds, reason=reason)
    return delay


def smoothed(average: float | None, seconds: float | None, *, is_good: bool) -> float | None:
    """The average time to answer after one more answer; an error that came fast lowers nothing."""
    if seconds is None:
        return average
    if average is None:
        return seconds
    moved = average + LATENCY_WEIGHT * (seconds - average)
    return moved if is_good else max(moved, average)


def raised(caution: float) -> float:
    """Caution after a hold."""
    return min(caution * RAISE, MOST_CAUTION)


def eased(caution: float) -> float:
    """Caution after a good answer."""
    return max(caution * EASE, 1.0)
