"""What a schedule costs, as a share of what the pace allows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive.records import OutletId
from archive.schedules import Boost, Schedule
from crawler.budget import Budget, budget

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def cost(articles: float = 0, kinds: tuple[str, ...] = ("feed",), **said: Any) -> Budget:
    one = Schedule(outlet=OutletId("paper"), set_at=NOON, **said)
    return budget(one, kinds, articles_a_day=articles, delay_seconds=10, now=NOON)


def test_fixed_instants_ask_for_every_listing_at_each() -> None:
    assert cost(kinds=("feed", "section"), every=HOUR).requests == pytest.approx(48)
    assert cost(cron="0 6 * * MON").requests == pytest.approx(1 / 7)


def test_a_profile_is_counted_at_its_densest() -> None:
    spends = cost(kinds=("feed", "section"), profile="daily-news", front_page=timedelta(minutes=30))
    assert spends.listings == 96 + 48


def test_articles_are_fetched_once_and_rechecked_by_age() -> None:
    spends = cost(100, profile="daily-news")
    assert spends.articles == 100
    assert 1_000 < spends.rechecks < 6_000
    assert cost(100, every=timedelta(days=1)).rechecks < spends.rechecks


def test_a_boost_makes_rechecks_dearer() -> None:
    boost = Boost(name="x", begins_at=NOON, ends_at=NOON + HOUR, recheck_factor=3.0)
    usual = cost(10, profile="daily-news").rechecks
    assert cost(10, profile="daily-news", boosts=(boost,)).rechecks > 1.5 * usual


def test_the_share_is_of_one_request_each_delay() -> None:
    assert Budget(listings=864, articles=0, rechecks=0, delay_seconds=10).share == 0.1
    assert cost(10_000, profile="daily-news").share > 1
