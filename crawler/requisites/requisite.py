"""One requisite, and the basket in which those of one page are gathered."""

from dataclasses import dataclass
from typing import Literal

from archive.records import Url
from crawler.extract.links import absolute
from crawler.requisites.trackers import is_tracker

Kind = Literal["image", "style", "font", "icon"]

LIMIT = 150
"""Requisites of one page or one style sheet, in their order; a guess at what pages need."""


@dataclass(frozen=True, slots=True)
class Requisite:
    """A file that a page or a style sheet refers to.

    `why` is the element and its attribute (`img srcset`, `link icon`), or the rule or property of
    CSS (`@import`, `background-image`).
    """

    url: Url
    kind: Kind
    why: str


class Basket:
    """The requisites of one page in the order of their sighting, each once, up to a limit.

    `own` is the address of the page or sheet itself, which is never its own requisite.
    """

    def __init__(self, own: Url, limit: int = LIMIT) -> None:
        self._own = absolute(own, own) or own
        self._limit = limit
        self._found: dict[Url, Requisite] = {}

    @property
    def is_full(self) -> bool:
        """Whether nothing more will be taken."""
        return len(self._found) >= self._limit

    def add(self, base: Url, href: str | None, kind: Kind, why: str) -> None:
        """Take what `href` means at `base`, unless it is no file, a tracker, or here already."""
        href = (href or "").strip()
        # within the page itself, or a template that a script would have filled in
        if not href or href.startswith("#") or "{" in href or self.is_full:
            return
        url = absolute(base, href)
        if url and url != self._own and url not in self._found and not is_tracker(url):
            self._found[url] = Requisite(url, kind, why)

    def found(self) -> tuple[Requisite, ...]:
        """All that was taken."""
        return tuple(self._found.values())
