"""Pace: a delay between two requests to a host, and patience when a host asks for it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from archive.clock import SimulatedClock
from crawler.lane import Lane
from crawler.manners.pace import (
    LONGEST_RETRY_AFTER,
    HostHeld,
    Pace,
    RunStopped,
    back_off,
)

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
ONE, OTHER = "http://paper.example/1", "http://other.example/1"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
def pace(lane: Lane, clock: SimulatedClock) -> Pace:
    return Pace(lane, clock)


async def turn(pace: Pace, url: str, clock: SimulatedClock) -> float:
    """Take a turn; seconds since the beginning."""
    async with pace.turn(url):
        return (clock.now() - NOW).total_seconds()


def turns(pace: Pace, clock: SimulatedClock, *urls: str) -> list[float]:
    async def all_at_once() -> list[float]:
        return list(await asyncio.gather(*(turn(pace, url, clock) for url in urls)))

    return asyncio.run(all_at_once())


def doing(what: Callable[[], Awaitable[object]]) -> None:
    async def do() -> None:
        await what()

    asyncio.run(do())


def test_turns_at_one_host_lie_a_delay_apart(pace: Pace, clock: SimulatedClock) -> None:
    pace.slow("paper.example", 5)
    assert turns(pace, clock, ONE, ONE, ONE, ONE) == [0, 5, 10, 15]


def test_a_clock_that_was_set_back_since_the_last_request_does_not_hold_its_host(
    pace: Pace, clock: SimulatedClock
) -> None:
    pace.slow("paper.example", 5)

    async def set_back() -> None:
        async with pace.turn(ONE):
            pace.had(ONE, NOW + timedelta(hours=1))

    asyncio.run(set_back())
    assert turns(pace, clock, ONE, ONE) == [5, 10]


def test_a_host_without_a_delay_is_asked_at_once(pace: Pace, clock: SimulatedClock) -> None:
    assert turns(pace, clock, ONE, ONE, ONE) == [0, 0, 0]


def test_the_most_careful_wish_counts(pace: Pace, clock: SimulatedClock) -> None:
    for seconds in (5, 20, 1):
        pace.slow("paper.example", seconds)
    assert turns(pace, clock, ONE, ONE) == [0, 20]


def test_hosts_do_not_wait_for_each_other(pace: Pace, clock: SimulatedClock) -> None:
    for host in ("paper.example", "other.example"):
        pace.slow(host, 5)
    one, other = turns(pace, clock, ONE, OTHER)
    assert one == other == 0


def test_a_host_is_asked_by_one_at_a_time(pace: Pace) -> None:
    inside, most = 0, 0

    async def visit() -> None:
        nonlocal inside, most
        async with pace.turn(ONE):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    async def all_at_once() -> None:
        await asyncio.gather(*(visit() for _ in range(5)))

    asyncio.run(all_at_once())
    assert most == 1


def test_two_runs_share_the_pace_of_a_host(lane: Lane, pace: Pace, clock: SimulatedClock) -> None:
    other = Pace(lane, clock)
    for one in (pace, other):
        one.slow("paper.example", 5)
    promised = [turns(one, clock, ONE)[0] for one in (pace, other, pace, other)]
    assert promised == [0, 5, 10, 15]


def test_a_slow_connection_does_not_eat_the_delay(pace: Pace, clock: SimulatedClock) -> None:
    pace.slow("paper.example", 5)

    async def two() -> float:
        async with pace.turn(ONE):
            clock.advance(timedelta(seconds=4))  # to connect
            pace.had(ONE, clock.now())
        return await turn(pace, ONE, clock)

    assert asyncio.run(two()) == 9


# hosts that ask for patience


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_seconds_gets_them(
    pace: Pace, clock: SimulatedClock, status: int
) -> None:
    doing(lambda: pace.heed(ONE, status, "30"))
    assert pace.held_until(ONE) == NOW + timedelta(seconds=30)
    assert turns(pace, clock, ONE) == [30]


def test_a_host_that_names_a_date_is_left_alone_until_then(
    pace: Pace, clock: SimulatedClock
) -> None:
    date = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    doing(lambda: pace.heed(ONE, 429, date))
    assert turns(pace, clock, ONE) == [90]


def test_without_a_word_the_time_doubles(pace: Pace, clock: SimulatedClock) -> None:
    waits = []
    for _ in range(4):
        before = clock.now()
        doing(lambda: pace.heed(ONE, 503, None))
        until = pace.held_until(ONE)
        assert until is not None
        waits.append((until - before).total_seconds())
        clock.advance_to(until)
    assert waits == [60, 120, 240, 480]


def test_a_good_answer_forgets_the_failures(pace: Pace, clock: SimulatedClock) -> None:
    for status in (503, 503, 200):
        doing(lambda status=status: pace.heed(ONE, status, None))  # type: ignore[misc]
    assert pace.held_until(ONE) is None
    doing(lambda: pace.heed(ONE, 503, None))
    assert pace.held_until(ONE) == NOW + timedelta(minutes=1)


def test_other_failures_do_not_hold_a_host(pace: Pace) -> None:
    for status in (200, 301, 404, 500, None):
        doing(lambda status=status: pace.heed(ONE, status, "3600"))  # type: ignore[misc]
    assert pace.held_until(ONE) is None


def test_a_host_that_wants_long_is_left_to_another_run(pace: Pace, clock: SimulatedClock) -> None:
    doing(lambda: pace.heed(ONE, 429, "3600"))
    with pytest.raises(HostHeld, match=r"Retry-After 3600") as told:
        turns(pace, clock, ONE)
    assert told.value.until == NOW + timedelta(hours=1)
    assert turns(pace, clock, OTHER) == [0]
    assert clock.now() == NOW


def test_a_hold_is_remembered_over_a_restart(lane: Lane, pace: Pace, clock: SimulatedClock) -> None:
    doing(lambda: pace.heed(ONE, 429, "3600"))
    later = Pace(lane, clock)
    with pytest.raises(HostHeld, match="HTTP 429"):
        turns(later, clock, ONE)
    clock.advance(timedelta(hours=1))
    assert turns(later, clock, ONE) == [3600]


def test_failures_in_a_row_are_remembered_over_a_restart(
    lane: Lane, pace: Pace, clock: SimulatedClock
) -> None:
    doing(lambda: pace.heed(ONE, 503, None))
    clock.advance(timedelta(hours=1))
    later = Pace(lane, clock)
    turns(later, clock, ONE)
    doing(lambda: later.heed(ONE, 503, None))
    assert later.held_until(ONE) == clock.now() + timedelta(minutes=2)


# the end of a run


def test_a_run_that_ends_gives_no_more_turns(pace: Pace, clock: SimulatedClock) -> None:
    pace.stop()
    with pytest.raises(RunStopped):
        turns(pace, clock, ONE)


def test_a_wait_ends_with_the_run(lane: Lane) -> None:
    class Patient(SimulatedClock):
        async def wait_until(self, instant: datetime) -> None:
            if instant > self.now():
                await asyncio.sleep(60)

    pace = Pace(lane, Patient(NOW))
    pace.slow("paper.example", 5)

    async def main() -> None:
        await turn(pace, ONE, SimulatedClock(NOW))
        waiting = [asyncio.ensure_future(turn(pace, ONE, SimulatedClock(NOW))) for _ in range(3)]
        await asyncio.sleep(0.05)
        pace.stop()
        outcomes = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
        assert [type(one) for one in outcomes] == [RunStopped] * 3

    asyncio.run(main())


def test_a_hold_of_another_process_is_heard_though_the_host_has_no_delay(
    pace: Pace, lane: Lane, clock: SimulatedClock
) -> None:
    assert turns(pace, clock, ONE) == [0]
    clock.advance(timedelta(minutes=1))
    until = clock.now() + timedelta(hours=1)
    doing(lambda: lane.do(lambda act: act.hosts.hold("paper.example", until=until, reason="429")))
    with pytest.raises(HostHeld):
        turns(pace, clock, ONE)


# Retry-After


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 1),
        ("1", 1),
        (" 120 ", 120),
        ("86400", 86400),
        ("9" * 30, 86400),
        ("-5", 60),
        ("1.5", 60),
        ("soon", 60),
        ("", 60),
        (None, 60),
        ("Mon, 02 Mar 2026 06:02:00 GMT", 120),
        ("Monday, 02-Mar-26 06:02:00 GMT", 120),
        ("Mon Mar  2 06:02:00 2026", 60),
        ("Mon, 02 Mar 2026 05:00:00 GMT", 1),
        ("Mon, 02 Mar 2099 05:00:00 GMT", 86400),
        ("Mon, 99 Mar 2026 05:00:00 GMT", 60),
        ("\u0661\u0662", 60),
    ],
)
def test_retry_after_is_read_as_rfc_9110_says_and_never_trusted_blindly(
    said: str | None, seconds: int
) -> None:
    assert back_off(said, 0, NOW).total_seconds() == seconds


def test_a_back_off_has_an_end() -> None:
    assert back_off(None, 10_000, NOW) <= LONGEST_RETRY_AFTER


# years


def test_a_host_that_nobody_asked_for_two_days_is_forgotten(
    pace: Pace, clock: SimulatedClock
) -> None:
    hosts = [f"http://paper-{n}.example/" for n in range(20)]
    for url in hosts:
        pace.slow(url[7:-1], 5)
        pace.ask_for(url[7:-1], url[:-1], 9)
        turns(pace, clock, url)
    clock.advance(timedelta(days=1, hours=23))
    turns(pace, clock, ONE)
    pace.forget()
    assert [pace.delay_of(url) for url in hosts] == [9] * 20
    clock.advance(timedelta(hours=1))
    pace.forget()
    assert [pace.delay_of(url) for url in hosts] == [0] * 20
    assert len(pace._hosts) == 1  # no trace of them is left
    assert len(pace._locks) == 0


def test_a_host_that_is_to_be_left_alone_is_not_forgotten(
    pace: Pace, clock: SimulatedClock
) -> None:
    async def be_told() -> None:
        async with pace.turn(ONE):
            await pace.heed(ONE, 429, "86400")

    doing(be_told)
    pace._hosts["paper.example"].used_at -= timedelta(
        days=3
    )  # the archive may know of a longer one
    pace.forget()
    assert pace.held_until(ONE)
    clock.advance(timedelta(days=1))
    pace.forget()
    assert pace.held_until(ONE) is None
    assert len(pace._hosts) == 0


def test_a_host_that_is_waited_for_is_not_forgotten(pace: Pace, clock: SimulatedClock) -> None:
    async def meanwhile() -> None:
        pace.slow("paper.example", 5)
        async with pace.turn(ONE):
            waiting = asyncio.create_task(turn(pace, ONE, clock))
            await asyncio.sleep(0.01)
            clock.advance(timedelta(days=3))
            pace.forget()
            assert pace.delay_of(ONE) == 5
            assert not waiting.done()
        await waiting

    doing(meanwhile)


def test_after_it_was_forgotten_a_host_is_waited_for_as_the_archive_remembers(
    pace: Pace, clock: SimulatedClock
) -> None:
    async def be_told() -> None:
        async with pace.turn(ONE):
            await pace.heed(ONE, 503, "120")

    doing(be_told)
    pace._hosts.clear()
    assert turns(pace, clock, ONE) == [120]
