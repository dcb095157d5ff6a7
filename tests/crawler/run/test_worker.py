"""One worker as a process of its own: it ends when asked, and says why if it cannot go on."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.crews import asked, declare

from archive.jobs import Jobs, NoQueue
from archive.records import OutletId
from archive.store import Archive
from crawler.readers import Readers
from crawler.run import worker as module
from crawler.run.reactor import run
from crawler.run.worker import Worker

ROOT = Path(module.__file__).parents[2]
A = OutletId("a")


@contextmanager
def working(archive: Archive) -> Iterator["subprocess.Popen[str]"]:
    """A worker that has come to work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.run.worker", str(archive.directory), "1"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(happened: Callable[[], Any], process: "subprocess.Popen[str]") -> Any:
    give_up = time.monotonic() + 20
    while not (found := happened()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up, "it does not happen"
        time.sleep(0.05)
    return found


def test_another_leads_when_one_is_killed_and_ends_by_a_signal(shared: Archive, jobs: Jobs) -> None:
    with working(shared) as first, working(shared) as second:
        until(lambda: len(jobs.shift().workers) == 2, second)
        until(lambda: any(one.leads for one in jobs.shift().workers), second)
        [leader] = [one.pid for one in jobs.shift().workers if one.leads]
        dead, left = (first, second) if leader == first.pid else (second, first)
        dead.kill()
        dead.wait()
        until(
            lambda: [(one.pid, one.leads) for one in jobs.shift().workers] == [(left.pid, True)],
            left,
        )
        left.send_signal(signal.SIGTERM)
        _, said = left.communicate(timeout=20)
    assert left.returncode == 0, said
    assert f"Process {left.pid} leads: it says what is due." in said
    assert f"The worker {dead.pid} on {socket.gethostname().lower()} is dead." in said
    assert jobs.shift().workers == ()


def worked(
    archive: Archive, during: Callable[[Worker], Any], **how: Any
) -> tuple[str | None, list[str]]:
    """A worker in this process until `during` stops it; its failure, and what it said."""
    said: list[str] = []
    worker = Worker(archive, tell=said.append, **how)

    async def main() -> str | None:
        readers = Readers(1)

        async def act() -> None:
            try:
                await asyncio.wait_for(during(worker), 15)
            finally:
                worker.stop()

        beside = asyncio.create_task(act())
        try:
            return await worker.work(readers)
        finally:
            await beside
            readers.close()

    return run(main()), said


async def happened(what: Callable[[], Any]) -> None:
    while not await asyncio.to_thread(what):  # noqa: ASYNC110 - a database tells nobody
        await asyncio.sleep(0.05)


def test_a_visit_that_breaks_is_a_failed_job_and_its_outlet_rests(
    shared: Archive, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(module, "make_round", broken)
    declare(shared, "a")

    async def during(worker: Worker) -> None:
        await happened(lambda: jobs.shift().failed == 1 and jobs.pauses())

    failure, said = worked(shared, during)
    assert failure is None  # the worker goes on
    assert any("RuntimeError: out of order" in one for one in said)
    assert jobs.failures_of(A) == 1
    assert jobs.live() == {}


def test_a_job_of_an_outlet_that_is_scheduled_no_more_is_nothing(
    shared: Archive, jobs: Jobs
) -> None:
    async def during(worker: Worker) -> None:
        await happened(lambda: worker.queue.worker_id is not None)
        await worker.queue.give([A])
        await happened(lambda: jobs.live() == {})

    assert worked(shared, during)[0] is None
    assert jobs.shift().failed == 0


def test_one_that_was_taken_for_dead_ends_and_does_no_harm(
    shared: Archive, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.1)

    async def during(worker: Worker) -> None:
        await happened(lambda: jobs.shift().workers)
        asked(shared, "DELETE FROM kliping_jobs.worker")
        await happened(lambda: worker._failure)

    assert worked(shared, during)[0] == "it was taken for dead, and others do its jobs"


def test_with_a_full_disk_no_visit_begins_until_there_is_room(
    shared: Archive, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(module, "LOOK_EVERY", module.datetime.resolution)
    free = [0]

    async def during(worker: Worker) -> None:
        await happened(lambda: worker._is_paused)
        await worker.queue.give([A])
        await asyncio.sleep(0.3)
        assert jobs.live() == {"a": "todo"}
        free[0] = 10**12
        await happened(lambda: jobs.live() == {})

    failure, said = worked(shared, during, free=lambda _: free[0])
    assert failure is None
    assert any(one.startswith("Paused: 0 bytes are free") for one in said)
    assert any(one.startswith("Goes on: ") for one in said)


def test_on_sqlite_there_is_nothing_to_work_at(new_archive: Callable[..., Archive]) -> None:
    with pytest.raises(NoQueue, match="Many workers need PostgreSQL"):
        Worker(new_archive())
