"""Listings: those declared are due, and a sitemap that an index named until it is read."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.archives import FEED, NOW, OUTLET, discovery

from archive.db import frontier, listings, sightings
from archive.db.crawling import frontier as table
from archive.records import Moment, Url
from archive.settlements import Settlement

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
    listings.add_children(connection, OUTLET, [(SITEMAP, None)], NOW, at_once=9)
    [one] = lease(connection)
    assert one.kind == "sitemap"
    settle(connection, one, "polled")
    said = Moment(at=modified) if modified else None
    listings.add_children(connection, OUTLET, [(SITEMAP, said)], NOW + 2 * HOUR, at_once=9)
    assert bool(lease(connection, now=NOW + 2 * HOUR)) is is_due


CHILD = Url("https://lantern.example/sitemap-march.xml")


@pytest.mark.parametrize("outcome", ["pending", "failed", "refused"])
def test_a_child_sitemap_that_was_not_read_stays_due(connection, outcome):
    listings.add_children(connection, OUTLET, [(CHILD, None)], NOW, at_once=9)
    if outcome != "pending":  # a crawl was killed before it came to it, or it was not there
        settle(connection, lease(connection)[0], outcome, next_due_at=NOW + HOUR)
    listings.sync_listings(connection, OUTLET, [("sitemap", SITEMAP)], NOW + HOUR)
    assert {one.url for one in lease(connection, now=NOW + HOUR)} == {SITEMAP, CHILD}


def test_a_child_sitemap_that_was_read_waits_for_its_index(connection):
    listings.add_children(connection, OUTLET, [(CHILD, None)], NOW, at_once=9)
    settle(connection, lease(connection)[0], "polled", next_due_at=NOW)
    listings.sync_listings(connection, OUTLET, [("sitemap", SITEMAP)], NOW + HOUR)
    assert [one.url for one in lease(connection, now=NOW + HOUR)] == [SITEMAP]


def test_a_child_sitemap_that_changed_stays_due_until_it_is_read_again(connection):
    listings.add_children(connection, OUTLET, [(CHILD, None)], NOW, at_once=9)
    settle(connection, lease(connection)[0], "polled", next_due_at=NOW + HOUR)
    listings.add_children(
        connection, OUTLET, [(CHILD, Moment(at=NOW + HOUR))], NOW + 2 * HOUR, at_once=9
    )
    listings.sync_listings(connection, OUTLET, [("sitemap", SITEMAP)], NOW + 3 * HOUR)
    assert {one.url for one in lease(connection, now=NOW + 3 * HOUR)} == {SITEMAP, CHILD}


def test_a_sitemap_that_is_named_by_nobody_is_given_up(connection):
    listings.sync_listings(connection, OUTLET, [("sitemap", CHILD)], NOW)
    for _ in range(listings.TRIES):
        settle(connection, lease(connection)[0], "failed", next_due_at=NOW)
    listings.sync_listings(connection, OUTLET, [], NOW)
    assert lease(connection, now=NOW + 24 * HOUR) == []


def children_due(connection, now=NOW):
    return [one.url.rsplit("/", 1)[1] for one in lease(connection, now=now)]


def child(name):
    return Url(f"https://lantern.example/{name}")


def test_the_sitemaps_of_an_index_come_one_lot_after_another_the_newest_first(connection):
    named = [(child(f"{n}.xml"), Moment(at=NOW - n * HOUR)) for n in (3, 1, 5, 2, 4)]
    assert listings.add_children(connection, OUTLET, named, NOW, at_once=2) == (2, 3)
    assert children_due(connection) == ["1.xml", "2.xml"]
    assert children_due(connection, NOW + listings.RELEASE_EVERY) == ["3.xml", "4.xml"]
    assert children_due(connection, NOW + 2 * listings.RELEASE_EVERY) == ["5.xml"]


def test_undated_sitemaps_come_after_the_dated_and_those_read_long_ago_first(connection):
    for hours, name in ((3, "early.xml"), (2, "late.xml")):
        then = NOW - hours * HOUR
        listings.add_children(connection, OUTLET, [(child(name), None)], then, at_once=9)
        settlement = Settlement(token=lease(connection)[0].token, outcome="polled")
        frontier.settle(connection, settlement, then)
    named = [(child(n), None) for n in ("late.xml", "early.xml", "new.xml")]
    named.append((child("dated.xml"), Moment(at=NOW - 9 * HOUR)))
    listings.add_children(connection, OUTLET, named, NOW, at_once=1)
    lots = [children_due(connection, NOW + n * listings.RELEASE_EVERY) for n in range(4)]
    assert lots == [["dated.xml"], ["new.xml"], ["early.xml"], ["late.xml"]]


@pytest.mark.parametrize(
    ("modified", "hours", "is_due"),
    [
        (Moment(at=NOW.replace(hour=0), precision="day"), 0.5, False),
        (Moment(at=NOW.replace(hour=0), precision="day"), 2, True),
        (Moment(at=NOW.replace(hour=0), precision="day"), 30, False),
        (Moment(at=NOW + timedelta(days=400)), 0.5, False),
        (Moment(at=NOW + timedelta(days=400)), 2, True),
        (None, 0.5, False),
    ],
    ids=["today", "today-later", "yesterday", "future", "future-later", "undated"],
)
def test_a_sitemap_is_asked_again_only_if_it_may_have_changed(connection, modified, hours, is_due):
    listings.add_children(connection, OUTLET, [(CHILD, modified)], NOW, at_once=9)
    settle(connection, lease(connection)[0], "polled")
    if hours > 24:  # it was looked at after its day was over
        connection.execute(table.update().values(settled_at=NOW + 20 * HOUR))
    later = NOW + hours * HOUR
    listings.add_children(connection, OUTLET, [(CHILD, modified)], later, at_once=9)
    assert bool(lease(connection, now=later)) is is_due


def test_two_indexes_that_name_each_other_are_not_read_for_ever(connection):
    for _ in range(3):
        listings.add_children(connection, OUTLET, [(CHILD, None)], NOW, at_once=9)
        for one in lease(connection):
            settle(connection, one, "polled", next_due_at=NOW + HOUR)
    assert lease(connection) == []
