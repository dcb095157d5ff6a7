"""Declared times read: ISO 8601 as publishers write it, RFC 5322, and seconds since 1970."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from archive.records import Moment, Precision, Zone
from crawler.extract.datewords import ZONES

EARLIEST_YEAR = 1700
"""Older dates are defaults of some software (year 1, 1601), not of a newspaper."""
DEFAULT_DAYS = frozenset(
    {(1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1970, 1, 1), (1980, 1, 1)}
)
"""Where the clocks of databases, spreadsheets, Unix and DOS begin: a field that nobody filled."""
FUTURE_TOLERANCE = timedelta(days=1)
"""A time without offset read as UTC may be 14 hours off, and publishers' clocks and ours differ;
more than a day after its own capture no publication time can be true."""

_LAST_DEFAULT = max(DEFAULT_DAYS)[0]
_ISO = re.compile(
    r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?"
    r"(?:(?:\s*[T,]\s*|\s+|t)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{1,2})(?:[.,:](?P<fraction>\d+))?)?"
    r"\s*(?P<offset>Z|z|(?:UTC|GMT)?\s*[+\-−]\d{1,2}(?::?\d{2})?|UTC|GMT)?(?:\[[\w/]+\])?(?P<rest>.*))?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?")
_OFFSET = re.compile(r"([+\-−])(\d{1,2}):?(\d{2})?")
_SECONDS = re.compile(r"\d{9,10}|\d{12,13}")
_MILLISECONDS = 1e11
_MAX_OFFSET = timedelta(hours=15)


def declared(value: str, zone: str | None) -> Moment | None:
    """The moment that a machine-readable value states, or None.

    The precision is what is written; without an offset the outlet's zone is used, then UTC.
    """
    value = value.strip()
    try:
        if match := _ISO.fullmatch(value):
            return _from_iso(match, zone)
        if _SECONDS.fullmatch(value):
            seconds = float(value)
            return _moment(
                datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
            )
        if match := _COMPACT.fullmatch(value):
            return _from_compact(match, zone)
        return _from_mail(value, zone)
    except (ValueError, OverflowError, TypeError, IndexError, OSError):
        return None


def is_believable(moment: Moment, captured_at: datetime) -> bool:
    """Whether a publication can have happened then: not after its capture, no software's default.

    Of 1970-01-01 and its like no time of the day is believed; on the wall west of London it is the
    evening before.
    """
    try:
        instant = moment.utc
    except OverflowError:
        return False
    days = ((day.year, day.month, day.day) for day in (instant, moment.at))
    return (
        instant <= captured_at + FUTURE_TOLERANCE
        and instant.year >= EARLIEST_YEAR
        and (instant.year > _LAST_DEFAULT or DEFAULT_DAYS.isdisjoint(days))
    )


def in_zone(
    naive: datetime, precision: Precision, zone: str | None, offset: tzinfo | None = None
) -> Moment:
    """A moment from local parts: the written offset, else the outlet's zone, else UTC."""
    origin: Zone = "declared" if offset else "outlet" if zone else "unknown"
    return Moment(
        at=naive.replace(tzinfo=offset or (ZoneInfo(zone) if zone else UTC)),
        precision=precision,
        zone=origin,
    )


def offset_of(text: str | None) -> timezone | None:
    """The offset that `Z`, `+07:00`, `+0700` or `GMT+7` writes down."""
    if not text:
        return None
    match = _OFFSET.search(text)
    if not match:
        return UTC
    span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if span > _MAX_OFFSET:
        return None
    return timezone(span if match[1] == "+" else -span)


def _from_iso(match: re.Match[str], zone: str | None) -> Moment | None:
    if match["rest"] and match["rest"].strip():
        return None  # a zone's name or a second date: for those who read prose
    precision: Precision = (
        "second"
        if match["second"]
        else "minute"
        if match["hour"]
        else ("day" if match["day"] else "month" if match["month"] else "year")
    )
    fraction = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    hour = int(match["hour"] or 0)
    naive = datetime(  # noqa: DTZ001 -- in_zone gives it its zone
        int(match["year"]),
        int(match["month"] or 1),
        int(match["day"] or 1),
        hour % 24,
        int(match["minute"] or 0),
        int(match["second"] or 0),
        fraction,
    )
    offset = offset_of(match["offset"])
    if match["offset"] and not offset:
        return None
    return in_zone(naive + timedelta(days=hour // 24), precision, zone, offset)


def _from_compact(match: re.Match[str], zone: str | None) -> Moment:
    parts = [int(part) for part in match.groups()[:6] if part]
    precision: Precision = "day" if len(parts) == 3 else "minute" if len(parts) == 5 else "second"  # noqa: PLR2004
    return in_zone(datetime(*parts), precision, zone, offset_of(match[7]))  # type: ignore[arg-type]  # noqa: DTZ001


def _from_mail(value: str, zone: str | None) -> Moment | None:
    named = ZONES.get(value.rsplit(" ", 1)[-1])
    if named:  # `Wed, 19 Jun 2024 10:30:00 WIB`: the mail standard knows American zones only
        return _moment(parsedate_to_datetime(value).replace(tzinfo=named))
    found = parsedate_to_datetime(value)
    if found.tzinfo:
        return _moment(found)
    if value.endswith("-0000"):
        return _moment(found.replace(tzinfo=UTC))
    return in_zone(found, "second", zone)


def _moment(at: datetime) -> Moment:
    return Moment(at=at, precision="second", zone="declared")
