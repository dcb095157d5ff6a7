"""The queue: a job for each outlet at most, done by one at a time, and again if its worker dies."""

import asyncio
from collections import Counter

import pytest
from support.crews import asked, begin, queue_of, taken, until

from archive.jobs import SILENT_FOR, Jobs
from archive.records import OutletId
from archive.store import Archive
from crawler.run import queue as module
from crawler.run.queue import TRIES, Queue

A, B = OutletId("a"), OutletId("b")
TOO_LONG = SILENT_FOR.total_seconds() + 5


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.1)


def statuses(archive: Archive) -> dict[str, str]:
    return dict(asked(archive, "SELECT lock, status::text FROM kliping_jobs.procrastinate_jobs"))


def test_an_outlet_waits_once(jobs: Jobs) -> None:
    async def main() -> list[int]:
        async with queue_of(jobs) as queue:
            return [await queue.give([A, B]), await queue.give([B, OutletId("c")])]

    assert asyncio.run(main()) == [2, 1]
    assert jobs.live() == {"a": "todo", "b": "todo", "c": "todo"}


def test_what_is_done_is_gone_and_what_raises_has_failed_and_is_not_done_again(
    shared: Archive, jobs: Jobs
) -> None:
    seen: Counter[str] = Counter()

    async def visit(outlet: OutletId) -> None:
        seen[outlet] += 1
        if outlet == A:
            raise RuntimeError("the visit failed")

    async def main() -> None:
        async with queue_of(jobs) as queue:
            await queue.give([A, B])
            taking = asyncio.create_task(queue.take(visit, at_once=2))
            await until(lambda: statuses(shared) == {"outlet:a": "failed"})
            await asyncio.sleep(0.3)
            queue.leave_off()
            await taking

    asyncio.run(main())
    assert seen == {"a": 1, "b": 1}
    assert jobs.live() == {}
    assert jobs.shift().failed == 1


def test_an_outlet_is_visited_by_one_at_a_time_though_two_take(jobs: Jobs) -> None:
    at_once: Counter[str] = Counter()
    most = Counter[str]()
    visits = []

    async def visit(outlet: OutletId) -> None:
        at_once[outlet] += 1
        most[outlet] = max(most[outlet], at_once[outlet])
        visits.append(outlet)
        await asyncio.sleep(0.2)
        at_once[outlet] -= 1

    async def main() -> None:
        async with queue_of(jobs) as one, queue_of(jobs) as two:
            await one.give([A, B])
            taking = [asyncio.create_task(each.take(visit, at_once=4)) for each in (one, two)]
            await until(lambda: jobs.live() == {"a": "doing", "b": "doing"})
            assert await two.give([A]) == 1  # it may wait, and does
            await until(lambda: len(visits) == 3 and jobs.live() == {})
            for each in (one, two):
                each.leave_off()
            await asyncio.gather(*taking)

    asyncio.run(main())
    assert most == {"a": 1, "b": 1}
    assert sorted(visits) == ["a", "a", "b"]


def test_leaving_off_lets_what_is_under_way_be_finished_and_leaves_the_rest(jobs: Jobs) -> None:
    ended = []

    async def visit(outlet: OutletId) -> None:
        await asyncio.sleep(0.3)
        ended.append(outlet)

    async def main() -> None:
        async with queue_of(jobs) as queue:
            await queue.give([A, B])
            taking = asyncio.create_task(queue.take(visit, at_once=1))
            await until(lambda: "doing" in jobs.live().values())
            queue.leave_off()
            await taking

    asyncio.run(main())
    assert ended == ["a"]
    assert jobs.live() == {"b": "todo"}


async def stalled(archive: Archive, queue: Queue, attempts: int) -> int:
    """A job at a worker that is silent."""
    await queue.give([A])
    worker = begin(archive, 1, silent=TOO_LONG)
    taken(archive, worker, A, attempts=attempts)
    return worker


def test_a_job_whose_worker_is_silent_is_done_again(shared: Archive, jobs: Jobs) -> None:
    async def main() -> tuple[list[OutletId], list[OutletId]]:
        async with queue_of(jobs) as queue:
            await stalled(shared, queue, 0)
            return await queue.put_back()

    assert asyncio.run(main()) == ([A], [])
    assert jobs.live() == {"a": "todo"}


def test_a_job_of_which_workers_die_again_and_again_is_not(shared: Archive, jobs: Jobs) -> None:
    async def main() -> tuple[list[OutletId], list[OutletId]]:
        async with queue_of(jobs) as queue:
            await stalled(shared, queue, TRIES - 1)
            return await queue.put_back()

    assert asyncio.run(main()) == ([], [A])
    assert statuses(shared) == {"outlet:a": "failed"}


def test_jobs_of_the_buried_are_put_back_and_those_of_the_living_are_not(
    shared: Archive, jobs: Jobs
) -> None:
    async def main() -> tuple[list[OutletId], list[OutletId]]:
        async with queue_of(jobs) as queue:
            await queue.give([A, B])
            dead, alive = begin(shared, 1), begin(shared, 2)
            taken(shared, dead, A)
            taken(shared, alive, B)
            assert await queue.put_back() == ([], [])
            await queue.bury([dead])
            return await queue.put_back()

    assert asyncio.run(main()) == ([A], [])
    assert jobs.live() == {"a": "todo", "b": "doing"}


def test_failed_jobs_are_forgotten_after_a_day(shared: Archive, jobs: Jobs) -> None:
    def at(hours: int) -> str:
        return (
            "UPDATE kliping_jobs.procrastinate_events SET at = now() - "
            f"interval '{hours} hours' WHERE job_id = (SELECT max(id) FROM "
            "kliping_jobs.procrastinate_jobs)"
        )

    async def visit(outlet: OutletId) -> None:
        raise RuntimeError(outlet)

    async def main() -> list[int]:
        numbers = []
        async with queue_of(jobs) as queue:
            await queue.give([A])
            taking = asyncio.create_task(queue.take(visit, at_once=1))
            await until(lambda: "failed" in statuses(shared).values())
            queue.leave_off()
            await taking
            for hours in (23, 25):
                asked(shared, at(hours))
                await queue.tidy()
                numbers.append(len(statuses(shared)))
        return numbers

    assert asyncio.run(main()) == [1, 0]
