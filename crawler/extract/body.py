"""The article's text: trafilatura's of a pruned page, tidied, with fallbacks if it finds little."""

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from html import unescape
from itertools import islice, takewhile

from lxml.etree import strip_elements
from lxml.html import HtmlElement, fragment_fromstring

from archive.records import Origin
from crawler.extract.blocks import Block, blocks_of, paragraphs_of, text_of
from crawler.extract.corrections import correction_in
from crawler.extract.gaps import fill
from crawler.extract.hydration import hydrated
from crawler.extract.joining import join
from crawler.extract.memory import OutletMemory
from crawler.extract.passes import is_made_to_cost, read_quickly, read_thoroughly
from crawler.extract.plain import folded
from crawler.extract.pruning import NEVER_TEXT, prune
from crawler.extract.recall import is_recurring, take_furniture
from crawler.extract.tidying import tidied
from crawler.extract.witness import hear

ENOUGH_WORDS = 150
"""With fewer, the page's paragraphs must agree that this is all."""
FEW_WORDS = 40
"""With fewer, the fallbacks are asked whether they see more, whatever the paragraphs say."""
LEAST_SHARE = 0.5
"""Of the richest element's text: with less, the text found is of something else. The same from
0.3 to 0.6; with 0.7 one page is worse."""
AGREED_SHARES = (0.5, 2.0)
"""A short text within these shares of the richest element's is all there is: 2 pages better (one
by 0.67), 1 worse, and 7 of 19 pages need no fallback. The same with (0.8, 1.3)."""
RETRY_SHARE = 1.3
"""The thorough text counts if it has so many times the words of the quick one."""
LEFT_SHARE = 0.6
"""Of a body's words: if a memory would leave less, it is not believed of this page."""
BODY_LIMIT = 2_000_000
"""Characters; longer than any article, shorter than a bomb."""

