"""A schedule says one thing, a boost counts between its instants, and the journal keeps both."""

import json
from datetime import timedelta

import pytest
from support.archives import NOW, OUTLET

from archive.schedules import (
    Boost,
    Schedule,
    boost_as_json,
    boost_from_json,
    schedule_as_json,
    schedule_from_json,
)

HOUR = timedelta(hours=1)
BOOST = Boost(
    name="flood",
    begins_at=NOW,
    ends_at=NOW + HOUR,
    front_page=timedelta(minutes=10),
    feeds=timedelta(minutes=5),
    recheck_factor=2.5,
)


@pytest.mark.parametrize(
    "said",
    [{}, {"profile": "event", "every": HOUR}, {"every": HOUR, "cron": "0 6 * * *"}],
    ids=["nothing", "profile-and-interval", "interval-and-cron"],
)
def test_a_schedule_that_says_none_or_two_is_refused(said):
    with pytest.raises(ValueError, match="one of them"):
        Schedule(outlet=OUTLET, set_at=NOW, **said)


@pytest.mark.parametrize(
    "said",
    [
        {"profile": "daily-news", "front_page": timedelta(minutes=30)},
        {"every": timedelta(hours=6)},
        {"cron": "0 6 * * *", "zone": "Asia/Jakarta"},
    ],
)
def test_a_schedule_comes_back_from_the_journal(said):
    one = Schedule(outlet=OUTLET, set_at=NOW, **said)
    assert schedule_from_json(json.loads(json.dumps(schedule_as_json(one))), NOW) == one


def test_a_boost_comes_back_from_the_journal():
    assert boost_from_json(json.loads(json.dumps(boost_as_json(BOOST)))) == BOOST


def test_a_boost_counts_from_its_beginning_and_no_more_at_its_end():
    tick = timedelta(microseconds=1)
    assert [BOOST.is_on(at) for at in (NOW - tick, NOW, NOW + HOUR - tick, NOW + HOUR)] == [
        False,
        True,
        True,
        False,
    ]
