"""The newspaper in a box: five invented outlets, five days of news, and every kind of bad day.

`Newspaper` knows what is true; `crawler.demo.server.Server` puts it on a socket. What is answered
depends on the request and on the clock, and on how often a client asked for some pages whose bad
day ends after a few requests.
"""

import ipaddress
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from archive.clock import Clock
from crawler.demo.behaviours import Scene
from crawler.demo.content import DemoOutlet, load
from crawler.demo.index import front, outlet_file
from crawler.demo.listings import robots
from crawler.demo.replies import Reply, Request, page, redirect
from crawler.demo.site import Site
from crawler.demo.timeline import DAYS, OPENS_AT, Event, Text, events_of, story_at, text_of

__all__ = ["DAYS", "OPENS_AT", "Event", "Newspaper", "Text"]


class Newspaper:
    """All outlets with their timeline; nothing listens yet."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.outlets: tuple[DemoOutlet, ...] = load()
        self._sites = {outlet.host: Site(outlet) for outlet in self.outlets}

    @property
    def hosts(self) -> tuple[str, ...]:
        """All host names that it answers to."""
        return tuple(self._sites)

    def outlet_files(self, base: str | None = None) -> dict[str, str]:
        """The outlet file of each outlet, as TOML; with `base`, for use without host names.

        `base` is what the server is reached at, such as `http://127.0.0.1:8642`.
        """
        return {outlet.id: outlet_file(outlet, base) for outlet in self.outlets}

    def announced(self, until: datetime) -> frozenset[str]:
        """Canonical URLs of all articles that listings named at some time from the opening on."""
        return frozenset(
            f"http://{outlet.host}{article.path}"
            for outlet in self.outlets
            for article in outlet.articles
            if article.published <= until
            and not ((early := story_at(article, OPENS_AT)) and early.gone)
        )

    def text_at(self, url: str, at: datetime) -> Text | None:
        """What a reader sees at `url` at that instant; None if gone or no article.

        Any address that shows the article without a redirect will do, in both forms of the site.
        """
        parts = urlsplit(url)
        found = self._place(parts.netloc, parts.path)
        article = found[0].article_at(found[2]) if found else None
        story = story_at(article, at) if article else None
        if not found or story is None or story.gone:
            return None
        return text_of(story, found[0].outlet)

    def events(self) -> tuple[Event, ...]:
        """The whole calendar in order: edits, deletions, and behaviours as they begin."""
        found = [e for o in self.outlets for e in events_of(o, f"http://{o.host}")]
        return tuple(sorted(found, key=lambda event: (event.at, event.url, event.kind)))

    def answer(
        self, request: Request, at: datetime, count: Callable[[str], int] | None = None
    ) -> Reply:
        """The reply to one request at one instant.

        `count` tells how often this client asked for something before; without it, what happens
        only to the first requests does not happen at all.
        """
        path = request.path.partition("?")[0]
        if found := self._place(request.host, path):
            site, base, rest = found
            if not rest:
                return redirect(f"{base}/", 301)
            scene = Scene(outlet=site.outlet, base=base, path=rest, request=request, at=at)
            return site.answer(scene, count)
        if not _is_local(request.host) or path not in ("/", "/robots.txt"):
            return page("<!doctype html><title>Not here</title><p>Not here.</p>\n", status=404)
        base = f"http://{request.host}"
        if path == "/":
            return page(front(self.outlets, base))
        text = robots(
            [(f"/{outlet.id}", outlet) for outlet in self.outlets],
            [f"{base}/{outlet.id}" for outlet in self.outlets],
        )
        return Reply(media="text/plain; charset=utf-8", body=text.encode())

    def _place(self, netloc: str, path: str) -> tuple[Site, str, str] | None:
        """The site, the base of its links, and the path below that base."""
        name = hostname(netloc)
        if name in self._sites:
            return self._sites[name], f"http://{name}", path or "/"
        first, slash, rest = path[1:].partition("/")
        site = self._sites.get(f"{first}.example")
        if site is None or not _is_local(netloc):
            return None
        return site, f"http://{netloc}/{first}", slash + rest


def hostname(netloc: str) -> str:
    """The host name of a Host header or a URL, in lower case and without a port."""
    name = netloc.lower()
    if not name.endswith("]"):
        name = name.rsplit(":", 1)[0] if ":" in name else name
    return name.strip("[]").rstrip(".")


def _is_local(netloc: str) -> bool:
    name = hostname(netloc)
    if name == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
