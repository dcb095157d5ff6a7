"""What one page tells about its outlet: small, so that hundreds of pages can be compared."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from archive.records import Draft, Moment
from crawler.extract.elementkind import kind_of
from crawler.extract.plain import folded
from crawler.memory.days import Place, places_of

KINDS_LIMIT = 400
"""Kinds of elements noted of a page."""
HOLDINGS_LIMIT = 12
"""Elements of one kind noted of a page."""
TELLING = 12
"""Letters of a text that can be recognised on another page."""
DOUBLED = 30
"""Letters of a text that does not stand twice on a page by chance."""
LINKED = 0.8
"""Share of a text in links that makes it a teaser or a menu."""
CONTAINED = 0.8
"""Share of the body in one element that makes it the article's container."""
TOLD = 0.5
"""Share of the body that must be found again in the page for it to tell anything."""
_KEPT_LETTERS = 200
_LINES_LIMIT = 500
_END_OF_LINE = "\x1e"
_TEXT_LIMIT = 4000
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "head", "select", "option", "iframe"}
)
_INLINE = frozenset(
    {"a", "span", "b", "strong", "i", "em", "u", "s", "small", "sub", "sup", "font", "mark", "q"}
)
"""Parts of lines: a line is an article's or the site's as a whole."""


@dataclass(slots=True)
class Holding:
    """What the elements of one kind hold on one page.

    `texts` are the folded texts of its elements, a digest in place of a long one; `beside` says of
    each whether it is links and nothing else, or repeats what the page says elsewhere; `share` is
    the share of the body in them.
    """

    texts: list[str] = field(default_factory=list)
    beside: list[bool] = field(default_factory=list)
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One page's tracks.

    `lines` maps the body's lines, folded, to their share of the body; `containers` are the kinds
    of the elements that hold most of it, the innermost first; `offset` is what the page's own
    time of publication adds to UTC, in minutes, and `month` its month.
    """

    url: str
    headline: str
    lines: dict[str, float]
    holdings: dict[str, Holding]
    containers: tuple[str, ...]
    suffix: str | None = None
    places: tuple[Place, ...] = ()
    offset: int | None = None
    month: int | None = None


def body_lines(body: str | None) -> dict[str, float]:
    """The lines of a body, folded, with their share of it."""
    counts = Counter(folded(line) for line in (body or "").split("\n\n"))
    letters = {line: len(line) * times for line, times in counts.items() if line}
    whole = sum(letters.values()) or 1
    return {line: many / whole for line, many in islice(letters.items(), _LINES_LIMIT)}


def holdings_of(tree: HtmlElement, lines: dict[str, float]) -> dict[str, Holding]:
    """What the elements of each kind hold on this page.

    Nothing, if the body cannot be found in it again: then nothing tells text from furniture.
    """
    found: dict[str, Holding] = {}
    texts: list[tuple[str, int, HtmlElement, str]] = []
    for element in _seen(tree):
        kind = None if element.tag in _INLINE else kind_of(element)
        if kind is None or (kind not in found and len(found) >= KINDS_LIMIT):
            continue
        holding = found.setdefault(kind, Holding())
        if len(holding.texts) >= HOLDINGS_LIMIT:
            continue
        text = folded(" ".join(element.text_content()[: _TEXT_LIMIT + 1].split()))
        holding.texts.append(_short(text))
        holding.beside.append(False)
        if len(text) >= TELLING:
            texts.append((kind, len(holding.texts) - 1, element, text))
    whole = folded("".join(piece for one in _seen(tree) for piece in _said_by(one)))
    for kind, number, element, text in texts:
        is_doubled = DOUBLED <= len(text) < _TEXT_LIMIT and whole.count(text) > 1
        found[kind].beside[number] = is_doubled or _is_linked(element, text)
    told = _share(tree, found, lines)
    return found if told >= TOLD or not lines else {}


def _short(text: str) -> str:
    if len(text) <= _KEPT_LETTERS:
        return text
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _seen(tree: HtmlElement) -> Iterator[HtmlElement]:
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            continue
        yield element
        waiting.extend(reversed(element))


def _said_by(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _is_linked(element: HtmlElement, text: str) -> bool:
    links = sum(len(folded(a.text_content())) for a in element.iter("a"))
    return links >= LINKED * len(text)


_BLOCK = re.compile(r"^(?:p|li|h[2-6]|blockquote|div|section|td|dd|pre)$")


def _share(tree: HtmlElement, found: dict[str, Holding], lines: dict[str, float]) -> float:
    """Add up what share of the body stands in the elements of each kind; how much was found."""
    left = dict(lines)
    known: dict[HtmlElement, str | None] = {}
    for element in _seen(tree):
        if not _BLOCK.match(element.tag):
            continue
        share = sum(left.pop(folded(line), 0.0) for line in _own_lines(element))
        if not share:
            continue
        above = (element, *element.iterancestors())
        for kind in {known.setdefault(one, kind_of(one)) for one in above}:
            if kind in found:
                found[kind].share += share
    return 1.0 - sum(left.values()) if lines else 0.0


def _own_lines(element: HtmlElement) -> list[str]:
    """An element's lines without those of blocks within it."""
    return "".join(_own_text(element)).split(_END_OF_LINE)


def _own_text(element: HtmlElement) -> Iterator[str]:
    yield (element.text or "").replace(_END_OF_LINE, " ")
    for child in element:
        if child.tag == "br" or (isinstance(child.tag, str) and _BLOCK.match(child.tag)):
            yield _END_OF_LINE
        elif isinstance(child.tag, str) and child.tag not in _UNSEEN:
            yield from _own_text(child)
        yield (child.tail or "").replace(_END_OF_LINE, " ")


def containers_of(holdings: dict[str, Holding]) -> tuple[str, ...]:
    """Kinds of which one element holds most of the body, the smallest first."""
    most = [
        (len(holding.texts[0]), kind)
        for kind, holding in holdings.items()
        if holding.share >= CONTAINED and len(holding.texts) == 1
    ]
    return tuple(kind for _, kind in sorted(most))


def suffix_of(title_tag: str | None, title: str | None) -> str | None:
    """What the title element adds to the headline: `Example Post`."""
    if not title or not title_tag or not title_tag.startswith(title):
        return None
    return title_tag[len(title) :].strip(" |-–—:·•»›/") or None


def _is_exact(when: Moment) -> bool:
    return when.zone == "declared" and when.precision in ("minute", "second")


def trace(tree: HtmlElement, draft: Draft, url: str) -> Trace:
    """The tracks of a page whose draft was made without a memory; leaves the tree as it is."""
    lines = body_lines(draft.body)
    holdings = holdings_of(tree, lines)
    tag = next((c.value for c in draft.claims.get("title", ()) if c.origin == "title-tag"), None)
    when = draft.published
    offset = when.at.utcoffset() if when is not None and _is_exact(when) else None
    return Trace(
        url=url,
        headline=folded(draft.title),
        lines=lines,
        holdings=holdings,
        containers=containers_of(holdings),
        suffix=suffix_of(tag, draft.title),
        places=places_of(tree, when.on if when else None, (draft.language or "en",)),
        offset=int(offset.total_seconds() // 60) if offset is not None else None,
        month=when.at.month if when is not None else None,
    )
