r"""An outlet's declaration: the TOML file, judged by pydantic.

Everything that may stand in it::

    id = "harian-contoh"              # the file's name, too
    name = "Harian Contoh"
    country = "id"                    # ISO 3166-1 alpha-2
    languages = ["id"]                # BCP 47, the main one first
    zone = "Asia/Jakarta"             # IANA; for times that the outlet writes without an offset
    home = "https://harian.example/"

    [listings]                        # absolute, or relative to home
    feeds = ["/rss.xml"]
    sitemaps = ["/news-sitemap.xml"]
    sections = ["/"]

    [urls]                            # regular expressions, searched in path and query
    article = ['^/\d{4}/\d{2}/']    # if given, what a section links to must match one
    deny = ['^/tag/']                 # never fetched
    allow = ['^/print/']              # fetched, although the shipped list of traps refuses it

    [archive]                         # its past, for `kliping backfill`
    pages = "/archive/{yyyy}/{mm}/{dd}"   # a page for each day; without {dd} for each month

    [pace]
    delay_seconds = 5.0               # between the starts of two requests to one host

    [rescue]                          # in place of [pace] during `kliping outlet rescue`
    delay_seconds = 2.0               # if the outlet agreed to it

    [quota]                           # of `kliping run`, in place of kliping.toml's
    pages_per_day = 2000
    bytes_per_day = 500_000_000
    minutes_per_visit = 30.0

    [robots]                          # if nothing is said, robots.txt is obeyed
    unauthorized = "refuse"           # or "allow": what 401 and 403 for robots.txt mean
    ignore = false                    # true needs the right by which, and says it in the records
    basis = "…"                       # the law or the agreement

    [requisites]                      # images, style sheets, fonts of article pages
    policy = "same-site"              # or "none" (if not said), or "all"
    max_count = 150                   # of one page
    max_bytes = 15_000_000
    max_seconds = 30
    fresh_days = 30                   # not asked for again within these

    [rights]
    ask = true                        # for tdmrep.json and ai.txt, once a day

    [expect]
    articles_per_day = [5, 40]        # what is normal

    [[extract]]                       # the latest that is not after the capture's day counts
    since = 2024-05-01
    title = "h1.judul"                # CSS selectors
    body = "div.isi"
    author = "span.penulis"
    published = "time.terbit"
    drop = ["div.iklan"]

An unknown key is an error that names the file, the key and the nearest valid one.
"""

import hashlib
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, model_validator

from archive.config import QuotaConfig
from archive.errors import ConfigError
from archive.judge import explain
from archive.records import Declaration, Digest, OutletId, Url
from crawler.outlets.values import (
    Country,
    Home,
    Language,
    PagePattern,
    Pattern,
    Selector,
    Strict,
    Zone,
)


class Listings(Strict):
    """Pages whose job is to name other pages."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


class UrlRules(Strict):
    """Which of the outlet's URLs are articles, and which are never fetched.

    `allow` and `article` overrule the shipped list of traps, `deny` overrules everything.
    """

    article: tuple[Pattern, ...] = ()
    deny: tuple[Pattern, ...] = ()
    allow: tuple[Pattern, ...] = ()


class Past(Strict):
    """Where the outlet lists what it printed on a day, in a month or in a year."""

    pages: PagePattern | None = None


class Pace(Strict):
    """How often a host of this outlet may be asked."""

    delay_seconds: Annotated[float, Field(ge=0, le=600)] = 5.0


class Rescue(Strict):
    """What is otherwise while all of a closing outlet's past is fetched; nothing if not said."""

    delay_seconds: Annotated[float, Field(ge=0, le=600)] | None = None


class RobotsChoice(Strict):
    """How an outlet's robots.txt counts; obeyed if nothing is said.

    `unauthorized` is for the operator to decide: RFC 9309 lets us crawl where robots.txt answers
    401 or 403, and few who lock it mean that. `ignore` needs its legal basis (deposit law, an
    agreement), which goes into the records.
    """

    unauthorized: Literal["refuse", "allow"] = "refuse"
    ignore: bool = False
    basis: (
        Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
        | None
    ) = None

    @model_validator(mode="after")
    def _has_its_basis(self) -> "RobotsChoice":
        if self.ignore and not self.basis:
            raise ValueError(
                "robots.txt is ignored only by a right that is named: "
                'basis = "the deposit law of …", say'
            )
        if self.basis and not self.ignore:
            raise ValueError("`basis` says by what right robots.txt is ignored, and it is not")
        return self


