"""Sightings: every pair of a URL and a listing that named it; new URLs become due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, select, update

from archive.db.crawling import frontier, sighting
from archive.db.engine import insert_or_ignore
from archive.db.frontier import new_row
from archive.discoveries import discovery_as_json
from archive.records import Discovery, OutletId, UrlKey
from archive.urls import urlkey

UPDATED_SLACK = timedelta(minutes=1)
"""A listing's `updated` within this of our last look is the change we have already seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """What one reading of a listing brought: URLs, and sightings not had before."""

    new_urls: int
    known_urls: int
    sightings: list[Discovery]


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
    for start in range(0, len(updated), 500):
        some = frontier.c.id.in_(updated[start : start + 500])
        due = and_(some, frontier.c.next_due_at > now)
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
