"""Dates as people write them, found in a short line: a byline or a dateline, never a whole text."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.records import Moment
from crawler.extract import calendars
from crawler.extract.clocktext import clock_beside
from crawler.extract.datewords import MONTH_FIRST, MONTH_FIRST_REGIONS, YEAR_FIRST
from crawler.extract.moments import in_zone
from crawler.extract.months import hijri_month, month_named, solar_month

LINE_LIMIT = 200
"""Characters of a line that are looked at; a byline is shorter, a paragraph is not a byline."""
MONTHS = 12
FIRST_YEAR_OF_THE_WEB = 90

_YEAR = r"(?P<year>(?:19|20|24|25)\d{2}|1[34]\d{2})"
_WORD = (
    r"[^\W\d_](?:[^\W\d_]|['’\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f"
    r"\u1780-\u17d3]|\.(?=[^\W\d_])){1,18}\.?"
    r"(?:\s(?:الأول|الاول|الثاني|الثانی|الأولى|الآخر|الآخرة|القعدة|الحجة)\b)?(?:\s?/\s?[^\W\d_]{3,12})?"
)
_EAST = re.compile(
    r"(?P<era>令和|平成|昭和|民[國国])?\s*(?P<year>\d{1,4}|元)\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*"
    r"(?P<day>\d{1,2})\s*[日일号號]"
)
_YEAR_FIRST = re.compile(
    rf"(?<![\d/]){_YEAR}(?:\s?[-/.]\s?|\s*оны\s+)(?P<month>\d{{1,2}})(?:\s?[-/.]\s?|-р\s+сарын\s+)(?P<day>\d{{1,2}})(?![\d/])"
)
_YEAR_LAST = re.compile(
    rf"(?<![\d.])(?P<first>\d{{1,2}})(?P<sep>\s?[-/.]\s?)(?P<second>\d{{1,2}})(?P=sep){_YEAR}(?!\d)"
)
_SHORT_YEAR = re.compile(
    r"(?<![\d./])(?P<first>\d{1,2})(?P<sep>[./])(?P<second>\d{1,2})(?P=sep)(?P<year>\d{2})"
    r"(?![\d.:/]|\s?Uhr)"
)
_DAY_MONTH = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.|-ви|-го|ኛ)?[\s,/-]+"
    rf"(?:(?:de|ב|of|d'|த|tháng)\s*)?(?P<month>{_WORD}|(?<=tháng\s)\d{{1,2}})"
    rf"[\s,./-]+(?:(?:del?|do|năm|พ\.ศ\.|ค\.ศ\.)\s*)?{_YEAR}(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"(?P<month>{_WORD})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?,?\s+{_YEAR}(?!\d)"
)
_YEAR_MONTH = re.compile(
    rf"(?<!\d){_YEAR}(?:\.|ko|\s?m\.|\s?оны)?\s*(?:арван\s)?(?P<month>{_WORD})\s+(?:сарын\s+)?"
    r"(?P<day>\d{1,2})(?![\d:])"
)
_YEAR_DAY = re.compile(
    rf"(?<!\d){_YEAR}(?:\.?\s?gada|\s?жыл\w{{0,3}}|-yil|-ci il|-cu il)[\s,]+(?P<day>\d{{1,2}})"
    rf"\.?[\s-]?\s?(?P<month>{_WORD})"
)
_THAI_SHORT = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s*(?P<month>[\u0e01-\u0e3a][\u0e00-\u0e7f.]{2,14})\s*(?P<thai>\d{2})(?![\d:])"
)
_PATTERNS = (
    _EAST,
    _YEAR_FIRST,
    _YEAR_LAST,
    _SHORT_YEAR,
    _DAY_MONTH,
    _MONTH_DAY,
    _YEAR_MONTH,
    _YEAR_DAY,
    _THAI_SHORT,
)
_DIGIT = re.compile(r"\d")
_PERSIAN_LETTERS = str.maketrans("يك", "یک")
_THAI_CENTURY = 2500


@dataclass(frozen=True, slots=True)
class Sighting:
    """A date seen in a line, with where it begins and ends."""

    moment: Moment
    start: int
    end: int
    text: str
    is_islamic: bool = False


@dataclass(frozen=True, slots=True)
class Locale:
    """How the outlet writes dates: its languages (BCP 47, the main one first) and its zone.

    `region` is the country of the page's address or of its declared language, if either names
    one; `month` is the year and month that the address names, `order` what its other pages taught.
    """

    languages: tuple[str, ...] = ()
    zone: str | None = None
    region: str | None = None
    month: tuple[int, int] | None = None
    order: Literal["DMY", "MDY"] | None = None

    @property
    def is_month_first(self) -> bool | None:
        """Whether 6/5/2024 is the fifth of June here; None if nothing tells."""
        if self.order:
            return self.order == "MDY"
        main = self.languages[0].lower() if self.languages else ""
        if main in MONTH_FIRST:
            return True
        if main in ("", "en"):
            if self.zone:
                return self.zone.startswith("America/")
            return self.region in MONTH_FIRST_REGIONS if self.region else None
        return None if main.split("-")[0] in YEAR_FIRST else False

    @property
    def main(self) -> tuple[str, ...]:
        """The languages without their regions, English last: it is written everywhere."""
        return tuple(dict.fromkeys([*(tag.split("-")[0].lower() for tag in self.languages), "en"]))


def dates_in(line: str, locale: Locale) -> list[Sighting]:
    """The full dates (day, month and year are written) in a short line, in order."""
    if not _DIGIT.search(line):
        return []
    line = _plain_digits(line[:LINE_LIMIT])
    found: dict[int, Sighting] = {}
    for pattern in _PATTERNS:
        for match in pattern.finditer(line):
            if any(s.start < match.end() and match.start() < s.end for s in found.values()):
                continue
            if seen := _sighting(line, match, locale):
                found[match.start()] = seen
    seen_all = [found[start] for start in sorted(found)]
    plain = [seen for seen in seen_all if not seen.is_islamic]
    return plain or seen_all  # beside 19 June, 13 Dhu al-Hijja is the same day, or one off


def _plain_digits(line: str) -> str:
    line = unicodedata.normalize("NFC", line)
    if line.isascii():
        return line
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in line)


def _sighting(line: str, match: re.Match[str], locale: Locale) -> Sighting | None:
    try:
        day = _day_of(match.groupdict(), locale)
    except ValueError:
        return None
    if not day:
        return None
    start, end = match.span()
    is_islamic = _is_islamic(match.groupdict())
    if clock := clock_beside(line, start, end):
        at = day + clock.after_midnight
        moment = in_zone(at, clock.precision, locale.zone, clock.zone)
        start, end = clock.start, clock.end
        return Sighting(moment, start, end, line[start:end].strip(), is_islamic)
    return Sighting(in_zone(day, "day", locale.zone), start, end, match[0], is_islamic)


def _day_of(parts: dict[str, str | None], locale: Locale) -> datetime | None:
    """The day of a match, or None where nothing settles it.

    Raises:
        ValueError: if there is no such day.
    """
    if first := parts.get("first"):
        return _numeric(int(first), int(parts["second"] or 0), str(parts["year"]), locale)
    month, day = str(parts["month"]), int(parts["day"] or 0)
    if thai := parts.get("thai"):
        number = month_named(month, ("th",))
        return calendars.of_buddhist(_THAI_CENTURY + int(thai), number, day) if number else None
    year = 1 if parts["year"] == "元" else int(parts["year"] or 0)
    if era := parts.get("era"):
        year += calendars.ERAS[era]
    if month.isdecimal():
        return _gregorian(year, int(month), day, locale)
    return _worded(year, month.split("/", maxsplit=1)[0].strip(), day, locale)


def _gregorian(year: int, month: int, day: int, locale: Locale) -> datetime | None:
    if year in calendars.BUDDHIST_YEARS:
        return calendars.of_buddhist(year, month, day)
    if year in calendars.SOLAR_YEARS:
        is_solar = {"fa", "ps", "prs"} & set(locale.main)
        return calendars.of_solar_hijri(year, month, day) if is_solar else None
    return datetime(year, month, day)  # noqa: DTZ001 -- a day, placed in its zone later


def _worded(year: int, month: str, day: int, locale: Locale) -> datetime | None:
    persian = month.translate(_PERSIAN_LETTERS)
    if year in calendars.SOLAR_YEARS and (number := solar_month(persian)):
        return calendars.of_solar_hijri(year, number, day)
    if year in calendars.HIJRI_YEARS and (number := hijri_month(month) or hijri_month(persian)):
        return calendars.of_hijri(year, number, day)
    number = month_named(month, locale.main) or month_named(persian, locale.main)
    if not number or year in calendars.SOLAR_YEARS:
        return None
    return _gregorian(year, number, day, locale)


def _is_islamic(parts: dict[str, str | None]) -> bool:
    year = parts.get("year") or ""
    return year.startswith("14") and bool(hijri_month(str(parts.get("month"))))


def _numeric(first: int, second: int, written: str, locale: Locale) -> datetime | None:
    year = int(written)
    if len(written) == 2:  # noqa: PLR2004 -- `24` is 2024, `98` is 1998
        if locale.main[0] in YEAR_FIRST:
            return None
        year += 1900 if year >= FIRST_YEAR_OF_THE_WEB else 2000
    by_address = [(year, n) == locale.month for n in (first, second)]
    if first == second or second > MONTHS:
        month_first = True
    elif first > MONTHS:
        month_first = False
    elif any(by_address):
        month_first = by_address[0]
    elif locale.is_month_first is None:
        return None  # 6/5/2024 in plain English is June in Boston and May in London
    else:
        month_first = locale.is_month_first
    month, day = (first, second) if month_first else (second, first)
    return _gregorian(year, month, day, locale)