class Requisites(Strict):
    """What a page needs to look right: images, style sheets, fonts; and how much of it is fetched.

    The limits are for one page. `same-site` means the registrable domain of the page. None of the
    numbers is measured; they keep a page from costing more than the rest of its outlet.
    """

    policy: Literal["none", "same-site", "all"] = "none"
    max_count: Annotated[int, Field(ge=1, le=1000)] = 150
    max_bytes: Annotated[int, Field(ge=1, le=1_000_000_000)] = 15_000_000
    max_seconds: Annotated[float, Field(gt=0, le=600)] = 30.0
    fresh_days: Annotated[float, Field(ge=0, le=3650)] = 30.0


class Rights(Strict):
    """Whether files that state rights are asked for besides robots.txt: two requests a day."""

    ask: bool = True


class Expect(Strict):
    """What is normal for this outlet; a run outside it is worth a look."""

    articles_per_day: tuple[int, int] | None = None


class ExtractRule(Strict):
    """Selectors for one layout, in force from `since` (inclusive) until the next rule's."""

    since: date = date.min
    title: Selector | None = None
    body: Selector | None = None
    author: Selector | None = None
    published: Selector | None = None
    drop: tuple[Selector, ...] = ()


class Outlet(Strict):
    """A publication with an editorial identity, and how it is crawled."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    name: Annotated[str, Field(min_length=1)]
    home: Home
    country: Country | None = None
    languages: tuple[Language, ...] = ()
    zone: Zone | None = None
    listings: Listings = Listings()
    urls: UrlRules = UrlRules()
    archive: Past = Past()
    pace: Pace = Pace()
    rescue: Rescue = Rescue()
    quota: QuotaConfig = QuotaConfig()
    robots: RobotsChoice = RobotsChoice()
    requisites: Requisites = Requisites()
    rights: Rights = Rights()
    expect: Expect = Expect()
    extract: tuple[ExtractRule, ...] = ()

    @model_validator(mode="after")
    def _rules_are_dated(self) -> "Outlet":
        dates = [rule.since for rule in self.extract]
        if len(set(dates)) != len(dates):
            raise ValueError("two [[extract]] rules have the same `since`")
        return self

    @property
    def oid(self) -> OutletId:
        """The id, typed."""
        return OutletId(self.id)

    @property
    def tz(self) -> ZoneInfo | None:
        """The zone, for times that the outlet writes without an offset."""
        return ZoneInfo(self.zone) if self.zone else None

    @property
    def digest(self) -> Digest:
        """Digest of the whole declaration, named in each capture's metadata record."""
        return Digest("sha256:" + hashlib.sha256(self.canonical().encode()).hexdigest())

    @property
    def declaration(self) -> Declaration:
        """The outlet as the archive notes it."""
        return Declaration(
            id=self.oid,
            name=self.name,
            home=self.home,
            country=self.country,
            zone=self.zone,
            config=self.canonical(),
            digest=self.digest,
        )

    def canonical(self) -> str:
        """The declaration as JSON, the same text for the same meaning."""
        return self.model_dump_json()

    def listing_urls(self) -> list[tuple[Literal["feed", "sitemap", "section"], Url]]:
        """Every listing with its kind, absolute; the front page if none is declared."""
        found: list[tuple[Literal["feed", "sitemap", "section"], Url]] = [
            *(("feed", self._absolute(u)) for u in self.listings.feeds),
            *(("sitemap", self._absolute(u)) for u in self.listings.sitemaps),
            *(("section", self._absolute(u)) for u in self.listings.sections),
        ]
        return found or [("section", Url(self.home))]

    def rule_at(self, day: date) -> ExtractRule | None:
        """The extraction rule in force on `day`, if any."""
        known = [rule for rule in self.extract if rule.since <= day]
        return max(known, key=lambda rule: rule.since, default=None)

    def is_denied(self, url: str) -> bool:
        """Whether a rule of the outlet's own file says never to fetch `url`."""
        return bool(self.denied_by(url))

    def denied_by(self, url: str) -> tuple[str, ...]:
        """The rules of the outlet's own file that say never to fetch `url`."""
        return tuple(p for p in self.urls.deny if re.search(p, _path(url)))

    def is_allowed(self, url: str) -> bool:
        """Whether a rule of the outlet's own file overrules the shipped list of traps."""
        return any(re.search(p, _path(url)) for p in (*self.urls.article, *self.urls.allow))

    def is_article(self, url: str) -> bool | None:
        """Whether `url` looks like an article by the outlet's rules; None if there are none."""
        if not self.urls.article:
            return None
        return any(re.search(p, _path(url)) for p in self.urls.article)

    def _absolute(self, url: str) -> Url:
        return Url(urljoin(self.home, url))


def read_outlet(path: Path) -> Outlet:
    """Read and judge one outlet file.

    Raises:
        ConfigError: naming the file, the key, the value and, for a misspelt key, the nearest one.
    """
    try:
        text = path.read_text("utf-8")
        return Outlet.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8: {error}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {explain(error, Outlet)}") from error


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
