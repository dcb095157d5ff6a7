"""Layout suspicion: an outlet's pages no longer read as they did in its own last four weeks.

A redesign rarely breaks everything: one field stops being found, or texts become a stub. Each
figure of the last day is held against the same figure of the outlet's own recent past, and is
suspicious only if chance would hardly bring it (`RARE`) and the step is large enough to matter.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, func, select

from archive import policy
from archive.db.crawling import frontier
from archive.db.schema import article, version
from archive.records import OutletId

BASELINE = timedelta(days=28)
NEWEST = 2000
"""So many of an outlet's pages are looked at, newest first; a day of it is rarely 500."""
FEWEST_NOW, FEWEST_BEFORE = 5, 20
"""Pages needed on either side before anything is said."""
RARE = 1e-4
"""How likely chance may be: with 1,000 outlets and six figures each, a false alarm in two days."""
FALL = 0.3
"""A share that fell by less is not worth a person's morning. Not measured."""
SHORTER = 0.6
"""A median length above this part of what it was is an ordinary day. Not measured."""
FIELDS = ("title", "published", "authors", "section", "language")
_READ = ("new", "changed", "same", "not-article", "unextractable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """One figure that broke off. `before` and `now` are shares from 0 to 1, or characters."""

    figure: str
    before: float
    now: float
    pages: int

    def __str__(self) -> str:
        """As a report says it."""
        if self.figure == "length":
            return f"texts {self.now / self.before - 1:+.0%} long"
        return f"{self.figure} on {self.now:.0%} of pages, was {self.before:.0%}"


@dataclass(frozen=True, slots=True)
class _Page:
    at: datetime
    is_article: bool
    has: dict[str, bool]
    length: int


def suspicions(
    connection: Connection, outlet: OutletId, since: datetime, until: datetime, now_at: datetime
) -> list[Suspicion]:
    """What is suspicious about the pages first sighted in `since <= … < until`.

    What a restriction hides at `now_at` is not looked at: a figure of it would tell of its text.
    """
    pages = _pages(connection, outlet, since - BASELINE, until, now_at)
    now = [page for page in pages if page.at >= since]
    before = [page for page in pages if page.at < since]
    found = [_fallen("article", [p.is_article for p in now], [p.is_article for p in before])]
    now, before = ([p for p in some if p.is_article] for some in (now, before))
    found += [
        _fallen(name, [p.has[name] for p in now], [p.has[name] for p in before]) for name in FIELDS
    ]
    return [one for one in (*found, _shrunk(now, before)) if one is not None]


def _fallen(figure: str, now: Sequence[bool], before: Sequence[bool]) -> Suspicion | None:
    if len(now) < FEWEST_NOW or len(before) < FEWEST_BEFORE:
        return None
    usual, share = sum(before) / len(before), sum(now) / len(now)
    if usual - share < FALL or at_most(sum(now), len(now), usual) > RARE:
        return None
    return Suspicion(figure=figure, before=usual, now=share, pages=len(now))


def _shrunk(now: Sequence[_Page], before: Sequence[_Page]) -> Suspicion | None:
    """Many texts as short as only a tenth used to be, and half of all far shorter than before."""
    if len(now) < FEWEST_NOW or len(before) < FEWEST_BEFORE:
        return None
    usual = sorted(page.length for page in before)
    tenth = usual[len(usual) // 10]
    longer = sum(1 for page in now if page.length >= tenth)
    middle, was = median(page.length for page in now), median(usual)
    if middle > SHORTER * was or at_most(longer, len(now), 0.9) > RARE:
        return None
    return Suspicion(figure="length", before=was, now=middle, pages=len(now))


def at_most(hits: int, tries: int, share: float) -> float:
    """How likely at most so many hits are in so many tries (the tail of a binomial)."""
    return math.fsum(
        math.comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(hits + 1)
    )


def _pages(
    connection: Connection, outlet: OutletId, since: datetime, until: datetime, now_at: datetime
) -> list[_Page]:
    statement = (
        select(
            frontier.c.first_sighted_at,
            version.c.id,
            version.c.title,
            version.c.published_at,
            version.c.authors,
            version.c.section,
            version.c.language,
            func.length(version.c.body).label("length"),
        )
        .outerjoin(article, article.c.id == frontier.c.article_id)
        .outerjoin(version, version.c.id == article.c.current_version_id)
        .where(
            frontier.c.outlet_id == outlet,
            frontier.c.kind == "article",
            frontier.c.state.in_(_READ),
            frontier.c.first_sighted_at >= since,
            frontier.c.first_sighted_at < until,
            policy.visible_url(now_at),
        )
        .order_by(frontier.c.first_sighted_at.desc())
        .limit(NEWEST)
    )
    return [_page(row) for row in connection.execute(statement)]


def _page(row: Any) -> _Page:
    return _Page(
        at=row.first_sighted_at,
        is_article=row.id is not None,
        has={
            "title": bool(row.title),
            "published": row.published_at is not None,
            "authors": bool(row.authors),
            "section": bool(row.section),
            "language": bool(row.language),
        },
        length=row.length or 0,
    )
