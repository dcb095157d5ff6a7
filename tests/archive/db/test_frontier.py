"""Work is lent, never popped: what is due, who has it, and what came of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.archives import FEED, NOW, OUTLET, declaration, discovery, url

from archive.db import frontier, listings, outlets, sightings
from archive.db.crawling import frontier as table
from archive.records import ArticleId, CaptureId, Moment, Url
from archive.settlements import Settlement
from archive.urls import urlkey

HOUR = timedelta(hours=1)
SITEMAP = Url("https://lantern.example/sitemap.xml")


def discover(connection, *discoveries, now=NOW):
    return sightings.discover(connection, OUTLET, discoveries, now)


def lease(connection, *, now=NOW, limit=99, holder="run-1", **changes):
    return frontier.lease(
        connection, OUTLET, limit=limit, now=now, until=now + HOUR, holder=holder, **changes
    )


def settle(connection, one, outcome, *, now=NOW, **changes):
    settlement = Settlement(token=one.token, outcome=outcome, **changes)
    return frontier.settle(connection, settlement, now)


def row(connection, path="/harbour"):
    statement = select(table).where(table.c.urlkey == urlkey(url(path)))
    return connection.execute(statement).mappings().one()


def count(connection, what):
    return connection.execute(select(func.count()).select_from(what)).scalar()


# lending


def test_listings_come_first_and_then_the_newest(connection):
    dated = [discovery(f"/{hours}", published=Moment(at=NOW - hours * HOUR)) for hours in (2, 1, 3)]
    discover(connection, *dated)
    listings.sync_listings(connection, OUTLET, [("feed", FEED)], NOW - 9 * HOUR)
    assert [one.url for one in lease(connection)] == [FEED, url("/1"), url("/2"), url("/3")]


def test_a_date_in_the_future_is_no_way_to_the_front(connection):
    discover(connection, discovery("/future", published=Moment(at=NOW + 9 * HOUR)))
    discover(connection, discovery("/later"), now=NOW + HOUR)
    assert [one.url for one in lease(connection, now=NOW + HOUR)] == [url("/later"), url("/future")]


def test_a_lease_is_lent_to_one_and_no_more_than_asked(connection):
    discover(connection, *(discovery(f"/{n}") for n in range(5)))
    first, second = lease(connection, limit=3), lease(connection, limit=3)
    assert (len(first), len(second)) == (3, 2)
    assert len({one.token for one in first + second}) == 5
    assert lease(connection) == []


def test_one_article_alone_can_be_asked_for(connection):
    discover(connection, discovery("/a"), discovery("/b"))
    assert [one.url for one in lease(connection, only=urlkey(url("/b")))] == [url("/b")]


def test_another_outlets_work_is_not_lent(connection):
    outlets.sync_outlet(connection, declaration("other"), NOW)
    discover(connection, discovery())
    lent = frontier.lease(connection, "other", limit=9, now=NOW, until=NOW + HOUR, holder="x")
    assert lent == []


def test_an_expired_lease_returns(connection):
    discover(connection, discovery())
    [one] = lease(connection)
    assert lease(connection, now=NOW + HOUR - timedelta(seconds=1)) == []
    [again] = lease(connection, now=NOW + HOUR)
    assert again.token != one.token
    assert again.url == one.url


def test_the_token_of_another_ends_nothing(connection):
    discover(connection, discovery())
    [late] = lease(connection)
    [other] = lease(connection, now=NOW + HOUR)
    assert not settle(connection, late, "new", now=NOW + HOUR)
    assert row(connection)["state"] == "pending"
    assert settle(connection, other, "new", now=NOW + HOUR)
    assert not settle(connection, other, "new", now=NOW + HOUR)


def test_the_leases_of_the_dead_are_freed(connection):
    discover(connection, discovery("/a"), discovery("/b"))
    lease(connection, limit=1, holder="host/1/run-dead")
    [alive] = lease(connection, limit=1, holder="host/1/run-alive")
    asked = []

    def is_over(holder):
        asked.append(holder)
        return holder.endswith("dead")

    assert frontier.free(connection, is_over) == 1
    assert sorted(asked) == ["host/1/run-alive", "host/1/run-dead"]
    assert [one.url for one in lease(connection)] != [alive.url]
    assert settle(connection, alive, "new")


# settling


@pytest.mark.parametrize(
    "outcome", ["new", "walled", "not-article", "unextractable", "refused", "failed", "gone"]
)
def test_the_state_is_the_outcome_and_why(connection, outcome):
    discover(connection, discovery())
    [one] = lease(connection)
    settle(connection, one, outcome, reason="because", next_due_at=NOW + HOUR)
    found = row(connection)
    assert (found["state"], found["reason"], found["settled_at"]) == (outcome, "because", NOW)
    assert (found["lease_token"], found["lease_until"]) == (None, None)
    assert lease(connection, now=NOW + HOUR)[0].url == url()


def test_a_released_lease_is_as_if_it_had_never_been(connection):
    discover(connection, discovery())
    before = dict(row(connection))
    assert settle(connection, lease(connection)[0], "released", reason="x", now=NOW + HOUR)
    assert dict(row(connection)) == before


@pytest.mark.parametrize(
    ("outcomes", "attempts", "unchanged"),
    [
        (["failed", "failed"], 2, 0),
        (["refused", "gone", "failed"], 3, 0),
        (["failed", "new"], 0, 0),
        (["new", "same", "unchanged"], 0, 2),
        (["new", "same", "changed"], 0, 0),
        (["same", "failed"], 1, 0),
    ],
)
def test_setbacks_and_unchanged_rechecks_are_counted(connection, outcomes, attempts, unchanged):
    discover(connection, discovery())
    for outcome in outcomes:
        settle(connection, lease(connection)[0], outcome, next_due_at=NOW)
    [one] = lease(connection)
    assert (one.attempts, one.unchanged) == (attempts, unchanged)


def held(connection):
    discover(connection, discovery())
    ids = {"capture": CaptureId("r:1"), "article": ArticleId("a:1")}
    settle(connection, lease(connection)[0], "new", next_due_at=NOW, etag='"x"', **ids)


@pytest.mark.parametrize("mishap", ["failed", "refused", "gone", "walled", "same", "unchanged"])
def test_a_recheck_that_fails_does_not_undo_what_is_held(connection, mishap):
    held(connection)
    [one] = lease(connection)
    assert one.purpose == "recheck"
    settle(connection, one, mishap, reason="HTTP 503", next_due_at=NOW + HOUR)
    found = row(connection)
    assert (found["state"], found["reason"]) == ("new", "HTTP 503")
    assert (found["capture_id"], found["article_id"], found["etag"]) == ("r:1", "a:1", '"x"')


def test_a_change_is_a_state_of_its_own(connection):
    held(connection)
    settle(connection, lease(connection)[0], "changed", capture=CaptureId("r:2"))
    found = row(connection)
    assert (found["state"], found["capture_id"], found["article_id"]) == ("changed", "r:2", "a:1")


def test_validators_are_remembered_together(connection):
    held(connection)
    settle(connection, lease(connection)[0], "same", next_due_at=NOW, since="Mon")
    [one] = lease(connection)
    assert (one.etag, one.since) == (None, "Mon")


# when things are due


def test_one_article_can_be_made_due(connection):
    for path in ("/a", "/b"):
        discover(connection, discovery(path))
    for one in lease(connection):
        settle(connection, one, "new", next_due_at=NOW + 24 * HOUR)
    frontier.make_due(connection, OUTLET, urlkey(url("/a")), NOW)
    assert [one.url for one in lease(connection)] == [url("/a")]
