"""A simulated clock moves only when told or waited on, and never backwards."""

import asyncio
from datetime import UTC, timedelta

import pytest
from support.archives import NOW

from archive.clock import SimulatedClock, SystemClock

HOUR = timedelta(hours=1)


def test_a_simulated_clock_stands_still():
    clock = SimulatedClock(NOW)
    assert clock.now() == clock.now() == NOW
    assert clock.is_simulated


def test_waiting_moves_it_at_once(clock):
    asyncio.run(asyncio.wait_for(clock.wait_until(NOW + 1000 * HOUR), 1))
    assert clock.now() == NOW + 1000 * HOUR


def test_it_never_moves_backwards(clock):
    clock.advance(HOUR)
    clock.advance_to(NOW)
    asyncio.run(clock.wait_until(NOW - HOUR))
    assert clock.now() == NOW + HOUR


def test_several_who_wait_come_back_in_any_order_no_earlier_than_they_asked(clock):
    async def wait(hours: int) -> bool:
        await clock.wait_until(NOW + hours * HOUR)
        return clock.now() >= NOW + hours * HOUR

    async def both() -> list[bool]:
        return await asyncio.gather(wait(3), wait(1), wait(2))

    assert asyncio.run(both()) == [True] * 3
    assert clock.now() == NOW + 3 * HOUR


def test_the_machines_clock_is_aware_and_in_utc():
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert not clock.is_simulated


def test_a_wait_is_no_longer_for_a_clock_that_steps_backwards(monkeypatch):
    class Stepping(SystemClock):
        asked = 0

        def now(self):
            self.asked += 1
            return super().now() - (HOUR if self.asked > 2 else timedelta())

    monkeypatch.setattr("archive.clock.DRIFT_SECONDS", 0.05)
    clock = Stepping()
    until = clock.now() + timedelta(seconds=0.02)
    asyncio.run(asyncio.wait_for(clock.wait_until(until), 5))
    assert clock.now() < until


@pytest.mark.parametrize("seconds", [-1, 0, 0.02])
def test_the_machines_clock_waits_until_then(seconds):
    clock = SystemClock()
    until = clock.now() + timedelta(seconds=seconds)
    asyncio.run(clock.wait_until(until))
    assert until <= clock.now() < until + timedelta(seconds=5)
