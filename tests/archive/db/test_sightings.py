"""A URL is known once, and each listing that names it is remembered once."""

import dataclasses
import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.archives import FEED, NOW, OUTLET, discovery, url

from archive.db import frontier, sightings
from archive.db.crawling import frontier as table
from archive.db.crawling import sighting, sighting_change
from archive.records import Moment, Url
from archive.settlements import Settlement

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


# what listings say


def changes(connection):
    statement = select(sighting_change).order_by(sighting_change.c.number)
    return connection.execute(statement).mappings().all()


def test_all_that_a_listing_says_is_kept(connection):
    said = discovery(
        title="Harbour",
        published=Moment(at=NOW, precision="day"),
        authors=("Siti",),
        keywords=("sea", "ships"),
        publication="Lantern",
        access="Subscription",
        summary="It grows.",
        position=3,
    )
    discover(connection, said)
    row = connection.execute(select(sighting)).mappings().one()
    assert (row["position"], row["changes"]) == (3, 0)
    assert row["said"] == {
        "title": "Harbour",
        "published": "2026-03-02",
        "authors": ["Siti"],
        "keywords": ["sea", "ships"],
        "publication": "Lantern",
        "access": "Subscription",
        "summary": "It grows.",
    }


def test_a_changed_headline_is_kept_beside_the_first(connection):
    discover(connection, discovery(title="Harbour to grow", position=4))
    found = discover(
        connection, discovery(title="Harbour grows", position=1, keywords=("sea",)), now=NOW + HOUR
    )
    assert (found.changed, len(found.sightings)) == (1, 1)
    [change] = changes(connection)
    assert (change["number"], change["at"], change["position"]) == (1, NOW + HOUR, 1)
    assert change["said"] == {"title": "Harbour grows", "keywords": ["sea"]}
    row = connection.execute(select(sighting)).mappings().one()
    assert (row["title"], row["said"]["title"]) == ("Harbour to grow", "Harbour grows")
    assert (row["position"], row["changes"]) == (4, 1)


def test_a_headline_that_goes_back_is_a_change_too(connection):
    for hours, title in enumerate(["A", "B", "A", "A"]):
        discover(connection, discovery(title=title), now=NOW + hours * HOUR)
    assert [one["said"]["title"] for one in changes(connection)] == ["B", "A"]


@pytest.mark.parametrize(
    "later",
    [
        {"title": "Harbour", "position": 9},
        {"title": "Harbour", "summary": "Three hours ago"},
        {"title": "Harbour", "modified": Moment(at=NOW)},
        {},
    ],
    ids=["position", "summary", "modified", "silence"],
)
def test_what_differs_from_poll_to_poll_is_no_change(connection, later):
    discover(connection, discovery(title="Harbour", summary="Now"))
    found = discover(connection, discovery(**later), now=NOW + HOUR)
    assert (found.changed, found.sightings, changes(connection)) == (0, [], [])


def test_listings_are_compared_each_with_itself(connection):
    discover(connection, discovery(title="In the feed"))
    discover(connection, discovery(listing=SITEMAP, kind="sitemap", title="In the sitemap"))
    found = discover(connection, discovery(title="In the feed"), now=NOW + HOUR)
    assert (found.changed, changes(connection)) == (0, [])


def test_a_title_with_a_clock_in_it_does_not_fill_the_disk(connection, monkeypatch):
    monkeypatch.setattr(sightings, "MOST_CHANGES", 3)
    brought = [
        len(discover(connection, discovery(title=f"{n} comments"), now=NOW + n * HOUR).sightings)
        for n in range(9)
    ]
    assert (brought, len(changes(connection))) == ([1, 1, 1, 1, 0, 0, 0, 0, 0], 3)


def test_a_sighting_of_an_older_version_is_compared_by_its_title_and_date(connection):
    discover(connection, discovery(title="Harbour"))
    connection.execute(sighting.update().values(said=None))
    assert discover(connection, discovery(title="Harbour", keywords=("a",))).changed == 1
    assert discover(connection, discovery(title="Harbour", keywords=("a",))).changed == 0
