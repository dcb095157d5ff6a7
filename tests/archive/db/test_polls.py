"""Polls of listings: a row a day, and the gaps that they prove."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from support.archives import FEED, NOW, OUTLET

from archive.db import frontier, listings, polls
from archive.db.crawling import frontier as table
from archive.db.crawling import poll_day
from archive.settlements import Poll, Settlement

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def feed(connection):
    listings.sync_listings(connection, OUTLET, [("feed", FEED)], NOW)
    return connection


def polled(connection, outcome="polled", *, at=NOW, **said):
    [one] = frontier.lease(connection, OUTLET, limit=1, now=at, until=at + HOUR, holder="run-1")
    told = {"next_due_at": at, "poll": said.pop("poll", None), **said}
    settlement = Settlement(token=one.token, outcome=outcome, **told)
    assert frontier.settle(connection, settlement, at)
    return one


def test_the_polls_of_a_day_are_one_row(feed):
    polled(feed, poll=Poll(items=20, known=5, denied=2))
    polled(feed, poll=Poll(items=20, known=18, denied=1), at=NOW + HOUR)
    polled(feed, "unchanged", poll=Poll(), at=NOW + 2 * HOUR)
    polled(feed, "failed", reason="HTTP 500", at=NOW + 3 * HOUR)
    [row] = feed.execute(select(poll_day)).mappings()
    assert row["day"] == date(2026, 3, 2)
    counted = {name: row[name] for name in ("polls", "unchanged", "failed", "named", "fresh")}
    assert counted == {"polls": 4, "unchanged": 1, "failed": 1, "named": 40, "fresh": 17}
    assert row["denied"] == 2  # the same two are left out by each poll


def test_a_day_begins_where_the_outlet_is(feed):
    for hours in (0, 12):  # 06:00 UTC is 13:00 in Jakarta, 18:00 is 01:00 of the next day
        polled(feed, poll=Poll(items=1), at=NOW + hours * HOUR)
    found = polls.days(feed, OUTLET, date(2026, 3, 1), date(2026, 3, 9))
    assert {day: one["polls"] for day, one in found.items()} == {
        date(2026, 3, 2): 1,
        date(2026, 3, 3): 1,
    }


def test_the_next_lease_knows_how_the_last_poll_went(feed):
    first = polled(feed, poll=Poll(items=20, every=3 * HOUR))
    assert (first.polled_at, first.every, first.is_retired) == (None, None, False)
    polled(feed, "failed", reason="HTTP 404", weight=1.0, is_retired=True, at=NOW + HOUR)
    again = polled(feed, poll=Poll(items=20, every=2 * HOUR), at=NOW + DAY)
    assert (again.polled_at, again.every) == (NOW, 3 * HOUR)
    assert (again.score, again.is_retired) == (1.0, True)
    last = polled(feed, poll=Poll(), at=NOW + 2 * DAY)
    assert (last.score, last.is_retired, last.polled_at) == (0.0, False, NOW + DAY)


def test_a_gap_is_found_by_the_time_it_touches(feed):
    polled(feed, poll=Poll(items=20))
    hole = (NOW, NOW + 4 * DAY)
    polled(feed, poll=Poll(items=20, gap=hole), at=NOW + 5 * DAY)
    [(outlet, found)] = polls.gaps(feed, [OUTLET], NOW + DAY, NOW + 2 * DAY)
    assert outlet == OUTLET
    assert (found.listing, found.began_at, found.ended_at, found.items) == (FEED, *hole, 20)
    assert found.proved_at == NOW + 5 * DAY
    assert polls.gaps(feed, [OUTLET], NOW + 5 * DAY, NOW + 9 * DAY) == []
    assert polls.gaps(feed, ["other"], NOW, NOW + 9 * DAY) == []


def test_a_retired_listing_keeps_its_probe_whatever_crawl_begins(feed):
    probe = NOW + 30 * DAY
    polled(feed, "failed", reason="HTTP 404", is_retired=True, next_due_at=probe)
    listings.sync_listings(feed, OUTLET, [("feed", FEED)], NOW + DAY)
    row = feed.execute(select(table.c.next_due_at, table.c.retired_at)).one()
    assert tuple(row) == (probe, NOW)
    listings.sync_listings(feed, OUTLET, [], NOW + DAY)
    assert feed.execute(select(table.c.next_due_at)).scalar() is None
