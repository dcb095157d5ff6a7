"""Dates as people write them, found in a short line: a byline or a dateline, never a whole text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import dateparser

from archive.records import Moment, Precision
from crawler.extract.datewords import AGO, BUDDHIST_LEAD, MONTH_FIRST, REIWA_LEAD, ZONES
from crawler.extract.moments import in_zone, offset_of

LINE_LIMIT = 200
"""Characters of a line that are looked at; a byline is shorter, a paragraph is not a byline."""
AGO_LIMIT = 40
MONTHS = 12
FIRST_YEAR_OF_THE_WEB = 90

_EAST = re.compile(
    r"(?P<era>令和\s*)?(?P<year>\d{1,4}|元)\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})(?!\d)"
)
_YEAR_LAST = re.compile(
    r"(?<![\d.])(?P<first>\d{1,2})(?P<sep>\s?[-/.]\s?)(?P<second>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d{2})(?!\d)"
)
_SHORT_YEAR = re.compile(
    r"(?<![\d.])(?P<first>\d{1,2})\.(?P<second>\d{1,2})\.(?P<year>\d{2})(?![\d.]|\s?Uhr)"
)
_WORD = r"[^\W\d_][\w'’\u0300-\u036f\u0590-\u05ff\u0900-\u0dff\u0e00-\u0e7f.]{1,18}"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.|-ви|-го)?[\s,/-]+(?:(?:de|ב|of|d'|த)\s*)?(?P<month>{_WORD})"
    r"[\s,./-]+(?:(?:de|del|พ\.ศ\.|ค\.ศ\.)\s*)?(?P<year>(?:19|20|25)\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"(?P<month>{_WORD})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?,?\s+(?P<year>(?:19|20)\d{{2}})(?!\d)"
)
_YEAR_MONTH = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})\.?\s*(?:m\.\s*)?(?P<month>{_WORD})\s+(?P<day>\d{{1,2}})(?!\d)"
)
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.：](?P<minute>\d{2})(?::(?P<second>\d{2}))?|h(?P<minute_h>\d{2})?\b|"
    r"\s?[時时點点시]\s?(?:(?P<minute_cjk>\d{1,2})\s?[分분])?)"
    r"\s*(?P<late>[ap]\.?\s?m\b\.?|pagi|siang|sore|petang|malam)?\s*(?:Uhr|น\.)?\s*"
    r"(?P<zone>[A-ZМСК]{1,4}\b|(?:GMT|UTC)?\s?[+−-]\d{1,2}:?\d{0,2})?"
)
_TIME = re.compile(
    r"\A[\s,.|–—•·@-]*(?:[(（][^\W\d_]{1,4}\.?[)）]\s*)?"  # a weekday in brackets
    r"(?:(?:at|um|às|as|à|a las|alle|pukul|pkl\.?|jam|kl\.?|klo|ob|ore|v|в|о|om|"
    r"ora|saat|lúc|เวลา)\s+)?"
    r"(?P<half>午前|午後|上午|下午|오전|오후)?\s*" + _CLOCK,
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(r"(?<![\d.:])(?P<half>)" + _CLOCK + r"[\s,|–—•·-]*\Z", re.IGNORECASE)
_LATE = frozenset({"pm", "午後", "下午", "오후", "sore", "petang", "malam", "siang"})
NOON = 12
LATE_MORNING = 10
_PERSIAN_LETTERS = str.maketrans("يك", "یک")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A date seen in a line, with where it begins and ends."""

    moment: Moment
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Locale:
    """How the outlet writes dates: its languages (BCP 47, the main one first) and its zone."""

    languages: tuple[str, ...] = ()
    zone: str | None = None

    @property
    def is_month_first(self) -> bool | None:
        """Whether 6/5/2024 is the fifth of June here; None if nothing tells."""
        main = self.languages[0].lower() if self.languages else ""
        if main in MONTH_FIRST:
            return True
        if main in ("", "en"):
            return self.zone.startswith("America/") if self.zone else None
        return False

    @property
    def main(self) -> tuple[str, ...]:
        """The languages without their regions, English last: it is written everywhere."""
        return tuple(dict.fromkeys([*(tag.split("-")[0].lower() for tag in self.languages), "en"]))


def dates_in(line: str, locale: Locale) -> list[Sighting]:
    """The full dates (day, month and year are written) in a short line, in order."""
    line = _plain_digits(line[:LINE_LIMIT])
    found: dict[int, Sighting] = {}
    for pattern in (
        _EAST,
        _YEAR_FIRST,
        _YEAR_LAST,
        _SHORT_YEAR,
        _DAY_MONTH,
        _MONTH_DAY,
        _YEAR_MONTH,
    ):
        for match in pattern.finditer(line):
            if any(s.start < match.end() and match.start() < s.end for s in found.values()):
                continue
            if (day := _day_of(match, locale)) and (seen := _sighting(line, match, day, locale)):
                found[match.start()] = seen
    return [found[start] for start in sorted(found)]


