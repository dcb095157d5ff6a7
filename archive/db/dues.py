"""What is due, in the order in which it is lent: an outlet may have 10^5 rows that are.

    not due ──(its time has come, and a lease sees it)──> ranked ──(settled)──> not due
        new, and due at once ───────────────────────────────^

What is due changes with time alone, so no index can hold just that. A row says it itself, in
`due_rank`: a new one from its beginning, any other once a lease has seen that its time has come,
until it is settled. An index of these, in the order of lending, gives the next eight at once:
nothing is sorted, and what is due is not read again at each lease. The rank is a hint. Whether a
row is due is still said by its `next_due_at`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    update,
)

from archive.db.columns import UtcDateTime
from archive.db.crawling import frontier
from archive.records import OutletId, UrlKey

LISTINGS = ("feed", "sitemap", "section")
LISTING, ARTICLE, REQUISITE = range(3)
"""Ranks, in the order of lending."""
AT_ONCE = 2_000
"""Rows that one lease ranks at most, those first that have been due longest: where more have become
due, after a month without a crawl, the next leases see the rest."""
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)

_NOW = bindparam("now", type_=UtcDateTime)
_OUTLET = frontier.c.outlet_id == bindparam("outlet")
_FREE = or_(frontier.c.lease_until.is_(None), frontier.c.lease_until <= _NOW)

_UNRANKED = (
    select(frontier.c.id)
    .where(_OUTLET, frontier.c.due_rank.is_(None), frontier.c.next_due_at <= _NOW)
    .order_by(frontier.c.next_due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
RANK = (
    update(frontier)
    .where(frontier.c.id.in_(_UNRANKED.scalar_subquery()))
    .values(
        due_rank=case(
            (frontier.c.kind == "article", ARTICLE),
            (frontier.c.kind == "requisite", REQUISITE),
            else_=LISTING,
        )
    )
)
"""Ranks what has become due."""

_COLUMNS = select(
    frontier.c.id,
    frontier.c.kind,
    frontier.c.url,
    frontier.c.urlkey,
    frontier.c.article_id,
    frontier.c.attempts,
    frontier.c.unchanged,
    frontier.c.score,
    frontier.c.retired_at,
    frontier.c.polled_at,
    frontier.c.every_seconds,
    frontier.c.first_sighted_at,
    frontier.c.etag,
    frontier.c.since,
    frontier.c.discovery,
)


IN_ORDER = (
    _COLUMNS.where(
        _OUTLET,
        frontier.c.due_rank == bindparam("rank"),
        # written so that no index of this time is taken: it does not have the order
        func.coalesce(frontier.c.next_due_at, literal(_NEVER, UtcDateTime)) <= _NOW,
        _FREE,
    )
    .order_by(frontier.c.sort_at.desc(), frontier.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
"""What is due of one rank; over all ranks at once, the index would not have the order either."""
_ONE_ARTICLE = _COLUMNS.where(
    _OUTLET,
    frontier.c.urlkey == bindparam("only"),
    frontier.c.kind == "article",
    frontier.c.next_due_at <= _NOW,
    _FREE,
).with_for_update(skip_locked=True)


def due_rows(
    connection: Connection,
    outlet_id: OutletId,
    *,
    limit: int,
    now: datetime,
    only: UrlKey | None = None,
    without_articles: bool = False,
) -> Iterator[Any]:
    """What is due and lent to nobody: listings, then articles, newest first, then requisites.

    With `only`, this article and requisites; the rows are locked on PostgreSQL, and one that is
    locked is passed by.
    """
    mine = {"outlet": outlet_id, "now": now}
    connection.execute(RANK, {**mine, "limit": AT_ONCE})
    ranks = [LISTING, ARTICLE, REQUISITE]
    if only is not None:
        for row in connection.execute(_ONE_ARTICLE, {**mine, "only": only}):
            limit -= 1
            yield row
        ranks = [REQUISITE]
    elif without_articles:
        ranks = [LISTING, REQUISITE]
    for rank in ranks:
        if limit > 0:
            found = connection.execute(IN_ORDER, {**mine, "rank": rank, "limit": limit}).all()
            limit -= len(found)
            yield from found


def rank_of(kind: str) -> int:
    """The rank of a row that is due."""
    return {"article": ARTICLE, "requisite": REQUISITE}.get(kind, LISTING)
