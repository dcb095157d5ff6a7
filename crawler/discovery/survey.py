"""A survey of an outlet's past: which listings to read for some days, and what they name; pure.

    sitemaps  -> their children whose name or `lastmod` does not rule these days out, newest first
    [archive] -> a page for each day, month or year, newest first

Every address ends in one count: found, outside these days, undated, or refused with a reason.
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
    found: dict[UrlKey, tuple[Discovery, datetime]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    undated: int = 0
    beyond: int = 0
    """Articles over the limit."""
    read: int = 0
    missing: int = 0
    """Archive pages that are not there: on such a day nothing was printed, mostly."""
    left: int = 0
    """Listings over the limit."""
    _waiting: deque[PastListing] = field(default_factory=deque)
    _known: set[UrlKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        declared = [Url(urljoin(self.outlet.home, url)) for url in self.outlet.listings.sitemaps]
        self.add(PastListing("sitemap", url) for url in declared)
        self.add(archive_pages(self.outlet, self.span))

    def add(self, listings: Iterable[PastListing]) -> None:
        """Put listings on the list of what is to be read, each once."""
        for listing in listings:
            key = _key(listing.url)
            if key is None or key in self._known:
                continue
            if len(self._known) >= MOST_LISTINGS:
                self.left += 1
                continue
            self._known.add(key)
            self._waiting.append(listing)

    def next(self) -> PastListing | None:
        """The next listing to read; None if there is none."""
        return self._waiting.popleft() if self._waiting else None

    @property
    def knows_any(self) -> bool:
        """Whether there is, or was, anything to read."""
        return bool(self._known)

    def take(self, listing: PastListing, reading: Reading) -> None:
        """Take in what a listing says."""
        self.read += 1
        self.add(children_in(reading, self.span, self.outlet.tz))
        self.refused += reading.traps
        for one in reading.discoveries:
            self._take(one, listing.period)

    def newest_first(self) -> list[UrlKey]:
        """What was found, the newest first."""
        return sorted(self.found, key=lambda key: self.found[key][1], reverse=True)

    def _take(self, one: Discovery, period: Period | None) -> None:
        when = printed(one, period)
        if when is None:
            self.undated += 1
        elif not when.meets(self.span):
            self.outside += 1
        elif reason := refusal(one.url, self.outlet):
            self.refused[reason] += 1
        elif (key := urlkey(one.url)) in self.found:
            return
        elif len(self.found) >= MOST_FOUND:
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
