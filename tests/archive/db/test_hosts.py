"""What a host has been promised is kept, by this run and the next."""

from datetime import timedelta

import pytest
from support.archives import NOW

from archive.db import hosts
from archive.records import RobotsFile

HOST = "lantern.example"
DELAY = timedelta(seconds=5)
HOUR = timedelta(hours=1)


def reserve(connection, now=NOW, delay=DELAY):
    return hosts.reserve(connection, HOST, delay=delay, now=now)


def hold(connection, until):
    hosts.hold(connection, HOST, until=until, reason="Retry-After")


def test_turns_lie_a_delay_apart(connection):
    assert [reserve(connection) for _ in range(3)] == [NOW, NOW + DELAY, NOW + 2 * DELAY]


def test_a_host_that_rested_is_asked_at_once(connection):
    reserve(connection)
    assert reserve(connection, NOW + HOUR) == NOW + HOUR
    assert reserve(connection, NOW + HOUR) == NOW + HOUR + DELAY


def test_hosts_do_not_wait_for_each_other(connection):
    reserve(connection)
    assert hosts.reserve(connection, "other.example", delay=DELAY, now=NOW) == NOW


def test_a_clock_that_stepped_backwards_does_not_hold_a_host_for_long(connection):
    reserve(connection, NOW + HOUR)
    assert reserve(connection) == NOW + DELAY
    assert reserve(connection) == NOW + 2 * DELAY


def test_a_host_that_is_held_is_asked_when_the_hold_ends(connection):
    hold(connection, NOW + HOUR)
    assert [reserve(connection) for _ in range(2)] == [NOW + HOUR, NOW + HOUR + DELAY]


@pytest.mark.parametrize(("later", "until"), [(2, 2), (0.5, 1)])
def test_a_hold_is_never_shortened(connection, later, until):
    hold(connection, NOW + HOUR)
    hold(connection, NOW + later * HOUR)
    assert hosts.held_until(connection, HOST) == (NOW + until * HOUR, "Retry-After", 2)


def test_a_host_that_is_well_again_is_forgiven(connection):
    hold(connection, NOW + HOUR)
    hosts.well(connection, HOST)
    assert hosts.held_until(connection, HOST) == (None, None, 0)
    assert reserve(connection) == NOW


def test_an_unknown_host_has_no_history(connection):
    hosts.well(connection, HOST)
    assert hosts.held_until(connection, HOST) == (None, None, 0)


@pytest.mark.parametrize("body", [None, "", "User-agent: *\nDisallow: /京\n"])
def test_the_last_robots_file_is_remembered(connection, body):
    origin = f"https://{HOST}"
    assert hosts.robots_of(connection, origin) is None
    for status in (500, 200):
        one = RobotsFile(origin=origin, fetched_at=NOW, status=status, body=body)
        hosts.keep_robots(connection, one)
    assert hosts.robots_of(connection, origin) == one
