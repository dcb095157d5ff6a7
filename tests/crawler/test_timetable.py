"""When an outlet is visited by its schedule: grids, cron over both edges of summer time, boosts."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from archive.records import OutletId
from archive.schedules import Boost, Schedule
from crawler.cadence import Tempo
from crawler.timetable import PROFILES, due_at, instants, makes_due, tempo_at

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def scheduled(**said: object) -> Schedule:
    return Schedule(**{"outlet": OutletId("paper"), "set_at": NOON, **said})  # type: ignore[arg-type]


def boosted(**said: object) -> Boost:
    usual = {"name": "flood", "begins_at": NOON + DAY, "ends_at": NOON + 2 * DAY}
    return Boost(**(usual | said))  # type: ignore[arg-type]


# fixed instants


def test_an_interval_begins_when_it_is_set_and_keeps_to_its_grid() -> None:
    one = scheduled(every=30 * MINUTE)
    assert due_at(one, None) == NOON
    begun = scheduled(every=30 * MINUTE, last_begun_at=NOON + 7 * MINUTE)
    assert due_at(begun, None) == NOON + 30 * MINUTE


def test_runs_that_were_missed_are_made_up_for_by_one() -> None:
    missed = scheduled(every=30 * MINUTE, last_begun_at=NOON)
    assert due_at(missed, None) == NOON + 30 * MINUTE  # whenever that is: overdue, once
    caught_up = scheduled(every=30 * MINUTE, last_begun_at=NOON + 5 * HOUR + 2 * MINUTE)
    assert due_at(caught_up, None) == NOON + 5 * HOUR + 30 * MINUTE


def test_a_cron_line_waits_for_its_first_instant() -> None:
    one = scheduled(cron="0 6 * * *", zone="Asia/Jakarta")
    assert due_at(one, None) == datetime(2026, 3, 2, 23, tzinfo=UTC)  # six in Jakarta


@pytest.mark.parametrize(
    ("cron", "since", "expected"),
    [
        pytest.param(
            "30 2 * * *",
            datetime(2026, 3, 28, 0, tzinfo=UTC),
            ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"],
            id="an hour that is skipped: at its end",
        ),
        pytest.param(
            "30 2 * * *",
            datetime(2026, 10, 24, 0, tzinfo=UTC),
            ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"],
            id="an hour that comes twice: once",
        ),
        pytest.param(
            "*/30 * * * *",
            datetime(2026, 10, 25, 0, 15, tzinfo=UTC),
            ["2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"],
            id="every half hour: also in the hour that comes twice",
        ),
        pytest.param(
            "*/30 * * * *",
            datetime(2026, 3, 29, 0, 45, tzinfo=UTC),
            ["2026-03-29T01:00", "2026-03-29T01:30", "2026-03-29T02:00"],
            id="every half hour: no gap where an hour is skipped",
        ),
    ],
)
def test_cron_lines_cross_the_edges_of_summer_time(
    cron: str, since: datetime, expected: list[str]
) -> None:
    found = islice(instants(scheduled(cron=cron, zone="Europe/Berlin"), since), 3)
    assert [at.isoformat()[:16] for at in found] == expected


# profiles


def test_a_profile_is_due_at_once_and_then_when_the_frontier_says() -> None:
    one = scheduled(profile="daily-news")
    assert due_at(one, None) == NOON
    begun = scheduled(profile="daily-news", last_begun_at=NOON)
    assert due_at(begun, NOON + HOUR) == NOON + HOUR


def test_a_profile_of_which_nothing_is_due_is_looked_in_on_all_the_same() -> None:
    begun = scheduled(profile="daily-news", last_begun_at=NOON)
    assert due_at(begun, None) == due_at(begun, NOON + 90 * DAY) == NOON + 6 * HOUR


def test_a_profile_asks_for_what_is_due_and_fixed_instants_for_every_listing() -> None:
    assert not makes_due(scheduled(profile="event"), NOON)
    assert makes_due(scheduled(every=HOUR), NOON)
    assert makes_due(scheduled(cron="0 6 * * *"), NOON)


def test_profiles_have_tempi_that_are_denser_the_more_is_expected() -> None:
    assert [PROFILES[name].tempo.longest for name in ("daily-news", "front-page", "event")] == [
        6 * HOUR,
        HOUR,
        30 * MINUTE,
    ]
    assert tempo_at(scheduled(profile="daily-news", front_page=30 * MINUTE), NOON) == Tempo(
        section_every=30 * MINUTE
    )


# boosts


def test_a_boost_makes_a_profile_denser_and_is_over_by_itself() -> None:
    boost = boosted(front_page=10 * MINUTE, feeds=5 * MINUTE, recheck_factor=3.0)
    one = scheduled(profile="daily-news", front_page=30 * MINUTE, boosts=(boost,))
    usual = Tempo(section_every=30 * MINUTE)
    assert tempo_at(one, NOON) == usual
    assert tempo_at(one, NOON + DAY) == Tempo(
        shortest=5 * MINUTE,
        longest=5 * MINUTE,
        section_every=10 * MINUTE,
        recheck_factor=3.0,
    )
    assert tempo_at(one, NOON + 2 * DAY) == usual


def test_a_boost_never_makes_a_profile_less_dense() -> None:
    boost = boosted(begins_at=NOON, front_page=HOUR, feeds=DAY, recheck_factor=1.5)
    one = scheduled(profile="event", boosts=(boost,))
    assert tempo_at(one, NOON) == PROFILES["event"].tempo


def test_a_visit_begins_with_the_boost_and_asks_for_every_listing_once() -> None:
    boost = boosted(feeds=5 * MINUTE)
    begun = NOON + DAY - HOUR
    one = scheduled(profile="daily-news", last_begun_at=begun, boosts=(boost,))
    assert due_at(one, NOON + 3 * DAY) == NOON + DAY
    assert not makes_due(one, begun)
    assert makes_due(one, NOON + DAY)
    after = scheduled(profile="daily-news", last_begun_at=NOON + DAY, boosts=(boost,))
    assert not makes_due(after, NOON + DAY + HOUR)


def test_a_boost_that_was_ended_before_it_began_begins_nothing() -> None:
    boost = boosted(feeds=5 * MINUTE, ended_at=NOON + HOUR)
    begun = NOON + DAY - HOUR
    one = scheduled(profile="daily-news", last_begun_at=begun, boosts=(boost,))
    assert due_at(one, NOON + 3 * DAY) == begun + 6 * HOUR


def test_a_boosted_interval_has_instants_of_both_while_it_lasts() -> None:
    boost = boosted(every=2 * HOUR, ends_at=NOON + DAY + 5 * HOUR)
    one = scheduled(every=6 * HOUR, boosts=(boost,))
    found = [(at - NOON) / HOUR for at in islice(instants(one, NOON + 17 * HOUR), 6)]
    assert found == [18, 24, 26, 28, 30, 36]
