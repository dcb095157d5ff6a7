"""All that an archive can account for of one outlet: the ground of a completeness certificate."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from archive import policy
from archive.db import roots
from archive.db.crawling import frontier, outlet, sighting
from archive.db.polls import zone_of
from archive.db.roots import DailyRoot
from archive.db.schema import article, capture, version, warc_file
from archive.errors import NotCaptured
from archive.records import OutletId, Url, UrlKey
from archive.settlements import CAPTURED

LOST = ("refused", "failed", "pending", "walled", "unextractable")
"""Of these there is no text; of the last two there are captures, and they count as captured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A listing, and how many articles it named between which instants."""

    listing: Url
    articles: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An article that was announced and whose text is not had, and why."""

    url: Url
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A WARC file with captures of the outlet; no digest while another process writes it."""

    name: str
    captures: int
    records: int | None
    bytes: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted:
    """One outlet: announced = captured + refused + failed + pending, of each year and of all.

    Attributes:
        years: of each year in which articles were printed, as far as is known: how many by state.
        states: how many of all by state.
        missing: each article whose text is not had; those under a restriction are counted alone.
        hidden: how many those are.
        root: of the last day that is over and has one.
    """

    outlet: OutletId
    name: str
    home: str
    listings: tuple[Naming, ...]
    states: Mapping[str, int]
    years: Mapping[str, Mapping[str, int]]
    missing: tuple[Missing, ...]
    hidden: int
    articles: int
    versions: int
    captures: int
    files: tuple[Kept, ...]
    root: DailyRoot | None

    @property
    def announced(self) -> int:
        """Article URLs that were ever sighted."""
        return sum(self.states.values())

    @property
    def captured(self) -> int:
        """Of these, fetched, whatever they held."""
        return sum(self.states.get(state, 0) for state in CAPTURED)


def accounted(connection: Connection, outlet_id: OutletId, now: datetime) -> Accounted:
    """All that can be accounted for of an outlet.

    Raises:
        NotCaptured: if there is no such outlet, or it is not to be seen.
    """
    mine = select(outlet.c.name, outlet.c.home).where(
        outlet.c.id == outlet_id, policy.visible_outlet(outlet.c.id, now)
    )
    row = connection.execute(mine).first()
    if row is None:
        raise NotCaptured(f"No outlet {outlet_id} was crawled here.")
    name, home = row
    states, years = _states(connection, outlet_id)
    missing, hidden = _missing(connection, outlet_id, now)
    articles, versions = _texts(connection, outlet_id, now)
    files = _files(connection, outlet_id)
    return Accounted(
        outlet=outlet_id,
        name=name,
        home=home,
        listings=_listings(connection, outlet_id),
        states=states,
        years=years,
        missing=missing,
        hidden=hidden,
        articles=articles,
        versions=versions,
        captures=sum(one.captures for one in files),
        files=files,
        root=roots.last(connection),
    )


def _listings(connection: Connection, outlet_id: OutletId) -> tuple[Naming, ...]:
    statement = (
        select(
            sighting.c.listing,
            func.count(),
            func.min(sighting.c.first_at),
            func.max(sighting.c.last_at),
        )
        .join(frontier, frontier.c.id == sighting.c.frontier_id)
        .where(frontier.c.outlet_id == outlet_id, frontier.c.kind == "article")
        .group_by(sighting.c.listing)
        .order_by(sighting.c.listing)
    )
    return tuple(
        Naming(listing=Url(url), articles=number, first_at=first, last_at=last)
        for url, number, first, last in connection.execute(statement)
    )


def _states(
    connection: Connection, outlet_id: OutletId
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    zone = zone_of(connection, outlet_id)
    states: Counter[str] = Counter()
    years: defaultdict[str, Counter[str]] = defaultdict(Counter)
    statement = select(frontier.c.state, frontier.c.sort_at).where(
        frontier.c.outlet_id == outlet_id, frontier.c.kind == "article"
    )
    for state, printed_at in connection.execute(statement):
        states[state] += 1
        years[str(printed_at.astimezone(zone).year)][_part(state)] += 1
    return dict(sorted(states.items())), {year: dict(years[year]) for year in sorted(years)}


def _part(state: str) -> str:
    return "captured" if state in CAPTURED else state


def _missing(
    connection: Connection, outlet_id: OutletId, now: datetime
) -> tuple[tuple[Missing, ...], int]:
    statement = (
        select(frontier.c.url, frontier.c.urlkey, frontier.c.state, frontier.c.reason)
        .where(
            frontier.c.outlet_id == outlet_id,
            frontier.c.kind == "article",
            frontier.c.state.in_(LOST),
        )
        .order_by(frontier.c.state, frontier.c.reason, frontier.c.url)
    )
    found = []
    hidden = 0
    for url, key, state, reason in connection.execute(statement).all():
        if policy.hides(connection, UrlKey(key), now):
            hidden += 1
        else:
            found.append(Missing(url=Url(url), state=state, reason=reason))
    return tuple(found), hidden


def _texts(connection: Connection, outlet_id: OutletId, now: datetime) -> tuple[int, int]:
    statement = (
        select(func.count(article.c.id.distinct()), func.count(version.c.id))
        .join(version, version.c.article_id == article.c.id)
        .where(
            article.c.outlet_id == outlet_id,
            version.c.superseded_by.is_(None),
            policy.visible(now),
        )
    )
    articles, versions = connection.execute(statement).one()
    return articles, versions


def _files(connection: Connection, outlet_id: OutletId) -> tuple[Kept, ...]:
    of_it = (
        select(capture.c.file, func.count().label("captures"))
        .where(capture.c.outlet_id == outlet_id, capture.c.file.is_not(None))
        .group_by(capture.c.file)
        .subquery()
    )
    statement = (
        select(
            of_it.c.file,
            of_it.c.captures,
            warc_file.c.records,
            warc_file.c.bytes,
            warc_file.c.sha256,
        )
        .select_from(of_it.outerjoin(warc_file, warc_file.c.name == of_it.c.file))
        .order_by(of_it.c.file)
    )
    return tuple(
        Kept(name=name, captures=captures, records=records, bytes=size, sha256=sha256)
        for name, captures, records, size, sha256 in connection.execute(statement)
    )
