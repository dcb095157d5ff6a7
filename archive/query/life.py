"""The life of a URL: who named it, how it stands, each time it was asked for, what came of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from sqlalchemy import ColumnElement, Connection, and_, select

from archive import policy
from archive.db.crawling import frontier, outlet, sighting
from archive.db.schema import article, article_url, capture, extraction, version
from archive.query.manners import HostPace, pace_of
from archive.records import ArticleId, CaptureId, OutletId, Url, UrlKey, VersionId
from archive.urls import host_of, urlkey

SHOWN = 50
"""Attempts that are told of, the latest."""
HOPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A listing that named the URL, as it wrote it, and when first and last."""

    outlet: OutletId
    listing: Url
    url: Url
    first_at: datetime
    last_at: datetime
    title: str | None
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the URL stands in the frontier, for one outlet and as one kind of thing."""

    outlet: OutletId
    kind: str
    url: Url
    state: str
    reason: str | None
    first_sighted_at: datetime
    settled_at: datetime | None
    next_due_at: datetime | None
    due_reason: str | None
    attempts: int
    score: float
    retired_at: datetime | None
    lent_to: str | None
    lent_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One exchange: the URL's own, or a hop that it redirected to; and what was made of it.

    Attributes:
        hop: 0 for the URL itself, 1 for what that redirected to, and so on.
        outcome: what extraction came to; None if nothing was extracted.
        wall: what stood where the text should be.
    """

    id: CaptureId
    url: Url
    at: datetime
    status: int | None
    error: str | None
    location: str | None
    hop: int = 0
    outcome: str | None = None
    reason: str | None = None
    wall: str | None = None
    version: VersionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All that the archive knows of a URL; nothing but that, if a restriction hides it."""

    urlkey: UrlKey
    is_restricted: bool
    host: HostPace | None = None
    sightings: tuple[Sighting, ...] = ()
    standings: tuple[Standing, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    article: ArticleId | None = None
    versions: tuple[VersionId, ...] = ()
    gone_at: datetime | None = None
    gone_cause: str | None = None


def url_of(connection: Connection, article_id: str) -> Url | None:
    """The first URL of an article, by its id or the beginning of one, whoever may see it."""
    one = article.c.id.startswith(article_id, autoescape=True)
    found = connection.execute(select(article.c.url).where(one).limit(2)).scalars().all()
    return Url(found[0]) if len(found) == 1 else None


def life(connection: Connection, url: Url, now: datetime) -> Life:
    """Everything about one URL, by its urlkey, whatever way it is spelled."""
    key = urlkey(url)
    standings = _standings(connection, key, now)
    if policy.hides(connection, key, now) or (not standings and _is_known(connection, key)):
        return Life(urlkey=key, is_restricted=True)
    known = select(article).join(article_url, article_url.c.article_id == article.c.id)
    held = (
        connection.execute(known.where(_named(article_url.c, key), policy.visible(now)).limit(1))
        .mappings()
        .first()
    )
    return Life(
        urlkey=key,
        is_restricted=False,
        host=pace_of(connection, host_of(url), now),
        sightings=_sightings(connection, key, now),
        standings=standings,
        attempts=_attempts(connection, key, now),
        article=ArticleId(held["id"]) if held else None,
        versions=_versions(connection, held["id"]) if held else (),
        gone_at=held["gone_at"] if held else None,
        gone_cause=held["gone_cause"] if held else None,
    )


def _versions(connection: Connection, article_id: str) -> tuple[VersionId, ...]:
    mine = and_(version.c.article_id == article_id, version.c.superseded_by.is_(None))
    statement = select(version.c.id).where(mine).order_by(version.c.number)
    return tuple(VersionId(id_) for id_ in connection.execute(statement).scalars())


def _is_known(connection: Connection, key: UrlKey) -> bool:
    """Whether any outlet knows it, whoever may see that."""
    known = select(frontier.c.id).where(_named(frontier.c, key)).limit(1)
    return connection.execute(known).first() is not None


def _seen(key: UrlKey, now: datetime) -> ColumnElement[bool]:
    """Rows of the frontier that may be told of: under this key, and not hidden in their outlet."""
    return and_(_named(frontier.c, key), policy.visible_url(now))


def _named(columns: Any, key: UrlKey) -> ColumnElement[bool]:
    """That a row has this key. Its index begins with the outlet, so every outlet is asked."""
    return and_(columns.outlet_id.in_(select(outlet.c.id)), columns.urlkey == key)


def _standings(connection: Connection, key: UrlKey, now: datetime) -> tuple[Standing, ...]:
    statement = select(frontier).where(_seen(key, now)).order_by(frontier.c.id)
    return tuple(
        Standing(
            outlet=OutletId(row["outlet_id"]),
            kind=row["kind"],
            url=Url(row["url"]),
            state=row["state"],
            reason=row["reason"],
            first_sighted_at=row["first_sighted_at"],
            settled_at=row["settled_at"],
            next_due_at=row["next_due_at"],
            due_reason=row["due_reason"],
            attempts=row["attempts"],
            score=row["score"],
            retired_at=row["retired_at"],
            lent_to=(row["lease_token"] or "").rpartition("/")[0] or None,
            lent_until=row["lease_until"],
        )
        for row in connection.execute(statement).mappings()
    )


def _sightings(connection: Connection, key: UrlKey, now: datetime) -> tuple[Sighting, ...]:
    statement = (
        select(
            frontier.c.outlet_id,
            sighting.c.listing,
            sighting.c.url,
            sighting.c.first_at,
            sighting.c.last_at,
            sighting.c.title,
            sighting.c.published,
        )
        .join(frontier, frontier.c.id == sighting.c.frontier_id)
        .where(_seen(key, now))
        .order_by(sighting.c.first_at, sighting.c.listing)
    )
    rows = connection.execute(statement).all()
    is_hidden = {one: _hides(connection, one, now) for one in {row[1] for row in rows}}
    return tuple(
        Sighting(
            outlet=OutletId(id_),
            listing=Url(listing),
            url=Url(url),
            first_at=first,
            last_at=last,
            title=title,
            published=published,
        )
        for id_, listing, url, first, last, title, published in rows
        if not is_hidden[listing]
    )


def _hides(connection: Connection, listing: str, now: datetime) -> bool:
    try:
        return policy.hides(connection, urlkey(listing), now)
    except ValueError:  # no listing, but how somebody came by it
        return False


def _attempts(connection: Connection, key: UrlKey, now: datetime) -> tuple[Attempt, ...]:
    """The URL's own captures, oldest first, each followed by what it redirected to."""
    mine = _captures(now).where(capture.c.urlkey == key)
    rows = connection.execute(mine.order_by(capture.c.captured_at.desc()).limit(SHOWN)).all()
    found: list[Attempt] = []
    for row in reversed(rows):
        at: Any = row
        for hop in range(HOPS + 1):
            if at is None:
                break
            found.append(replace(_attempt(at), hop=hop))
            at = _next_hop(connection, at, now)
    return tuple(found)


