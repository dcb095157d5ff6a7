"""Relative forms: the day that "2 jam yang lalu" or "yesterday, 10:15" means at the capture."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import dateparser

from archive.records import Moment
from crawler.extract.clocktext import clock_beside
from crawler.extract.datewords import AGO, HEBREW_PAIRS, TODAY, YESTERDAY
from crawler.extract.moments import in_zone

AGO_LIMIT = 40
"""Characters; a longer line with "ago" in it is a sentence."""


def relative_day(
    line: str, languages: tuple[str, ...], zone: str | None, captured_at: datetime
) -> Moment | None:
    """The day that a line of a relative form means when read at `captured_at`.

    "2 hours ago" is said of anything from 90 to 179 minutes, so no clock time is made of it.
    """
    line = line.strip()
    if len(line) > AGO_LIMIT:
        return None
    here = captured_at.astimezone(ZoneInfo(zone)) if zone else captured_at
    if (days := _days_named(line)) is not None:
        return in_zone(
            (here - timedelta(days=days)).replace(
                tzinfo=None, hour=0, minute=0, second=0, microsecond=0
            ),
            "day",
            zone,
        )
    for word, digits in HEBREW_PAIRS.items():
        line = line.replace(word, digits)
    if not AGO.search(line) or not re.search(r"\d", line):
        return None
    found = _parsed(line, languages, here.replace(tzinfo=None))
    if not found or found > here.replace(tzinfo=None):
        return None
    return in_zone(found.replace(hour=0, minute=0, second=0, microsecond=0), "day", zone)


def _days_named(line: str) -> int | None:
    """Yesterday or today, where a clock time stands beside it: alone they may be a column."""
    for words, days in ((YESTERDAY, 1), (TODAY, 0)):
        if (match := words.search(line)) and clock_beside(line, match.start(), match.end()):
            return days
    return None


@lru_cache(maxsize=256)
def _parsed(text: str, languages: tuple[str, ...], base: datetime) -> datetime | None:
    settings = {
        "RETURN_AS_TIMEZONE_AWARE": False,
        "RELATIVE_BASE": base,
        "PARSERS": ["relative-time"],
    }
    for language in languages:
        try:
            found = dateparser.parse(text, languages=[language], settings=settings)
        except (ValueError, OverflowError, TypeError, RecursionError):
            continue  # also a language that dateparser does not know
        if found:
            return found.replace(tzinfo=None)  # type: ignore[no-any-return]
    return None
