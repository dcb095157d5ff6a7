"""The months by their names, in every language that newspapers are written in."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from crawler.extract.monthwords import HIJRI_MONTHS, MORE_MONTHS, SOLAR_MONTHS

STEM_CHARACTERS = 4
"""`ekaina` is in `ekainaren`, `jūnij` in `jūnijā`: a name this long, its ending aside, is one."""
ENDING_CHARACTERS = 4
"""The longest ending that a name takes on: `-aren`, `-euta`."""
_ENGLISH = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def month_named(word: str, languages: tuple[str, ...]) -> int | None:
    """The month (1 to 12) that `word` names in one of the languages, the first one first.

    `languages` are primary subtags. Endings are understood, other words that begin like a month
    are not: `march` is one in English, `marches` is none.
    """
    word = _folded(word)
    for language in languages:
        names = _names(language)
        if month := names.get(word) or _inflected(word, language):
            return month
    return None


def solar_month(word: str) -> int | None:
    """The month of the Solar Hijri year (Iran, Afghanistan) that `word` names."""
    return _numbered(SOLAR_MONTHS).get(_folded(word))


def hijri_month(word: str) -> int | None:
    """The month of the Islamic year that `word` names, in Arabic, Persian, Urdu or Malay."""
    return _numbered(HIJRI_MONTHS).get(_folded(word))


def _folded(word: str) -> str:
    """Case, dots, Hebrew points and the Turkish dotted I do not count."""
    word = unicodedata.normalize("NFC", word.lower().replace("\u0307", ""))
    return word.strip(" .,'’׳").replace(".", "").replace("_", " ")


@cache
def _names(language: str) -> Mapping[str, int]:
    """Names and short forms: dateparser's (they are CLDR's and more), and what it misses."""
    try:
        known = import_module(f"dateparser.data.date_translation_data.{language}").info
    except (ImportError, ValueError):
        known = {}
    more = MORE_MONTHS.get(language, {})
    return {
        _folded(name): number
        for number, month in enumerate(_ENGLISH, 1)
        for name in (*known.get(month, ()), *more.get(number, "").split())
        if not name.isdecimal()
    }


def _inflected(word: str, language: str) -> int | None:
    if language == "en":
        return None
    months = {
        number
        for name, number in _names(language).items()
        if len(name) > STEM_CHARACTERS
        and word.startswith(name[:-1])
        and len(word) <= len(name) + ENDING_CHARACTERS
    }
    return months.pop() if len(months) == 1 else None


@cache
def _numbered(months: tuple[str, ...]) -> Mapping[str, int]:
    return {_folded(name): n for n, names in enumerate(months, 1) for name in names.split("|")}
