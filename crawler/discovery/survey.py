"""A survey of an outlet's past: which listings to read for some days, and what they name; pure.

    sitemaps  -> their children whose name or `lastmod` does not rule these days out, newest first
    [archive] -> a page for each day, month or year, newest first

How far it goes is its `Reach`: a backfill's days are few, a rescue goes back until nothing is
listed any more. Every address ends in one count: found, outside these days, undated, or refused
with a reason.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from archive.moments import end_of
from archive.records import Discovery, Moment, Url, UrlKey
from archive.urls import urlkey
from crawler.discovery.judged import refusal
from crawler.discovery.listing import Reading
from crawler.discovery.periods import Period, dated, period_in
from crawler.extract.links import is_same_site
from crawler.outlets.spec import Outlet

MOST_LISTINGS = 1_000
"""Read by one survey; three years of daily pages. What is left is said: ask for fewer days."""
MOST_FOUND = 200_000
"""Articles of one survey, held in memory; at five seconds each they take twelve days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a survey goes.

    Attributes:
        listings: how many it reads.
        found: how many articles it holds.
        quiet_days: archive pages are walked back until so many days in a row list nothing of
            their own; None asks for each page of the span.
        takes_undated: whether articles of no known day are taken, as though of its last.
    """

    listings: int = MOST_LISTINGS
    found: int = MOST_FOUND
    quiet_days: int | None = None
    takes_undated: bool = False


@dataclass(frozen=True, slots=True)
class PastListing:
    """A listing of the past, and the days it is about if its name tells."""

    kind: Literal["sitemap", "section"]
    url: Url
    period: Period | None = None


@dataclass(slots=True)
class Survey:
    """What has been read so far, and what is to be read."""

    outlet: Outlet
    span: Period
    reach: Reach = Reach()
    found: dict[UrlKey, tuple[Discovery, datetime]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    named: Counter[Url] = field(default_factory=Counter)
    """How many addresses each listing named."""
    outside: int = 0
    undated: int = 0
    beyond: int = 0
    """Articles over the limit."""
    read: int = 0
    missing: int = 0
    """Archive pages that are not there: on such a day nothing was printed, mostly."""
    left: int = 0
    """Listings over the limit."""
    quiet_since: date | None = None
    """The last day of the archive pages that were not asked for: those after it list nothing."""
    _waiting: deque[PastListing] = field(default_factory=deque)
    _known: set[UrlKey] = field(default_factory=set)
    _pages: Iterator[PastListing] = field(default_factory=lambda: iter(()))
    _page_before: PastListing | None = None
    _heard: date = date.max
    """The earliest day of a dated listing that named something of its own."""

    def __post_init__(self) -> None:
        declared = [Url(urljoin(self.outlet.home, url)) for url in self.outlet.listings.sitemaps]
        self.add(PastListing("sitemap", url) for url in declared)
        if self.reach.quiet_days is None:
            self.add(archive_pages(self.outlet, self.span))
        else:
            self._heard = self.span.last
            self._pages = archive_pages(self.outlet, self.span)

    def add(self, listings: Iterable[PastListing]) -> None:
        """Put listings on the list of what is to be read, each once."""
        for listing in listings:
            if self._is_wanted(listing):
                self._waiting.append(listing)

    def next(self) -> PastListing | None:
        """The next listing to read; None if there is none."""
        return self._waiting.popleft() if self._waiting else self._next_page()

    @property
    def knows_any(self) -> bool:
        """Whether there is, or was, anything to read."""
        return bool(self._known) or bool(self.outlet.archive.pages)

    def take(self, listing: PastListing, reading: Reading) -> None:
        """Take in what a listing says."""
        self.read += 1
        self.add(children_in(reading, self.span, self.outlet.tz))
        self.refused += reading.traps
        self.named[listing.url] += len(reading.discoveries)
        before = len(self.found)
        for one in reading.discoveries:
            self._take(one, listing.period)
        is_new = len(self.found) > before
        if listing.period and (is_new or self._lists(listing.period, reading)):
            self._heard = min(self._heard, listing.period.first)

    def newest_first(self) -> list[UrlKey]:
        """What was found, the newest first."""
        return sorted(self.found, key=lambda key: self.found[key][1], reverse=True)

    def _is_wanted(self, listing: PastListing) -> bool:
        """Whether a listing is to be read: each once, and not too many."""
        key = _key(listing.url)
        if key is None or key in self._known:
            return False
        if len(self._known) >= self.reach.listings:
            self.left += 1
            return False
        self._known.add(key)
        return True

    def _next_page(self) -> PastListing | None:
        """The archive page before, unless those after it have listed nothing for long.

        Asked again once more has been read, it may go on.
        """
        quiet, self.quiet_since = timedelta(days=self.reach.quiet_days or 0), None
        while page := self._page_before or next(self._pages, None):
            if page.period and page.period.last < self._heard - quiet:
                self._page_before, self.quiet_since = page, page.period.last
                return None
            self._page_before = None
            if self._is_wanted(page):
                return page
        return None

    def _lists(self, period: Period, reading: Reading) -> bool:
        """Whether a listing names something of its own days, and not only what every page shows."""
        zone = self.outlet.tz or UTC
        for one in reading.discoveries:
            if (in_url := dated(one.url)) and in_url.meets(period):
                return True
            key = _key(one.url)
            known = self.found.get(key) if key else None
            if known and period.first <= known[1].astimezone(zone).date() <= period.last:
                return True
        return False

    def _take(self, one: Discovery, period: Period | None) -> None:
        when = printed(one, period)
        if when is None:
            self.undated += 1
            if self.reach.takes_undated:
                when = Period(self.span.last, self.span.last)
        if when is None:
            return
        if not when.meets(self.span):
            self.outside += 1
        elif reason := refusal(one.url, self.outlet):
            self.refused[reason] += 1
        elif (key := urlkey(one.url)) in self.found:
            return
        elif len(self.found) >= self.reach.found:
            self.beyond += 1
        else:
            self.found[key] = one, self._instant(one, when)

    def _instant(self, one: Discovery, when: Period) -> datetime:
        """When it was printed, as exactly as is known, and within the span."""
        zone = self.outlet.tz or UTC
        said = one.published.utc if one.published else None
        latest = datetime.combine(min(when.last, self.span.last), time(), zone)
        if said and latest <= said < latest + timedelta(days=1):
            return said
        # of a month or a year, what was changed last was mostly printed last, too
        if one.modified and when.first != when.last:
            first = datetime.combine(max(when.first, self.span.first), time(), zone)
            return max(first, min(one.modified.utc, latest)).astimezone(UTC)
        return latest.astimezone(UTC)


def archive_pages(outlet: Outlet, span: Period) -> Iterator[PastListing]:
    """The pages that the outlet's file declares for these days, newest first."""
    if not (shape := outlet.archive.pages):
        return
    last: PastListing | None = None
    for day in span.days():
        parts = {"yyyy": f"{day:%Y}", "mm": f"{day:%m}", "dd": f"{day:%d}"}
        url = urljoin(outlet.home, shape.format(**parts, m=day.month, d=day.day))
        page = PastListing("section", Url(url), _shown(shape, day))
        if last is None or page.url != last.url:
            yield page
        last = page


