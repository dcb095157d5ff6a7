"""An archive on PostgreSQL that many workers could share, and jobs and workers in its database."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import text

from archive.jobs import Jobs
from archive.records import OutletId
from archive.schedules import Schedule
from archive.store import Archive
from crawler.outlets.catalogue import find_outlet
from crawler.run.queue import Queue


@contextlib.contextmanager
def no_queue_after(archive: Archive) -> Iterator[None]:
    """Take the queue out of a database that is used again."""
    try:
        yield
    finally:
        with archive.writing() as connection:
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS kliping_jobs CASCADE")


@contextlib.asynccontextmanager
async def queue_of(jobs: Jobs) -> Any:
    """A queue, opened."""
    queue = Queue(jobs.conninfo)
    await queue.open()
    try:
        yield queue
    finally:
        await queue.close()


def asked(archive: Archive, sql: str, **said: Any) -> list[Any]:
    """What the database answers."""
    with archive.writing() as connection:
        # the library's triggers name its types bare
        connection.exec_driver_sql("SET LOCAL search_path TO public, kliping_jobs")
        answer = connection.execute(text(sql), said)
        return [tuple(row) for row in answer] if answer.returns_rows else []


def begin(archive: Archive, pid: int, *, machine: str = "far", silent: float = 0) -> int:
    """A worker that arrived, and was last heard of so many seconds ago; its number."""
    [(id_,)] = asked(
        archive,
        "INSERT INTO kliping_jobs.procrastinate_workers (last_heartbeat) "
        "VALUES (now() - :silent * interval '1 second') RETURNING id",
        silent=silent,
    )
    Jobs(archive).arrive(id_, machine, pid)
    return int(id_)


def taken(archive: Archive, worker: int, outlet: str, *, attempts: int = 0) -> None:
    """Say that a worker has taken the waiting job of an outlet."""
    asked(
        archive,
        "UPDATE kliping_jobs.procrastinate_jobs SET status = 'doing', worker_id = :worker, "
        "attempts = :attempts WHERE lock = :lock AND status = 'todo'",
        worker=worker,
        lock=f"outlet:{outlet}",
        attempts=attempts,
    )


def declare(archive: Archive, *ids: str) -> None:
    """Outlets of this archive that are scheduled, and due."""
    for id_ in ids:
        (archive.directory / "outlets" / f"{id_}.toml").write_text(
            f'id = "{id_}"\nname = "{id_}"\nhome = "https://{id_}.example/"\n', "utf-8"
        )
        with archive.turn() as turn:
            turn.sync_outlet(find_outlet(archive.directory, id_).declaration, None)
            now = archive.clock.now()
            turn.schedules.set(Schedule(outlet=OutletId(id_), profile="daily-news", set_at=now))


async def until(happened: Callable[[], Any], *, seconds: float = 10.0) -> Any:
    """Wait for this; what it was."""
    for _ in range(int(seconds / 0.02)):
        if found := await asyncio.to_thread(happened):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it does not happen")
