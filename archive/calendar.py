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

from archive.counting import many
from archive.errors import ArchiveError
from archive.folder import Folder
from archive.query.calendar import (
    Shelf,
    articles_on,
    capture_days,
    others_on,
    shelves,
    together_on,
)
from archive.records import OutletId

_DAY_PAGE = re.compile(r"\d{4}-\d\d-\d\d\.html", re.ASCII)
_OURS = '<link rel="stylesheet" href="../calendar.css">'
"""What every page of an outlet has; a page without it is not removed."""
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
        return many(self.articles, "article") if self.has_page else "not crawled"


class Calendar:
    """Writes the pages of one archive into a directory.

    Args:
        directory: where to; made if it is not there.
        now: when the pages are made.
        within: the archive: a directory in it may not lead out of it by a link.
        replay: what a replay of the archive begins with, such as `https://replay.example/news/`;
            times then link to `REPLAY/20260302060000/URL`, as pywb and the Wayback Machine have it.

    Raises:
        ArchiveError: if the directory holds other things, is a link, or has links in it.
    """

    def __init__(
        self,
        directory: Path,
        now: datetime,
        replay: str | None = None,
        *,
        within: Path | None = None,
    ) -> None:
        self._folder = Folder(directory, within)
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
        if (
            directory.exists()
            and any(directory.iterdir())
            and not (directory / "calendar.css").exists()
        ):
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
        style = self._templates.get_template("calendar.css").render()
        self._put("calendar.css", style)
        for shelf in found:
            tell(shelf.id)
            self._outlet(connection, shelf)
        self._page("archive.html", "index.html", root="", shelves=found)
        self._remove_others({shelf.id for shelf in found})
        self.written.outlets = len(found)
        return self.written

    def _outlet(self, connection: Connection, shelf: Shelf) -> None:
        crawled = set(capture_days(connection, shelf, self._now))
        days = sorted(crawled | set(shelf.days))
        for before, day, after in zip([None, *days], days, [*days[1:], None], strict=False):
            self._day(connection, shelf, day, before=before, after=after)
        years = _years(days, shelf.days, crawled)
        self._page("outlet.html", f"{shelf.id}/index.html", root="../", shelf=shelf, years=years)
        listed = {f"{day}.html" for day in days}
        for name in [one for one in self._folder.files(shelf.id) if _is_day_page(one)]:
            if name not in listed:
                self._remove(f"{shelf.id}/{name}")

    def _remove_others(self, shown: set[OutletId]) -> None:
        """Remove our pages of outlets that are hidden since, or gone, and nothing else."""
        for outlet in self._folder.directories():
            if outlet in shown:
                continue
            for name in self._folder.files(outlet):
                is_named_so = name == "index.html" or _is_day_page(name)
                if is_named_so and _OURS in (self._folder.read(f"{outlet}/{name}") or ""):
                    self._remove(f"{outlet}/{name}")
            self._folder.close(outlet)

    def _remove(self, name: str) -> None:
        self._folder.remove(name)
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
        before = self._folder.read(name)
        if before is not None and _undated(before) == _undated(text):
            self.written.unchanged += 1
            return
        self._folder.write(name, text)
        self.written.written += 1


def _is_day_page(name: str) -> bool:
    if not _DAY_PAGE.fullmatch(name):
        return False
    try:
        date.fromisoformat(name.removesuffix(".html"))
    except ValueError:  # 2026-99-99.html: somebody else's
        return False
    return True


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
