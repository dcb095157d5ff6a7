"""Which outlet an imported capture belongs to.

That of its host. What is no page, on a host that has no outlet, belongs to the outlet of the page
that led there, as its request says; an image or a style sheet also to that of the page before it.
"""

from dataclasses import dataclass
from pathlib import Path

from archive.errors import ConfigError
from archive.intake import HTML, Incoming
from archive.records import OutletId
from archive.urls import origin_of
from crawler.outlets.catalogue import find_outlet, new_outlet, outlet_for_url
from crawler.outlets.spec import Outlet

NEEDED = ("image/", "font/", "text/css", "text/javascript", "application/javascript")
"""Kinds of files that pages are made of, as a browser fetches them after the page itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How files shall come in.

    Attributes:
        outlet: of everything in them; None goes by the host of each capture.
        may_begin: whether hosts of no outlet get one.
        reads: whether pages are read, and become articles.
        is_trial: say only what would come.
    """

    outlet: Outlet | None = None
    may_begin: bool = True
    reads: bool = True
    is_trial: bool = False


class Homes:
    """Which outlet each origin belongs to."""

    def __init__(self, directory: Path, wish: Wish) -> None:
        self._directory = directory
        self._wish = wish
        self.begun: list[str] = []
        """Outlets that were made; of a trial, the origins that would get one."""
        self.problems: list[str] = []
        """Why an outlet could not be made, a sentence each."""
        self._by_origin: dict[str, Outlet | None] = {}
        self._last: Outlet | None = None

    def settle(self, origins: dict[str, tuple[int, int]]) -> None:
        """Find an outlet for each origin; one that has pages may begin one."""
        # those with pages first: their outlet may be that of the others too
        for origin, (_, pages) in sorted(origins.items(), key=lambda one: not one[1][1]):
            if self._by_origin.get(origin) is None:
                self._by_origin[origin] = self._found(origin, has_pages=pages > 0)

    def of(self, incoming: Incoming) -> Outlet | None:
        """The outlet of an exchange: its host's, its page's, or that of the page before it."""
        outlet = self._of_url(incoming.url)
        if outlet is not None:
            self._last = outlet
            return outlet
        mime = incoming.mime or ""
        if mime in HTML:  # a page of another paper is none of this one's
            return None
        return self._of_url(incoming.via) or (self._last if mime.startswith(NEEDED) else None)

    def all(self) -> list[Outlet]:
        """Each outlet that there is an origin of, once."""
        return list({one.id: one for one in self._by_origin.values() if one}.values())

    def named(self, id_: OutletId) -> Outlet | None:
        """An outlet by its id, if it is still declared."""
        for one in self.all():
            if one.id == id_:
                return one
        try:
            return find_outlet(self._directory, id_)
        except ConfigError:
            return None

    def _of_url(self, url: str | None) -> Outlet | None:
        if url is None:
            return None
        if self._wish.outlet is not None:
            return self._wish.outlet
        try:
            return self._by_origin.get(origin_of(url))
        except ValueError:
            return None

    def _found(self, origin: str, *, has_pages: bool) -> Outlet | None:
        if self._wish.outlet is not None:
            return self._wish.outlet
        outlet = outlet_for_url(self._directory, origin)
        if outlet is not None or not has_pages or not self._wish.may_begin:
            return outlet
        if self._wish.is_trial:
            self.begun.append(origin)
            return Outlet(id="trial", name=origin, home=f"{origin}/")
        try:
            outlet, _ = new_outlet(self._directory, origin, by="kliping import")
        except ConfigError as error:
            self.problems.append(str(error))
            return None
        self.begun.append(outlet.id)
        return outlet
