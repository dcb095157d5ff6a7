"""From both ends in turn, and how far it is."""

from datetime import date

import pytest

from archive.records import UrlKey
from crawler.spiders.plan import PastPlan
from crawler.spiders.rescue import alternately, headway


@pytest.mark.parametrize(
    ("newest_first", "order"),
    [("", ""), ("a", "a"), ("ab", "ab"), ("abc", "acb"), ("abcd", "adbc"), ("abcde", "aebdc")],
)
def test_articles_come_from_both_ends_in_turn(newest_first: str, order: str) -> None:
    assert "".join(alternately([UrlKey(one) for one in newest_first])) == order


def test_headway_counts_what_is_left_of_all_that_was_planned() -> None:
    plan = PastPlan(
        outlet="paper",
        first=date(1990, 1, 1),
        last=date(2026, 3, 2),
        listings=1,
        listings_missing=0,
        listings_failed=0,
        listings_left=0,
        found=1000,
        held=0,
        asked=0,
        disallowed=10,
        refused={},
        outside=0,
        undated=0,
        beyond=0,
        requests=990,
        delay_seconds=5,
        seconds=0,
        rechecks=100,
    )
    counts = {"articles/new": 90, "articles/new/x": 5, "articles/refused": 7, "articles/failed": 3}
    far = headway(plan, counts, 5)
    assert (far.done, far.left, far.refused, far.failed) == (90, 1000, 7, 3)
    assert str(far) == "90 done, 1,000 left, 7 refused, 3 failed; 1.4 h left at the pace"
    assert str(headway(plan, counts | {"articles/same": 990}, 5)).endswith("50 s left at the pace")
