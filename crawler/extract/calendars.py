"""Days of other calendars as the Gregorian day: Thai, Japanese, Taiwanese, Iranian, Islamic."""

from datetime import datetime, timedelta

BUDDHIST_LEAD = 543
"""Thai papers count years from the Buddha (พ.ศ.): 2567 is 2024."""
BUDDHIST_YEARS = range(2480, 2600)
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
"""What is added to a year of the era: 令和6年 is 2024, 民國113年 too."""
SOLAR_YEARS = range(1300, 1440)
"""Solar Hijri: 1403 began in March 2024; the calendar is of 1925."""
HIJRI_YEARS = range(1400, 1461)

_SOLAR_CYCLE = 33
_SOLAR_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
"""Leap years by their remainder of 33; right for every year from 1178 to 1633."""
_SOLAR_BEGIN = datetime(1921, 3, 21)  # noqa: DTZ001 -- 1 Farvardin 1300, a day
_LONG_MONTHS = 6
_MONTHS = 12

_HIJRI_BEGIN = datetime(1979, 11, 20)  # noqa: DTZ001 -- 1 Muharram 1400, a day
_HIJRI_LENGTHS = (
    "d2b54aea57526e936aaad555aa5b52ba95b49ba4db25d52daa5ad4aea56d4bd23d91da95b4ab5a56d2b6"
    "93b49b6556a9754b6a56caad555b29b92ba95d4ada55aaab595749764baa5b52b6a56d2ae9572a75535a"
    "95d49ba4dd26d53"
)
"""Three hexadecimal digits a year from 1400, a bit a month, the first month highest: set, it has
30 days, else 29. The Umm al-Qura calendar of Saudi Arabia, from its published tables."""


def of_buddhist(year: int, month: int, day: int) -> datetime:
    """The day of a Thai date.

    Raises:
        ValueError: if there is no such day.
    """
    return datetime(year - BUDDHIST_LEAD, month, day)  # noqa: DTZ001 -- a day


def of_solar_hijri(year: int, month: int, day: int) -> datetime:
    """The day of an Iranian or Afghan date.

    Raises:
        ValueError: if there is no such day, or the year is not of SOLAR_YEARS.
    """
    if year not in SOLAR_YEARS or not 1 <= month <= _MONTHS:
        raise ValueError("no such month")
    is_leap = year % _SOLAR_CYCLE in _SOLAR_LEAPS
    longest = 31 if month <= _LONG_MONTHS else 30 if month < _MONTHS or is_leap else 29
    if not 1 <= day <= longest:
        raise ValueError("no such day")
    leaps = sum(y % _SOLAR_CYCLE in _SOLAR_LEAPS for y in range(SOLAR_YEARS[0], year))
    before = 31 * min(month - 1, _LONG_MONTHS) + 30 * max(month - 1 - _LONG_MONTHS, 0)
    days = 365 * (year - SOLAR_YEARS[0]) + leaps + before + day - 1
    return _SOLAR_BEGIN + timedelta(days=days)


def of_hijri(year: int, month: int, day: int) -> datetime:
    """The day of an Islamic date by the Umm al-Qura calendar; elsewhere it may be a day off.

    Raises:
        ValueError: if there is no such day, or the year is not of HIJRI_YEARS.
    """
    if year not in HIJRI_YEARS or not 1 <= month <= _MONTHS:
        raise ValueError("no such month")
    if not 1 <= day <= _hijri_length(year, month):
        raise ValueError("no such day")
    whole = [(y, m) for y in range(HIJRI_YEARS[0], year) for m in range(1, 13)]
    months = [*whole, *((year, m) for m in range(1, month))]
    return _HIJRI_BEGIN + timedelta(days=sum(_hijri_length(y, m) for y, m in months) + day - 1)


def _hijri_length(year: int, month: int) -> int:
    digits = _HIJRI_LENGTHS[3 * (year - HIJRI_YEARS[0]) :][:3]
    return 30 if int(digits, 16) >> (_MONTHS - month) & 1 else 29
