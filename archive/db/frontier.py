"""The frontier: known URLs and listings with the time each is next due (DESIGN decision 3).

Work is lent, never popped: `lease` gives a row with a token until an instant, `settle` ends it by
that token, and a lease that has expired is simply due again. Nothing is lost by a kill.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from archive.db.engine import insert_or_ignore, upsert
from archive.db.schema import frontier, outlet, outlet_config, sighting
from archive.moments import moment_as_json, moment_from_json
from archive.records import (
    Declaration,
    Digest,
    Discovery,
    Lease,
    Moment,
    OutletId,
    Settlement,
    Url,
    UrlKey,
)
from archive.urls import urlkey

_SETBACKS = ("failed", "refused", "gone")
Kind = Literal["feed", "sitemap", "section", "article"]
UPDATED_SLACK = timedelta(minutes=1)
"""A listing's `updated` within this of our last look is the change we have already seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """What one reading of a listing brought: URLs, and sightings not had before."""

    new_urls: int
    known_urls: int
    sightings: list[Discovery]


def sync_outlet(connection: Connection, declared: Declaration, now: datetime) -> None:
    """Note an outlet as it is declared now, and keep each declaration it ever had."""
    row = {
        "id": declared.id,
        "name": declared.name,
        "home": declared.home,
        "country": declared.country,
        "zone": declared.zone,
        "config_digest": declared.digest,
    }
    upsert(connection, outlet, [row], key=["id"])
    kept = {
        "digest": declared.digest,
        "outlet_id": declared.id,
        "content": declared.config,
        "first_used_at": now,
    }
    insert_or_ignore(connection, outlet_config, [kept])


def config_of(connection: Connection, digest: Digest) -> str | None:
    """A declaration that an outlet had, by its digest."""
    statement = select(outlet_config.c.content).where(outlet_config.c.digest == digest)
    return connection.execute(statement).scalar()


def sync_listings(
    connection: Connection, outlet_id: OutletId, listings: Iterable[tuple[Kind, Url]], now: datetime
) -> None:
    """Make exactly these listings due; one that is no longer declared is kept and never due."""
    keys = [(kind, urlkey(url), url) for kind, url in listings]
    rows = [
        _row(outlet_id, kind=kind, url=url, key=key, now=now, sort_at=now, discovery=None)
        for kind, key, url in keys
    ]
    insert_or_ignore(connection, frontier, rows)
    mine = and_(frontier.c.outlet_id == outlet_id, frontier.c.kind != "article")
    connection.execute(update(frontier).where(mine).values(next_due_at=None))
    for kind, key, url in keys:
        one = and_(mine, frontier.c.kind == kind, frontier.c.urlkey == key)
        connection.execute(update(frontier).where(one).values(next_due_at=now, url=url))


def discover(
    connection: Connection, outlet_id: OutletId, discoveries: Sequence[Discovery], now: datetime
) -> Sighted:
    """Note sightings; a URL never seen before becomes due at once.

    A known URL that the listing says was modified since we last looked becomes due as well.
    """
    found: dict[UrlKey, Discovery] = {}
    for discovery in discoveries:
        found.setdefault(urlkey(discovery.url), discovery)
    known = _known(connection, outlet_id, list(found))
    rows = [
        _row(
            outlet_id,
            kind="article",
            url=d.url,
            key=key,
            now=now,
            sort_at=min(d.published.utc, now) if d.published else now,
            discovery=discovery_as_json(d),
        )
        for key, d in found.items()
        if key not in known
    ]
    insert_or_ignore(connection, frontier, rows)
    _make_due_if_modified(connection, found, known, now)
    ids = _known(connection, outlet_id, list(found)) if rows else known
    sighted = _sight(connection, {ids[key][0]: d for key, d in found.items()}, now)
    return Sighted(new_urls=len(rows), known_urls=len(found) - len(rows), sightings=sighted)


def _known(
    connection: Connection, outlet_id: OutletId, keys: Sequence[UrlKey]
) -> dict[UrlKey, tuple[int, datetime | None]]:
    found: dict[UrlKey, tuple[int, datetime | None]] = {}
    for start in range(0, len(keys), 500):
        statement = select(frontier.c.urlkey, frontier.c.id, frontier.c.settled_at).where(
            frontier.c.outlet_id == outlet_id,
            frontier.c.kind == "article",
            frontier.c.urlkey.in_(keys[start : start + 500]),
        )
        found.update({UrlKey(k): (i, at) for k, i, at in connection.execute(statement)})
    return found