def children_in(reading: Reading, span: Period, zone: ZoneInfo | None) -> list[PastListing]:
    """The sitemaps of an index that may name something of these days, newest first.

    What was last changed before the first of them names nothing of them.
    """
    begins = datetime.combine(span.first, time(), zone or UTC)
    chosen: list[tuple[date, PastListing]] = []
    for _, url, modified in reading.children:
        period = period_in(url)
        if period and not period.meets(span):
            continue
        if modified and not period and end_of(modified) <= begins:
            continue
        chosen.append((_order(period, modified), PastListing("sitemap", url, period)))
    chosen.sort(key=lambda pair: pair[0], reverse=True)
    return [child for _, child in chosen]


def printed(one: Discovery, listing: Period | None) -> Period | None:
    """When an article was printed, by its address, what is said of it, or where it is named."""
    in_url = dated(one.url)
    if in_url and in_url.first == in_url.last:
        return in_url
    if one.published:
        return _day(one.published)
    return in_url or listing or (_day(one.modified) if one.modified else None)


def sitemaps_in(robots: str, outlet: Outlet) -> list[PastListing]:
    """The outlet's own sitemaps that its robots.txt names (sitemaps.org)."""
    found = []
    for line in robots.splitlines():
        name, _, url = line.partition(":")
        if name.strip().lower() == "sitemap" and is_same_site(outlet.home, url.strip()):
            found.append(PastListing("sitemap", Url(url.strip())))
    return found


def _order(period: Period | None, modified: Moment | None) -> date:
    return period.last if period else modified.on if modified else date.min


def _day(moment: Moment) -> Period:
    return Period(moment.on, moment.on)


def _shown(shape: str, day: date) -> Period:
    """The days that an archive page is about."""
    if "{dd}" in shape or "{d}" in shape:
        return Period(day, day)
    if "{mm}" in shape or "{m}" in shape:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return Period(day.replace(day=1), following - timedelta(days=1))
    return Period(day.replace(month=1, day=1), day.replace(month=12, day=31))


def _key(url: Url) -> UrlKey | None:
    try:
        return urlkey(url)
    except ValueError:
        return None
