"""Readers: pages are read by other processes, and a bad page costs nobody else anything."""

import asyncio
import operator
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from crawler import readers as module
from crawler.readers import Readers, ReadingFailed


@pytest.fixture
def readers() -> Iterator[Readers]:
    made = Readers(2)
    yield made
    made.close()


def reading(readers: Readers, *tasks: tuple[Any, Any]) -> list[Any]:
    async def main() -> list[Any]:
        return list(
            await asyncio.gather(*(readers.read(*one) for one in tasks), return_exceptions=True)
        )

    return asyncio.run(main())


def test_a_page_is_read_by_another_process(readers: Readers) -> None:
    number, pid = reading(readers, (operator.neg, 42), (eval, "__import__('os').getpid()"))
    assert number == -42
    assert pid != os.getpid()


def test_what_reading_raises_is_raised_here(readers: Readers) -> None:
    (error,) = reading(readers, (int, "no number"))
    assert isinstance(error, ValueError)


def test_a_page_that_takes_too_long_is_given_up(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS_A_PAGE", 0.3)
    began = time.monotonic()
    error, fine = reading(readers, (time.sleep, 30), (operator.neg, 1))
    assert isinstance(error, ReadingFailed)
    assert "not read within 0.3 seconds" in str(error)
    assert fine == -1
    assert time.monotonic() - began < 15
    assert reading(readers, (operator.neg, 2)) == [-2]


def test_a_process_that_dies_costs_one_page(readers: Readers) -> None:
    innocent = [(operator.neg, n) for n in range(12)]
    *fine, error = reading(readers, *innocent[:6], *innocent[6:], (os._exit, 3))
    assert isinstance(error, ReadingFailed)
    assert "died" in str(error)
    assert fine == [-n for n in range(12)]


def test_two_that_kill_their_process_cost_two_pages(readers: Readers) -> None:
    outcomes = reading(readers, (os._exit, 3), (operator.neg, 1), (os._exit, 3), (operator.neg, 2))
    assert [type(one) for one in outcomes] == [ReadingFailed, int, ReadingFailed, int]
    assert reading(readers, (operator.neg, 3)) == [-3]


def test_readers_that_never_read_can_be_closed() -> None:
    Readers().close()


def test_warm_readers_have_their_processes(readers: Readers) -> None:
    readers.warm()
    assert reading(readers, (operator.neg, 1)) == [-1]


def test_renewed_readers_finish_what_they_read_and_others_read_what_follows(
    readers: Readers,
) -> None:
    slowly = "(__import__('time').sleep(0.3), __import__('os').getpid())[1]"

    async def main() -> tuple[int, int]:
        before = asyncio.create_task(readers.read(eval, slowly))
        await asyncio.sleep(0.1)
        readers.renew()
        return await before, await readers.read(eval, slowly)

    old, new = asyncio.run(main())
    assert old != new


def test_readers_closed_before_they_are_warm_end_all_the_same() -> None:
    cold = Readers(2)
    cold.warm()
    cold.close()
    assert reading(cold, (operator.neg, 1)) == [-1]
    cold.close()
