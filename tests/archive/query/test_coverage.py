"""Coverage: an outlet's days, with their polls and gaps."""

from datetime import date, timedelta

import pytest
from support.archives import FEED, NOW, OUTLET, RUN, declaration, discovery

from archive.query.coverage import coverage
from archive.settlements import Poll, Settlement

DAY = timedelta(days=1)


def polled(archive, *paths, **poll):
    """One poll of the feed that names these pages."""
    now = archive.clock.now()
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), [("feed", FEED)])
        [one] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN)
        found = turn.discover(OUTLET, [discovery(path) for path in paths])
        brought = Poll(items=len(paths), known=found.known_urls, **poll)
        turn.settle(Settlement(token=one.token, outcome="polled", next_due_at=now, poll=brought))


def asked(archive, **how):
    with archive.reading() as connection:
        return coverage(connection, archive.clock.now(), **how)


@pytest.fixture
def days(archive, clock):
    """Three days: two pages, nobody looked, one page and a gap."""
    polled(archive, "/a", "/b", denied=3)
    clock.advance(2 * DAY)
    polled(archive, "/c", gap=(NOW, NOW + 2 * DAY))
    return archive


def test_each_day_has_its_line_its_polls_and_its_gaps(days):
    [one] = asked(days, days=3)
    shown = [(day.announced, day.pending, day.polls, day.denied, day.gaps) for day in one.days]
    assert shown == [(2, 2, 1, 3, 1), (0, 0, 0, 0, 1), (1, 1, 1, 0, 1)]
    assert [day.complete for day in one.days] == [0.0, None, 0.0]
    [gap] = one.gaps
    assert (gap.began_at, gap.ended_at, gap.listing) == (NOW, NOW + 2 * DAY, FEED)
    assert one.total("announced") == 3


def test_the_last_day_is_today_where_the_outlet_is(days, clock):
    clock.advance(timedelta(hours=12))
    [one] = asked(days, days=2)
    assert [day.day for day in one.days] == [date(2026, 3, 4), date(2026, 3, 5)]


def test_a_range_can_be_asked_for(days):
    [one] = asked(days, since=date(2026, 3, 2), until=date(2026, 3, 2))
    assert [day.announced for day in one.days] == [2]
    [none] = asked(days, since=date(2025, 1, 1), until=date(2025, 1, 31))
    assert none.gaps == ()
    assert len(none.days) == 31


def test_one_outlet_can_be_asked_for_and_an_unknown_one_has_none(days):
    assert len(asked(days, only=OUTLET)) == 1
    assert asked(days, only="other") == ()


def test_a_retired_listing_is_named_with_its_reason_and_next_probe(archive):
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), [("feed", FEED)])
        [one] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN)
        turn.settle(
            Settlement(
                token=one.token,
                outcome="failed",
                reason="HTTP 410",
                next_due_at=NOW + 30 * DAY,
                is_retired=True,
            )
        )
    [found] = asked(archive)
    [old] = found.retired
    assert (old.url, old.retired_at, old.reason) == (FEED, NOW, "HTTP 410")
    assert old.probed_at == NOW + 30 * DAY
    assert found.days[-1].failed_polls == 1


def test_what_waits_for_a_backfill_is_pending_and_not_of_that_day(days, clock):
    with days.turn() as turn:
        turn.backlog.note(OUTLET, [(discovery("/old"), NOW - 90 * DAY)])
    [one] = asked(days, days=1)
    assert [(d.announced, d.pending, d.backlog) for d in one.days] == [(2, 2, 1)]


def test_a_retired_listing_of_an_outlet_that_is_hidden_is_not_named(archive):
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), [("feed", FEED)])
        [one] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN)
        turn.settle(Settlement(token=one.token, outcome="failed", reason="x", is_retired=True))
        turn.restrict("outlet", OUTLET, reason="a court", actor="Anna")
    [found] = asked(archive)
    assert found.retired == ()
