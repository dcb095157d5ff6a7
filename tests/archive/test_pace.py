"""How long a host is left between two requests: the most careful wish, raised by what it shows."""

import pytest

from archive.pace import (
    LONGEST_DELAY,
    MOST_CAUTION,
    HostState,
    Wish,
    delay_in_force,
    eased,
    raised,
    smoothed,
)


def delay(configured=5.0, crawl_delay=0.0, **state):
    wish = Wish(configured=configured, crawl_delay=crawl_delay)
    return delay_in_force(wish, HostState(**state))


@pytest.mark.parametrize(
    ("said", "seconds", "reason"),
    [
        ({}, 5, "configured 5 s"),
        ({"crawl_delay": 10}, 10, "Crawl-delay 10 s"),
        ({"crawl_delay": 2}, 5, "configured 5 s"),
        ({"latency_seconds": 0.5}, 5, "configured 5 s"),
        ({"latency_seconds": 3.4}, 17, "adaptive 17.0 s, for it takes 3.4 s to answer"),
        ({"latency_seconds": 99.0}, 60, "adaptive 60.0 s, for it takes 99.0 s to answer"),
        ({"configured": 600, "latency_seconds": 99.0}, 600, "configured 600 s"),
        ({"caution": 2.0}, 10, "configured 5 s, times 2.0 since it asked for patience"),
        ({"caution": 8.0, "crawl_delay": 10}, 60, "Crawl-delay 10 s, times 8.0 since"),
        ({"configured": 600, "caution": 8.0}, 600, "configured 600 s, times 8.0 since"),
        ({"configured": 0}, 0, "configured 0 s"),
        ({"configured": 0, "latency_seconds": 9.0}, 0, "configured 0 s"),
        ({"configured": 0, "caution": 2.0}, 2, "configured 0 s, times 2.0 since"),
    ],
)
def test_the_delay_in_force_and_whose_wish_it_is(said, seconds, reason):
    found = delay(**said)
    assert found.seconds == pytest.approx(seconds)
    assert found.reason.startswith(reason)


def test_a_slow_answer_moves_the_average_by_a_quarter():
    assert smoothed(None, 2.0, is_good=True) == 2.0
    assert smoothed(2.0, 6.0, is_good=True) == 3.0
    assert smoothed(2.0, 1.0, is_good=True) == 1.75
    assert smoothed(2.0, None, is_good=True) == 2.0


def test_an_error_that_comes_fast_lowers_nothing_and_a_slow_one_raises():
    assert smoothed(2.0, 0.01, is_good=False) == 2.0
    assert smoothed(2.0, 6.0, is_good=False) == 3.0


def test_caution_rises_at_once_and_eases_by_degrees():
    caution, steps = 1.0, 0
    for _ in range(9):
        caution = raised(caution)
    assert caution == MOST_CAUTION
    while caution > 1:
        assert eased(caution) < caution
        caution, steps = eased(caution), steps + 1
    assert steps == 20
    assert delay(caution=MOST_CAUTION).seconds <= LONGEST_DELAY
