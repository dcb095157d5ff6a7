"""A body as a sequence of blocks: headings, paragraphs, list items, quotes and table rows.

Plain text is made from it, and so can be sections, lists and quotes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lxml.etree import _Element

from crawler.extract.plain import without_controls

BlockKind = Literal["heading", "paragraph", "item", "quote", "row"]

_HEADINGS = frozenset({"head", "h1", "h2", "h3", "h4", "h5", "h6"})
_ITEMS = frozenset({"item", "li", "dd", "dt"})
_LISTS = frozenset({"list", "ul", "ol", "dl"})
_ROWS = frozenset({"row", "tr"})
_CELLS = frozenset({"cell", "td", "th"})
_QUOTES = frozenset({"quote", "blockquote"})
_BREAKS = frozenset({"lb", "br", "hr"})
_OTHERS = frozenset({"p", "div", "section", "article", "main", "table", "code", "pre"})
_BLOCKS = _HEADINGS | _ITEMS | _LISTS | _ROWS | _QUOTES | _OTHERS
_CELL_BORDER = " | "
_SMALLEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body.

    `level` is a heading's rank (2 for h2) or how deep an item's list lies in others (1 for the
    outermost); other kinds have 0.
    """

    kind: BlockKind
    text: str
    level: int = 0


def blocks_of(body: _Element) -> list[Block]:
    """The blocks of an element, in order: of trafilatura's tree or of plain HTML without menus."""
    reader = _Reader()
    reader.read(body, "paragraph", 0)
    reader.end("paragraph", 0)
    return reader.blocks


def paragraphs_of(lines: Iterable[str]) -> list[Block]:
    """A block for each line that is not empty."""
    return [Block("paragraph", text) for line in lines if (text := one_line(line))]


def text_of(blocks: Iterable[Block], limit: int) -> str | None:
    """The plain text of blocks, parted by empty lines; None if there is none."""
    return "\n\n".join(block.text for block in blocks)[:limit].rstrip() or None


def outline_of(blocks: Iterable[Block]) -> tuple[str, ...]:
    """A code for each block, in the form of `archive.structure`."""
    return tuple(_code(block) for block in blocks)


def _code(block: Block) -> str:
    match block.kind:
        case "heading":
            return f"h{max(block.level, 2)}"
        case "item":
            return f"i{min(max(block.level, 1), 9)}"
        case "quote":
            return "q"
        case "row":
            return "r"
        case _:
            return "p"


def one_line(text: str) -> str:
    """The text without controls and with single spaces."""
    return " ".join(without_controls(text).split())


class _Reader:
    """Gathers text until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []

    def read(self, element: _Element, kind: BlockKind, level: int) -> None:
        """Read what is in `element`, itself of `kind`; the parser bounds how deep it is."""
        self._pieces.append(element.text or "")
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                pass
            elif tag in _CELLS:
                if self._pieces and "".join(self._pieces).strip():
                    self._pieces.append(_CELL_BORDER)
                self.read(child, kind, level)
            elif tag in _BREAKS:
                self.end(kind, level)
            elif tag in _BLOCKS:
                self.end(kind, level)
                inner = _kind_of(child, kind, level)
                self.read(child, *inner)
                self.end(*inner)
            else:
                self.read(child, kind, level)
            self._pieces.append(child.tail or "")

    def end(self, kind: BlockKind, level: int) -> None:
        """End the block that is being read."""
        text = one_line("".join(self._pieces)).strip("| ") if self._pieces else ""
        self._pieces.clear()
        if text:
            self.blocks.append(Block(kind, text, level))


def _kind_of(element: _Element, outer: BlockKind, level: int) -> tuple[BlockKind, int]:
    tag = str(element.tag)
    if tag in _HEADINGS:
        rank = (element.get("rend") or tag)[-1:]
        return "heading", min(int(rank), _SMALLEST_HEADING) if rank.isdecimal() else 2
    if tag in _LISTS:
        return "item", level + 1 if outer == "item" else 1
    if tag in _ITEMS:
        return "item", level if outer == "item" else 1
    if tag in _QUOTES:
        return "quote", 0
    if tag in _ROWS:
        return "row", 0
    return outer, level
