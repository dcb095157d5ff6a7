"""Storage is counted from the sealed files, and its end foretold from their growth."""

from datetime import timedelta

from sqlalchemy import insert, update
from support.archives import NOW

from archive.db.schema import warc_file
from archive.query.storage import Storage, storage

DAY = timedelta(days=1)


def note(connection, name, days_ago, size, **facts):
    at = NOW - days_ago * DAY
    row = {"name": name, "opened_at": at, "sealed_at": at, "bytes": size, "sha256": "x"}
    connection.execute(insert(warc_file).values(row | facts))


def test_an_empty_archive_grows_not_and_owes_no_verification(connection, tmp_path):
    found = storage(connection, tmp_path, NOW)
    assert (found.held, found.a_day, found.days_left, found.verified) == (0, 0, None, 1.0)
    assert found.free > 0


def test_growth_is_counted_over_four_weeks(connection, tmp_path):
    note(connection, "old", 90, 10**9, location="s3://b/old")
    note(connection, "a", 20, 600, verified_at=NOW - DAY)
    note(connection, "b", 1, 400, verified_at=NOW - 60 * DAY)
    found = storage(connection, tmp_path, NOW)
    assert (found.held, found.moved, found.a_day) == (10**9 + 1000, 10**9, 50)
    assert found.verified == 600 / (10**9 + 1000)


def test_a_young_archive_is_counted_from_its_first_file(connection, tmp_path):
    note(connection, "a", 2, 600)
    assert storage(connection, tmp_path, NOW).a_day == 300
    connection.execute(update(warc_file).values(opened_at=NOW))
    assert storage(connection, tmp_path, NOW).a_day == 600


def test_the_days_left_are_whole_days():
    full = Storage(held=0, moved=0, a_day=30, free=100, verified=1.0)
    assert full.days_left == 3
