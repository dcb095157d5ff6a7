"""Walls told from articles: a page of status 200 that shows a form where the text should be."""

from dataclasses import dataclass
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.records import Wall
from crawler.extract.wallwords import (
    BOT,
    BOT_MARKS,
    CONSENT,
    CONSENT_MARKS,
    LOGIN,
    PAYWALL,
    PAYWALL_MARKS,
)

STUB_WORDS = 150
"""Paywalls show the first sentences; of the teasers seen in the wild few have more words."""
CHALLENGE_WORDS = 60
"""With more, a headline that speaks of captchas is a story's, unless a script marks a challenge."""
FORM_WORDS = 120
"""A consent or login form has some legal text around its buttons."""
TOLD_WORDS = 25
"""Words of a body without any phrase of a consent form: an article beside a banner. None of the
979 pages with a truth is read otherwise by this; short news without mark-up are."""
PAGE_WORDS = 700
"""With more words than this outside scripts, a page is no mere form."""
_SHOWN = XPath(
    "//body/descendant::text()[not(parent::script or parent::style or parent::template)]",
    smart_strings=False,
)
"""Plain strings: one that knows its parent looks for it past all text beside it."""
_CHALLENGE_STATUS = frozenset({202, 401, 403, 405, 429, 503})
_SHOWN_CHARACTERS = 20_000
_SOURCE_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Sight:
    """What a wall can be told by."""

    title: str
    body_words: int
    is_free: bool | None
    is_marked_article: bool
    status: int | None
    body: str = ""


def wall_of(tree: HtmlElement, sight: Sight) -> tuple[Wall, str] | None:
    """The wall that a page is, with the reason in plain words, or None.

    A long body is no wall, whatever stands beside it.
    """
    if sight.body_words > STUB_WORDS:
        return None
    shown = shown_text(tree)
    source = _source(tree)
    return _bot(shown, source, sight) or _form(shown, source, sight) or _pay(shown, source, sight)


def shown_text(tree: HtmlElement) -> str:
    """The words of a page outside scripts and styles, up to a limit; `noscript` is read, too."""
    pieces: list[str] = []
    size = 0
    for text in cast("list[str]", _SHOWN(tree)):
        if piece := text.strip():
            pieces.append(piece)
            size += len(piece)
            if size > _SHOWN_CHARACTERS:
                break
    return " ".join(" ".join(pieces).split())


def _source(tree: HtmlElement) -> str:
    """Where the marks of challenges and consent platforms stand: scripts, ids and classes."""
    pieces: list[str] = []
    size = 0
    for value in tree.xpath(
        "//script/@src | //script/text() | //@id | //@class | //form/@action | //iframe/@src"
    ):
        pieces.append(str(value)[:4000])
        size += len(pieces[-1])
        if size > _SOURCE_CHARACTERS:
            break
    return "\n".join(pieces)


def _bot(shown: str, source: str, sight: Sight) -> tuple[Wall, str] | None:
    if sight.is_marked_article or len(shown.split()) >= FORM_WORDS:
        return None
    said = BOT.search(sight.title) or BOT.search(shown[:2000])
    mark = BOT_MARKS.search(source)
    is_titled = BOT.search(sight.title) and sight.body_words < CHALLENGE_WORDS
    is_refused = sight.status in _CHALLENGE_STATUS
    if (mark or said) and ((mark and said) or is_refused or not sight.body_words or is_titled):
        evidence = said[0] if said else mark[0] if mark else ""
        return "bot", f"a challenge instead of the page: {evidence!r}"
    return None


def _form(shown: str, source: str, sight: Sight) -> tuple[Wall, str] | None:
    words = len(shown.split())
    if sight.is_marked_article or words > PAGE_WORDS or sight.body_words > FORM_WORDS:
        return None
    said = CONSENT.search(sight.title) or CONSENT.search(shown)
    is_beside = sight.body_words >= TOLD_WORDS and bool(sight.body)
    if is_beside and not CONSENT.search(f"{sight.title}\n{sight.body}"):
        said = None
    if said and (
        words < FORM_WORDS or CONSENT_MARKS.search(source) or len(CONSENT.findall(shown)) > 1
    ):
        return "consent", f"a consent form instead of the page: {said[0]!r}"
    if (said := LOGIN.search(shown)) and words < FORM_WORDS:
        return "login", f"a login form instead of the page: {said[0]!r}"
    return None


def _pay(shown: str, source: str, sight: Sight) -> tuple[Wall, str] | None:
    if sight.is_free is True:
        return None
    said = PAYWALL.search(shown)
    if sight.is_free is False and (said or sight.body_words < STUB_WORDS // 2):
        return "paywall", f"declared as not free, and only {sight.body_words} words are shown"
    if said and (PAYWALL_MARKS.search(source) or sight.body_words < STUB_WORDS // 3):
        return "paywall", f"an offer to subscribe after {sight.body_words} words: {said[0]!r}"
    if (
        sight.is_marked_article
        and sight.body_words < STUB_WORDS // 3
        and (said := LOGIN.search(shown))
    ):
        return "login", f"a login form after {sight.body_words} words: {said[0]!r}"
    return None
