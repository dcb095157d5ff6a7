"""What a host has been promised is kept, by this run and the next."""

from datetime import timedelta

import pytest
from support.archives import NOW

from archive.db import hosts
from archive.pace import HostState, Wish

HOST = "lantern.example"
DELAY = timedelta(seconds=5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WISH = Wish(configured=5.0)


def reserve(connection, now=NOW, wish=WISH, host=HOST):
    return hosts.reserve(connection, host, wish=wish, now=now, patience=DAY).at


def begin(connection, now=NOW, holder="one"):
    return hosts.begin(connection, HOST, holder=holder, now=now)


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
    assert reserve(connection, host="other.example") == NOW


def test_a_clock_that_stepped_backwards_does_not_hold_a_host_for_long(connection):
    reserve(connection, NOW + HOUR)
    assert reserve(connection) == NOW + DELAY
    assert reserve(connection) == NOW + 2 * DELAY


def test_a_host_that_is_held_is_asked_when_the_hold_ends_and_then_more_slowly(connection):
    hold(connection, NOW + HOUR)
    assert [reserve(connection) for _ in range(2)] == [NOW + HOUR, NOW + HOUR + 2 * DELAY]


def test_a_host_that_is_held_for_longer_than_one_waits_gets_no_promise(connection):
    hold(connection, NOW + 2 * DAY)
    assert reserve(connection) is None
    assert hosts.state(connection, HOST).next_allowed_at is None


def test_while_one_request_is_under_way_another_holder_waits_for_its_end(connection):
    reserve(connection)
    assert begin(connection) is None
    assert begin(connection, holder="two") == NOW + hosts.BUSY_AGAIN
    hosts.answered(connection, HOST, holder="two", now=NOW)  # not its own
    assert begin(connection, holder="two") == NOW + hosts.BUSY_AGAIN
    hosts.answered(connection, HOST, holder="one", now=NOW)
    assert begin(connection, holder="two") is None


def test_who_waits_keeps_the_turn_that_was_promised(connection):
    assert [reserve(connection) for _ in "aba"] == [NOW, NOW + DELAY, NOW + 2 * DELAY]


def test_a_request_of_a_run_that_was_killed_is_not_waited_for_long(connection):
    reserve(connection)
    begin(connection)
    later = NOW + hosts.BUSY_FOR
    assert begin(connection, later, holder="two") is None
    hosts.free(connection, lambda run: run == "three")
    assert begin(connection, later) is not None
    hosts.free(connection, lambda run: run == "two")
    assert begin(connection, later) is None


def test_the_delay_counts_from_when_the_host_had_the_request(connection):
    assert [reserve(connection) for _ in range(2)] == [NOW, NOW + DELAY]
    begin(connection)
    late = NOW + timedelta(seconds=4)
    hosts.answered(connection, HOST, holder="one", now=late, had_at=late)
    assert begin(connection, NOW + DELAY, holder="two") == late + DELAY
    assert begin(connection, late + DELAY, holder="two") is None
    assert reserve(connection, late) == NOW + 2 * DELAY


def test_a_hold_that_another_run_met_meanwhile_is_heeded(connection):
    reserve(connection)
    hold(connection, NOW + HOUR)
    assert begin(connection) == NOW + HOUR
    assert begin(connection, NOW + HOUR) is None


def test_the_time_to_answer_is_remembered_and_slows_down(connection):
    reserve(connection)
    hosts.answered(connection, HOST, holder="one", now=NOW, seconds=2.0, is_good=True)
    reserve(connection)
    state = hosts.state(connection, HOST)
    assert state.latency_seconds == 2.0
    assert state.delay.seconds == 10.0
    assert state.delay.reason == "adaptive 10.0 s, for it takes 2.0 s to answer"


def test_caution_eases_with_each_good_answer(connection):
    hold(connection, NOW)
    assert hosts.state(connection, HOST).caution == 2.0
    hosts.answered(connection, HOST, holder="one", now=NOW, is_good=False)
    assert hosts.state(connection, HOST).caution == 2.0
    for _ in range(7):
        hosts.answered(connection, HOST, holder="one", now=NOW, is_good=True)
    assert hosts.state(connection, HOST).caution == 1.0


@pytest.mark.parametrize(("later", "until"), [(2, 2), (0.5, 1)])
def test_a_hold_is_never_shortened(connection, later, until):
    hold(connection, NOW + HOUR)
    hold(connection, NOW + later * HOUR)
    state = hosts.state(connection, HOST)
    assert (state.held_until, state.held_reason) == (NOW + until * HOUR, "Retry-After")
    assert state.failures == 2


def test_a_host_that_is_well_again_is_forgiven(connection):
    hold(connection, NOW + HOUR)
    hosts.well(connection, HOST)
    state = hosts.state(connection, HOST)
    assert (state.held_until, state.held_reason, state.failures) == (None, None, 0)
    assert reserve(connection) == NOW


def test_an_unknown_host_has_no_history(connection):
    hosts.well(connection, HOST)
    assert hosts.state(connection, HOST) == HostState()
