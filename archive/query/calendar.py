"""What an outlet's days hold: its articles by date, and what was captured together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, and_, func, select

from archive import policy
from archive.db.crawling import frontier, outlet
from archive.db.dues import LISTINGS
from archive.db.ledgers import bounds_of
from archive.db.schema import article, capture, extraction, version
from archive.moments import moment_from_json
from archive.records import ArticleId, CaptureId, Moment, OutletId, RunId, Url

_READ = ("new", "changed", "same", "reread")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """An outlet, and how many articles each of its days holds."""

    id: OutletId
    name: str
    zone: str | None
    days: dict[date, int]

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which its days begin."""
        return ZoneInfo(self.zone or "UTC")

    @property
    def articles(self) -> int:
        """Of all days."""
        return sum(self.days.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a day lists it; `capture` and `captured_at` are of its last capture."""

    id: ArticleId
    url: Url
    title: str
    published: Moment | None
    authors: tuple[str, ...]
    section: str
    versions: int
    gone_cause: str | None
    capture: CaptureId
    captured_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """A capture set: what one visit captured of an outlet on a day. Such pages belong together."""

    run: RunId
    began_at: datetime
    ended_at: datetime
    captures: int
    listings: tuple[tuple[CaptureId, Url, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A page that was read and is no article: a wall, a listing, something too short."""

    capture: CaptureId
    url: Url
    captured_at: datetime
    outcome: str
    reason: str


def shelves(connection: Connection, now: datetime) -> list[Shelf]:
    """Every outlet that may be seen with the days of its articles: day of publication, if known."""
    statement = (
        select(version.c.dated_on, func.count())
        .join(article, article.c.current_version_id == version.c.id)
        .where(policy.visible(now))
        .group_by(version.c.dated_on)
        .order_by(version.c.dated_on)
    )
    known = select(outlet.c.id, outlet.c.name, outlet.c.zone).order_by(outlet.c.id)
    known = known.where(policy.visible_outlet(outlet.c.id, now))
    return [
        Shelf(
            id=OutletId(id_),
            name=name,
            zone=zone,
            days=dict(connection.execute(statement.where(article.c.outlet_id == id_)).all()),
        )
        for id_, name, zone in connection.execute(known).all()
    ]


def articles_on(connection: Connection, id_: OutletId, day: date, now: datetime) -> list[Entry]:
    """The articles of a day, by section and time of publication."""
    many = (
        select(func.count())
        .where(version.c.article_id == article.c.id, version.c.superseded_by.is_(None))
        .scalar_subquery()
    )
    current = version.alias("current_version")
    statement = (
        select(article, current, many.label("many"))
        .join(current, current.c.id == article.c.current_version_id)
        .where(article.c.outlet_id == id_, current.c.dated_on == day, policy.visible(now))
        .order_by(current.c.section, current.c.published_at, article.c.id)
    )
    return [
        Entry(
            id=ArticleId(row[article.c.id]),
            url=Url(row[article.c.url]),
            title=row[current.c.title],
            published=moment_from_json(row[current.c.published]),
            authors=tuple(row[current.c.authors]),
            section=row[current.c.section] or "",
            versions=row["many"],
            gone_cause=row[article.c.gone_cause] if row[article.c.gone_at] else None,
            capture=CaptureId(row[current.c.last_capture_id]),
            captured_at=row[current.c.last_captured_at],
        )
        for row in connection.execute(statement).mappings()
    ]


def capture_days(connection: Connection, shelf: Shelf, now: datetime) -> Iterator[date]:
    """The days of the outlet's own zone on which something of it was captured."""
    seen = and_(capture.c.outlet_id == shelf.id, policy.visible_capture(now))
    at = connection.execute(select(func.min(capture.c.captured_at)).where(seen)).scalar()
    while at is not None:
        day = at.astimezone(shelf.tz).date()
        yield day
        later = select(func.min(capture.c.captured_at))
        at = connection.execute(
            later.where(seen, capture.c.captured_at >= bounds_of(day, shelf.tz)[1])
        ).scalar()


def together_on(connection: Connection, shelf: Shelf, day: date, now: datetime) -> list[Together]:
    """The capture sets of a day, one for each visit, oldest first."""
    begin, end = bounds_of(day, shelf.tz)
    mine = and_(
        capture.c.outlet_id == shelf.id,
        capture.c.captured_at >= begin,
        capture.c.captured_at < end,
        policy.visible_capture(now),
    )
    first = func.min(capture.c.captured_at)
    visit = (capture.c.run_id, capture.c.visit_at)
    visits = (
        select(*visit, first, func.max(capture.c.captured_at), func.count())
        .where(mine)
        .group_by(*visit)
        .order_by(first, *visit)
    )
    listings = (
        select(capture.c.id, capture.c.url, capture.c.captured_at)
        .join(
            frontier,
            and_(
                frontier.c.outlet_id == capture.c.outlet_id,
                frontier.c.urlkey == capture.c.urlkey,
                frontier.c.kind.in_(LISTINGS),
            ),
        )
        .where(mine, capture.c.status == 200)  # noqa: PLR2004 - HTTP's number
        .order_by(capture.c.captured_at, capture.c.id)
    )
    return [
        Together(
            run=RunId(run),
            began_at=began,
            ended_at=ended,
            captures=number,
            listings=tuple(
                (CaptureId(id_), Url(url), at)
                for id_, url, at in connection.execute(
                    listings.where(
                        capture.c.run_id == run, capture.c.visit_at.is_not_distinct_from(visit_at)
                    )
                )
            ),
        )
        for run, visit_at, began, ended, number in connection.execute(visits).all()
    ]


def others_on(connection: Connection, shelf: Shelf, day: date, now: datetime) -> list[Other]:
    """The pages of a day that were read and are no articles, each with the reason."""
    begin, end = bounds_of(day, shelf.tz)
    statement = (
        select(
            capture.c.id,
            capture.c.url,
            capture.c.captured_at,
            extraction.c.outcome,
            extraction.c.reason,
        )
        .join(extraction, extraction.c.capture_id == capture.c.id)
        .where(
            capture.c.outlet_id == shelf.id,
            capture.c.captured_at >= begin,
            capture.c.captured_at < end,
            extraction.c.is_current,
            extraction.c.outcome.not_in(_READ),
            policy.visible_capture(now),
        )
        .order_by(capture.c.captured_at, capture.c.id)
    )
    return [_other(row) for row in connection.execute(statement)]


def _other(row: Row[str, str, datetime, str, str | None]) -> Other:
    id_, url, at, outcome, reason = row
    return Other(
        capture=CaptureId(id_),
        url=Url(url),
        captured_at=at,
        outcome=outcome,
        reason=reason or "",
    )
