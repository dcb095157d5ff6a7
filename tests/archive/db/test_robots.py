"""The last robots.txt of an origin is remembered, and each that was in force before."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from support.archives import NOW

from archive.db import robots
from archive.db.crawling import robots_history
from archive.records import CaptureId
from archive.robotstxt import RobotsFile

ORIGIN = "https://lantern.example"
DAY = timedelta(days=1)


def seen(connection, number, status, body):
    file = RobotsFile(origin=ORIGIN, fetched_at=NOW + number * DAY, status=status, body=body)
    return robots.see(
        connection,
        ORIGIN,
        at=file.fetched_at,
        status=status,
        digest=robots.digest_of(file),
        body=body,
        capture=CaptureId(f"r:{number}"),
    )


@pytest.mark.parametrize("body", [None, "", "User-agent: *\nDisallow: /京\n"])
def test_the_last_robots_file_is_remembered(connection, body):
    assert robots.robots_of(connection, ORIGIN) is None
    one = RobotsFile(origin=ORIGIN, fetched_at=NOW, status=500, body=None, failures=3)
    for file in (one, replace(one, status=200, body=body, failures=0, ask_again_at=NOW + DAY)):
        robots.keep(connection, file)
        assert robots.robots_of(connection, ORIGIN) == file


def test_each_change_is_a_row_and_what_stays_the_same_is_none(connection):
    said = [(200, "a"), (200, "a"), (200, "b"), (404, None), (404, None), (200, "a")]
    assert [seen(connection, number, *one) for number, one in enumerate(said)] == [
        True, False, True, True, False, True,
    ]  # fmt: skip
    columns = robots_history.c
    rows = connection.execute(
        select(columns.status, columns.body, columns.first_seen_at, columns.last_seen_at).order_by(
            columns.first_seen_at
        )
    ).all()
    assert rows == [
        (200, "a", NOW, NOW + DAY),
        (200, "b", NOW + 2 * DAY, NOW + 2 * DAY),
        (404, None, NOW + 3 * DAY, NOW + 4 * DAY),
        (200, "a", NOW + 5 * DAY, NOW + 5 * DAY),
    ]