_OPENING_BLOCKS = 8
_YEAR = re.compile(r"\d{4}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Body:
    """The plain text of an article, where it came from, and the blocks it is made of.

    Blocks are parted by an empty line. `opening` is the first line with a year before the text, or
    else its first line: where a dateline stands.
    """

    text: str | None
    origin: Origin = "trafilatura"
    blocks: tuple[Block, ...] = ()
    opening: str | None = None
    recalled: str = ""
    """What of the outlet's memory was found on the page."""


def read_body(
    tree: HtmlElement,
    headlines: Iterable[str],
    article_body: str | None,
    rule: str | None = None,
    memory: OutletMemory | None = None,
) -> Body:
    """The text of the article in `tree`, which is left as it was.

    `headlines` are the declared ones, dropped where the text repeats them; `article_body` is what
    JSON-LD holds; `rule` is a selector that overrides the rest; `memory` is what the outlet's other
    pages taught.
    """
    known = {folded(headline) for headline in headlines} - {""}
    article_body = article_body and article_body[:BODY_LIMIT]
    if rule and (found := _body(tidied(_selected(tree, rule), known), "rule")).text:
        return found
    pruned = prune(tree)
    if memory is None:
        return _read(tree, pruned, known, article_body)
    recalled = take_furniture(pruned, memory)
    body = _read(tree, pruned, known, article_body)
    blocks = tuple(b for b in body.blocks if b.kind == "heading" or not _recurs(b.text, memory))
    text = text_of(blocks, BODY_LIMIT)
    if words_in(text) < LEFT_SHARE * words_in(body.text):
        return replace(body, recalled=str(recalled))
    return replace(body, text=text, blocks=blocks, recalled=str(recalled))


def _recurs(line: str, memory: OutletMemory) -> bool:
    """Whether a line is the site's, as other articles show; a notice of correction never is."""
    return is_recurring(line, memory) and not correction_in(line)


def _read(
    tree: HtmlElement, pruned: HtmlElement, known: set[str], article_body: str | None
) -> Body:
    """The body by trafilatura, as quickly as the page's own paragraphs allow."""
    witness = hear(pruned)
    # Precise and quick: after pruning, quick balanced has 0.2 less F1 and 3.5 points fewer perfect.
    quick = read_quickly(copy(pruned))
    if join(pruned, quick):
        again = read_quickly(copy(pruned))
        quick = max(quick, again, key=lambda blocks: words_in(text_of(blocks, BODY_LIMIT)))
    quick = fill(pruned, quick)
    body = _body(tidied(quick, known, witness.notes, article_body), found=quick)
    if _is_enough(words_in(body.text), witness.share(body.blocks)):
        return body
    # it takes scripts out one by one, joining the text after each anew: 44 s for 25,600 of them
    whole = pruned if is_made_to_cost(tree) else tree
    slow = read_thoroughly(whole, "balanced")
    thorough = _body(tidied(slow, known, witness.notes, article_body), found=slow)
    if words_in(thorough.text) > RETRY_SHARE * words_in(body.text):
        body = thorough
    if words_in(body.text) >= FEW_WORDS:
        return body
    return max([body, *_fallbacks(tree, whole, article_body, known)], key=_worth)


def words_in(text: str | None) -> int:
    """Words of a text; in scripts without spaces two characters count as a word."""
    if not text:
        return 0
    spaced, unspaced = _UNSPACED.subn(" ", text)
    return unspaced // 2 + len(spaced.split())


def _body(
    blocks: Sequence[Block], origin: Origin = "trafilatura", found: Sequence[Block] = ()
) -> Body:
    opening = _opening(blocks, found) if blocks else None
    return Body(text_of(blocks, BODY_LIMIT), origin, tuple(blocks), opening)


def _opening(blocks: Sequence[Block], found: Iterable[Block]) -> str:
    """The first line of a text, or a line with a year that was found before it."""
    before = takewhile(lambda block: block is not blocks[0], islice(found, _OPENING_BLOCKS))
    dated = (block.text for block in before if _YEAR.search(block.text))
    return next(dated, blocks[0].text)


def _is_enough(words: int, share: float | None) -> bool:
    """Whether a quick text is all there is, by its length and its share of the richest element."""
    if words < FEW_WORDS or (share is None and words < ENOUGH_WORDS):
        return False
    if share is None:
        return True
    if words < ENOUGH_WORDS:
        return AGREED_SHARES[0] <= share <= AGREED_SHARES[1]
    return share >= LEAST_SHARE


def _selected(tree: HtmlElement, selector: str) -> Iterator[Block]:
    for element in tree.cssselect(selector):
        yield from _blocks_in(element)


def _blocks_in(element: HtmlElement) -> list[Block]:
    whole = copy(element)
    strip_elements(whole, *NEVER_TEXT, "form", "h1", with_tail=False)
    return blocks_of(whole)


def _fallbacks(
    tree: HtmlElement, whole: HtmlElement, article_body: str | None, known: set[str]
) -> Iterator[Body]:
    yield _body(tidied(read_thoroughly(whole, "recall"), known))
    if article_body:
        yield _body(tidied(_declared(article_body), known), "json-ld")
    yield _body(tidied(hydrated(tree), known), "text")
    articles = tree.xpath("//article | //main | //*[@itemprop='articleBody']")
    found = [p for element in articles[:1] for p in element.iter("p")]
    blocks = [block for element in found for block in _blocks_in(element)]
    yield _body(tidied(blocks, known), "text")


def _declared(article_body: str) -> list[Block]:
    text = unescape(article_body)
    if "<p" in text or "<br" in text:
        return _blocks_in(fragment_fromstring(text, create_parent="div"))
    return paragraphs_of(text.splitlines())


def _worth(body: Body) -> int:
    """Words, but a fallback must bring half as many again: it is less clean."""
    words = words_in(body.text)
    return words if body.origin == "trafilatura" else words * 2 // 3
