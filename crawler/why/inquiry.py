"""An inquiry into one URL: how it is spelled, whose it is, which rules match, what happened."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.errors import ConfigError, NotCaptured
from archive.query.life import Life, life, url_of
from archive.query.manners import judged
from archive.records import Url
from archive.robotstxt import Ruling
from archive.store import Archive
from archive.urls import canonical
from crawler.discovery.judged import DENIED, refusal
from crawler.manners.robots import AGENT
from crawler.outlets.catalogue import find_outlet, outlet_for_url
from crawler.outlets.spec import Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Everything there is to tell of a URL.

    Attributes:
        asked: what the person typed.
        stripped: what the canonical form leaves out.
        outlet: whose it is, by the frontier, or by its host.
        is_denied: whether one of `deny`, the outlet's rules that match, refuses it.
        trap: which of the shipped traps it is, unless the outlet's rules allow it.
        looks_like_article: by the outlet's `urls.article`; None if it has none.
        robots: in a sentence.
    """

    asked: str
    url: Url
    stripped: tuple[str, ...]
    outlet: str | None
    delay_seconds: float | None
    deny: tuple[str, ...]
    trap: str | None
    looks_like_article: bool | None
    robots: str
    ruling: Ruling | None
    life: Life

    @property
    def is_denied(self) -> bool:
        """Whether the outlet's own rules leave it out."""
        return bool(self.deny)

    @property
    def is_known(self) -> bool:
        """Whether anything was ever heard of it."""
        return bool(self.life.standings or self.life.attempts or self.life.article)


def inquire(archive: Archive, asked: str) -> Why:
    """Find out all about a URL, or about the first URL of an article.

    Args:
        archive: where to look.
        asked: a URL, or an article's id or the beginning of one.

    Raises:
        NotCaptured: if it is an id, and none or several begin so.
        ValueError: if it is no URL, with a sentence that says why.
    """
    now = archive.clock.now()
    with archive.reading() as connection:
        said = url_of(connection, asked) if asked.startswith("a:") else _as_url(asked)
        if said is None:
            raise NotCaptured(f"No article, or several, begin with {asked!r}.")
        url = canonical(said)
        found = life(connection, url, now)
        robots = judged(connection, url, AGENT)
    if found.is_restricted:
        return _hidden(asked, url, found)
    outlet = _outlet(archive, url, found)
    path = urlsplit(url)
    return Why(
        asked=asked,
        url=url,
        stripped=stripped(said, url),
        outlet=outlet.id if outlet else None,
        delay_seconds=outlet.pace.delay_seconds if outlet else None,
        deny=outlet.denied_by(url) if outlet else (),
        trap=_trap(url, outlet),
        looks_like_article=outlet.is_article(url) if outlet and path.path else None,
        robots=robots.sentence if robots else "its robots.txt was never asked for",
        ruling=robots.ruling if robots else None,
        life=found,
    )


def _as_url(asked: str) -> str:
    if not re.search(r"[./:]", asked):
        raise ValueError("no URL, and no article's id; of an outlet, `kliping coverage` tells")
    return asked if "://" in asked else f"https://{asked}"


def _hidden(asked: str, url: Url, found: Life) -> Why:
    return Why(
        asked=asked,
        url=url,
        stripped=(),
        outlet=None,
        delay_seconds=None,
        deny=(),
        trap=None,
        looks_like_article=None,
        robots="",
        ruling=None,
        life=found,
    )


def _outlet(archive: Archive, url: Url, found: Life) -> Outlet | None:
    for one in found.standings:
        try:
            return find_outlet(archive.directory, one.outlet)
        except ConfigError:  # it was crawled once, and its file is gone or wrong
            continue
    return outlet_for_url(archive.directory, url)


def _trap(url: Url, outlet: Outlet | None) -> str | None:
    reason = refusal(url, outlet) if outlet else None
    return None if reason == DENIED else reason


def stripped(asked: str, url: Url) -> tuple[str, ...]:
    """What a URL had that its canonical form has not: parameters, a fragment."""
    was, now = urlsplit(asked.strip()), urlsplit(url)
    kept = set(now.query.split("&"))
    left = [f"parameter {pair}" for pair in was.query.split("&") if pair and pair not in kept]
    if was.fragment:
        left.append(f"fragment #{was.fragment}")
    return tuple(left)
