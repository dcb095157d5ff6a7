"""The article's text: trafilatura's, tidied, with fallbacks for pages on which it finds little."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal

from lxml.html import HtmlElement, fragment_fromstring
from trafilatura import bare_extraction

from archive.records import Origin
from crawler.extract.boilerplate import is_boilerplate
from crawler.extract.plain import folded, without_controls

Focus = Literal["precision", "balanced", "recall"]

ENOUGH_WORDS = 150
"""With fewer, trafilatura's precise mode may have lost text, and its balanced mode is asked, too.
On 262 pages with bodies by hand: precise F1 96.3 and 38 % perfect, balanced 95.9 and 32 %."""
RETRY_SHARE = 1.3
"""The balanced text counts if it has so many times the words of the precise one."""
FEW_WORDS = 40
"""With fewer, the fallbacks are asked whether they see more."""
HEADLINE_LINES = 4
"""Lines at the beginning among which a repeated headline is dropped; later it is a quotation."""
REPEATED_CHARACTERS = 40
"""A line this long that stood before is a duplicate; a shorter one may be a refrain."""
BODY_LIMIT = 2_000_000
"""Characters; longer than any article, shorter than a bomb."""

_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "td", "th", "dd", "dt"}
)
_SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "aside",
        "footer",
        "form",
        "button",
        "figure",
        "figcaption",
        "iframe",
        "svg",
        "select",
        "h1",
    }
)
_TABLE_RULE = re.compile(r"[|\s:-]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Body:
    """Paragraphs parted by a blank line, and where they came from."""

    text: str | None
    origin: Origin = "trafilatura"


def read_body(
    tree: HtmlElement, headlines: Iterable[str], article_body: str | None, rule: str | None = None
) -> Body:
    """The text of the article in `tree`, which is left as it was.

    `headlines` are the declared ones, dropped where the text repeats them; `article_body` is what
    JSON-LD holds; `rule` is a selector that overrides the rest.
    """
    known = {folded(headline) for headline in headlines} - {""}
    if rule and (text := _tidied(_selected(tree, rule), known)):
        return Body(text, "rule")
    text = _tidied(_by_trafilatura(tree, "precision"), known)
    if words_in(text) >= ENOUGH_WORDS:
        return Body(text)
    balanced = Body(_tidied(_by_trafilatura(tree, "balanced"), known))
    if words_in(balanced.text) < RETRY_SHARE * words_in(text):
        balanced = Body(text)
    if words_in(balanced.text) >= FEW_WORDS:
        return balanced
    return max([balanced, *_fallbacks(tree, article_body, known)], key=_worth)


def words_in(text: str | None) -> int:
    """Words of a text; in scripts without spaces two characters count as a word."""
    if not text:
        return 0
    unspaced = len(_UNSPACED.findall(text))
    return unspaced // 2 + len(_UNSPACED.sub(" ", text).split())


def lines_of(element: HtmlElement) -> Iterator[str]:
    """The text of an element's blocks, in order, without scripts, menus and captions."""
    loose: list[str] = []
    for piece, is_break in _pieces(element):
        if is_break and loose:
            yield "".join(loose)
            loose = []
        loose.append(piece)
    if loose:
        yield "".join(loose)


def _pieces(element: HtmlElement) -> Iterator[tuple[str, bool]]:
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return
    is_block = element.tag in _BLOCKS or element.tag in ("div", "section", "article", "br", "tr")
    yield element.text or "", is_block
    for child in element:
        yield from _pieces(child)
        yield child.tail or "", False
    if is_block:
        yield "", True


def _by_trafilatura(tree: HtmlElement, focus: Focus) -> list[str]:
    try:
        # It copies the tree itself. Its deduplication stays off: it remembers other pages of the
        # process, so the same bytes would give different texts.
        found: Any = bare_extraction(
            tree,
            include_comments=False,
            favor_precision=focus == "precision",
            favor_recall=focus == "recall",
        )
    except Exception:  # noqa: BLE001 -- hostile pages raise anything in it; the fallbacks are asked
        return []
    return found.text.splitlines() if found and found.text else []


def _selected(tree: HtmlElement, selector: str) -> list[str]:
    return [line for element in tree.cssselect(selector) for line in lines_of(element)]


def _fallbacks(tree: HtmlElement, article_body: str | None, known: set[str]) -> Iterator[Body]:
    yield Body(_tidied(_by_trafilatura(tree, "recall"), known))
    if article_body:
        yield Body(_tidied(_declared_lines(article_body), known), "json-ld")
    articles = tree.xpath("//article | //main | //*[@itemprop='articleBody']")
    lines = [line for element in articles[:1] for p in element.iter("p") for line in lines_of(p)]
    yield Body(_tidied(lines, known), "text")


def _declared_lines(article_body: str) -> list[str]:
    text = unescape(article_body[:BODY_LIMIT])
    if "<p" in text or "<br" in text:
        return list(lines_of(fragment_fromstring(text, create_parent="div")))
    return text.splitlines()


def _worth(body: Body) -> int:
    """Words, but a fallback must bring half as many again: it is less clean."""
    words = words_in(body.text)
    return words if body.origin == "trafilatura" else words * 2 // 3


def _tidied(lines: Sequence[str], headlines: set[str]) -> str | None:
    kept: list[str] = []
    seen: set[str] = set()
    for raw in lines:
        line = " ".join(without_controls(raw).split())
        if not line or _TABLE_RULE.fullmatch(line) or is_boilerplate(line):
            continue
        key = folded(line)
        if len(kept) < HEADLINE_LINES and key in headlines:
            continue
        if len(line) >= REPEATED_CHARACTERS and key in seen:
            continue
        seen.add(key)
        kept.append(line)
    return "\n\n".join(kept)[:BODY_LIMIT] or None
