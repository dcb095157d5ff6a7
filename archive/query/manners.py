"""How a host is treated, and why: its delay, its hold, and what its robots.txt said of a URL, when.

For `kliping why`: everything that kept a request waiting, or from being made, in a sentence.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from archive.db import hosts
from archive.db.crawling import robots_history
from archive.pace import HostState
from archive.records import CaptureId, Digest
from archive.robotstxt import Ruling, rule_for
from archive.urls import origin_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPace:
    """How a host is paced, and why."""

    host: str
    state: HostState
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsSeen:
    """A robots.txt that was in force for an origin, from its first to its last sight.

    Attributes:
        body: its text; None if there was none to obey.
        capture: what it was read from.
    """

    origin: str
    first_seen_at: datetime
    last_seen_at: datetime
    status: int | None
    digest: Digest | None
    body: str | None
    capture: CaptureId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a robots.txt said of a URL; `ruling` is None if it could not be had, or is closed."""

    seen: RobotsSeen
    ruling: Ruling | None
    sentence: str


def pace_of(connection: Connection, host: str, now: datetime) -> HostPace:
    """The delay in force at a host and its reason, and until when it is left alone."""
    state = hosts.state(connection, host)
    said: list[str] = []
    if state.delay:
        said.append(f"{state.delay.seconds:g} s between two requests: {state.delay.reason}")
    else:
        said.append("no request was paced there yet")
    if state.latency_seconds is not None:
        said.append(f"it takes {state.latency_seconds:.2g} s to answer, smoothed")
    if state.held_until and state.held_until > now:
        until = state.held_until.isoformat(timespec="seconds")
        said.append(f"left alone until {until}: {state.held_reason}")
    if state.busy_until and state.busy_until > now:
        said.append(f"run {state.busy_by} has a request under way there")
    return HostPace(host=host, state=state, sentences=tuple(said))


def robots_seen(connection: Connection, origin: str) -> list[RobotsSeen]:
    """Every robots.txt that an origin had, oldest first."""
    columns = robots_history.c
    statement = (
        select(
            columns.origin,
            columns.first_seen_at,
            columns.last_seen_at,
            columns.status,
            columns.digest,
            columns.body,
            columns.capture_id,
        )
        .where(columns.origin == origin)
        .order_by(columns.first_seen_at)
    )
    return [
        RobotsSeen(
            origin=name,
            first_seen_at=first,
            last_seen_at=last,
            status=status,
            digest=digest,
            body=body,
            capture=capture,
        )
        for name, first, last, status, digest, body, capture in connection.execute(statement)
    ]


def judged(
    connection: Connection, url: str, agent: str, at: datetime | None = None
) -> Judged | None:
    """What the robots.txt in force at an instant (None is now) said of a URL, by rule and line.

    None if nobody had looked by then. A robots.txt of today says nothing of captures of yesterday:
    ask with the capture's instant.
    """
    known = robots_seen(connection, origin_of(url))
    known = [one for one in known if at is None or one.first_seen_at <= at]
    if not known:
        return None
    seen = known[-1]
    since = seen.first_seen_at.isoformat(timespec="seconds")
    where = f"{seen.origin}/robots.txt, as it was since {since}"
    if seen.status is None or seen.status == 429 or seen.status >= 500:  # noqa: PLR2004
        said = f"HTTP {seen.status}" if seen.status else "no answer"
        return Judged(seen=seen, ruling=None, sentence=f"refused: {where} cannot be had ({said})")
    if seen.status in (401, 403):
        said = f"left to the outlet's file ([robots] unauthorized): {where} answers {seen.status}"
        return Judged(seen=seen, ruling=None, sentence=said)
    ruling = rule_for(seen.body or "", agent, url)
    verdict = "allowed" if ruling.is_allowed else "refused"
    if ruling.line:
        why = f"line {ruling.line}, {ruling.rule!r}, for User-agent {ruling.group}"
    elif seen.body is None:
        why = f"there is none (HTTP {seen.status})"
    else:
        why = "no rule matches" if ruling.group else f"no group is for {agent}"
    return Judged(seen=seen, ruling=ruling, sentence=f"{verdict} by {where}: {why}")
