"""What is due is found in order, at the same cost whether 100 rows are due or 10^5."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, update
from support.archives import FEED, NOW, OUTLET, discovery, url

from archive.db import dues, frontier, listings, sightings
from archive.db.crawling import frontier as table
from archive.records import Discovery
from archive.settlements import Settlement
from archive.urls import urlkey

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def fill(connection, number, *, ranked=True, kind="article"):
    """So many rows that are due; every seventh is newer than the six after it."""
    rows = [
        frontier.new_row(
            OUTLET,
            kind=kind,
            url=url(f"/{kind}/{n}"),
            key=urlkey(url(f"/{kind}/{n}")),
            now=NOW - SECOND * number,
            sort_at=NOW - SECOND * (n * 7 % number),
            discovery=None,
        )
        for n in range(number)
    ]
    if not ranked:
        rows = [{**row, "due_rank": None, "next_due_at": row["sort_at"]} for row in rows]
    connection.execute(insert(table), rows)


def lease(connection, limit=8, *, now=NOW, **changes):
    return frontier.lease(
        connection, OUTLET, limit=limit, now=now, until=now + HOUR, holder="r", **changes
    )


def plans(connection, act):
    """How the engine goes about each query of an act that reads what is due, or ranks it."""
    said = []

    def note(connection, cursor, statement, parameters, context, many):
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    act()
    event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    found = []
    for statement, parameters in said:
        if "due_rank" in statement:
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
            found.append("\n".join(str(row[-1]) for row in rows))
    return found


@pytest.mark.parametrize("is_analysed", [False, True])
def test_the_plan_neither_sorts_nor_reads_all_that_is_due(connection, is_analysed):
    fill(connection, 3000)
    if is_analysed:
        connection.exec_driver_sql("ANALYZE frontier")
    # listings, then articles; no look at requisites, for there is enough
    ranking, *lending = plans(connection, lambda: lease(connection))
    assert "ix_frontier_unranked" in ranking
    assert len(lending) == 2
    for plan in lending:
        assert "ix_frontier_ranked" in plan
        assert "sort" not in plan.lower().replace("sort_at", "")
        assert "b-tree" not in plan.lower()  # SQLite's word for sorting
        assert "seq scan" not in plan.lower()


def test_the_order_is_the_same_however_much_is_due(connection):
    fill(connection, 700)
    newest = connection.execute(
        select(table.c.url).order_by(table.c.sort_at.desc(), table.c.id)
    ).scalars()
    lent = [one.url for _ in range(5) for one in lease(connection)]
    assert lent == list(newest)[:40]


def test_what_has_become_due_takes_its_place_in_the_order(connection):
    fill(connection, 20)
    sightings.discover(connection, OUTLET, [discovery("/held")], NOW)
    [held] = lease(connection, only=urlkey(url("/held")))
    again = Settlement(token=held.token, outcome="new", next_due_at=NOW + HOUR)
    frontier.settle(connection, again, NOW)
    assert "/held" not in " ".join(one.url for one in lease(connection, limit=3))
    later = NOW + HOUR
    assert url("/held") in [one.url for one in lease(connection, limit=2, now=later)]


def test_ranks_are_listings_then_articles_then_requisites(connection):
    fill(connection, 3, kind="requisite")
    fill(connection, 3, ranked=False)
    listings.sync_listings(connection, OUTLET, [("feed", FEED)], NOW - 9 * HOUR)
    kinds = [one.kind for one in lease(connection, limit=5)]
    assert kinds == ["feed", "article", "article", "article", "requisite"]
    assert [one.kind for one in lease(connection)] == ["requisite", "requisite"]


def test_without_articles_there_are_listings_and_requisites(connection):
    fill(connection, 30)
    fill(connection, 2, kind="requisite")
    assert [one.kind for one in lease(connection, without_articles=True)] == ["requisite"] * 2


def test_a_rank_that_is_left_over_lends_nothing(connection):
    """The time says what is due; the rank only where to look."""
    fill(connection, 3)
    connection.execute(update(table).values(next_due_at=None))
    assert lease(connection) == []
    connection.execute(update(table).values(next_due_at=NOW + HOUR))
    assert lease(connection) == []


def test_what_waits_for_a_backfill_and_what_is_settled_have_no_rank(connection):
    past = discovery("/past")
    sightings.discover(connection, OUTLET, [past], NOW, printed={past.url: NOW - 400 * HOUR})
    sightings.discover(connection, OUTLET, [discovery("/today")], NOW)
    [today] = lease(connection)
    frontier.settle(connection, Settlement(token=today.token, outcome="new"), NOW)
    assert connection.execute(select(table.c.due_rank)).scalars().all() == [None, None]


def test_a_month_without_a_crawl_is_ranked_in_parts(connection, monkeypatch):
    monkeypatch.setattr(dues, "AT_ONCE", 10)
    fill(connection, 25, ranked=False)
    seen = [one.url for _ in range(5) for one in lease(connection)]
    assert len(seen) == len(set(seen)) == 25


def test_a_needed_requisite_that_is_stale_is_lent_again(connection):
    page = Discovery(url=url("/a.css"), listing=url("/"), kind="section")
    frontier.need(connection, OUTLET, [page], NOW, HOUR)
    [one] = lease(connection)
    frontier.settle(connection, Settlement(token=one.token, outcome="polled"), NOW)
    frontier.need(connection, OUTLET, [page], NOW + 2 * HOUR, HOUR)
    assert [one.url for one in lease(connection, now=NOW + 2 * HOUR)] == [page.url]
