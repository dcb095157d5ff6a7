"""What a host has been promised and how it answers; shared by all runs, kept over restarts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from archive.db.crawling import host as table
from archive.db.engine import insert_or_ignore
from archive.pace import Delay, HostState, Promise, Wish, delay_in_force, eased, raised, smoothed

LONGEST_QUEUE = timedelta(minutes=15)
"""A turn that is promised for later than this was promised before the clock stepped backwards."""
BUSY_FOR = timedelta(seconds=150)
"""A request is over by then: connecting and an answer have a minute each. A run that was killed
is not waited for any longer."""

BUSY_AGAIN = timedelta(seconds=1)
"""How long until one asks again whether another's request is over."""


def reserve(
    connection: Connection, name: str, *, wish: Wish, now: datetime, patience: timedelta
) -> Promise:
    """Take the host's next turn: when the caller may come. The turn after it is a delay later.

    Nothing is promised if the host is held for longer than `patience`.
    """
    insert_or_ignore(connection, table, [{"host": name, "failures": 0}])
    state = _state(connection, name, locks=True)
    held = state.held_until
    if held and held - now > patience:
        return Promise(at=None, state=state)
    delay = delay_in_force(wish, state)
    step = timedelta(seconds=delay.seconds)
    soonest = max(now, held or now)
    allowed = state.next_allowed_at
    if allowed and allowed > soonest + LONGEST_QUEUE:
        allowed = soonest + step
    at = max(soonest, allowed or soonest)
    values = {
        "next_allowed_at": at + step,
        "delay_seconds": delay.seconds,
        "delay_reason": delay.reason,
    }
    connection.execute(update(table).where(table.c.host == name).values(values))
    return Promise(at=at, state=state)


def begin(connection: Connection, name: str, *, holder: str, now: datetime) -> datetime | None:
    """Begin a turn whose time has come; or when to try again.

    Turns are promised in order, so that nobody waits for ever; but the request before may take
    longer than its turn, or the host may have asked for patience meanwhile.
    """
    state = _state(connection, name, locks=True)
    if _is_busy(state, holder, now):
        return now + BUSY_AGAIN
    if state.held_until and state.held_until > now:
        return state.held_until
    if state.ready_at and now < state.ready_at <= now + LONGEST_QUEUE:
        return state.ready_at
    values = {"busy_by": holder, "busy_until": now + BUSY_FOR}
    connection.execute(update(table).where(table.c.host == name).values(values))
    return None


def answered(
    connection: Connection,
    name: str,
    *,
    holder: str,
    now: datetime,
    had_at: datetime | None = None,
    seconds: float | None = None,
    is_good: bool = False,
) -> None:
    """End the holder's turn, and learn from how the host answered.

    The next begins a whole delay after the host had the request for certain: a turn is promised
    before that, and connecting, writing and being read take their time.
    """
    state = _state(connection, name, locks=True)
    latency = smoothed(state.latency_seconds, seconds, is_good=is_good)
    values: dict[str, Any] = {"latency_seconds": latency}
    if is_good and state.caution > 1:
        values["caution"] = eased(state.caution)
    if state.busy_by == holder:
        values |= {"busy_by": None, "busy_until": None}
    if had_at and state.delay:
        # a clock that has stepped backwards since must not hold the host for an hour
        after = min(had_at, now) + timedelta(seconds=state.delay.seconds)
        values["ready_at"] = after
        values["next_allowed_at"] = max(after, state.next_allowed_at or after)
    connection.execute(update(table).where(table.c.host == name).values(values))


def hold(connection: Connection, name: str, *, until: datetime, reason: str) -> None:
    """Ask nothing of the host before `until`; an earlier promise is never shortened.

    Its delay stays raised afterwards.
    """
    insert_or_ignore(connection, table, [{"host": name, "failures": 0}])
    state = _state(connection, name, locks=True)
    values = {
        "held_until": max(until, state.held_until) if state.held_until else until,
        "reason": reason,
        "failures": state.failures + 1,
        "caution": raised(state.caution),
    }
    connection.execute(update(table).where(table.c.host == name).values(values))


def well(connection: Connection, name: str) -> None:
    """The host answered as it should: its failures are forgotten."""
    ill = (table.c.host == name) & (table.c.failures > 0)
    connection.execute(update(table).where(ill).values(failures=0, held_until=None, reason=None))


def free(connection: Connection, holders: Callable[[str], bool]) -> None:
    """End the turns of runs of which `holders` says that they are over."""
    busy = connection.execute(
        select(table.c.busy_by).where(table.c.busy_by.is_not(None)).distinct()
    )
    over = [one for one in busy.scalars().all() if holders(one)]
    if over:
        values = {"busy_by": None, "busy_until": None}
        connection.execute(update(table).where(table.c.busy_by.in_(over)).values(values))


def state(connection: Connection, name: str) -> HostState:
    """What is remembered of a host."""
    return _state(connection, name)


def _state(connection: Connection, name: str, *, locks: bool = False) -> HostState:
    statement = select(
        table.c.next_allowed_at,
        table.c.ready_at,
        table.c.held_until,
        table.c.reason,
        table.c.failures,
        table.c.latency_seconds,
        table.c.caution,
        table.c.delay_seconds,
        table.c.delay_reason,
        table.c.busy_by,
        table.c.busy_until,
    ).where(table.c.host == name)
    row = connection.execute(statement.with_for_update() if locks else statement).first()
    if row is None:
        return HostState()
    allowed, ready, held, reason, failures, latency, caution, delay, why, busy_by, until = row
    return HostState(
        next_allowed_at=allowed,
        ready_at=ready,
        held_until=held,
        held_reason=reason,
        failures=failures,
        latency_seconds=latency,
        caution=caution or 1.0,
        delay=Delay(seconds=delay, reason=why or "") if delay is not None else None,
        busy_by=busy_by,
        busy_until=until,
    )


def _is_busy(state: HostState, holder: str, now: datetime) -> bool:
    """Whether another's request is under way; what lasts too long was promised by another clock."""
    if state.busy_by in (None, holder) or state.busy_until is None:
        return False
    return now < state.busy_until <= now + BUSY_FOR + LONGEST_QUEUE