def _make_due_if_modified(
    connection: Connection,
    found: dict[UrlKey, Discovery],
    known: dict[UrlKey, tuple[int, datetime | None]],
    now: datetime,
) -> None:
    updated = [
        known[key][0]
        for key, d in found.items()
        if key in known
        and d.modified is not None
        and (settled := known[key][1]) is not None
        and settled + UPDATED_SLACK < d.modified.utc <= now
    ]
    if updated:
        due = and_(frontier.c.id.in_(updated), frontier.c.next_due_at > now)
        connection.execute(update(frontier).where(due).values(next_due_at=now))


def _sight(connection: Connection, sighted: dict[int, Discovery], now: datetime) -> list[Discovery]:
    """Note each pair of URL and listing; gives those that are new."""
    in_listings = sighting.c.listing.in_({d.listing for d in sighted.values()})
    seen: set[tuple[int, str]] = set()
    for start in range(0, len(sighted), 500):
        ids = list(sighted)[start : start + 500]
        pairs = and_(sighting.c.frontier_id.in_(ids), in_listings)
        statement = select(sighting.c.frontier_id, sighting.c.listing).where(pairs)
        seen.update((i, listing) for i, listing in connection.execute(statement))
        connection.execute(update(sighting).where(pairs).values(last_at=now))
    new = {i: d for i, d in sighted.items() if (i, d.listing) not in seen}
    rows = [
        {
            "frontier_id": id_,
            "listing": d.listing,
            "url": d.url,
            "first_at": now,
            "last_at": now,
            "title": d.title,
            "published": d.published.isoformat() if d.published else None,
        }
        for id_, d in new.items()
    ]
    insert_or_ignore(connection, sighting, rows)
    return list(new.values())


def is_due(now: datetime) -> ColumnElement[bool]:
    """The one place that says what "due" means."""
    return and_(
        frontier.c.next_due_at <= now,
        or_(frontier.c.lease_until.is_(None), frontier.c.lease_until <= now),
    )


