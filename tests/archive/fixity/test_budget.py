"""A scrub takes no more than it was given; what a person types is judged."""

from datetime import timedelta

import pytest

from archive.fixity.budget import Budget, Sample, duration, size
from archive.fixity.options import options


class Watch:
    def __init__(self):
        self.now = 100.0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(round(seconds, 3))
        self.now += seconds


def test_without_bounds_nothing_is_over_and_nobody_waits():
    watch = Watch()
    budget = Budget(monotonic=watch, sleep=watch.sleep)
    budget.spend(1 << 40)
    watch.now += 1e9
    assert (budget.is_over, watch.slept) == (False, [])


def test_a_budget_is_over_when_its_time_has_passed():
    watch = Watch()
    budget = Budget(timedelta(seconds=30), monotonic=watch, sleep=watch.sleep)
    watch.now += 29.9
    assert not budget.is_over
    watch.now += 0.1
    assert budget.is_over


def test_bytes_that_come_too_fast_wait():
    watch = Watch()
    budget = Budget(rate=1000, monotonic=watch, sleep=watch.sleep)
    budget.spend(500)
    budget.spend(500)
    watch.now += 2
    budget.spend(1000)  # these were waited for already
    assert watch.slept == [0.5, 0.5]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("1.5h", 5400), ("2d", 172800), ("5 m", 300)],
)
def test_durations(text, seconds):
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "many"), [("500", 500), ("20MB", 20_000_000), ("1.5G", 1_500_000_000), ("9 kB", 9000)]
)
def test_sizes(text, many):
    assert size(text) == many


@pytest.mark.parametrize(
    "typed",
    [
        {"for_": "30", "scrub": True},
        {"for_": "0m", "scrub": True},
        {"for_": "30m"},
        {"rate": "0MB"},
        {"rate": "fast"},
        {"sample": "0"},
        {"sample": "0%"},
        {"sample": "101%"},
        {"sample": "some"},
        {"sample": "5", "scrub": True},
        {"since_root": "abc"},
        {"since_root": "sha256:" + "A" * 64},
    ],
)
def test_what_cannot_be_is_refused(typed):
    nothing = {"sample": None, "scrub": False, "for_": None, "rate": None, "since_root": None}
    with pytest.raises(ValueError, match=r"--|'"):
        options(**nothing | typed)


@pytest.mark.parametrize(
    ("text", "total", "drawn"),
    [("10", 1000, 10), ("10", 3, 3), ("5%", 1000, 50), ("1%", 3, 1), ("100%", 7, 7), ("5%", 0, 0)],
)
def test_samples(text, total, drawn):
    assert Sample(text).of(total) == drawn
