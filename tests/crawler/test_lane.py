"""The lane: acts in order and in groups, each told how it ended."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from archive.errors import ArchiveLocked
from archive.store import Archive
from archive.turn import Turn
from crawler.lane import ACTS_A_TURN, Lane


class Turns:
    """An archive's turns, counted; they may be made to fail."""

    def __init__(self, archive: Archive) -> None:
        self.taken = 0
        self.fails: Exception | None = None
        self._archive = archive

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        self.taken += 1
        with self._archive.turn() as turn:
            yield turn
            if self.fails:
                raise self.fails


@pytest.fixture
def turns(sqlite_archive: Archive) -> Turns:
    return Turns(sqlite_archive)


@pytest.fixture
def lane(turns: Turns) -> Iterator[Lane]:
    lane = Lane(turns)  # type: ignore[arg-type]
    yield lane
    lane.close()


def together(lane: Lane, *acts: Callable[[Turn], Any]) -> list[Any]:
    async def main() -> list[Any]:
        return list(await asyncio.gather(*map(lane.do, acts), return_exceptions=True))

    return asyncio.run(main())


def hold(host: str) -> Callable[[Turn], Any]:
    return lambda turn: turn.hosts.hold(host, until=turn._clock.now(), reason="test")


def test_an_act_gives_its_result(lane: Lane) -> None:
    assert together(lane, lambda _: 42) == [42]


def test_acts_are_done_in_order_by_one_thread(lane: Lane) -> None:
    done: list[int] = []
    threads = set()

    def act(number: int) -> Callable[[Turn], None]:
        def do(_: Turn) -> None:
            done.append(number)
            threads.add(threading.current_thread().name)

        return do

    together(lane, *map(act, range(200)))
    assert done == list(range(200))
    assert threads == {"archive-lane"}


def test_what_waits_is_done_in_one_turn(lane: Lane, turns: Turns) -> None:
    begun = threading.Event()

    def slow(_: Turn) -> None:
        begun.wait(5)

    async def main() -> None:
        first = asyncio.ensure_future(lane.do(slow))
        await asyncio.sleep(0.05)
        others = [asyncio.ensure_future(lane.do(lambda _: None)) for _ in range(20)]
        await asyncio.sleep(0.05)
        begun.set()
        await asyncio.gather(first, *others)

    asyncio.run(main())
    assert turns.taken == 2


def test_a_turn_takes_only_so_many(lane: Lane, turns: Turns) -> None:
    together(lane, *[lambda _: None] * (ACTS_A_TURN * 3))
    assert turns.taken >= 3


def test_an_act_that_fails_fails_alone_and_undoes_its_rows(lane: Lane) -> None:
    def half(turn: Turn) -> None:
        hold("half.example")(turn)
        raise ValueError("mine")

    before, failed, after = together(lane, hold("before.example"), half, hold("after.example"))
    assert (before, after) == (None, None)
    assert isinstance(failed, ValueError)
    states = together(
        lane, *(lambda turn, h=h: turn.hosts.state(h).held_reason for h in
                ("before.example", "half.example", "after.example"))
    )  # fmt: skip
    assert states == ["test", None, "test"]


def test_a_turn_that_is_not_durable_is_told_to_all_of_it(lane: Lane, turns: Turns) -> None:
    turns.fails = OSError(28, "No space left on device")
    outcomes = together(lane, hold("one.example"), lambda _: 42)
    assert [type(one) for one in outcomes] == [OSError, OSError]
    turns.fails = None
    assert together(lane, lambda turn: turn.hosts.state("one.example").held_reason) == [None]


@pytest.mark.parametrize("error", [OSError(28, "full"), ArchiveLocked("held too long")])
def test_the_desk_is_told_that_nothing_can_be_written(
    lane: Lane, turns: Turns, error: Exception
) -> None:
    told: list[BaseException] = []
    lane.on_broken = told.append
    turns.fails = error
    together(lane, lambda _: None)
    assert told == [error]


def test_a_database_that_another_process_holds_is_waited_for(
    sqlite_archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.db.engine._PRAGMAS", ("journal_mode=WAL", "busy_timeout=10"))
    told: list[BaseException] = []
    with Archive.open(sqlite_archive.directory) as held:
        lane = Lane(held)
        lane.on_broken = told.append

        async def meanwhile() -> int:
            with sqlite_archive.turn():
                waiting = asyncio.ensure_future(lane.do(lambda _: 42))
                await asyncio.sleep(0.2)
                assert not waiting.done()
            return await waiting

        assert asyncio.run(meanwhile()) == 42
        monkeypatch.setattr("crawler.lane.LOCKED_FOR", 0.1)
        with sqlite_archive.turn():
            [failed] = together(lane, lambda _: 42)
        assert isinstance(failed, ArchiveLocked)
        lane.close()
    assert len(told) == 1


def test_an_ordinary_failure_is_nobody_elses_business(lane: Lane) -> None:
    told: list[BaseException] = []
    lane.on_broken = told.append

    def fail(_: Turn) -> None:
        raise ValueError

    together(lane, fail)
    assert told == []


def test_an_act_that_was_begun_is_finished_though_nobody_waits(lane: Lane) -> None:
    async def main() -> None:
        waiting = asyncio.ensure_future(lane.do(hold("kept.example")))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(main())
    assert together(lane, lambda turn: turn.hosts.state("kept.example").held_reason) == ["test"]


def test_closing_does_what_waits_and_ends_the_thread(sqlite_archive: Archive) -> None:
    lane = Lane(sqlite_archive)

    async def main() -> list[Any]:
        waiting = [asyncio.ensure_future(lane.do(lambda _: 1)) for _ in range(100)]
        await asyncio.sleep(0)
        await asyncio.to_thread(lane.close)
        return list(await asyncio.gather(*waiting))

    assert asyncio.run(main()) == [1] * 100
    assert not lane._thread.is_alive()
