"""What a person types about time, read: durations, cron lines, boosts.

    30m  6h  1d12h                                        a duration
    0 6 * * *                                             a cron line, five fields
    election 2026-11-28..2026-12-08: front-page every 10m, revisit x3        a boost

What cannot be read is refused with its column and an example.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from archive.errors import ArchiveError
from archive.schedules import Boost

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=365)
MOST_OFTEN = 20.0
"""An article looked at more than this many times as often is a mistyped number."""

DURATION = "30m, 6h or 1d12h"
CRON = "'0 6 * * *' (minute hour day month weekday)"
FRONT_PAGE = "'every 30m'"
BOOST = "'election 2026-11-28..2026-12-08: front-page every 10m, revisit x3'"
_CRON_FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")


class TimeSyntax(ArchiveError, ValueError):
    """Something about time cannot be read.

    Attributes:
        column: where in the text, counted from 1.
    """

    exit_code = 2

    def __init__(self, said: str, *, text: str, column: int, example: str) -> None:
        super().__init__(said)
        self.text = text
        self.column = column
        self.example = example

    def __str__(self) -> str:
        caret = " " * (self.column - 1) + "^"
        where = f"column {self.column}: {self.args[0]}"
        return f"{where}\n  {self.text}\n  {caret}\nWrite it as {self.example}."


def read_duration(text: str) -> timedelta:
    """A duration between a minute and a year.

    Raises:
        TimeSyntax: if it is none.
    """
    at = _Cursor(text, DURATION)
    found = _duration(at)
    at.end()
    return found


def read_every(text: str) -> timedelta:
    """`every 30m`, or the duration alone.

    Raises:
        TimeSyntax: if it is neither.
    """
    at = _Cursor(text, FRONT_PAGE)
    at.take(r"every\s+")
    found = _duration(at)
    at.end()
    return found


def read_cron(text: str) -> str:
    """A cron line of five fields, spaces made single.

    Raises:
        TimeSyntax: naming the field that cannot be, if one cannot.
    """
    fields = list(re.finditer(r"\S+", text))
    if len(fields) != len(_CRON_FIELDS):
        column = fields[5].start() + 1 if len(fields) > 5 else len(text) + 1  # noqa: PLR2004
        said = f"a cron line has five fields, and this has {len(fields)}"
        raise TimeSyntax(said, text=text, column=column, example=CRON)
    line = " ".join(field[0] for field in fields)
    try:
        next(CronSim(line, datetime(2026, 1, 1, tzinfo=UTC)))
    except StopIteration as error:
        said = "no day is ever like that"
        raise TimeSyntax(said, text=text, column=fields[2].start() + 1, example=CRON) from error
    except CronSimError as error:
        name = str(error).removeprefix("Bad ")
        bad = fields[_CRON_FIELDS.index(name)] if name in _CRON_FIELDS else fields[0]
        said = f"{bad[0]!r} is no {name}"
        raise TimeSyntax(said, text=text, column=bad.start() + 1, example=CRON) from error
    return line


def read_boost(text: str, zone: ZoneInfo) -> Boost:
    """A boost; its dates are those of `zone`, and the last one is a part of it.

    Raises:
        TimeSyntax: if it cannot be read.
    """
    at = _Cursor(text, BOOST)
    name = at.need(r"[A-Za-z0-9][\w-]*", "a name for the boost")[0]
    at.need(r"\s+", "a space after the name")
    begins = _instant(at, zone, is_end=False)
    at.need(r"\.\.", "`..` between the two dates")
    column = at.column
    ends = _instant(at, zone, is_end=True)
    if ends <= begins:
        raise at.error("it ends before it begins", column=column)
    at.need(r":\s+", "a colon and a space before what is done more often")
    terms: dict[str, Any] = {}
    while True:
        _term(at, terms)
        if not at.take(r"\s*,\s*"):
            break
    at.end()
    return Boost(name=name, begins_at=begins, ends_at=ends, **terms)


class _Cursor:
    """Where reading has come to in a text."""

    def __init__(self, text: str, example: str) -> None:
        self.text = text
        self.example = example
        self.at = len(text) - len(text.lstrip())

    @property
    def column(self) -> int:
        return self.at + 1

    def take(self, pattern: str) -> re.Match[str] | None:
        found = re.compile(pattern).match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def need(self, pattern: str, what: str) -> re.Match[str]:
        found = self.take(pattern)
        if found is None:
            raise self.error(f"{what} is missing")
        return found

    def end(self) -> None:
        self.take(r"\s+")
        if self.at < len(self.text):
            raise self.error(f"{self.text[self.at :][:20]!r} is not understood")

    def error(self, said: str, *, column: int | None = None) -> TimeSyntax:
        return TimeSyntax(said, text=self.text, column=column or self.column, example=self.example)


def _duration(at: _Cursor) -> timedelta:
    column = at.column
    found = timedelta()
    while piece := at.take(r"(\d{1,6})([smhdw])"):
        found += int(piece[1]) * _UNITS[piece[2]]
    if not found:
        raise at.error(f"a duration is missing, such as {DURATION}", column=column)
    if not SHORTEST <= found <= LONGEST:
        raise at.error("a duration is between a minute and a year", column=column)
    return found


def _instant(at: _Cursor, zone: ZoneInfo, *, is_end: bool) -> datetime:
    """A date, or a date and a time, in the zone; a date that is an end is over with its day."""
    column = at.column
    found = at.need(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?", "a date such as 2026-11-28")
    try:
        day = date.fromisoformat(found[1])
        moment = time.fromisoformat(found[2]) if found[2] else time()
        if is_end and not found[2]:
            day += timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise at.error(f"there is no {found[0]}", column=column) from error
    return datetime.combine(day, moment, tzinfo=zone).astimezone(UTC)


def _term(at: _Cursor, terms: dict[str, Any]) -> None:
    column = at.column
    for pattern, name, read in _TERMS:
        if at.take(pattern):
            if name in terms:
                raise at.error("this is said twice", column=column)
            terms[name] = read(at)
            return
    raise at.error("`front-page every …`, `feeds every …`, `every …` or `revisit x…` is missing")


def _factor(at: _Cursor) -> float:
    column = at.column
    factor = float(at.need(r"\d{1,3}(?:\.\d{1,2})?", "a number such as 3")[0])
    if not 1 < factor <= MOST_OFTEN:
        raise at.error(f"a boost is more often: above 1, up to {MOST_OFTEN:g}", column=column)
    return factor


_TERMS: tuple[tuple[str, str, Callable[[_Cursor], Any]], ...] = (
    (r"front-page\s+every\s+", "front_page", _duration),
    (r"feeds\s+every\s+", "feeds", _duration),
    (r"every\s+", "every", _duration),
    (r"(?:revisit|recheck)s?\s+x", "recheck_factor", _factor),
)
