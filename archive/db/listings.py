"""Listings within the frontier: which are due, and the sitemaps that an index names."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, not_, or_, update

from archive.db.crawling import frontier
from archive.db.engine import insert_or_ignore
from archive.db.frontier import Kind, new_row
from archive.records import Moment, OutletId, Url
from archive.urls import urlkey

_LISTINGS = ("feed", "sitemap", "section")
_READ = ("polled", "unchanged")
TRIES = 6
"""So often a sitemap that is declared no longer, or named by an index alone, may fail."""


def sync_listings(
    connection: Connection, outlet_id: OutletId, listings: Iterable[tuple[Kind, Url]], now: datetime
) -> None:
    """Make exactly these listings due; one that is no longer declared is kept and never due.

    But a sitemap that an index named and that was not read yet stays due: the index, asked again,
    says that it has not changed, and nobody would name it any more.
    """
    keys = [(kind, urlkey(url), url) for kind, url in listings]
    rows = [
        new_row(outlet_id, kind=kind, url=url, key=key, now=now, sort_at=now, discovery=None)
        for kind, key, url in keys
    ]
    insert_or_ignore(connection, frontier, rows)
    mine = and_(frontier.c.outlet_id == outlet_id, frontier.c.kind.in_(_LISTINGS))
    unread = and_(
        frontier.c.kind == "sitemap",
        frontier.c.state.not_in(_READ),
        frontier.c.attempts < TRIES,
    )
    connection.execute(update(frontier).where(mine, not_(unread)).values(next_due_at=None))
    for kind, key, url in keys:
        one = and_(mine, frontier.c.kind == kind, frontier.c.urlkey == key)
        connection.execute(update(frontier).where(one).values(next_due_at=now, url=url))


def add_children(
    connection: Connection,
    outlet_id: OutletId,
    children: Sequence[tuple[Url, Moment | None]],
    now: datetime,
) -> None:
    """Note the sitemaps that an index names; due if they changed since we looked, or may have."""
    rows = [
        new_row(
            outlet_id,
            kind="sitemap",
            url=url,
            key=urlkey(url),
            now=now,
            sort_at=modified.utc if modified else now,
            discovery=None,
        )
        for url, modified in children
    ]
    insert_or_ignore(connection, frontier, rows)
    for row, (_, modified) in zip(rows, children, strict=True):
        changed = or_(
            frontier.c.settled_at.is_(None),
            frontier.c.settled_at < (modified.utc if modified else now),
        )
        one = and_(
            frontier.c.outlet_id == outlet_id,
            frontier.c.kind == "sitemap",
            frontier.c.urlkey == row["urlkey"],
            changed,
        )
        connection.execute(update(frontier).where(one).values(next_due_at=now, state="pending"))
