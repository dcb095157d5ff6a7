"""Dates in text beside the headline: in a byline, or in the dateline that opens the body."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from archive.records import Moment
from crawler.extract.agotext import relative_day
from crawler.extract.datetext import Locale, dates_in
from crawler.extract.datewords import COPYRIGHT, UPDATED
from crawler.extract.nearby import line_of

DATELINE_CHARACTERS = 90
"""A dateline such as `HARIAN CONTOH, 19 Juni 2024 –` opens the first paragraph, and is short."""
DATELINE_PARAGRAPHS = 4
"""A summary and a line of names may stand before it in what was taken for the body."""
_LATER_CHARACTERS = 20
"""In a later paragraph the date must stand at the very beginning."""
BYLINE_CHARACTERS = 100
"""`By Ann Lee and Bo Chan | Monday, 19 June 2024, 10:15 | Updated: 11:20` has 71."""

_MADE_FOR_DATES = re.compile(
    r"date|time|meta|by-?line|publish|info|author|datum|stand", re.IGNORECASE
)
_DATELINE = re.compile(
    rf".{{0,{DATELINE_CHARACTERS}}}?\d{{2}}[^–—\-.:：)\d]{{0,20}}[–—\-:：).日]", re.DOTALL
)
_LABEL_CHARACTERS = 30
_PROSE_WORD = re.compile(r"(?<![\w.])[^\W\d_A-ZÀ-ÞА-Я][^\W\d_]{2,}(?![\w.])")
_LOWER_WORDS = 1
_UNCASED = re.compile(r"[\u0590-\u109f\u3040-\uabff]")
_UNCASED_CHARACTERS = 12
_OTHERS = re.compile(
    r"\bcomments?\b|comment-?(?:list|item|body|meta|author|time|date)|\brelated", re.IGNORECASE
)
_DEPTH_LIMIT = 8
_PARTS_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Spoken:
    """A date that a line states, with what it is the date of."""

    text: str
    moment: Moment
    is_update: bool = False


def spoken_beside(
    near: Iterable[HtmlElement], opening: str | None, locale: Locale, captured_at: datetime | None
) -> Iterator[Spoken]:
    """Dates of the lines beside the headline, then those of the dateline in `opening`.

    Without `captured_at` no relative form is understood.
    """
    for line, begin, element in _lines(near, opening):
        spoken = list(spoken_in(line, begin, locale, captured_at))
        updates = _updates_in(element) if element is not None and len(spoken) > 1 else []
        marked = [any(one.text in text for text in updates) for one in spoken]
        for one, is_marked in zip(spoken, marked, strict=True):  # `updated` may be the only class
            yield replace(one, is_update=True) if is_marked and not all(marked) else one


def spoken_in(
    line: str, begin: int, locale: Locale, captured_at: datetime | None
) -> Iterator[Spoken]:
    """Dates that begin within the first `begin` characters of a line, or what "ago" means in it."""
    if COPYRIGHT.search(line):
        return
    sightings = [seen for seen in dates_in(line, locale) if seen.start <= begin]
    for seen in sightings:
        label = line[: seen.start][-_LABEL_CHARACTERS:]
        yield Spoken(seen.text, seen.moment, is_update=bool(UPDATED.search(label)))
    if (
        not sightings
        and captured_at
        and (day := relative_day(line, locale.main, locale.zone, captured_at))
    ):
        yield Spoken(line, day, is_update=bool(UPDATED.search(line)))


def _lines(
    near: Iterable[HtmlElement], opening: str | None
) -> Iterator[tuple[str, int, HtmlElement | None]]:
    """Lines in which a date may stand, how far in it may begin, and whose line it is."""
    for element in near:
        if any(_OTHERS.search(_names(a)) for a in [element, *islice(element.iterancestors(), 3)]):
            continue
        for line in _bylines(element, 0):
            yield line, len(line), element
    paragraphs = [p for p in (opening or "").split("\n") if p][:DATELINE_PARAGRAPHS]
    for number, paragraph in enumerate(paragraphs):
        dateline = _DATELINE.match(paragraph)
        if dateline and _is_lead(paragraph):
            begin = DATELINE_CHARACTERS // 2 if number < 2 else _LATER_CHARACTERS  # noqa: PLR2004
            yield paragraph[: dateline.end() + 30], begin, None


def _is_lead(paragraph: str) -> bool:
    """Whether only names stand before the first digit; `born here on 2 May 1986 -` is prose."""
    lead = re.split(r"\d", paragraph, maxsplit=1)[0]
    if _UNCASED.search(lead):
        return len(lead) <= _UNCASED_CHARACTERS
    return len(_PROSE_WORD.findall(lead)) <= _LOWER_WORDS


def _updates_in(element: HtmlElement) -> list[str]:
    """The texts of parts that a class calls an update: WordPress hides one beside the date."""
    parts = element.xpath(".//*[contains(@class, 'updated') or contains(@class, 'modified')]")
    return [
        line
        for part in parts[:_PARTS_LIMIT]
        if "publi" not in part.get("class") and (line := line_of(part))
    ]


def _bylines(element: HtmlElement, depth: int) -> Iterator[str]:
    """The element's line, or those within it: a byline may share its place with a summary."""
    if not isinstance(element.tag, str) or depth > _DEPTH_LIMIT:
        return
    if not (line := line_of(element)):
        return
    if _may_be_dated(element, line):
        yield line
    elif element.tag not in ("p", "a", "h2", "h3", "h4", "h5", "h6"):
        for child in element:
            yield from _bylines(child, depth + 1)


def _may_be_dated(element: HtmlElement, line: str) -> bool:
    """Whether a line is a byline: short, or made for it; a summary tells of other days."""
    if element.tag in ("h2", "h3", "h4", "h5", "h6"):
        return len(line) <= BYLINE_CHARACTERS // 2
    names = _names(element)
    return len(line) <= BYLINE_CHARACTERS or bool(_MADE_FOR_DATES.search(names))


def _names(element: HtmlElement) -> str:
    return f"{element.get('class')} {element.get('id')}" if element.tag != "body" else ""
