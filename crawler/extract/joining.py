"""A text in several containers of one name, parted by advertising or leafed through: made one.

    div.article-body   p p p                div.article-body   p p p
    div.advertisement             becomes                      p p
    div.article-body   p p                  div.advertisement

trafilatura reads the first container that it knows by name, and no second.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.blocks import Block

CONTAINER_WORDS = 20
"""Words in the paragraphs of a container, those of links left out."""
PARAGRAPHS_LIMIT = 2_000
"""Of a page with more nothing is joined."""
BLOCKS_LIMIT = 2_000
FIRST_LINES = 5
SHORTEST_LINE, LONGEST_LINE = 30, 200
"""Characters by which a line is looked for in the text."""

_CONTAINERS = frozenset({"div", "section", "article"})
_OTHERS = frozenset({"h1", "time", "form"})
"""What another article or a comment begins with, and no second part of a text."""
_HEADINGS = frozenset({"h2", "h3", "h4"})
_NAME_LENGTH = 200
_NUMBERS = re.compile(r"\d+")

Kin = tuple[HtmlElement, str, str]
"""The parent, the tag and the name of a container, numbers aside."""


def join(tree: HtmlElement, blocks: Sequence[Block]) -> bool:
    """Put containers of a pruned tree that are not in its text into the one before that is.

    They lie beside one another and have one name, and each has sentences of its own; headings
    between them go along. `blocks` are the text; true if it is to be read anew. Joined whether or
    not they are in the text, 3 of 262 bodies were better and 3 worse; so none of them changes, and
    what the rule is for stands in its tests.
    """
    text = _squeezed("".join(block.text for block in blocks[:BLOCKS_LIMIT]))
    is_joined = False
    for containers in _kindred(tree):
        first = None
        for one in containers:
            if _is_in(text, one):
                first = one
            elif first is not None and _goes_on(one):
                _move(one, first)
                is_joined = True
    return is_joined


def _kindred(tree: HtmlElement) -> list[list[HtmlElement]]:
    """Containers that hold paragraphs of their own, by parent and name, if there are several."""
    found: defaultdict[Kin, dict[HtmlElement, None]] = defaultdict(dict)
    for number, paragraph in enumerate(tree.iter("p")):
        if number >= PARAGRAPHS_LIMIT:
            return []
        container = paragraph.getparent()
        if container is None or container.tag not in _CONTAINERS:
            continue
        parent, name = container.getparent(), _name(container)
        if parent is not None and (name or container.tag == "article"):
            found[parent, str(container.tag), name][container] = None
    return [list(containers) for containers in found.values() if len(containers) > 1]


def _name(element: HtmlElement) -> str:
    said = f"{element.get('class') or ''} {element.get('itemprop') or ''}"[:_NAME_LENGTH]
    return _NUMBERS.sub("", said).strip()


def _goes_on(container: HtmlElement) -> bool:
    """Whether a container holds sentences, and nothing that begins a text of its own."""
    if next(container.iter(*_OTHERS), None) is not None:
        return False
    first = next(container.iter("h2", "h3", "h4", "p"), None)
    if first is not None and first.tag != "p" and next(first.iter("a"), None) is not None:
        return False  # a teaser's headline
    return _words(container) >= CONTAINER_WORDS


def _words(container: HtmlElement) -> int:
    return sum(
        len(p.text_content().split()) - sum(len(a.text_content().split()) for a in p.iter("a"))
        for p in container.iterchildren("p")
    )


def _is_in(text: str, container: HtmlElement) -> bool:
    """Whether one of the first sentences of a container is in the text."""
    lines = (_squeezed(p.text_content()) for p in islice(container.iterchildren("p"), FIRST_LINES))
    return any(line[:LONGEST_LINE] in text for line in lines if len(line) >= SHORTEST_LINE)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _move(container: HtmlElement, first: HtmlElement) -> None:
    """Put what is in a container, and the headings before it, at the end of `first`."""
    between = []
    for element in first.itersiblings("h2", "h3", "h4", container.tag):
        if element is container:
            break
        if element.tag in _HEADINGS:
            between.append(element)
    if container.text and container.text.strip() and len(first):
        first[-1].tail = f"{first[-1].tail or ''} {container.text}"
    first.extend([*between, *container])
    container.drop_tree()
