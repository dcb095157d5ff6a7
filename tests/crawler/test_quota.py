"""What is left of a quota for one visit, and which one it has reached."""

from datetime import timedelta

import pytest
from support.archives import NOW

from archive.config import QuotaConfig
from crawler.quota import Quota, limits, quota

MINUTE = timedelta(minutes=1)


def test_what_is_not_said_has_no_limit() -> None:
    assert quota(QuotaConfig(), 10**6, 10**12, NOW) == Quota()
    assert Quota().reached(10**6, 10**12, NOW) is None


def test_an_outlets_own_quota_counts_and_the_archives_where_it_says_nothing() -> None:
    own = QuotaConfig(pages_per_day=10)
    archives = QuotaConfig(pages_per_day=1000, minutes_per_visit=5)
    assert limits(own, archives) == QuotaConfig(pages_per_day=10, minutes_per_visit=5)


def test_what_was_spent_today_is_not_there_any_more() -> None:
    said = QuotaConfig(pages_per_day=10, bytes_per_day=100, minutes_per_visit=2)
    assert quota(said, 4, 30, NOW) == Quota(pages=6, bytes=70, until=NOW + 2 * MINUTE)
    assert quota(said, 40, 300, NOW) == Quota(pages=0, bytes=0, until=NOW + 2 * MINUTE)


@pytest.mark.parametrize(
    ("pages", "size", "minutes", "name"),
    [
        (5, 69, 1, None),
        (6, 0, 0, "pages_per_day"),
        (0, 70, 0, "bytes_per_day"),
        (0, 0, 2, "minutes_per_visit"),
    ],
)
def test_the_quota_that_is_reached_is_named(
    pages: int, size: int, minutes: int, name: str | None
) -> None:
    left = Quota(pages=6, bytes=70, until=NOW + 2 * MINUTE)
    assert left.reached(pages, size, NOW + minutes * MINUTE) == name
