"""The leader: what is due becomes jobs, the dead are counted, and there is always one."""

import asyncio
import contextlib
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from support.crews import asked, begin, declare, queue_of, taken, until

from archive.jobs import SILENT_FOR, Jobs
from archive.records import OutletId
from archive.store import Archive
from crawler.readers import Readers
from crawler.run import leader as module
from crawler.run.agenda import Agenda
from crawler.run.crawl import open_desk
from crawler.run.days import Days
from crawler.run.leader import Leader, is_gone
from crawler.run.queue import TRIES

HOUR = timedelta(hours=1)
HERE = socket.gethostname().lower()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(module, "REST", 0)


@contextlib.asynccontextmanager
async def leading(
    archive: Archive, said: list[str], *, days: Days | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """A worker that takes no jobs, and may lead."""
    jobs = Jobs(archive)
    async with queue_of(jobs) as queue:
        queue._taker = type("Taker", (), {"worker_id": begin(archive, os.getpid(), machine=HERE)})
        task = asyncio.create_task(
            Leader(jobs, queue, Agenda(archive), days, said.append).lead()  # type: ignore[arg-type]
        )
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def led(archive: Archive, happened: Callable[[], Any]) -> list[str]:
    """Lead, at a desk, until something has happened; what was said."""
    said: list[str] = []

    async def main() -> None:
        readers = Readers(1)
        try:
            async with open_desk(archive, readers=readers) as desk:
                days = Days(archive, outlets=list)
                await days.begin(desk)
                async with leading(archive, said, days=days):
                    await until(happened)
                for day in list(days.open):
                    await days.close(day)
        finally:
            readers.close()

    from crawler.run.reactor import run

    run(main())
    return said


def test_what_is_due_becomes_a_job_and_what_is_to_be_left_alone_does_not(
    shared: Archive, jobs: Jobs
) -> None:
    declare(shared, "a", "b", "c")
    jobs.pause(OutletId("c"), shared.clock.now() + HOUR, 1)
    said: list[str] = []

    async def main() -> None:
        async with leading(shared, said):
            await until(lambda: jobs.live() == {"a": "todo", "b": "todo"})
            await asyncio.sleep(0.3)
        assert jobs.live() == {"a": "todo", "b": "todo"}

    asyncio.run(main())
    assert said == [f"Process {os.getpid()} leads: it says what is due."]


def test_no_more_jobs_wait_than_are_wanted(
    shared: Archive, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AHEAD", 2)
    monkeypatch.setattr(module, "AT_ONCE", 1)
    declare(shared, *"abcd")

    async def main() -> None:
        async with leading(shared, []):
            await until(lambda: len(jobs.live()) == 2)
            await asyncio.sleep(0.3)
            assert len(jobs.live()) == 2
            taken(shared, begin(shared, 1), next(iter(jobs.live())))
            await until(lambda: len(jobs.live()) == 3)  # one is done, and two wait

    asyncio.run(main())


def test_when_the_leader_ends_another_leads(shared: Archive, jobs: Jobs) -> None:
    first: list[str] = []
    second: list[str] = []

    async def main() -> None:
        async with leading(shared, first) as one:
            await until(lambda: first)
            async with leading(shared, second):
                await asyncio.sleep(0.3)
                assert second == []
                one.cancel()
                await until(lambda: second)

    asyncio.run(main())
    assert sum(one.leads for one in jobs.shift().workers) == 1


def test_a_leader_whose_connection_is_cut_leads_no_more_and_one_leads_again(
    shared: Archive, jobs: Jobs
) -> None:
    said: list[str] = []

    async def main() -> None:
        async with leading(shared, said):
            await until(lambda: said)
            asked(
                shared,
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'",
            )
            await until(lambda: len(said) == 2)
            declare(shared, "a")
            await until(lambda: jobs.live() == {"a": "todo"})

    asyncio.run(main())


def test_an_outlet_whose_file_is_wrong_is_told_of_and_the_others_are_visited(
    shared: Archive, jobs: Jobs
) -> None:
    declare(shared, "a", "b")
    (shared.directory / "outlets" / "a.toml").write_text("id = 1", "utf-8")
    said: list[str] = []

    async def main() -> None:
        async with leading(shared, said):
            await until(lambda: jobs.live() == {"b": "todo"})
            await until(lambda: any(one.startswith("a is not visited: ") for one in said))

    asyncio.run(main())


def ended_process() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def given(archive: Archive, worker: int, outlet: str, *, attempts: int = 0) -> None:
    async def main() -> None:
        async with queue_of(Jobs(archive)) as queue:
            await queue.give([OutletId(outlet)])

    asyncio.run(main())
    taken(archive, worker, outlet, attempts=attempts)


def test_the_jobs_and_leases_of_a_dead_process_are_given_back(shared: Archive, jobs: Jobs) -> None:
    pid = ended_process()
    dead = begin(shared, pid, machine=HERE)
    given(shared, dead, "a")
    declare(shared, "a")
    run = f"20260302060000-{pid}-{HERE}"
    asked(
        shared,
        "INSERT INTO frontier (outlet_id, kind, url, urlkey, state, first_sighted_at, sort_at, "
        "attempts, unchanged, score, lease_token, lease_until) VALUES ('a', 'article', 'u', 'k', "
        "'pending', now(), now(), 0, 0, 0, :token, now() + interval '1 hour')",
        token=f"{run}/x",
    )
    said = led(shared, lambda: jobs.live() == {"a": "todo"} and not jobs.is_known(dead))
    assert f"The worker {pid} on {HERE} is dead." in said
    assert "a: its worker ended in the middle of a visit; it is visited again." in said
    assert asked(shared, "SELECT lease_token FROM frontier") == [(None,)]


def test_one_on_another_machine_is_dead_once_it_is_silent(shared: Archive, jobs: Jobs) -> None:
    silent = begin(shared, 7, machine="far", silent=SILENT_FOR.total_seconds() + 5)
    alive = begin(shared, 8, machine="far")
    said = led(shared, lambda: not jobs.is_known(silent))
    assert jobs.is_known(alive)
    assert "The worker 7 on far is taken for dead: it has been silent for over 60 seconds." in said


def test_an_outlet_of_which_workers_die_is_left_alone(shared: Archive, jobs: Jobs) -> None:
    declare(shared, "a")
    given(shared, begin(shared, ended_process(), machine=HERE), "a", attempts=TRIES - 1)
    said = led(shared, jobs.pauses)
    assert "a: FAILED: workers die of its visits. It is left for an hour." in said
    assert jobs.live() == {}
    assert jobs.failures_of(OutletId("a")) == 1


def test_of_processes_elsewhere_and_of_this_one_nothing_is_known() -> None:
    assert is_gone(HERE, ended_process())
    assert not is_gone("elsewhere", ended_process())
    assert not is_gone(HERE, os.getpid())
    assert not is_gone(HERE, 1)  # it lives, whether or not we may ask
