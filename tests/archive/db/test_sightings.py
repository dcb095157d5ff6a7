"""A URL is known once, and each listing that names it is remembered once."""

import dataclasses
import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.archives import FEED, NOW, OUTLET, discovery, url

from archive.db import frontier, sightings
from archive.db.crawling import frontier as table
from archive.db.crawling import sighting
from archive.records import Moment, Settlement, Url

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


def count(connection, what):
    return connection.execute(select(func.count()).select_from(what)).scalar()


def test_a_new_url_is_due_at_once(connection):
    found = discover(connection, discovery(title="Harbour", authors=("Siti",)))
    assert (found.new_urls, found.known_urls, len(found.sightings)) == (1, 0, 1)
    [one] = lease(connection)
    assert (one.url, one.kind, one.purpose) == (url(), "article", "fetch")
    assert (one.until, one.first_sighted_at, one.attempts) == (NOW + HOUR, NOW, 0)
    assert one.discovery == discovery(title="Harbour", authors=("Siti",))


def test_a_known_url_is_not_new_again(connection):
    discover(connection, discovery())
    found = discover(connection, discovery(), now=NOW + HOUR)
    assert (found.new_urls, found.known_urls, found.sightings) == (0, 1, [])
    assert count(connection, table) == 1


def test_several_listings_are_several_sightings_of_one_url(connection):
    discover(connection, discovery())
    found = discover(connection, discovery(listing=SITEMAP, kind="sitemap"), now=NOW + HOUR)
    assert len(found.sightings) == 1
    rows = connection.execute(
        select(sighting.c.listing, sighting.c.first_at).order_by(sighting.c.listing)
    ).all()
    assert rows == [(FEED, NOW), (SITEMAP, NOW + HOUR)]


def test_each_sighting_is_kept_once_and_its_end_moves(connection):
    for hours in range(3):
        discover(connection, discovery(), now=NOW + hours * HOUR)
    rows = connection.execute(select(sighting.c.first_at, sighting.c.last_at)).all()
    assert rows == [(NOW, NOW + 2 * HOUR)]


def test_two_spellings_in_one_listing_are_one_url(connection):
    found = discover(connection, discovery("/a?utm_source=x"), discovery("/a"), discovery("/a/"))
    assert (found.new_urls, count(connection, table)) == (1, 1)


def test_nothing_discovered_is_nothing(connection):
    assert discover(connection).new_urls == 0


def test_a_listing_may_be_longer_than_a_statement_has_room_for(connection):
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    many = [discovery(f"/{n}", listing=SITEMAP, kind="sitemap") for n in range(2_500)]
    assert discover(connection, *many).new_urls == 2_500
    connection.execute(table.update().values(settled_at=NOW, next_due_at=NOW + 24 * HOUR))
    later = NOW + 2 * HOUR
    changed = [dataclasses.replace(one, modified=Moment(at=NOW + HOUR)) for one in many]
    assert discover(connection, *changed, now=later).known_urls == 2_500
    due = select(table.c.id).where(table.c.next_due_at == later)
    assert count(connection, due.subquery()) == 2_500


@pytest.mark.parametrize(
    ("modified", "is_due"),
    [
        (NOW + HOUR, True),
        (NOW + timedelta(seconds=30), False),
        (NOW - HOUR, False),
        (NOW + 9 * HOUR, False),
        (None, False),
    ],
)
def test_an_article_changed_since_we_looked_becomes_due(connection, modified, is_due):
    discover(connection, discovery())
    [one] = lease(connection)
    settle(connection, one, "new", next_due_at=NOW + 24 * HOUR)
    later = NOW + 2 * HOUR
    said = Moment(at=modified) if modified else None
    discover(connection, discovery(modified=said), now=later)
    assert bool(lease(connection, now=later)) is is_due


def test_what_is_never_due_again_stays_so_whatever_a_listing_says(connection):
    discover(connection, discovery())
    settle(connection, lease(connection)[0], "gone")
    discover(connection, discovery(modified=Moment(at=NOW + HOUR)), now=NOW + 2 * HOUR)
    assert lease(connection, now=NOW + 2 * HOUR) == []
