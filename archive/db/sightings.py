"""Sightings: every pair of a URL and a listing that named it; new URLs become due.

What a listing says of a URL is kept when it says so first, and again whenever it says something
else of it: a headline that is changed in a feed is news. Where it is silent on what it said before,
nothing has changed. Positions, summaries and `modified` are told with a change and are none: they
differ from poll to poll.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from archive.db.crawling import frontier, sighting, sighting_change
from archive.db.engine import insert_or_ignore
from archive.db.frontier import BACKLOG, new_row
from archive.discoveries import discovery_as_json
from archive.records import Discovery, OutletId, Url, UrlKey
from archive.urls import urlkey

UPDATED_SLACK = timedelta(minutes=1)
"""A listing's `updated` within this of our last look is the change we have already seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """What one reading of a listing brought: URLs, and sightings that say something new.

    `changed` of these had been seen in their listing before, where it said otherwise of them.
    """

    new_urls: int
    known_urls: int
    sightings: list[Discovery]
    changed: int = 0


_COMPARED = ("title", "published", "authors", "keywords", "language", "publication", "access")
_KEPT = (*_COMPARED, "modified", "summary")
MOST_CHANGES = 100
"""Kept of one URL in one listing. A title with a clock in it changes at every poll."""


def discover(
    connection: Connection,
    outlet_id: OutletId,
    discoveries: Sequence[Discovery],
    now: datetime,
    *,
    printed: Mapping[Url, datetime] = MappingProxyType({}),
) -> Sighted:
    """Note sightings; a URL never seen before becomes due at once.

    A known URL that the listing says was modified since we last looked becomes due as well, and so
    does one that waited for a backfill: it is of today. Those in `printed` are of the past, each of
    that instant, and become due by no sighting.
    """
    found: dict[UrlKey, Discovery] = {}
    for discovery in discoveries:
        found.setdefault(urlkey(discovery.url), discovery)
    known = _known(connection, outlet_id, list(found))
    rows = [
        new_row(
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
    for row in rows:
        if row["url"] in printed:
            row |= {"sort_at": printed[row["url"]], "due_reason": BACKLOG}
            row |= {"next_due_at": None, "due_rank": None}
    insert_or_ignore(connection, frontier, rows)
    _make_due_if_modified(connection, found, known, now)
    awake = [known[k][0] for k, d in found.items() if k in known and d.url not in printed]
    _wake(connection, awake, now)
    ids = _known(connection, outlet_id, list(found)) if rows else known
    first, changed = _sight(connection, {ids[key][0]: d for key, d in found.items()}, now)
    return Sighted(
        new_urls=len(rows),
        known_urls=len(found) - len(rows),
        sightings=first + changed,
        changed=len(changed),
    )


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
    for start in range(0, len(updated), 500):
        some = frontier.c.id.in_(updated[start : start + 500])
        due = and_(some, frontier.c.next_due_at > now)
        why = "its listing says that it was modified"
        connection.execute(update(frontier).where(due).values(next_due_at=now, due_reason=why))


def _wake(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Make due what has waited for a backfill so far."""
    waits = and_(frontier.c.state == "pending", frontier.c.next_due_at.is_(None))
    for start in range(0, len(ids), 500):
        some = frontier.c.id.in_(ids[start : start + 500])
        due = {"next_due_at": now, "due_reason": "a listing of today names it"}
        connection.execute(update(frontier).where(some, waits).values(due))


def _sight(
    connection: Connection, sighted: dict[int, Discovery], now: datetime
) -> tuple[list[Discovery], list[Discovery]]:
    """Note each pair of URL and listing; gives those that are new, and those that say otherwise."""
    in_listings = sighting.c.listing.in_({d.listing for d in sighted.values()})
    seen: dict[tuple[int, str], tuple[dict[str, Any], int]] = {}
    for start in range(0, len(sighted), 500):
        ids = list(sighted)[start : start + 500]
        pairs = and_(sighting.c.frontier_id.in_(ids), in_listings)
        for row in connection.execute(_SEEN.where(pairs)):
            before = row.said
            if before is None:  # of an older version, which kept no more
                before = {"title": row.title, "published": row.published}
            seen[row.frontier_id, row.listing] = (before, row.changes)
        connection.execute(update(sighting).where(pairs).values(last_at=now))
    new = {i: d for i, d in sighted.items() if (i, d.listing) not in seen}
    insert_or_ignore(connection, sighting, [_first(id_, d, now) for id_, d in new.items()])
    changed = []
    for id_, d in sighted.items():
        if known := seen.get((id_, d.listing)):
            changed += _note_change(connection, id_, d, *known, now)
    return list(new.values()), changed


_SEEN = select(
    sighting.c.frontier_id,
    sighting.c.listing,
    sighting.c.title,
    sighting.c.published,
    sighting.c.said,
    sighting.c.changes,
)
_SAYS_NOW = (
    update(sighting)
    .where(sighting.c.frontier_id == bindparam("id"), sighting.c.listing == bindparam("in"))
    .values(said=bindparam("now_said"), changes=bindparam("number"))
)


def _first(id_: int, d: Discovery, now: datetime) -> dict[str, Any]:
    return {
        "frontier_id": id_,
        "listing": d.listing,
        "url": d.url,
        "first_at": now,
        "last_at": now,
        "title": d.title,
        "published": d.published.isoformat() if d.published else None,
        "position": d.position,
        "said": _said(d),
        "changes": 0,
    }


def _note_change(
    connection: Connection,
    id_: int,
    d: Discovery,
    before: dict[str, Any],
    changes: int,
    now: datetime,
) -> list[Discovery]:
    """Keep what a listing says otherwise than before; gives the discovery if it does."""
    said = _said(d)
    differs = any(said.get(name, before.get(name)) != before.get(name) for name in _COMPARED)
    if not differs or changes >= MOST_CHANGES:
        return []
    news = {name: value for name, value in said.items() if before.get(name) != value}
    row = {"frontier_id": id_, "listing": d.listing, "number": changes + 1, "at": now}
    connection.execute(insert(sighting_change), [{**row, "position": d.position, "said": news}])
    both = {"now_said": {**before, **said}, "number": changes + 1}
    connection.execute(_SAYS_NOW, {"id": id_, "in": d.listing, **both})
    return [d]


def _said(d: Discovery) -> dict[str, Any]:
    """What a listing says of a URL, as it is kept; times as ISO text cut to their precision."""
    said = {name: getattr(d, name) for name in _KEPT}
    said["published"] = d.published.isoformat() if d.published else None
    said["modified"] = d.modified.isoformat() if d.modified else None
    said["authors"], said["keywords"] = list(d.authors), list(d.keywords)
    return {name: value for name, value in said.items() if value not in (None, [])}
