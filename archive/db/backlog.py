"""The backlog: articles of the past that wait for a backfill.

They are rows of the frontier like any other, `pending`, with no time at which they are due: a daily
visit passes them by until a listing of the day names them. A backfill borrows them by name.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from archive.db import captures
from archive.db.crawling import frontier
from archive.db.frontier import LEND
from archive.db.schema import capture
from archive.discoveries import discovery_from_json
from archive.records import Capture, Lease, OutletId, Url, UrlKey
from archive.urls import urlkey

_TOLD = (200, 404, 410)
"""Statuses that tell whether there is such a page."""
Standing = tuple[str, bool]
"""How an article's URL stands in the frontier, and whether the article is held."""


def standings(
    connection: Connection, outlet_id: OutletId, keys: Sequence[UrlKey]
) -> dict[UrlKey, Standing]:
    """How those of these articles stand that are known."""
    found: dict[UrlKey, Standing] = {}
    for start in range(0, len(keys), 500):
        statement = select(frontier.c.urlkey, frontier.c.state, frontier.c.article_id).where(
            _articles(outlet_id), frontier.c.urlkey.in_(keys[start : start + 500])
        )
        rows = connection.execute(statement)
        found.update({UrlKey(key): (state, held is not None) for key, state, held in rows})
    return found


def lease(
    connection: Connection,
    outlet_id: OutletId,
    keys: Sequence[UrlKey],
    *,
    now: datetime,
    until: datetime,
    holder: str,
) -> list[Lease]:
    """Lend those of these articles that were never asked for, in the order of `keys`.

    A lease says when it was printed, too: its ledger is that of the day on which it was first
    sighted, and its cadence that of its age.
    """
    statement = (
        select(frontier)
        .where(
            _articles(outlet_id),
            frontier.c.urlkey.in_(keys),
            frontier.c.state == "pending",
            or_(frontier.c.lease_until.is_(None), frontier.c.lease_until <= now),
        )
        .with_for_update(skip_locked=True)
    )
    order = {key: number for number, key in enumerate(keys)}
    rows = sorted(connection.execute(statement).all(), key=lambda row: order[row.urlkey])
    tokens = [f"{holder}/{secrets.token_hex(6)}" for _ in rows]
    if rows:
        held = [
            {"row": row.id, "token": token, "until": until}
            for row, token in zip(rows, tokens, strict=True)
        ]
        connection.execute(LEND, held)
    return [
        Lease(
            token=token,
            outlet=outlet_id,
            url=Url(row.url),
            urlkey=UrlKey(row.urlkey),
            kind="article",
            purpose="fetch",
            until=until,
            attempts=row.attempts,
            first_sighted_at=row.first_sighted_at,
            printed_at=row.sort_at,
            discovery=discovery_from_json(row.discovery) if row.discovery else None,
        )
        for row, token in zip(rows, tokens, strict=True)
    ]


def last_seen(connection: Connection, outlet_id: OutletId, url: Url) -> Capture | None:
    """The last capture of a URL for an outlet that brought a page, or told that there is none."""
    statement = captures.select_captures().where(
        capture.c.outlet_id == outlet_id,
        capture.c.urlkey == urlkey(url),
        capture.c.url == url,
        capture.c.status.in_(_TOLD),
        capture.c.truncated.is_(None),
    )
    newest = statement.order_by(capture.c.captured_at.desc()).limit(1)
    return next(iter(captures.captures_in(connection, newest)), None)


def _articles(outlet_id: OutletId) -> ColumnElement[bool]:
    return and_(frontier.c.outlet_id == outlet_id, frontier.c.kind == "article")
