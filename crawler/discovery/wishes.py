"""How often a feed would like to be asked for: its `ttl`, or its syndication period.

    <ttl>60</ttl>                                            RSS 2.0: minutes
    <sy:updatePeriod>hourly</sy:updatePeriod>                RSS 1.0 module "Syndication":
    <sy:updateFrequency>2</sy:updateFrequency>               so many times in a period

Read by pattern from the head of the feed, so that a feed broken further down still says it.
"""

import re
from datetime import timedelta

from archive.coding import DECODED_LIMIT
from crawler.extract.page import Page
from crawler.extract.tree import decoded

HEAD = 64 * 1024
LONGEST = timedelta(days=366)

_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(rb"<(?:\w+:)?updatePeriod>\s*(\w{1,10})\s*</", re.IGNORECASE)
_FREQUENCY = re.compile(rb"<(?:\w+:)?updateFrequency>\s*(\d{1,4})\s*</", re.IGNORECASE)
_PERIODS = {
    b"hourly": timedelta(hours=1),
    b"daily": timedelta(days=1),
    b"weekly": timedelta(days=7),
    b"monthly": timedelta(days=30),
    b"yearly": timedelta(days=365),
}


def asked_interval(page: Page) -> timedelta | None:
    """The time that a feed asks to be left alone between two polls; None if it does not say.

    Raises:
        Unextractable: if the body cannot be unpacked.
    """
    head = decoded(page, DECODED_LIMIT)[:HEAD]
    if found := _TTL.search(head):
        return min(timedelta(minutes=int(found[1])), LONGEST) or None
    found = _PERIOD.search(head)
    period = _PERIODS.get(found[1].lower()) if found else None
    if period is None:
        return None
    said = _FREQUENCY.search(head)
    return period / max(int(said[1]) if said else 1, 1)
