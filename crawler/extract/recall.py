"""A memory applied to a page of its outlet."""

from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.elementkind import kind_of
from crawler.extract.memory import OutletMemory
from crawler.extract.plain import folded
from crawler.extract.pruning import drop_all

DATED_LIMIT = 120
"""Characters of a line that holds a date; a longer one is a sentence."""
PLACES_LIMIT = 4


@dataclass(slots=True)
class Recalled:
    """What of a memory was found on a page; nothing found on many pages is a new layout."""

    furniture: list[str] = field(default_factory=list)
    has_container: bool = False

    def __str__(self) -> str:
        parts = ["the container"] * self.has_container
        if self.furniture:
            parts.append(f"{len(self.furniture)} of furniture ({', '.join(self.furniture[:3])})")
        return " and ".join(parts)


def take_furniture(tree: HtmlElement, memory: OutletMemory) -> Recalled:
    """Take the elements of learned kinds out of the tree; text after them stays."""
    kinds = {one.what for one in memory.furniture}
    container = memory.container.what if memory.container else None
    found = Recalled()
    taken = []
    for element in tree.iter("*"):
        kind = kind_of(element)
        if kind in kinds:
            taken.append(element)
            if kind not in found.furniture:
                found.furniture.append(kind)
        elif kind is not None and kind == container:
            found.has_container = True
    drop_all(tree, (e for e in taken if e.getparent() is not None and e.tag != "body"))
    return found


def is_recurring(line: str, memory: OutletMemory) -> bool:
    """Whether a line stands in other articles of the outlet as well."""
    return bool(memory.lines) and folded(line) in {one.what for one in memory.lines}


def dated_places(tree: HtmlElement, memory: OutletMemory) -> list[str]:
    """The lines that stand where the outlet's other pages have their day of publication."""
    kinds = {one.what for one in memory.date_places}
    if not kinds:
        return []
    found = (element for element in tree.iter("*") if kind_of(element) in kinds)
    lines = (" ".join(element.text_content()[:DATED_LIMIT].split()) for element in found)
    return [line for line in islice(lines, PLACES_LIMIT) if line]
