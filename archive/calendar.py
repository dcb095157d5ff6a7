"""Dated index pages: everything that was harvested, reachable by outlet and day (B14).

    DIRECTORY/index.html                    all outlets
    DIRECTORY/OUTLET/index.html             its years, as calendars
    DIRECTORY/OUTLET/2026-03-02.html        one day: articles by section, what was captured together

Static files that any server or a file manager can show. They are made anew each time, so that what
was restricted since is gone from them.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Connection

from archive.errors import ArchiveError
from archive.query.calendar import (
    Shelf,
    articles_on,
    capture_days,
    others_on,
    shelves,
    together_on,
)

_DAY_PAGE = re.compile(r"\d{4}-\d\d-\d\d\.html")
SHADES = ((0, "none"), (5, "few"), (25, "some"))
"""How many articles a day has at most, and how it is shaded; above that it is `many`."""


@dataclass(slots=True, kw_only=True)
class Written:
    """What was made. `unchanged` pages were left as they are; `removed` ones list nothing now."""

    outlets: int = 0
    days: int = 0
    articles: int = 0
    written: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class _Cell:
    day: date
    articles: int
    is_crawled: bool

    @property
    def has_page(self) -> bool:
        return self.is_crawled or self.articles > 0

    @property
    def shade(self) -> str:
        if not self.has_page:
            return "gap"
        return next((name for most, name in SHADES if self.articles <= most), "many")

    @property
    def says(self) -> str:
        return f"{self.articles} articles" if self.has_page else "not crawled"


class Calendar:
    """Writes the pages of one archive into a directory.

    Args:
        directory: where to; made if it is not there.
        now: when the pages are made.
        replay: what a replay of the archive begins with, such as `https://replay.example/news/`;
            times then link to `REPLAY/20260302060000/URL`, as pywb and the Wayback Machine have it.

    Raises:
        ArchiveError: if the directory holds other things.
    """

    def __init__(self, directory: Path, now: datetime, replay: str | None = None) -> None:
        self._directory = directory
        self._now = now
        self._replay = replay.rstrip("/") + "/" if replay else None
        self._templates = Environment(
            loader=PackageLoader("archive", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"clock": _clock, "stamp": _stamp}
        self.written = Written()
        if directory.exists() and any(directory.iterdir()) and not self._is_ours():
            raise ArchiveError(
                f"{directory} holds other things: name a new directory, or one of index pages"
            )

    def write(self, connection: Connection, tell: Callable[[str], None]) -> Written:
        """Write every page.

        Args:
            connection: one state of the database.
            tell: told of each outlet as it begins.
        """
        found = shelves(connection, self._now)
        self._directory.mkdir(parents=True, exist_ok=True)
        style = self._templates.get_template("calendar.css").render()
        self._put("calendar.css", style)
        for shelf in found:
            tell(shelf.id)
            self._outlet(connection, shelf)
        self._page("archive.html", "index.html", root="", shelves=found)
        self.written.outlets = len(found)
        return self.written

    def _outlet(self, connection: Connection, shelf: Shelf) -> None:
        crawled = set(capture_days(connection, shelf, self._now))
        days = sorted(crawled | set(shelf.days))
        (self._directory / shelf.id).mkdir(exist_ok=True)
        for before, day, after in zip([None, *days], days, [*days[1:], None], strict=False):
            self._day(connection, shelf, day, before=before, after=after)
        years = _years(days, shelf.days, crawled)
        self._page("outlet.html", f"{shelf.id}/index.html", root="../", shelf=shelf, years=years)
        for path in (self._directory / shelf.id).iterdir():
            if _DAY_PAGE.fullmatch(path.name) and date.fromisoformat(path.stem) not in days:
                path.unlink()
                self.written.removed += 1

    def _day(self, connection: Connection, shelf: Shelf, day: date, **beside: date | None) -> None:
        articles = articles_on(connection, shelf.id, day, self._now)
        self._page(
            "day.html",
            f"{shelf.id}/{day}.html",
            root="../",
            shelf=shelf,
            day=day,
            articles=articles,
            sets=together_on(connection, shelf, day, self._now),
            others=others_on(connection, shelf, day, self._now),
            replay=self._replay,
            **beside,
        )
        self.written.days += 1
        self.written.articles += len(articles)

    def _page(self, template: str, name: str, **values: Any) -> None:
        made_at = self._now.date().isoformat()
        self._put(name, self._templates.get_template(template).render(made_at=made_at, **values))

    def _put(self, name: str, text: str) -> None:
        """Write a file unless it says the same already, but for the day it was made on."""
        path = self._directory / name
        if path.exists() and _undated(path.read_text("utf-8")) == _undated(text):
            self.written.unchanged += 1
            return
        path.write_text(text, "utf-8")
        self.written.written += 1

    def _is_ours(self) -> bool:
        return (self._directory / "calendar.css").exists()


def _clock(at: datetime, zone: str | None) -> str:
    return at.astimezone(ZoneInfo(zone or "UTC")).isoformat(timespec="seconds")


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S")


def _undated(text: str) -> str:
    return re.sub(r"<footer>.*</footer>", "", text)


def _years(
    days: list[date], articles: dict[date, int], crawled: set[date]
) -> list[tuple[int, list[tuple[str, list[list[_Cell | None]]]]]]:
    """Years, months and weeks from the first day to the last; cells outside a month are None."""
    if not days:
        return []

    def cell(day: date, month: int) -> _Cell | None:
        if day.month != month or not days[0] <= day <= days[-1]:
            return None
        return _Cell(day, articles.get(day, 0), day in crawled)

    weeks_of = calendar.Calendar().monthdatescalendar
    return [
        (
            year,
            [
                (
                    calendar.month_name[month],
                    [[cell(day, month) for day in week] for week in weeks_of(year, month)],
                )
                for _, month in months
            ],
        )
        for year, months in groupby(_months(days[0], days[-1]), key=lambda one: one[0])
    ]


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