def lease(
    connection: Connection,
    outlet_id: OutletId,
    *,
    limit: int,
    now: datetime,
    until: datetime,
    holder: str,
    only: UrlKey | None = None,
) -> list[Lease]:
    """Lend what is due: listings first, then articles, newest first."""
    statement = (
        select(
            frontier.c.id,
            frontier.c.kind,
            frontier.c.url,
            frontier.c.urlkey,
            frontier.c.article_id,
            frontier.c.attempts,
            frontier.c.unchanged,
            frontier.c.first_sighted_at,
            frontier.c.etag,
            frontier.c.last_modified,
            frontier.c.discovery,
        )
        .where(frontier.c.outlet_id == outlet_id, is_due(now))
        .order_by(frontier.c.kind == "article", frontier.c.sort_at.desc(), frontier.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if only is not None:
        statement = statement.where(frontier.c.urlkey == only, frontier.c.kind == "article")
    leases: list[Lease] = []
    held: list[dict[str, Any]] = []
    rows = connection.execute(statement).all()
    for id_, kind, url, key, article, attempts, unchanged, sighted, etag, modified, said in rows:
        token = f"{holder}/{secrets.token_hex(6)}"
        held.append({"row": id_, "token": token, "until": until})
        leases.append(
            Lease(
                token=token,
                outlet=outlet_id,
                url=Url(url),
                urlkey=UrlKey(key),
                kind=cast("Kind", kind),
                purpose=_purpose(kind, article),
                until=until,
                attempts=attempts,
                unchanged=unchanged,
                first_sighted_at=sighted,
                etag=etag,
                last_modified=modified,
                discovery=discovery_from_json(said) if said else None,
            )
        )
    if held:
        connection.execute(_LEND, held)
    return leases


_LEND = (
    update(frontier)
    .where(frontier.c.id == bindparam("row"))
    .values(lease_token=bindparam("token"), lease_until=bindparam("until"))
)


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


def add_children(
    connection: Connection,
    outlet_id: OutletId,
    children: Sequence[tuple[Url, Moment | None]],
    now: datetime,
) -> None:
    """Note the sitemaps that an index names; due if they changed since we looked, or may have."""
    rows = [
        _row(
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
        connection.execute(update(frontier).where(one).values(next_due_at=now))


def _purpose(kind: str, article: str | None) -> Literal["poll", "fetch", "recheck"]:
    if kind != "article":
        return "poll"
    return "recheck" if article else "fetch"


_STATE_IS_HELD = frontier.c.article_id.is_not(None)
_RELEASE = (
    update(frontier)
    .where(frontier.c.lease_token == bindparam("token"))
    .values(lease_token=None, lease_until=None)
)
# One statement for every outcome: building it anew for each page cost more than running it.
_SETTLE = _RELEASE.values(
    # The ledger asks how a URL was captured, so a later mishap does not undo its state.
    state=case(
        (and_(_STATE_IS_HELD, bindparam("keeps_state", type_=Boolean)), frontier.c.state),
        else_=bindparam("outcome", type_=Text),
    ),
    reason=bindparam("why"),
    settled_at=bindparam("now"),
    next_due_at=bindparam("due"),
    attempts=case((bindparam("is_setback", type_=Boolean), frontier.c.attempts + 1), else_=0),
    unchanged=case((bindparam("is_same", type_=Boolean), frontier.c.unchanged + 1), else_=0),
    capture_id=func.coalesce(bindparam("capture", type_=Text), frontier.c.capture_id),
    article_id=func.coalesce(bindparam("article", type_=Text), frontier.c.article_id),
    etag=case(
        (bindparam("is_fresh", type_=Boolean), bindparam("new_etag", type_=Text)),
        else_=frontier.c.etag,
    ),
    last_modified=case(
        (bindparam("is_fresh", type_=Boolean), bindparam("new_modified", type_=Text)),
        else_=frontier.c.last_modified,
    ),
)


def settle(connection: Connection, settlement: Settlement, now: datetime) -> bool:
    """End a lease.

    Returns:
        whether the token still held it; if not, somebody else has had it since.
    """
    s = settlement
    if s.outcome == "released":
        return connection.execute(_RELEASE, {"token": s.token}).rowcount > 0
    values = {
        "token": s.token,
        "outcome": s.outcome,
        "keeps_state": s.outcome not in ("changed", "new", "polled"),
        "why": s.reason,
        "now": now,
        "due": s.next_due_at,
        "is_setback": s.outcome in _SETBACKS,
        "is_same": s.outcome in ("same", "unchanged"),
        "capture": s.capture,
        "article": s.article,
        "is_fresh": bool(s.etag or s.last_modified),
        "new_etag": s.etag,
        "new_modified": s.last_modified,
    }
    return connection.execute(_SETTLE, values).rowcount > 0


def next_due(connection: Connection, outlet_id: OutletId) -> datetime | None:
    """When this outlet is due next, leases aside."""
    mine = and_(frontier.c.outlet_id == outlet_id, frontier.c.next_due_at.is_not(None))
    return connection.execute(select(func.min(frontier.c.next_due_at)).where(mine)).scalar()


def make_due(connection: Connection, outlet_id: OutletId, key: UrlKey, now: datetime) -> None:
    """Make one article due at once, whatever its cadence says."""
    one = and_(
        frontier.c.outlet_id == outlet_id, frontier.c.urlkey == key, frontier.c.kind == "article"
    )
    connection.execute(update(frontier).where(one).values(next_due_at=now))


_SAID = tuple(field.name for field in fields(Discovery))


def discovery_as_json(discovery: Discovery) -> dict[str, Any]:
    """A discovery as the journal and the frontier keep it."""
    plain: dict[str, Any] = {name: getattr(discovery, name) for name in _SAID}
    plain["authors"] = list(discovery.authors)
    plain["published"] = moment_as_json(discovery.published)
    plain["modified"] = moment_as_json(discovery.modified)
    return {k: v for k, v in plain.items() if v not in (None, (), [])}


def discovery_from_json(plain: dict[str, Any]) -> Discovery:
    """The discovery again."""
    return Discovery(
        **{
            **plain,
            "authors": tuple(plain.get("authors", ())),
            "published": moment_from_json(plain.get("published")),
            "modified": moment_from_json(plain.get("modified")),
        }
    )


def _row(
    outlet_id: OutletId,
    *,
    kind: Kind,
    url: Url,
    key: UrlKey,
    now: datetime,
    sort_at: datetime,
    discovery: dict[str, Any] | None,
) -> dict[str, Any]:
    return {
        "outlet_id": outlet_id,
        "kind": kind,
        "url": url,
        "urlkey": key,
        "state": "pending",
        "first_sighted_at": now,
        "sort_at": sort_at,
        "next_due_at": now,
        "discovery": discovery,
        "attempts": 0,
        "unchanged": 0,
    }
