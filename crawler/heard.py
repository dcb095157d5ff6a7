"""A listing read in one go: what it named, what of that is wanted, and what it asks for.

It stands apart from the spider that asks for it: a process that reads would import Scrapy with the
spider, 0.2 s of CPU in each.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from archive.signals import Signal
from crawler.discovery.judged import Judged, judge
from crawler.discovery.listing import Reading, read_listing
from crawler.discovery.wishes import asked_interval
from crawler.extract.page import Page
from crawler.outlets.spec import Outlet
from crawler.rights.licences import signals_of_feed


class Heard(NamedTuple):
    """A listing as it was read: what it named, of that what is wanted, and what it asks for."""

    reading: Reading
    judged: Judged
    ttl: timedelta | None
    stated: tuple[Signal, ...]


def hear(task: tuple[Page, Any, Outlet]) -> Heard:
    """Read a listing: the page, the kind that is declared, and whose it is.

    It is done in another process: a sitemap may name 50,000 addresses to judge.

    Raises:
        Unextractable: if it cannot be read.
    """
    page, declared, outlet = task
    reading = read_listing(page, declared=declared, article_patterns=outlet.urls.article)
    is_feed = reading.kind == "feed"
    return Heard(
        reading=reading,
        judged=judge(reading.discoveries, outlet),
        ttl=asked_interval(page) if is_feed else None,
        stated=signals_of_feed(page) if is_feed else (),
    )
