"""Listings: those declared are due, and a sitemap that an index named until it is read."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.archives import FEED, NOW, OUTLET, discovery

from archive.db import frontier, listings, sightings
from archive.db.crawling import frontier as table
from archive.records import Moment, Settlement, Url

HOUR = timedelta(hours=1)
SITEMAP = Url("https://lantern.example/sitemap.xml")


def lease(connection, *, now=NOW):
    return frontier.lease(connection, OUTLET, limit=99, now=now, until=now + HOUR, holder="run-1")


def settle(connection, one, outcome, **changes):
    settlement = Settlement(token=one.token, outcome=outcome, **changes)
    return frontier.settle(connection, settlement, NOW)


def test_listings_are_due_and_those_withdrawn_never_again(connection):
    listings.sync_listings(connection, OUTLET, [("feed", FEED), ("sitemap", SITEMAP)], NOW)
    for one in lease(connection):
        settle(connection, one, "polled", next_due_at=NOW)
    later = NOW + HOUR
    listings.sync_listings(connection, OUTLET, [("sitemap", SITEMAP)], later)
    assert [(one.url, one.purpose) for one in lease(connection, now=later)] == [(SITEMAP, "poll")]
    assert connection.execute(select(func.count()).select_from(table)).scalar() == 2


def test_a_listing_keeps_its_validators_when_its_spelling_changes(connection):
    listings.sync_listings(connection, OUTLET, [("feed", FEED)], NOW)
    settle(connection, lease(connection)[0], "polled", etag='"x"')
    spelled = Url(FEED.replace("https", "http"))
    listings.sync_listings(connection, OUTLET, [("feed", spelled)], NOW)
    [one] = lease(connection)
    assert (one.url, one.etag) == (spelled, '"x"')


def test_withdrawing_listings_leaves_articles_alone(connection):
    sightings.discover(connection, OUTLET, [discovery()], NOW)
    listings.sync_listings(connection, OUTLET, [], NOW)
    assert len(lease(connection)) == 1


@pytest.mark.parametrize(
    ("modified", "is_due"), [(NOW + HOUR, True), (NOW - HOUR, False), (None, True)]
)
def test_a_child_sitemap_is_due_if_it_may_have_changed(connection, modified, is_due):
    listings.add_children(connection, OUTLET, [(SITEMAP, None)], NOW)
    [one] = lease(connection)
    assert one.kind == "sitemap"
    settle(connection, one, "polled")
    said = Moment(at=modified) if modified else None
    listings.add_children(connection, OUTLET, [(SITEMAP, said)], NOW + 2 * HOUR)
    assert bool(lease(connection, now=NOW + 2 * HOUR)) is is_due


CHILD = Url("https://lantern.example/sitemap-march.xml")


@pytest.mark.parametrize("outcome", ["pending", "failed", "refused"])
def test_a_child_sitemap_that_was_not_read_stays_due(connection, outcome):
    listings.add_children(connection, OUTLET, [(CHILD, None)], NOW)
    if outcome != "pending":  # a crawl was killed before it came to it, or it was not there
        settle(connection, lease(connection)[0], outcome, next_due_at=NOW + HOUR)
    listings.sync_listings(connection, OUTLET, [("sitemap", SITEMAP)], NOW + HOUR)
    assert {one.url for one in lease(connection, now=NOW + HOUR)} == {SITEMAP, CHILD}


def test_a_child_sitemap_that_was_read_waits_for_its_index(connection):
    listings.add_children(connection, OUTLET, [(CHILD, None)], NOW)
    settle(connection, lease(connection)[0], "polled", next_due_at=NOW)
    listings.sync_listings(connection, OUTLET, [("sitemap", SITEMAP)], NOW + HOUR)
    assert [one.url for one in lease(connection, now=NOW + HOUR)] == [SITEMAP]


def test_a_child_sitemap_that_changed_stays_due_until_it_is_read_again(connection):
    listings.add_children(connection, OUTLET, [(CHILD, None)], NOW)
    settle(connection, lease(connection)[0], "polled", next_due_at=NOW + HOUR)
    listings.add_children(connection, OUTLET, [(CHILD, Moment(at=NOW + HOUR))], NOW + 2 * HOUR)
    listings.sync_listings(connection, OUTLET, [("sitemap", SITEMAP)], NOW + 3 * HOUR)
    assert {one.url for one in lease(connection, now=NOW + 3 * HOUR)} == {SITEMAP, CHILD}


def test_a_sitemap_that_is_named_by_nobody_is_given_up(connection):
    listings.sync_listings(connection, OUTLET, [("sitemap", CHILD)], NOW)
    for _ in range(listings.TRIES):
        settle(connection, lease(connection)[0], "failed", next_due_at=NOW)
    listings.sync_listings(connection, OUTLET, [], NOW)
    assert lease(connection, now=NOW + 24 * HOUR) == []
