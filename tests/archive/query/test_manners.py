"""What kept a request waiting, or from being made, is told in a sentence, for then and for now."""

from datetime import timedelta

import pytest
from support.archives import NOW

from archive.db import hosts, robots
from archive.pace import Wish
from archive.query.manners import judged, pace_of, robots_seen
from archive.robotstxt import RobotsFile

HOST, ORIGIN = "lantern.example", "https://lantern.example"
URL = f"{ORIGIN}/news/1"
DAY = timedelta(days=1)


@pytest.fixture
def seen(connection):
    """Disallows on the first day, nothing on the second, not to be had on the third."""
    said = [(200, "# hello\nUser-agent: *\nDisallow: /news/\n"), (404, None), (503, None)]
    for number, (status, body) in enumerate(said):
        at = NOW + number * DAY
        file = RobotsFile(origin=ORIGIN, fetched_at=at, status=status, body=body)
        digest = robots.digest_of(file)
        facts = {"at": at, "status": status, "digest": digest, "body": body, "capture": None}
        robots.see(connection, ORIGIN, **facts)
    return connection


RAISED = "adaptive 17.0 s, for it takes 3.4 s to answer, times 2.0 since it asked for patience"
THEN = "https://lantern.example/robots.txt, as it was since 2026-03-0"
DAYS = {
    0.5: f"refused by {THEN}2T06:00:00+00:00: line 3, 'Disallow: /news/', for User-agent *",
    1: f"allowed by {THEN}3T06:00:00+00:00: there is none (HTTP 404)",
    9: f"refused: {THEN}4T06:00:00+00:00 cannot be had (HTTP 503)",
}


@pytest.mark.parametrize("day", DAYS)
def test_the_rule_that_counted_then_is_told_with_its_line(seen, day):
    assert judged(seen, URL, "kliping", NOW + day * DAY).sentence == DAYS[day]


def test_without_an_instant_the_last_one_counts(seen):
    assert judged(seen, URL, "kliping").ruling is None
    assert [one.status for one in robots_seen(seen, ORIGIN)] == [200, 404, 503]


def test_before_anybody_looked_nothing_is_known(seen):
    assert judged(seen, URL, "kliping", NOW - DAY) is None
    assert judged(seen, "http://lantern.example/", "kliping") is None


@pytest.mark.parametrize(
    ("body", "why"),
    [("User-agent: *\nDisallow: /x\n", "no rule matches"),
     ("User-agent: other\nDisallow: /\n", "no group is for kliping")],
)  # fmt: skip
def test_what_no_line_decides_is_told_too(connection, body, why):
    facts = {"status": 200, "digest": None, "body": body, "capture": None}
    robots.see(connection, ORIGIN, at=NOW, **facts)
    assert judged(connection, URL, "kliping").sentence.endswith(f": {why}")


def test_one_that_is_closed_is_the_outlets_files_to_judge(connection):
    facts = {"status": 403, "digest": None, "body": None, "capture": None}
    robots.see(connection, ORIGIN, at=NOW, **facts)
    found = judged(connection, URL, "kliping")
    assert found.ruling is None
    assert found.sentence.startswith("left to the outlet's file ([robots] unauthorized)")


def test_the_pace_of_a_host_is_told_with_its_reasons(connection):
    assert pace_of(connection, HOST, NOW).sentences == ("no request was paced there yet",)
    wish = Wish(configured=5.0)
    took = {"wish": wish, "now": NOW, "patience": DAY}
    hosts.reserve(connection, HOST, **took)
    hosts.answered(connection, HOST, holder="run-1", now=NOW, seconds=3.4, is_good=True)
    hosts.hold(connection, HOST, until=NOW + DAY, reason="HTTP 429, Retry-After 86400")
    hosts.reserve(connection, HOST, **took)
    hosts.begin(connection, HOST, holder="run-1", now=NOW + DAY)
    assert pace_of(connection, HOST, NOW).sentences == (
        f"34 s between two requests: {RAISED}",
        "it takes 3.4 s to answer, smoothed",
        "left alone until 2026-03-03T06:00:00+00:00: HTTP 429, Retry-After 86400",
        "run run-1 has a request under way there",
    )
    later = pace_of(connection, HOST, NOW + 2 * DAY)
    assert len(later.sentences) == 2
