"""The ledger of a day: it balances, and says so when it does not."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, update
from support.archives import NOW, OUTLET, discovery, url

from archive.db import frontier, ledgers, sightings
from archive.db.crawling import frontier as table
from archive.db.crawling import sighting
from archive.records import ArticleId
from archive.settlements import Settlement

JAKARTA, UTC = ZoneInfo("Asia/Jakarta"), ZoneInfo("UTC")
DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)


def announced(connection, *paths, at=NOW):
    sightings.discover(connection, OUTLET, [discovery(path) for path in paths], at)


def ended(connection, path, outcome, *, at=NOW, **said):
    key = url(path)
    from archive.urls import urlkey

    [one] = frontier.lease(
        connection, OUTLET, limit=1, now=at, until=at + DAY, holder="run", only=urlkey(key)
    )
    told = {"next_due_at": at, **said}
    assert frontier.settle(connection, Settlement(token=one.token, outcome=outcome, **told), at)


def line(connection, day=TODAY, zone=UTC):
    [found] = ledgers.lines(connection, OUTLET, [day], zone)
    return found


@pytest.fixture
def day(connection):
    """A day on which everything happened."""
    paths = ("new", "same", "walled", "other", "odd", "refused", "failed", "given-up", "pending")
    announced(connection, *(f"/{path}" for path in paths))
    ended(connection, "/new", "new", article=ArticleId("a:1"))
    ended(connection, "/same", "same", article=ArticleId("a:2"))
    ended(connection, "/walled", "walled", reason="paywall")
    ended(connection, "/other", "not-article", reason="no text")
    ended(connection, "/odd", "unextractable", reason="too large: 60 MB")
    ended(connection, "/refused", "refused", reason="disallowed")
    ended(connection, "/failed", "failed", reason="HTTP 503")
    gone = {"reason": "DownloadTimeout (took 30 s)", "next_due_at": None, "is_retired": True}
    ended(connection, "/given-up", "failed", **gone)
    return connection


def test_announced_is_captured_and_refused_and_failed_and_pending(day):
    found = line(day)
    assert found.announced == 9
    parts = (found.captured, *(found.of(one) for one in ("refused", "failed", "pending")))
    assert parts == (5, 1, 2, 1)
    assert found.reasons("failed") == {"HTTP 503": 1, "DownloadTimeout": 1}
    assert found.reasons("walled") == {"paywall": 1}
    assert found.faults() == []


def test_what_is_held_and_gone_or_failing_since_stays_captured(day):
    ended(day, "/new", "gone", reason="HTTP 410")
    ended(day, "/same", "failed", reason="HTTP 503", next_due_at=None)
    found = line(day)
    assert found.captured == 5
    assert found.reasons("new") == {"": 1}
    assert found.faults() == []


def test_what_failed_and_is_had_later_moves_to_captured(day):
    ended(day, "/failed", "new", at=NOW + DAY, article=ArticleId("a:3"))
    assert (line(day).captured, line(day).of("failed")) == (6, 1)


def test_a_url_belongs_to_the_day_on_which_it_was_first_sighted_where_the_outlet_is(connection):
    announced(connection, "/late", at=NOW.replace(hour=18))  # 01:00 in Jakarta
    announced(connection, "/late", "/later", at=NOW + DAY)
    assert line(connection).announced == 1
    assert line(connection, TODAY, JAKARTA).announced == 0
    assert line(connection, TODAY + DAY, JAKARTA).announced == 2


def test_many_days_are_asked_for_at_once_and_empty_ones_are_lines_too(connection):
    announced(connection, "/a")
    days = [TODAY + n * DAY for n in range(-300, 300)]
    found = ledgers.lines(connection, OUTLET, days, UTC)
    assert [one.day for one in found] == days
    assert [one.day for one in found if one.announced] == [TODAY]
    assert ledgers.lines(connection, OUTLET, [], UTC) == []


def test_a_day_of_summer_time_has_the_hours_it_has():
    begins, ends = ledgers.bounds_of(date(2026, 3, 29), ZoneInfo("Europe/Berlin"))
    assert ends - begins == timedelta(hours=23)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"next_due_at": None}, "1 neither had nor due nor given up"),
        ({"next_due_at": None, "retired_at": NOW}, "1 neither had nor due nor given up"),
        ({"state": "lost"}, "1 announced, but 0 + 0 + 0 + 0 captured, refused, failed, pending"),
        ({"state": "failed"}, "1 refused or failed for no reason"),
        ({"state": "refused", "reason": "x", "next_due_at": None}, "1 neither had nor due"),
    ],
)
def test_a_url_that_was_dropped_without_a_word_is_a_fault(connection, values, fault):
    announced(connection, "/x")
    connection.execute(update(table).values(**values))
    [said] = line(connection).faults()
    assert said.startswith(fault)


def test_a_url_that_nobody_named_is_a_fault(connection):
    announced(connection, "/x")
    connection.execute(delete(sighting))
    assert line(connection).faults() == ["1 known though no listing named them"]


def test_what_is_lent_is_not_lost(connection):
    announced(connection, "/x")
    frontier.lease(connection, OUTLET, limit=1, now=NOW, until=NOW + DAY, holder="run")
    connection.execute(update(table).values(next_due_at=None))
    assert line(connection).faults() == []


def test_a_line_reads_the_rows_of_its_day_and_no_others(connection, engine_name):
    if engine_name != "sqlite":
        return
    said = []
    connection.connection.dbapi_connection.set_trace_callback(said.append)
    line(connection)
    connection.connection.dbapi_connection.set_trace_callback(None)
    [statement] = [one for one in said if "GROUP BY" in one and "why" in one.lower()]
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
    used = [row[3] for row in plan if "ix_frontier_outlet_id_kind_first_sighted_at" in row[3]]
    assert used
    assert "first_sighted_at>?" in used[0]
