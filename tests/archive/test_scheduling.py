"""Schedules are kept, replaced, boosted and removed, and the journal is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.archives import NOW, OUTLET, RUN, declaration, discovery, exchange, provenance, url

from archive.journal import acts_of
from archive.query import schedules as asked
from archive.records import OutletId
from archive.schedules import Boost, Schedule

DAY = timedelta(days=1)
BOOST = Boost(name="flood", begins_at=NOW, ends_at=NOW + DAY, feeds=timedelta(minutes=5))


@pytest.fixture
def scheduled(archive):
    with archive.turn() as turn:
        turn.schedules.set(Schedule(outlet=OUTLET, profile="daily-news", set_at=NOW))
    return archive


def held(archive):
    with archive.reading() as connection:
        return asked.all_schedules(connection)


def told(archive):
    return [act["act"] for act in acts_of(archive.directory / "journal")][1:]


def test_a_schedule_is_kept_with_when_it_was_set(scheduled):
    assert held(scheduled) == [Schedule(outlet=OUTLET, profile="daily-news", set_at=NOW)]
    assert told(scheduled) == ["schedule-set"]


def test_another_schedule_takes_its_place_and_its_boosts_stay(scheduled, clock):
    with scheduled.turn() as turn:
        turn.schedules.boost(OUTLET, BOOST)
        turn.schedules.visited(OUTLET, NOW)
    clock.advance(DAY)
    with scheduled.turn() as turn:
        turn.schedules.set(
            Schedule(outlet=OUTLET, cron="0 6 * * *", zone="Asia/Jakarta", set_at=NOW)
        )
    [one] = held(scheduled)
    assert one == Schedule(
        outlet=OUTLET,
        cron="0 6 * * *",
        zone="Asia/Jakarta",
        set_at=NOW + DAY,
        last_begun_at=NOW,
        boosts=(BOOST,),
    )


def test_a_boost_of_the_same_name_is_replaced(scheduled):
    again = replace(BOOST, feeds=timedelta(minutes=2))
    with scheduled.turn() as turn:
        turn.schedules.boost(OUTLET, BOOST)
        turn.schedules.boost(OUTLET, again)
    assert held(scheduled)[0].boosts == (again,)


def test_a_boost_can_be_ended_once_while_it_is_not_over(scheduled, clock):
    with scheduled.turn() as turn:
        turn.schedules.boost(OUTLET, BOOST)
    clock.advance(timedelta(hours=1))
    with scheduled.turn() as turn:
        assert turn.schedules.end_boost(OUTLET, "flood")
        assert not turn.schedules.end_boost(OUTLET, "flood")
        assert not turn.schedules.end_boost(OUTLET, "storm")
    [boost] = held(scheduled)[0].boosts
    assert boost.ended_at == NOW + timedelta(hours=1)
    assert not boost.is_on(clock.now())
    assert told(scheduled) == ["schedule-set", "boost-added", "boost-ended"]


def test_a_removed_schedule_takes_its_boosts_along(scheduled):
    with scheduled.turn() as turn:
        turn.schedules.boost(OUTLET, BOOST)
        assert turn.schedules.remove(OUTLET)
        assert not turn.schedules.remove(OUTLET)
        assert not turn.schedules.remove(OutletId("nobody"))
    assert held(scheduled) == []
    assert told(scheduled)[-1] == "schedule-removed"


def test_what_is_due_next_is_told_by_listing_and_by_articles_together(scheduled, clock):
    with scheduled.turn() as turn:
        turn.sync_outlet(declaration(), [("feed", url("/feed.xml")), ("section", url("/"))])
    clock.advance(timedelta(minutes=5))
    with scheduled.turn() as turn:
        turn.discover(OUTLET, [discovery("/1"), discovery("/2")])
    with scheduled.reading() as connection:
        due = asked.next_dues(connection, [OUTLET, OutletId("nobody")])
        listings = asked.listing_dues(connection, [OUTLET, OutletId("nobody")])
        found = asked.upcoming(connection, OUTLET, NOW)
    assert due == {OUTLET: NOW, OutletId("nobody"): None}
    assert listings == due
    assert [(one.what, one.number) for one in found] == [
        ("feed", 1),
        ("section", 1),
        ("article", 2),
    ]
    assert found[-1].at == NOW + timedelta(minutes=5)


def test_articles_a_day_are_known_after_a_day(scheduled, clock):
    def a_day():
        with scheduled.reading() as connection:
            return asked.articles_a_day(connection, OUTLET, clock.now())

    assert a_day() is None
    with scheduled.turn() as turn:
        turn.discover(OUTLET, [discovery(f"/{n}") for n in range(8)])
    clock.advance(timedelta(hours=23))
    assert a_day() is None
    clock.advance(timedelta(hours=25))
    assert a_day() == 4


def test_what_was_spent_is_counted_since_an_instant(scheduled, clock):
    for path, body in (("/1", b"one"), ("/2", b"three")):
        with scheduled.turn() as turn:
            turn.record(exchange(path, body, began_at=clock.now()), provenance(run=RUN))
        clock.advance(DAY)
    with scheduled.reading() as connection:
        assert asked.spent_since(connection, OUTLET, NOW) == (2, 8)
        assert asked.spent_since(connection, OUTLET, NOW + DAY) == (1, 5)
        assert asked.spent_since(connection, OutletId("nobody"), NOW) == (0, 0)


def test_held_hosts_are_those_held_now(scheduled):
    with scheduled.turn() as turn:
        turn.hosts.hold("slow.example", until=NOW + DAY, reason="HTTP 429")
    with scheduled.reading() as connection:
        assert asked.held_hosts(connection, NOW) == [("slow.example", NOW + DAY, "HTTP 429")]
        assert asked.held_hosts(connection, NOW + DAY) == []
