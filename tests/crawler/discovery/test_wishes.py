"""How often a feed asks to be asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crawler.discovery.wishes import asked_interval
from crawler.extract.page import Page


@pytest.mark.parametrize(
    ("body", "wish"),
    [
        (b"<rss><channel><ttl>60</ttl>", timedelta(hours=1)),
        (b"<rss><channel><TTL> 5 </TTL>", timedelta(minutes=5)),
        (b"<rss><channel><ttl>0</ttl>", None),
        (b"<rss><channel><ttl>soon</ttl>", None),
        (b"<rss><channel><ttl>999999</ttl>", timedelta(days=366)),
        (b"<rss><channel><ttl>99999999999</ttl>", None),
        (b"<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        (
            (
                b"<sy:updatePeriod>\n\tdaily </sy:updatePeriod>"
                b"<sy:updateFrequency> 4 </sy:updateFrequency>"
            ),
            timedelta(hours=6),
        ),
        (
            b"<updatePeriod>daily</updatePeriod><updateFrequency>0</updateFrequency>",
            timedelta(days=1),
        ),
        (b"<sy:updatePeriod>never</sy:updatePeriod>", None),
        (b"<rss>" + b" " * 70_000 + b"<ttl>60</ttl>", None),
        (b"not XML at all", None),
        (b"", None),
    ],
)
def test_a_feed_says_how_often_it_would_be_asked(
    page_of: Callable[[bytes], Page], body: bytes, wish: timedelta | None
) -> None:
    assert asked_interval(page_of(body)) == wish
