"""The morning report: what came in, what is missing and why, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from archive import policy
from archive.db import polls
from archive.db.crawling import frontier, outlet
from archive.db.dues import LISTINGS
from archive.db.frontier import BACKLOG
from archive.db.ledgers import bounds_of
from archive.db.polls import Gap
from archive.db.schema import article, version
from archive.query.changes import RobotsChange, robots_changes
from archive.query.gaps import visible_gaps
from archive.query.layout import Suspicion, suspicions
from archive.query.remarks import remarks
from archive.query.schedules import held_hosts
from archive.query.storage import Storage, storage
from archive.records import OutletId
from archive.remarks import Remark
from archive.settlements import CAPTURED

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """Pages that were not shown to us; `since` is when the first of them was sighted."""

    reason: str
    pages: int
    since: datetime
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletMorning:
    """One outlet's last day. `states` counts URLs first sighted in it by how they stand."""

    id: OutletId
    since: datetime
    until: datetime
    states: dict[str, int]
    edits: int
    deletions: int
    walls: tuple[Wall, ...]
    suspicions: tuple[Suspicion, ...]
    gaps: tuple[Gap, ...]
    """Times that touch the day in which a listing's items went by unseen."""
    failed_listings: dict[str, str]
    """URL and reason of each listing that could not be read when it was last asked for."""
    polls: int
    """How often its listings were asked for on the days that it touches."""
    failed_polls: int
    remarks: tuple[Remark, ...] = ()
    """What runs could not do, what is odd about a robots.txt, and what does not balance."""

    @property
    def announced(self) -> int:
        """URLs first sighted."""
        return sum(self.states.values())

    @property
    def captured(self) -> int:
        """Of those, fetched, whatever they held."""
        return sum(self.states.get(state, 0) for state in CAPTURED)

    @property
    def complete(self) -> float | None:
        """Captured of announced, from 0 to 1; None if nothing was announced."""
        return self.captured / self.announced if self.announced else None

    @property
    def missing(self) -> int:
        """URLs that may be fetched and are not had yet."""
        return self.states.get("failed", 0) + self.states.get("pending", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """The whole report. `held` are hosts that asked for patience: until when, and why."""

    at: datetime
    on: date | None
    outlets: tuple[OutletMorning, ...]
    held: dict[str, tuple[datetime, str]]
    robots: tuple[RobotsChange, ...]
    storage: Storage
    last_news_at: datetime | None
    """If nothing was announced: when the newest of all articles was first sighted, if any was."""


def morning(
    connection: Connection, directory: Path, now: datetime, on: date | None = None
) -> Morning:
    """Report on the last 24 hours, or on a day `on` of each outlet's own zone."""
    zones = select(outlet.c.id, outlet.c.zone).order_by(outlet.c.id)
    outlets = []
    lately = (now - DAY, now + timedelta(microseconds=1))  # this very instant counted in
    for id_, zone in connection.execute(zones).all():
        since, until = bounds_of(on, ZoneInfo(zone or "UTC")) if on else lately
        outlets.append(_outlet(connection, OutletId(id_), since, until, now))
    begin, end = bounds_of(on, ZoneInfo("UTC")) if on else lately
    return Morning(
        at=now,
        on=on,
        outlets=tuple(outlets),
        held={name: (until, why) for name, until, why in held_hosts(connection, now)},
        robots=tuple(robots_changes(connection, begin, end, now)),
        storage=storage(connection, directory, now),
        last_news_at=None if any(one.announced for one in outlets) else _last_news(connection),
    )


def _last_news(connection: Connection) -> datetime | None:
    of_a_day = func.coalesce(frontier.c.due_reason, "") != BACKLOG
    newest = select(func.max(frontier.c.first_sighted_at))
    found: datetime | None = connection.execute(
        newest.where(frontier.c.kind == "article", of_a_day)
    ).scalar()
    return found


def _outlet(
    connection: Connection, id_: OutletId, since: datetime, until: datetime, now: datetime
) -> OutletMorning:
    mine = (frontier.c.outlet_id == id_, frontier.c.kind == "article")
    sighted = (frontier.c.first_sighted_at >= since, frontier.c.first_sighted_at < until)
    of_the_day = func.coalesce(frontier.c.due_reason, "") != BACKLOG
    states = select(frontier.c.state, func.count()).where(*mine, *sighted, of_the_day)
    zone = polls.zone_of(connection, id_)
    begin, end = (at.astimezone(zone).date() for at in (since, until - timedelta(seconds=1)))
    polled = polls.days(connection, id_, begin, end)
    return OutletMorning(
        id=id_,
        since=since,
        until=until,
        states=dict(connection.execute(states.group_by(frontier.c.state)).all()),
        edits=_edits(connection, id_, since, until, now),
        deletions=_deletions(connection, id_, since, until, now),
        walls=tuple(_walls(connection, id_, since, until, now)),
        suspicions=tuple(suspicions(connection, id_, since, until, now)),
        gaps=visible_gaps(connection, id_, since, until, now),
        failed_listings=_failed_listings(connection, id_, now),
        polls=sum(day["polls"] for day in polled.values()),
        failed_polls=sum(day["failed"] for day in polled.values()),
        remarks=tuple(remarks(connection, now, since, until, only=id_)),
    )


def _edits(
    connection: Connection, id_: OutletId, since: datetime, until: datetime, now: datetime
) -> int:
    statement = (
        select(func.count())
        .select_from(version)
        .join(article, article.c.id == version.c.article_id)
        .where(
            article.c.outlet_id == id_,
            version.c.number > 1,
            version.c.first_captured_at >= since,
            version.c.first_captured_at < until,
            version.c.superseded_by.is_(None),
            policy.visible(now),
        )
    )
    return connection.execute(statement).scalar_one()


def _deletions(
    connection: Connection, id_: OutletId, since: datetime, until: datetime, now: datetime
) -> int:
    statement = select(func.count()).where(
        article.c.outlet_id == id_,
        article.c.gone_at >= since,
        article.c.gone_at < until,
        policy.visible(now),
    )
    return connection.execute(statement).scalar_one()


def _walls(
    connection: Connection, id_: OutletId, since: datetime, until: datetime, now: datetime
) -> Iterator[Wall]:
    statement = (
        select(
            frontier.c.reason,
            func.count(),
            func.min(frontier.c.first_sighted_at),
            func.min(frontier.c.url),
        )
        .where(
            frontier.c.outlet_id == id_,
            frontier.c.kind == "article",
            frontier.c.state == "walled",
            frontier.c.first_sighted_at >= since,
            frontier.c.first_sighted_at < until,
            policy.visible_url(now),
        )
        .group_by(frontier.c.reason)
    )
    for reason, pages, first, example in connection.execute(statement):
        yield Wall(reason=reason or "", pages=pages, since=first, example=example)


def _failed_listings(connection: Connection, id_: OutletId, now: datetime) -> dict[str, str]:
    statement = select(frontier.c.url, frontier.c.state, frontier.c.reason).where(
        frontier.c.outlet_id == id_,
        frontier.c.kind.in_(LISTINGS),
        frontier.c.state.in_(("failed", "refused")),
        frontier.c.next_due_at.is_not(None),
        policy.visible_url(now),
    )
    return {url: reason or state for url, state, reason in connection.execute(statement)}
