"""Filters of a query: their names, their values, and which go together.

outlet:tempo  lang:id  author:"Siti Aminah"  section:sport  tag:harbour  wire:Antara
kind:liveblog  is:edited  is:gone  is:corrected
since:2026  until:2026-03  date:2026-03-04        a year, a month or a day, whole
"""

import calendar
import difflib
import re
from collections.abc import Sequence
from datetime import date
from typing import cast

from archive.query.nodes import Days, Filter, FilterName
from archive.words import tokens

NAMES = (
    "title", "outlet", "lang", "author", "section", "tag", "wire", "kind", "since", "until",
    "date", "is",
)  # fmt: skip
"""What may stand before a colon; `title` is no filter but is written like one."""

_STATES = ("edited", "gone", "corrected")
_KINDS = ("article", "liveblog", "video", "gallery")
_FOLDED = frozenset(["outlet", "lang", "kind", "is"])
_FIELD = re.compile(r"([A-Za-z]+):\S")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_EXAMPLES = {
    "title": "title:election", "outlet": "outlet:tempo", "lang": "lang:id",
    "author": 'author:"Siti Aminah"', "section": "section:sport", "tag": "tag:harbour",
    "wire": "wire:Antara",
    "kind": "kind:liveblog", "since": "since:2026-03",
    "until": "until:2026-03-04", "date": "date:2026", "is": "is:edited",
}  # fmt: skip
_MEANT = {
    "site": "outlet", "source": "outlet", "language": "lang", "by": "author", "intitle": "title",
    "headline": "title", "after": "since", "before": "until", "category": "section",
    "tags": "tag", "keyword": "tag", "topic": "tag", "agency": "wire", "type": "kind",
}  # fmt: skip


class Misread(Exception):
    """A piece of a query that cannot be meant; `archive.query.language.parse` adds the query.

    Attributes:
        column: where in the query, counted from 1.
    """

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


def read_filter(written: str, column: int) -> Filter:
    """Read `name:value` or `name:"a value"`.

    Raises:
        Misread: if the value is missing, or cannot be one of this filter.
    """
    head, _, value = written.partition(":")
    name = head.lower()
    value = value.strip('"“”„«»').strip()
    if not tokens(value):
        raise Misread(
            f"{name}: needs a value right after the colon, as in {_EXAMPLES[name]}. "
            "To search for the word, put it in quotes.",
            column,
        )
    if name in _FOLDED:
        value = value.lower()
    if name == "is" and value not in _STATES:
        raise Misread(f"is: knows {', '.join(_STATES)}; write one of them.", column)
    if name == "kind" and value not in _KINDS:
        raise Misread(f"kind: knows {', '.join(_KINDS)}; write one of them.", column)
    days = _days(value, column) if name in ("since", "until", "date") else None
    return Filter(cast("FilterName", name), value, days=days, column=column)


def _days(value: str, column: int) -> Days:
    match = _DATE.fullmatch(value)
    first = _first_day(match) if match else None
    if match is None or first is None:
        message = f"{value} is no day, month or year; write 2026-03-04, 2026-03 or 2026."
        raise Misread(message, column)
    if match[3]:
        return Days(first, first)
    if match[2]:
        return Days(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))
    return Days(first, first.replace(month=12, day=31))


def _first_day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def check_together(filters: Sequence[Filter]) -> None:
    """Refuse days that leave nothing.

    Raises:
        Misread: if `since` or `until` stands twice, or since is later than until.
    """
    ends: dict[str, Filter] = {}
    for item in filters:
        if item.name in ("since", "until") and ends.setdefault(item.name, item) is not item:
            raise Misread(f"{item.name}: stands twice; leave one out.", item.column)
    since, until = ends.get("since"), ends.get("until")
    if since and until and since.days and until.days and since.days.first > until.days.last:
        raise Misread(
            f"since:{since.value} is later than until:{until.value}, so nothing can be found; "
            "exchange them.",
            until.column,
        )


def check_spelling(word: str, column: int) -> None:
    """Catch a misspelt filter, which would quietly search for its letters.

    Raises:
        Misread: if a word looks like `outlte:x`.
    """
    match = _FIELD.match(word)
    if match is None:
        return
    name = match[1].lower()
    near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.8)
    meant = _MEANT.get(name) or (near[0] if near else None)
    if meant:
        raise Misread(
            f"There is no filter {name}:, did you mean {meant}: instead? "
            "To search for these words, put them in quotes.",
            column,
        )
