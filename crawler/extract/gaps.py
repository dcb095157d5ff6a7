"""Gaps in a text: paragraphs and headings of the page between kept ones, put back in their place.

trafilatura leaves out short headings and lines with one link, and of a paragraph it sometimes keeps
only what stands in bold. Beside each rule stands what it did on 262 pages with bodies by hand and
495 with snippets: pages that are better and worse with it, on outlets A and B.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml.html import HtmlElement

from crawler.extract.blocks import Block, blocks_of, one_line
from crawler.extract.plain import without_controls
from crawler.extract.witness import LINKED

FEWEST_KEPT = 2
"""Lines of the same kin that are in the text: between them there are gaps."""
SHORTEST_FOUND = 30
"""Characters; a shorter line counts as kept if it is a block of its own, since by chance it is part
of another."""
PARTS_NEAR = 8
"""Blocks after the line before a gap among which parts of a line are looked for."""
LINES_LIMIT = 2_000
"""Of a page with more lines no gap is filled: each may be looked for in the whole text."""
TEXT_LIMIT = 300_000
"""Characters of a text in which lines are looked for, and of the lines."""

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")


@dataclass(slots=True)
class _Line:
    element: HtmlElement
    key: str


def fill(tree: HtmlElement, blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a text and what of the pruned tree stands between them.

    A line goes back if its parent is called like the parent of lines before and after it that are
    in the text: A 4 better, 0 worse, perfect 1, 0; B 5, 1, perfect 3, 0; F1 +0.11 and +0.03. With
    the same parent instead, one perfect page fewer; teasers too, A 1, 1 and B 1, 2 more. Lines in a
    `div` of their own are mostly buttons: A 2, 3 and B 0, 12 more; list items: B 0, 1 more.
    """
    if len(blocks) < FEWEST_KEPT or sum(len(block.text) for block in blocks) > TEXT_LIMIT:
        return list(blocks)
    text = _Text(blocks)
    kindred = [(lines, [text.known(line) for line in lines]) for lines in _kindred(tree)]
    text.whole = {line.key for lines, _ in kindred for line in lines}
    for lines, places in kindred:
        kept = [at for at, place in enumerate(places) if place is not None]
        if FEWEST_KEPT <= len(kept) <= kept[-1] - kept[0]:
            inner = slice(kept[0], kept[-1] + 1)
            text.fill(lines[inner], places[inner])
    return text.filled()


def _kindred(tree: HtmlElement) -> list[list[_Line]]:
    """The page's paragraphs and headings by what their parents are called."""
    found: defaultdict[tuple[str, str | None], list[_Line]] = defaultdict(list)
    size = 0  # a heading may be in a heading, and be read with it
    for number, element in enumerate(tree.iter("p", *_HEADINGS)):
        key = _squeezed(_content(element))
        size += len(key)
        if number >= LINES_LIMIT or size > TEXT_LIMIT:
            return []
        parent = element.getparent()
        if parent is not None and key:
            found[parent.tag, parent.get("class")].append(_Line(element, key))
    return list(found.values())


class _Text:
    """A text whose gaps are being filled."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.whole: Collection[str] = ()
        self._blocks = blocks
        self._keys = [block.text.replace(" ", "") for block in blocks]
        self._places = {key: at for at, key in reversed(list(enumerate(self._keys)))}
        self._joined = "".join(self._keys)
        self._starts: list[int] = []
        self._after: defaultdict[int, list[Block]] = defaultdict(list)
        self._replaced: set[int] = set()
        self._seen: set[str] = set()

    def known(self, line: _Line) -> int | None:
        """The block that is this line, whose key is rid of what no reader sees if need be."""
        place = self._places.get(line.key)
        if place is None and not line.key.isascii():  # a parsed page has no controls of ASCII
            line.key = without_controls(line.key)
            place = self._places.get(line.key)
        return place

    def fill(self, lines: Sequence[_Line], places: Sequence[int | None]) -> None:
        """Put back what is missing among `lines`, whose first and last are in the text."""
        before = -1
        missing: list[_Line] = []
        for line, known in zip(lines, places, strict=True):
            place = self._place(line) if known is None else known
            if place is None:
                missing.append(line)
                continue
            if place > before >= 0:
                self._put(missing, before, place)
            missing, before = [], place

    def filled(self) -> list[Block]:
        """All blocks in order."""
        return [one for at in range(len(self._blocks)) for one in self._at(at)]

    def _at(self, at: int) -> Iterator[Block]:
        if at not in self._replaced:
            yield self._blocks[at]
        yield from self._after.get(at, ())

    def _place(self, line: _Line) -> int | None:
        """The block that ends a line of which the text has made several, or that holds it."""
        if len(line.key) < SHORTEST_FOUND or (at := self._joined.find(line.key)) < 0:
            return None
        self._starts = self._starts or list(accumulate(map(len, self._keys[:-1]), initial=0))
        return bisect_right(self._starts, at + len(line.key) - 1) - 1

    def _put(self, missing: Sequence[_Line], before: int, following: int) -> None:
        for line in missing:
            if line.key in self._seen or _is_teaser(line):
                continue
            self._seen.add(line.key)
            near = range(before + 1, min(following, before + 1 + PARTS_NEAR))
            parts = [at for at in near if self._is_part(at, line)]
            self._replaced.update(parts)
            before = max(parts, default=before)
            self._after[before] += _blocks_in(line)

    def _is_part(self, at: int, line: _Line) -> bool:
        """Whether a block is what was kept of a line, not a line of its own."""
        key = self._keys[at]
        return key not in self.whole and key in line.key


def _is_teaser(line: _Line) -> bool:
    linked = sum(len(_squeezed(_content(link))) for link in line.element.iter("a"))
    return linked > LINKED * len(line.key)


def _blocks_in(line: _Line) -> list[Block]:
    tag = str(line.element.tag)
    if tag in _HEADINGS:
        return [Block("heading", one_line(_content(line.element)), int(tag[1]))]
    return blocks_of(line.element)


def _content(element: HtmlElement) -> str:
    return str(element.text_content()) if len(element) else element.text or ""


def _squeezed(text: str) -> str:
    return "".join(text.split())
