"""A second, cheap witness of the body: the paragraphs of a pruned page and where they stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import strip_tags
from lxml.html import HtmlElement

from crawler.extract.blocks import Block
from crawler.extract.plain import folded

SHORTEST = 60
"""Characters of a paragraph that bears witness; shorter ones are as often bylines and buttons."""
LINKED = 0.5
"""Share of a paragraph's text in links above which it is a teaser."""
WHOLE = 0.9
"""Share of a paragraph's text in italics that makes it a note."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What the paragraphs of a page say.

    `richest` is the text, in characters, of the element that holds most of it in its own
    paragraphs; `notes` are the folded texts of paragraphs wholly in italics.
    """

    richest: int
    notes: frozenset[str]

    def share(self, blocks: Sequence[Block]) -> float | None:
        """How many times `blocks` hold the text of the richest element; None without one."""
        return sum(len(block.text) for block in blocks) / self.richest if self.richest else None


def hear(tree: HtmlElement) -> Witness:
    """The witness of a pruned tree, from which links inside sentences are taken.

    trafilatura drops a short paragraph for its one long link. The rules of pruning know better
    which links are teasers, so others need not be seen: 3 pages better, 3 worse, F1 +0.05, and
    faster.
    """
    sizes: Counter[HtmlElement] = Counter()
    notes: set[str] = set()
    for element in tree.iter("p"):
        size = _length(element)
        if size and _length_in(element, "em", "i") > WHOLE * size:
            notes.add(folded(str(element.text_content())))
        if size < SHORTEST or _length_in(element, "a") > LINKED * size:
            continue
        strip_tags(element, "a")
        if (container := element.getparent()) is not None:
            sizes[container] += size
    return Witness(max(sizes.values(), default=0), frozenset(notes))


def _length(element: HtmlElement) -> int:
    return len(" ".join(str(element.text_content()).split()))


def _length_in(element: HtmlElement, *tags: str) -> int:
    return sum(map(_length, element.iter(*tags)))
