"""The frontier: known URLs and listings with the time each is next due (DESIGN decision 3).

Work is lent, never popped: `lease` gives a row with a token until an instant, `settle` ends it by
that token, and a lease that has expired is simply due again. Nothing is lost by a kill.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import (
    Boolean,
    Connection,
    Float,
    Row,
    Text,
    and_,
    bindparam,
    case,
    func,
    select,
    update,
)

from archive.db import polls
from archive.db.columns import UtcDateTime
from archive.db.crawling import frontier
from archive.db.dues import LISTINGS, due_rows, rank_of
from archive.db.engine import insert_or_ignore
from archive.discoveries import discovery_as_json, discovery_from_json
from archive.records import Discovery, Lease, OutletId, Url, UrlKey
from archive.settlements import Lent, Settlement
from archive.urls import urlkey

FIRST, NEEDED = "known for the first time", "a page needs it again"
"""Why something is due that no settlement has made so."""
_SETBACKS = ("failed", "refused", "gone")
Kind = Literal["feed", "sitemap", "section", "article", "requisite"]


def lease(
    connection: Connection,
    outlet_id: OutletId,
    *,
    limit: int,
    now: datetime,
    until: datetime,
    holder: str,
    only: UrlKey | None = None,
    without_articles: bool = False,
) -> list[Lease]:
    """Lend what is due: listings first, then articles, newest first, then requisites."""
    leases: list[Lease] = []
    held: list[dict[str, Any]] = []
    found = due_rows(
        connection, outlet_id, limit=limit, now=now, only=only, without_articles=without_articles
    )
    for row in found:
        token = f"{holder}/{secrets.token_hex(6)}"
        held.append({"row": row.id, "token": token, "until": until})
        leases.append(_lease_of(row, outlet_id, token, until))
    if held:
        connection.execute(LEND, held)
    return leases


def _lease_of(row: Any, outlet_id: OutletId, token: str, until: datetime) -> Lease:
    return Lease(
        token=token,
        outlet=outlet_id,
        url=Url(row.url),
        urlkey=UrlKey(row.urlkey),
        kind=cast("Kind", row.kind),
        purpose=_purpose(row.kind, row.article_id),
        until=until,
        attempts=row.attempts,
        unchanged=row.unchanged,
        score=row.score,
        is_retired=row.retired_at is not None,
        polled_at=row.polled_at,
        every=timedelta(seconds=row.every_seconds) if row.every_seconds else None,
        first_sighted_at=row.first_sighted_at,
        etag=row.etag,
        since=row.since,
        discovery=discovery_from_json(row.discovery) if row.discovery else None,
    )


LEND = (
    update(frontier)
    .where(frontier.c.id == bindparam("row"))
    .values(lease_token=bindparam("token"), lease_until=bindparam("until"))
)
"""Lends a row."""


def free(connection: Connection, is_over: Callable[[str], bool]) -> int:
    """Take back the leases of holders that are over; how many those were."""
    tokens = connection.execute(
        select(frontier.c.lease_token).where(frontier.c.lease_token.is_not(None))
    ).scalars()
    dead = [token for token in tokens if token and is_over(token.rpartition("/")[0])]
    for start in range(0, len(dead), 500):
        some = frontier.c.lease_token.in_(dead[start : start + 500])
        connection.execute(update(frontier).where(some).values(lease_token=None, lease_until=None))
    return len(dead)


def need(
    connection: Connection,
    outlet_id: OutletId,
    needed: Iterable[Discovery],
    now: datetime,
    fresh: timedelta,
) -> None:
    """Make requisites due that were never fetched, or not within `fresh`."""
    rows = [
        new_row(
            outlet_id,
            kind="requisite",
            url=one.url,
            key=urlkey(one.url),
            now=now,
            sort_at=now,
            discovery=discovery_as_json(one),
        )
        for one in needed
    ]
    insert_or_ignore(connection, frontier, rows)
    said = {row["urlkey"]: row["discovery"] for row in rows}
    stale = select(frontier.c.id, frontier.c.urlkey).where(
        frontier.c.outlet_id == outlet_id,
        frontier.c.kind == "requisite",
        frontier.c.urlkey.in_(said),
        frontier.c.settled_at <= now - fresh,
    )
    for id_, key in connection.execute(stale).all():  # few: most are new, or fresh
        values = {"next_due_at": now, "due_reason": NEEDED, "discovery": said[key]}
        connection.execute(update(frontier).where(frontier.c.id == id_).values(values))


def _purpose(kind: str, article: str | None) -> Literal["poll", "fetch", "recheck"]:
    if kind != "article":
        return "poll"
    return "recheck" if article else "fetch"


_STATE_IS_HELD = frontier.c.article_id.is_not(None)
_RELEASE = (
    update(frontier)
    .where(frontier.c.lease_token == bindparam("token"))
    .values(lease_token=None, lease_until=None)
    .returning(
        frontier.c.id,
        frontier.c.outlet_id,
        frontier.c.kind,
        frontier.c.url,
        frontier.c.first_sighted_at,
    )
)
# One statement for every outcome: building it anew for each page cost more than running it.
_SETTLE = _RELEASE.values(
    # The ledger asks how a URL was captured, so a later mishap does not undo its state.
    state=case(
        (and_(_STATE_IS_HELD, bindparam("keeps_state", type_=Boolean)), frontier.c.state),
        else_=bindparam("outcome", type_=Text),
    ),
    reason=bindparam("why"),
    settled_at=bindparam("now", type_=UtcDateTime),
    due_rank=None,
    next_due_at=bindparam("due"),
    due_reason=bindparam("due_why"),
    score=case(
        (
            bindparam("is_setback", type_=Boolean),
            frontier.c.score + bindparam("weight", type_=Float),
        ),
        else_=0.0,
    ),
    retired_at=case(
        (
            bindparam("is_retired", type_=Boolean),
            func.coalesce(frontier.c.retired_at, bindparam("now", type_=UtcDateTime)),
        ),
        else_=None,
    ),
    attempts=case((bindparam("is_setback", type_=Boolean), frontier.c.attempts + 1), else_=0),
    unchanged=case((bindparam("is_same", type_=Boolean), frontier.c.unchanged + 1), else_=0),
    capture_id=func.coalesce(bindparam("capture", type_=Text), frontier.c.capture_id),
    article_id=func.coalesce(bindparam("article", type_=Text), frontier.c.article_id),
    etag=case(
        (bindparam("is_fresh", type_=Boolean), bindparam("new_etag", type_=Text)),
        else_=frontier.c.etag,
    ),
    since=case(
        (bindparam("is_fresh", type_=Boolean), bindparam("new_since", type_=Text)),
        else_=frontier.c.since,
    ),
)


def settle(connection: Connection, settlement: Settlement, now: datetime) -> Lent | None:
    """End a lease.

    Returns:
        what was lent; None if the token held nothing any more: somebody else has had it since.
    """
    s = settlement
    if s.outcome == "released":
        return _lent(connection.execute(_RELEASE, {"token": s.token}).first())
    values = {
        "token": s.token,
        "outcome": s.outcome,
        "keeps_state": s.outcome not in ("changed", "new", "polled"),
        "why": s.reason,
        "now": now,
        "due": s.next_due_at,
        "due_why": s.due_reason,
        "weight": s.weight,
        "is_retired": s.is_retired,
        "is_setback": s.outcome in _SETBACKS,
        "is_same": s.outcome in ("same", "unchanged"),
        "capture": s.capture,
        "article": s.article,
        "is_fresh": bool(s.etag or s.since),
        "new_etag": s.etag,
        "new_since": s.since,
    }
    lent = _lent(connection.execute(_SETTLE, values).first())
    if lent and lent.kind in LISTINGS:
        polls.note(connection, lent, s, now)
    return lent


def _lent(row: Row[int, str, str, str, datetime] | None) -> Lent | None:
    if row is None:
        return None
    id_, outlet_id, kind, url, sighted = row
    return Lent(
        id=id_, outlet=OutletId(outlet_id), kind=kind, url=Url(url), first_sighted_at=sighted
    )


def borrow_again(
    connection: Connection, outlet_id: OutletId, kind: Kind, url: Url, since: datetime
) -> str:
    """Lend what a settlement of the past speaks of, known or not; gives the token to settle by."""
    key = urlkey(url)
    row = new_row(outlet_id, kind=kind, url=url, key=key, now=since, sort_at=since, discovery=None)
    insert_or_ignore(connection, frontier, [row])
    one = and_(frontier.c.outlet_id == outlet_id, frontier.c.urlkey == key, frontier.c.kind == kind)
    token = f"again/{secrets.token_hex(6)}"
    connection.execute(update(frontier).where(one).values(lease_token=token))
    return token


def make_due(connection: Connection, outlet_id: OutletId, key: UrlKey, now: datetime) -> None:
    """Make one article due at once, whatever its cadence says."""
    one = and_(
        frontier.c.outlet_id == outlet_id, frontier.c.urlkey == key, frontier.c.kind == "article"
    )
    connection.execute(
        update(frontier).where(one).values(next_due_at=now, due_reason="a person asked for it")
    )


BACKLOG = "waits for a backfill"
"""Why an article of the past that listings told of is never due: a backfill borrows it by name."""


def new_row(
    outlet_id: OutletId,
    *,
    kind: Kind,
    url: Url,
    key: UrlKey,
    now: datetime,
    sort_at: datetime,
    discovery: dict[str, Any] | None,
) -> dict[str, Any]:
    """A URL or listing as it enters the frontier: pending, and due at once."""
    return {
        "outlet_id": outlet_id,
        "kind": kind,
        "url": url,
        "urlkey": key,
        "state": "pending",
        "first_sighted_at": now,
        "sort_at": sort_at,
        "next_due_at": now,
        "due_rank": rank_of(kind),
        "due_reason": FIRST,
        "discovery": discovery,
        "attempts": 0,
        "unchanged": 0,
        "score": 0.0,
    }
