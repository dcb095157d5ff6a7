"""Articles of the past wait in the frontier until a backfill asks for them by name."""

from datetime import timedelta

from sqlalchemy import select
from support.archives import NOW, OUTLET, discovery, url

from archive.db import backlog, frontier, sightings
from archive.db.crawling import frontier as table
from archive.records import ArticleId
from archive.settlements import Settlement
from archive.urls import urlkey

HOUR = timedelta(hours=1)
THEN = NOW - timedelta(days=400)


def note(connection, *paths, at=THEN):
    found = [discovery(path) for path in paths]
    printed = {one.url: at for one in found}
    return sightings.discover(connection, OUTLET, found, NOW, printed=printed)


def keys(*paths):
    return [urlkey(url(path)) for path in paths]


def borrow(connection, *paths, now=NOW):
    until = now + HOUR
    return backlog.lease(connection, OUTLET, keys(*paths), now=now, until=until, holder="run-1")


def due(connection, now=NOW):
    return frontier.lease(connection, OUTLET, limit=9, now=now, until=now + HOUR, holder="daily")


def row(connection, path="/a"):
    return connection.execute(select(table).where(table.c.url == url(path))).mappings().one()


def test_what_is_of_the_past_is_known_and_not_due(connection):
    assert note(connection, "/a", "/b").new_urls == 2
    assert due(connection) == []
    assert (row(connection)["sort_at"], row(connection)["first_sighted_at"]) == (THEN, NOW)


def test_it_is_lent_by_name_in_the_order_that_is_asked_for(connection):
    note(connection, "/a", "/b", "/c")
    lent = borrow(connection, "/c", "/a", "/unknown")
    assert [one.url for one in lent] == [url("/c"), url("/a")]
    assert all((one.first_sighted_at, one.printed_at) == (NOW, THEN) for one in lent)
    assert borrow(connection, "/c", "/a") == []
    assert [one.url for one in borrow(connection, "/c", now=NOW + HOUR)] == [url("/c")]


def test_a_lease_that_is_given_back_waits_again(connection):
    note(connection, "/a")
    [one] = borrow(connection, "/a")
    frontier.settle(connection, Settlement(token=one.token, outcome="released"), NOW)
    assert due(connection) == []
    assert len(borrow(connection, "/a")) == 1


def test_what_was_settled_is_not_lent_again(connection):
    note(connection, "/a", "/b")
    for one in borrow(connection, "/a", "/b"):
        frontier.settle(connection, Settlement(token=one.token, outcome="walled"), NOW)
    assert borrow(connection, "/a", "/b") == []


def test_a_listing_of_today_makes_it_due(connection):
    note(connection, "/a", "/b")
    sightings.discover(connection, OUTLET, [discovery("/a")], NOW + HOUR)
    assert [one.url for one in due(connection, NOW + HOUR)] == [url("/a")]


def test_what_daily_visits_know_is_left_as_it_is(connection):
    sightings.discover(connection, OUTLET, [discovery("/a")], NOW)
    assert note(connection, "/a").new_urls == 0
    assert (row(connection)["sort_at"], row(connection)["next_due_at"]) == (NOW, NOW)
    assert len(borrow(connection, "/a")) == 1  # asked for by one or the other, and by one only
    assert due(connection) == []


def test_the_standing_of_what_is_known_is_told(connection):
    note(connection, "/a", "/b", "/c")
    settled = {"/a": {"outcome": "new", "article": ArticleId("a:1")}, "/b": {"outcome": "failed"}}
    for path, how in settled.items():
        [one] = borrow(connection, path)
        frontier.settle(connection, Settlement(token=one.token, **how), NOW)
    assert backlog.standings(connection, OUTLET, keys("/a", "/b", "/c", "/d")) == {
        keys("/a")[0]: ("new", True),
        keys("/b")[0]: ("failed", False),
        keys("/c")[0]: ("pending", False),
    }
