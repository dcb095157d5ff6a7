"""Where on a page its day of publication stands, and in what order day and month are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal

from lxml.html import HtmlElement

from crawler.extract.datetext import Locale, dates_in
from crawler.extract.elementkind import kind_of
from crawler.extract.recall import DATED_LIMIT

LINES_LIMIT = 80
"""Short lines with a figure that are read on a page."""
Order = Literal["DMY", "MDY"]
_ORDERS: tuple[Order, ...] = ("DMY", "MDY")


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of element that holds a date; whether it is the day of publication, and its order."""

    kind: str
    agrees: bool
    order: Order | None = None


def places_of(tree: HtmlElement, day: date | None, languages: tuple[str, ...]) -> tuple[Place, ...]:
    """The kinds of elements on a page that hold a date, the first of each kind."""
    if day is None:
        return ()
    found: dict[str, Place] = {}
    for kind, line in islice(_lines(tree), LINES_LIMIT):
        if kind in found:
            continue
        read = {order: _day_in(line, languages, order) for order in _ORDERS}
        if any(read.values()):
            found[kind] = Place(kind, day in read.values(), _order(read, day))
    return tuple(found.values())


def _lines(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for element in tree.iter("*"):
        kind = kind_of(element)
        if kind is None or element.tag in ("body", "html", "script", "style", "a"):
            continue
        line = element.text_content()[: DATED_LIMIT + 1]
        if len(line) <= DATED_LIMIT and any(c.isdecimal() for c in line):
            yield kind, " ".join(line.split())


def _day_in(line: str, languages: tuple[str, ...], order: Order) -> date | None:
    seen = next(iter(dates_in(line, Locale(languages, order=order))), None)
    return seen.moment.on if seen else None


def _order(read: dict[Order, date | None], day: date) -> Order | None:
    """The order that gives the right day, if the other one does not."""
    right = [order for order, one in read.items() if one == day]
    return right[0] if len(right) == 1 else None
