"""Locks that are there only while they are wanted."""

import asyncio

from crawler.manners.locks import Locks


def test_one_at_a_time_has_a_lock_in_the_order_of_coming_and_then_it_is_gone() -> None:
    locks, had = Locks(), []

    async def have(number: int) -> None:
        async with locks.of("paper.example"):
            had.append(number)
            await asyncio.sleep(0)
            assert had[-1] == number
            assert "paper.example" in locks

    async def all_at_once() -> None:
        await asyncio.gather(*map(have, range(5)))

    asyncio.run(all_at_once())
    assert had == [0, 1, 2, 3, 4]
    assert len(locks) == 0


def test_who_gives_up_waiting_takes_no_lock_from_anybody() -> None:
    locks = Locks()

    async def have() -> None:
        async with locks.of("paper.example"):
            await asyncio.sleep(0.01)

    async def main() -> None:
        first, second, third = (asyncio.create_task(have()) for _ in range(3))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, third)
        assert second.cancelled() or await asyncio.gather(second, return_exceptions=True)

    asyncio.run(main())
    assert len(locks) == 0
