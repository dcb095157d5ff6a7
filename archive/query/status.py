"""Where an archive stands: each outlet's ledger, what is held, what is due, the last runs."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select

from archive import policy
from archive.db.crawling import frontier, outlet, run
from archive.db.dues import LISTINGS
from archive.db.schema import article, capture, version
from archive.query.remarks import DAY, remarks
from archive.records import OutletId
from archive.remarks import Remark
from archive.settlements import CAPTURED


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletStatus:
    """One outlet's ledger: announced = captured + refused + failed + pending."""

    id: OutletId
    name: str
    states: dict[str, int]
    """URLs by how they stand: `new`, `changed`, `same`, `walled`, `refused`, `pending` …"""
    articles: int
    versions: int
    edited: int
    gone: int
    last_capture_at: datetime | None
    due: int
    next_due_at: datetime | None
    retired: int
    """Listings that were given up; they are probed monthly."""

    @property
    def announced(self) -> int:
        """Article URLs ever sighted."""
        return sum(self.states.values())

    @property
    def captured(self) -> int:
        """Of those, the ones that were fetched, whatever they held."""
        return sum(self.states.get(state, 0) for state in CAPTURED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The whole archive."""

    outlets: tuple[OutletStatus, ...]
    captures: int
    bytes: int
    runs: tuple[dict[str, Any], ...]
    remarks: tuple[Remark, ...] = ()
    """What runs remarked within a day."""


def status(connection: Connection, now: datetime) -> Status:
    """Count everything."""
    name = policy.visible_name(outlet.c.name, now)
    statement = select(outlet.c.id, name).order_by(outlet.c.id)
    outlets = tuple(
        _outlet(connection, id_, said, now) for id_, said in connection.execute(statement)
    )
    total, size = connection.execute(
        select(func.count(), func.coalesce(func.sum(capture.c.length), 0)).select_from(capture)
    ).one()
    latest = select(run).order_by(run.c.opened_at.desc()).limit(5)
    runs = tuple(dict(row) for row in connection.execute(latest).mappings())
    lately = remarks(connection, now, now - DAY, now + timedelta(microseconds=1))
    return Status(
        outlets=outlets, captures=total, bytes=int(size), runs=runs, remarks=tuple(lately)
    )


def _outlet(connection: Connection, id_: str, name: str, now: datetime) -> OutletStatus:
    mine = frontier.c.outlet_id == id_
    by_state = select(frontier.c.state, func.count()).where(mine, frontier.c.kind == "article")
    states: dict[str, int] = dict(connection.execute(by_state.group_by(frontier.c.state)).all())
    due = select(func.count()).where(
        mine,
        frontier.c.next_due_at <= now,
        or_(frontier.c.lease_until.is_(None), frontier.c.lease_until <= now),
    )
    upcoming = select(func.min(frontier.c.next_due_at)).where(
        mine, frontier.c.next_due_at.is_not(None)
    )
    retired = select(func.count()).where(
        mine,
        frontier.c.kind.in_(LISTINGS),
        frontier.c.retired_at.is_not(None),
    )
    last = select(func.max(capture.c.captured_at)).where(capture.c.outlet_id == id_)
    counts = _versions(connection, id_, now)
    return OutletStatus(
        id=OutletId(id_),
        name=name,
        states=states,
        articles=len(counts),
        versions=sum(number for number, _ in counts.values()),
        edited=sum(1 for number, _ in counts.values() if number > 1),
        gone=sum(1 for _, gone in counts.values() if gone),
        last_capture_at=connection.execute(last).scalar(),
        due=connection.execute(due).scalar() or 0,
        next_due_at=connection.execute(upcoming).scalar(),
        retired=connection.execute(retired).scalar() or 0,
    )


def _versions(connection: Connection, id_: str, now: datetime) -> dict[str, tuple[int, bool]]:
    statement = (
        select(article.c.id, func.count(version.c.id), func.max(article.c.gone_at))
        .join(version, version.c.article_id == article.c.id)
        .where(article.c.outlet_id == id_, version.c.superseded_by.is_(None), policy.visible(now))
        .group_by(article.c.id)
    )
    return {
        article_id: (number, gone is not None)
        for article_id, number, gone in connection.execute(statement)
    }


def reasons(connection: Connection, outlet_id: OutletId, now: datetime) -> Counter[tuple[str, str]]:
    """Why URLs of an outlet are not held: state and reason, counted, as far as they may be seen.

    A reason may name an address: the rule of a robots.txt, say.
    """
    statement = (
        select(frontier.c.state, frontier.c.reason, func.count())
        .where(
            frontier.c.outlet_id == outlet_id,
            frontier.c.kind == "article",
            frontier.c.article_id.is_(None),
            frontier.c.state != "pending",
            policy.visible_url(now),
        )
        .group_by(frontier.c.state, frontier.c.reason)
    )
    return Counter(
        {(state, reason or ""): number for state, reason, number in connection.execute(statement)}
    )