def _captures(now: datetime) -> Any:
    read = and_(extraction.c.capture_id == capture.c.id, extraction.c.is_current)
    return (
        select(
            capture.c.id,
            capture.c.url,
            capture.c.run_id,
            capture.c.captured_at,
            capture.c.status,
            capture.c.error,
            capture.c.location,
            extraction.c.outcome,
            extraction.c.reason,
            extraction.c.version_id,
            extraction.c.draft,
        )
        .outerjoin(extraction, read)
        .where(policy.visible_capture(now))
    )


def _next_hop(connection: Connection, row: Any, now: datetime) -> Any:
    if not row.location:
        return None
    try:
        key = urlkey(urljoin(row.url, row.location))
    except ValueError:
        return None
    statement = _captures(now).where(
        capture.c.urlkey == key,
        capture.c.run_id == row.run_id,
        capture.c.captured_at >= row.captured_at,
        capture.c.id != row.id,
    )
    return connection.execute(statement.order_by(capture.c.captured_at).limit(1)).first()


def _attempt(row: Any) -> Attempt:
    return Attempt(
        id=CaptureId(row.id),
        url=Url(row.url),
        at=row.captured_at,
        status=row.status,
        error=row.error,
        location=row.location,
        outcome=row.outcome,
        reason=row.reason,
        wall=(row.draft or {}).get("wall"),
        version=VersionId(row.version_id) if row.version_id else None,
    )
