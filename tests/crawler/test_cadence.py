"""When to look again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler import cadence

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "unchanged", "step"),
    [
        (timedelta(), 0, 15 * MINUTE),
        (3 * HOUR - MINUTE, 0, 15 * MINUTE),
        (3 * HOUR, 0, HOUR),
        (DAY - MINUTE, 0, HOUR),
        (DAY, 0, 3 * HOUR),
        (7 * DAY, 0, 3 * DAY),
        (30 * DAY, 0, 30 * DAY),
        (359 * DAY, 0, 30 * DAY),
        (360 * DAY, 0, None),
        (timedelta(), 1, 18 * MINUTE),
        (DAY, 2, 3 * HOUR * 1.44),
        (30 * DAY, 1000, 90 * DAY),
        (-HOUR, 0, 15 * MINUTE),
    ],
)
def test_an_article_is_looked_at_by_its_age_and_its_calm(
    age: timedelta, unchanged: int, step: timedelta | None
) -> None:
    due = cadence.recheck(NOW, NOW - age, unchanged)
    if step is None:
        assert due is None
    else:
        assert due is not None
        assert abs(due - NOW - step) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (0, 10 * MINUTE),
        (1, 30 * MINUTE),
        (2, 90 * MINUTE),
        (3, 270 * MINUTE),
        (4, 810 * MINUTE),
        (5, None),
        (50, None),
    ],
)
def test_a_failure_is_tried_again_six_times_in_all(attempts: int, wait: timedelta | None) -> None:
    assert cadence.retry(NOW, attempts) == (NOW + wait if wait else None)


@pytest.mark.parametrize(
    ("attempts", "wait"), [(0, 30 * MINUTE), (1, HOUR), (5, 16 * HOUR), (6, DAY), (10_000, DAY)]
)
def test_a_listing_that_failed_is_never_given_up(attempts: int, wait: timedelta) -> None:
    assert cadence.listing_failed(NOW, attempts) == NOW + wait


def test_a_listing_is_due_again_soon() -> None:
    assert cadence.listing_again(NOW) == NOW + 15 * MINUTE


@pytest.mark.parametrize(("checks", "again"), [(1, 5 * HOUR), (2, 5 * HOUR), (3, 30 * DAY)])
def test_a_page_is_gone_after_three_checks_and_looked_for_later(
    checks: int, again: timedelta
) -> None:
    assert cadence.gone_again(NOW, checks) == NOW + again


@pytest.mark.parametrize("outcome", ["refused", "walled"])
def test_who_crawls_each_day_at_the_same_hour_asks_each_day(outcome: str) -> None:
    settled = NOW + timedelta(minutes=50)
    assert settled + cadence.WAITS[outcome] <= NOW + DAY


def test_who_crawls_every_six_hours_checks_each_time_whether_a_page_is_gone() -> None:
    settled = NOW + timedelta(minutes=50)
    assert cadence.gone_again(settled, 1) <= NOW + 6 * HOUR
