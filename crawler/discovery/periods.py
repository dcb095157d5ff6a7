"""The day, month or year that an address names: `/2019/03/02/`, `sitemap-2019-03.xml`; pure."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

EARLIEST_YEAR = 1990
"""News had no addresses before."""
LATEST_YEAR = 2099

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_YEAR = r"(?<!\d)(?P<year>199\d|20\d\d)"
_MONTH = r"(?P<month>0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_SEPARATOR = r"[-/_.]"
# the most exact first; `sitemap.xml?yyyy=2019&mm=03&dd=02` is WordPress's
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"{_YEAR}(?P<s>{_SEPARATOR}){_MONTH}(?P=s){_DAY}(?!\d)",
        r"(?<!\d)(?P<year>199\d|20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"yyyy=(?P<year>\d{{4}})&mm={_MONTH}&dd={_DAY}(?!\d)",
        rf"yyyy=(?P<year>\d{{4}})&mm={_MONTH}(?![\da-z])",
    )
)
_MONTH_IN_PATH = re.compile(rf"/(?P<year>199\d|20\d\d)/{_MONTH}(?=/|$)", re.IGNORECASE)
_YEAR_IN_PATH = re.compile(r"/(?P<year>199\d|20\d\d)(?=/|$)")
_IN_NAME = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"{_YEAR}{_SEPARATOR}{_MONTH}(?![\da-z])",
        r"(?<!\d)(?P<year>199\d|20\d\d)(?P<month>0[1-9]|1[0-2])(?!\d)",
        rf"{_YEAR}(?!\d)",
    )
)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"a period ends before it begins: {self.first} to {self.last}")

    def meets(self, other: "Period") -> bool:
        """Whether some day lies in both."""
        return self.first <= other.last and other.first <= self.last

    def days(self) -> Iterator[date]:
        """Every day, the newest first."""
        for number in range((self.last - self.first).days + 1):
            yield self.last - timedelta(days=number)


def period_in(url: str) -> Period | None:
    """The period that a listing's address names, the most exact there is; None if it names none."""
    said = _said(url)
    return _first(said, (*_SHAPES, _MONTH_IN_PATH, *_IN_NAME))


def dated(url: str) -> Period | None:
    """When an article was printed, as far as its address tells.

    Six digits, or a year within a headline, are no date: `/202103`, `/2024-in-pictures`.
    """
    return _first(_said(url), (*_SHAPES[:2], _MONTH_IN_PATH, _YEAR_IN_PATH))


def _first(said: str, shapes: tuple[re.Pattern[str], ...]) -> Period | None:
    for shape in shapes:
        if (found := shape.search(said)) and (period := _period(found.groupdict())):
            return period
    return None


def _period(parts: dict[str, str | None]) -> Period | None:
    year, month, day = int(parts["year"] or 0), parts.get("month"), parts.get("day")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    if not month:
        return Period(date(year, 1, 1), date(year, 12, 31))
    number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
    if not day:
        return Period(date(year, number, 1), date(year, number, _length(year, number)))
    if int(day) > _length(year, number):
        return None
    return Period(date(year, number, int(day)), date(year, number, int(day)))


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _said(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
