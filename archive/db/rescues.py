"""Rescues as rows, and what one makes due at its end."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from archive.db.crawling import frontier, rescue
from archive.db.engine import insert_or_ignore
from archive.records import Digest, OutletId
from archive.rescues import Rescue

LAST_LOOK = "a rescue looks once more"
_LOOKED_AT = ("new", "changed", "same", "failed", "refused", "walled", "pending")
"""What has shown itself to be no article, or unreadable, will not become one."""


def begin(
    connection: Connection, outlet_id: OutletId, begun_at: datetime, closes_on: date | None
) -> None:
    """Note that a rescue has begun."""
    row = {"outlet_id": outlet_id, "begun_at": begun_at, "closes_on": closes_on}
    insert_or_ignore(connection, rescue, [row])


def end(
    connection: Connection, outlet_id: OutletId, at: datetime, *, certificate: str, digest: Digest
) -> None:
    """Note that the rescue which goes on has ended, and what was certified."""
    going_on = and_(rescue.c.outlet_id == outlet_id, rescue.c.ended_at.is_(None))
    values = {"ended_at": at, "certificate": certificate, "digest": digest}
    connection.execute(update(rescue).where(going_on).values(values))


def going_on(connection: Connection, outlet_id: OutletId) -> Rescue | None:
    """The rescue of an outlet that has not ended, if there is one."""
    columns = (rescue.c.begun_at, rescue.c.closes_on)
    row = connection.execute(
        select(*columns)
        .where(rescue.c.outlet_id == outlet_id, rescue.c.ended_at.is_(None))
        .order_by(rescue.c.begun_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    begun_at, closes_on = row
    return Rescue(outlet=outlet_id, begun_at=begun_at, closes_on=closes_on)


def unseen(connection: Connection, outlet_id: OutletId, since: datetime) -> int:
    """How many articles that were asked for before were not since."""
    asked = and_(_unseen(outlet_id, since), frontier.c.settled_at.is_not(None))
    found = select(func.count()).select_from(frontier).where(asked)
    return connection.execute(found).scalar() or 0


def look_again(connection: Connection, outlet_id: OutletId, since: datetime, now: datetime) -> int:
    """Make every article due that was not asked for since then; how many those are."""
    values = {"next_due_at": now, "due_reason": LAST_LOOK}
    statement = update(frontier).where(_unseen(outlet_id, since)).values(values)
    return connection.execute(statement).rowcount


def failed_until(connection: Connection, outlet_id: OutletId, latest: datetime) -> datetime | None:
    """When the last of the failed articles is tried again that are tried again by then."""
    again = select(func.max(frontier.c.next_due_at)).where(
        frontier.c.outlet_id == outlet_id,
        frontier.c.kind == "article",
        frontier.c.state == "failed",
        frontier.c.next_due_at <= latest,
    )
    return connection.execute(again).scalar()


def _unseen(outlet_id: OutletId, since: datetime) -> ColumnElement[bool]:
    return and_(
        frontier.c.outlet_id == outlet_id,
        frontier.c.kind == "article",
        frontier.c.state.in_(_LOOKED_AT),
        frontier.c.lease_token.is_(None),
        or_(frontier.c.settled_at.is_(None), frontier.c.settled_at < since),
    )