def relative_day(line: str, locale: Locale, captured_at: datetime) -> Moment | None:
    """The day that `2 jam yang lalu` means when read at `captured_at`; a day, not an instant.

    "2 hours ago" is said of anything from 90 to 179 minutes, so no clock time is made of it.
    """
    line = line.strip()
    if len(line) > AGO_LIMIT or not AGO.search(line) or not re.search(r"\d", line):
        return None
    here = captured_at.astimezone(ZoneInfo(locale.zone)) if locale.zone else captured_at
    found = _parsed(line, locale.main, base=here.replace(tzinfo=None))
    if not found or found > here.replace(tzinfo=None):
        return None
    return in_zone(found.replace(hour=0, minute=0, second=0, microsecond=0), "day", locale.zone)


def _plain_digits(line: str) -> str:
    line = unicodedata.normalize("NFC", line).translate(_PERSIAN_LETTERS)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in line)


def _day_of(match: re.Match[str], locale: Locale) -> datetime | None:
    parts = match.groupdict()
    try:
        if "first" in parts:
            return _numeric(
                int(parts["first"]), int(parts["second"]), _full_year(parts["year"]), locale
            )
        year = 1 if parts["year"] == "元" else int(parts["year"])
        if parts.get("era"):
            year += REIWA_LEAD
        year -= BUDDHIST_LEAD if year > 2400 else 0  # noqa: PLR2004 -- no other era is there yet
        if parts["month"].isdecimal():
            return datetime(year, int(parts["month"]), int(parts["day"]))  # noqa: DTZ001
        return _worded(int(parts["day"]), parts["month"], year, locale)
    except ValueError:
        return None


def _full_year(year: str) -> int:
    """`24` is 2024, `98` is 1998; the capture's day bounds it later."""
    if len(year) > 2:  # noqa: PLR2004 -- digits
        return int(year)
    return int(year) + (1900 if int(year) >= FIRST_YEAR_OF_THE_WEB else 2000)


def _numeric(first: int, second: int, year: int, locale: Locale) -> datetime | None:
    if first == second or second > MONTHS:
        month_first = True
    elif first > MONTHS:
        month_first = False
    elif locale.is_month_first is None:
        return None  # 6/5/2024 in plain English is June in Boston and May in London
    else:
        month_first = locale.is_month_first
    month, day = (first, second) if month_first else (second, first)
    return datetime(year, month, day)  # noqa: DTZ001 -- a day, placed in its zone later


def _worded(day: int, month: str, year: int, locale: Locale) -> datetime | None:
    found = _parsed(f"{day} {month.rstrip('.')} {year}", locale.main)
    return found if found and (found.day, found.year) == (day, year) else None


@lru_cache(maxsize=1024)
def _parsed(text: str, languages: tuple[str, ...], base: datetime | None = None) -> datetime | None:
    settings: dict[str, object] = {"RETURN_AS_TIMEZONE_AWARE": False, "DATE_ORDER": "DMY"}
    if base:
        settings |= {"RELATIVE_BASE": base, "PARSERS": ["relative-time"]}
    else:
        settings |= {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    for language in languages:
        try:
            found = dateparser.parse(text, languages=[language], settings=settings)
        except (ValueError, OverflowError, TypeError, RecursionError):
            continue  # also a language that dateparser does not know
        if found:
            return found.replace(tzinfo=None)  # type: ignore[no-any-return]
    return None


def _sighting(line: str, match: re.Match[str], day: datetime, locale: Locale) -> Sighting | None:
    for time, end in _times(line, match):
        hour = _hour(time)
        minute = int(time["minute"] or time["minute_h"] or time["minute_cjk"] or 0)
        second = int(time["second"] or 0)
        if hour is None or minute > 59 or second > 59:  # noqa: PLR2004
            continue
        at = day + timedelta(hours=hour, minutes=minute, seconds=second)
        precision: Precision = "second" if time["second"] else "minute"
        moment = in_zone(at, precision, locale.zone, _zone_named(time["zone"]))
        start = min(match.start(), time.start("hour") if end == match.end() else match.start())
        return Sighting(moment, start, end, line[start:end].strip())
    return Sighting(in_zone(day, "day", locale.zone), match.start(), match.end(), match[0])


def _times(line: str, match: re.Match[str]) -> Iterator[tuple[re.Match[str], int]]:
    if time := _TIME.match(line[match.end() :]):
        yield time, match.end() + time.end()
    if time := _TIME_BEFORE.search(line[: match.start()]):
        yield time, match.end()


def _hour(time: re.Match[str]) -> int | None:
    hour = int(time["hour"])
    half = (time["half"] or time["late"] or "").lower().replace(".", "").replace(" ", "")
    is_midday = half == "siang" and hour >= LATE_MORNING  # "jam 11 siang" is before noon
    if half in _LATE and hour < NOON and not is_midday:
        hour += NOON
    elif half and half not in _LATE and hour == NOON:
        hour = 0
    return hour if hour < 2 * NOON else None


def _zone_named(text: str | None) -> tzinfo | None:
    name = (text or "").strip().upper()
    return ZONES.get(name) or (offset_of(name) if re.search(r"\d", name) else None)
