"""Listings within the frontier: which are due, and the sitemaps that an index names."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, not_, select, update

from archive.db.crawling import frontier
from archive.db.dues import LISTINGS
from archive.db.engine import insert_or_ignore
from archive.db.frontier import Kind, new_row
from archive.moments import end_of
from archive.records import Moment, OutletId, Url, UrlKey
from archive.urls import urlkey

_READ = ("polled", "unchanged")
UNDATED_AGAIN = timedelta(hours=1)
"""How long a sitemap is left alone of which nobody knows whether it has changed; two indexes that
name each other would be read in turn for ever."""
RELEASE_EVERY = timedelta(minutes=15)
"""Between two lots of an index's sitemaps; Common Crawl's news crawler takes as long."""
MOST_CHILDREN = 2_000
"""Made due by one reading of an index."""
TRIES = 6
"""So often a sitemap that is declared no longer, or named by an index alone, may fail."""


def sync_listings(
    connection: Connection,
    outlet_id: OutletId,
    listings: Iterable[tuple[Kind, Url]],
    now: datetime,
    *,
    makes_due: bool = True,
) -> None:
    """Make exactly these listings due; one that is no longer declared is kept and never due.

    Without `makes_due`, only what is new or was never due is made so.

    A retired one keeps the time of its monthly probe. And a sitemap that an index named and that
    was not read yet stays due: the index, asked again, says that it has not changed, and nobody
    would name it any more.
    """
    keys = [(kind, urlkey(url), url) for kind, url in listings]
    rows = [
        new_row(outlet_id, kind=kind, url=url, key=key, now=now, sort_at=now, discovery=None)
        for kind, key, url in keys
    ]
    insert_or_ignore(connection, frontier, rows)
    mine = and_(frontier.c.outlet_id == outlet_id, frontier.c.kind.in_(LISTINGS))
    unread = and_(
        frontier.c.kind == "sitemap",
        frontier.c.state.not_in(_READ),
        frontier.c.attempts < TRIES,
    )
    _forget_others(connection, and_(mine, not_(unread)), {one[:2] for one in keys})
    for kind, key, url in keys:
        one = and_(mine, frontier.c.kind == kind, frontier.c.urlkey == key)
        connection.execute(update(frontier).where(one).values(url=url))
        alive = update(frontier).where(one, frontier.c.retired_at.is_(None))
        if not makes_due:
            alive = alive.where(frontier.c.next_due_at.is_(None))
        connection.execute(alive.values(next_due_at=now, due_reason="a crawl began"))


def _forget_others(
    connection: Connection, mine: ColumnElement[bool], declared: set[tuple[str, UrlKey]]
) -> None:
    """Make listings never due that are declared no longer, or that an index named and were read."""
    known = select(frontier.c.id, frontier.c.kind, frontier.c.urlkey).where(
        mine, frontier.c.next_due_at.is_not(None)
    )
    others = [id_ for id_, kind, key in connection.execute(known) if (kind, key) not in declared]
    if others:
        connection.execute(
            update(frontier)
            .where(frontier.c.id.in_(others))
            .values(next_due_at=None, due_rank=None, due_reason="declared no longer")
        )


def add_children(
    connection: Connection,
    outlet_id: OutletId,
    children: Sequence[tuple[Url, Moment | None]],
    now: datetime,
    *,
    at_once: int,
) -> tuple[int, int]:
    """Note the sitemaps that an index names, and say when those are due that may have changed.

    Those that changed since we looked come first, the one changed last before the others; then
    those of which the index does not say when they changed, never read before read long ago. One
    that has not changed since our last look is not asked again. The first `at_once` are due now,
    the next ones `RELEASE_EVERY` later, and so on: the index itself, asked again, says that it has
    not changed, and would name nobody.

    Returns:
        how many are due now, and how many later.
    """
    known = _looked_at(connection, outlet_id, [urlkey(url) for url, _ in children])
    chosen = sorted(
        (rank, url, modified)
        for url, modified in children
        if (rank := _rank(modified, known.get(urlkey(url)), now)) is not None
    )[:MOST_CHILDREN]
    rows = [
        new_row(
            outlet_id,
            kind="sitemap",
            url=url,
            key=urlkey(url),
            now=now,
            sort_at=min(modified.utc, now) if modified else now,
            discovery=None,
        )
        for _, url, modified in chosen
    ]
    insert_or_ignore(connection, frontier, rows)
    if rows:
        waits = [RELEASE_EVERY * (number // at_once) for number in range(len(rows))]
        due = [
            {"key": row["urlkey"], "due": now + wait} for row, wait in zip(rows, waits, strict=True)
        ]
        mine = and_(frontier.c.outlet_id == outlet_id, frontier.c.kind == "sitemap")
        one = and_(mine, frontier.c.urlkey == bindparam("key"))
        release = update(frontier).where(one)
        said = "its index names it as changed, or new"
        later = release.values(next_due_at=bindparam("due"), due_rank=None)
        named = later.values(due_reason=said, state="pending")
        connection.execute(named, due)
    return min(at_once, len(rows)), max(len(rows) - at_once, 0)


def _looked_at(
    connection: Connection, outlet_id: OutletId, keys: Sequence[UrlKey]
) -> dict[UrlKey, datetime | None]:
    """When sitemaps that are known were looked at last; None if not yet."""
    found: dict[UrlKey, datetime | None] = {}
    for start in range(0, len(keys), 500):
        statement = select(frontier.c.urlkey, frontier.c.settled_at).where(
            frontier.c.outlet_id == outlet_id,
            frontier.c.kind == "sitemap",
            frontier.c.urlkey.in_(keys[start : start + 500]),
        )
        found.update({UrlKey(key): at for key, at in connection.execute(statement)})
    return found


def _rank(
    modified: Moment | None, looked_at: datetime | None, now: datetime
) -> tuple[int, float] | None:
    """Where a sitemap stands among those to be asked; None if it is not to be asked.

    A `lastmod` of today that names no hour may be of any time until midnight, and one in the
    future says nothing: both are asked again after a while, as those without any.
    """
    if modified is None:
        if looked_at is None:
            return (1, 0.0)
        return (2, looked_at.timestamp()) if looked_at <= now - UNDATED_AGAIN else None
    until = end_of(modified)
    if looked_at is not None and (
        until <= looked_at or (until > now and looked_at > now - UNDATED_AGAIN)
    ):
        return None
    return (0, -modified.utc.timestamp())
