"""The queue: a job for each visit, on PostgreSQL by procrastinate. Only this module knows it.

A job is the task `visit` with `{"outlet": ID}`. Its lock is `outlet:ID`, so that at most one job of
an outlet is done at a time; so is its queueing lock, so that at most one waits.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.worker import Worker as Taker

from archive.jobs import LOCK, SCHEMA, SILENT_FOR
from archive.records import OutletId

QUEUE, TASK = "visits", "visit"
BEAT_SECONDS = 10.0
"""How often a worker says that it lives."""
POLL_SECONDS = 5.0
"""How soon a job is found that nobody told of: one that was put back."""
CONNECTIONS = 4
TRIES = 3
"""Workers that die of an outlet before it is left alone."""
REMEMBER_FAILED = timedelta(hours=24)

logger = logging.getLogger(__name__)
logging.getLogger("procrastinate").setLevel(logging.ERROR)  # it tells of each job


class Queue:
    """Jobs given and taken by one process. `open` first, `close` last."""

    def __init__(self, conninfo: str) -> None:
        self._app = App(
            connector=PsycopgConnector(
                conninfo=conninfo,
                kwargs={"options": f"-c search_path={SCHEMA}"},
                min_size=1,
                max_size=CONNECTIONS,
            )
        )
        self._taker: Taker | None = None

    async def open(self) -> None:
        """Connect."""
        await self._app.open_async()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._app.close_async()

    @property
    def worker_id(self) -> int | None:
        """By which number the queue knows this process while it takes jobs."""
        return self._taker.worker_id if self._taker else None

    async def take(self, visit: Callable[[OutletId], Awaitable[None]], *, at_once: int) -> None:
        """Do jobs, so many at once, until `leave_off`; those under way are finished.

        A job whose visit raises has failed; it is shown for a day, and not done again: what is due
        is said by the agenda.
        """

        async def do(context: JobContext, outlet: str) -> None:
            await visit(OutletId(outlet))

        self._app.tasks.pop(TASK, None)
        self._app.task(name=TASK, queue=QUEUE, pass_context=True)(do)
        self._taker = Taker(
            self._app,
            queues=[QUEUE],
            concurrency=at_once,
            fetch_job_polling_interval=POLL_SECONDS,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            install_signal_handlers=False,
            update_heartbeat_interval=BEAT_SECONDS,
            stalled_worker_timeout=SILENT_FOR.total_seconds(),
        )
        await self._taker.run()  # type: ignore[no-untyped-call]

    def leave_off(self) -> None:
        """Take no more jobs."""
        if self._taker:
            self._taker.stop()  # type: ignore[no-untyped-call]

    async def give(self, outlets: Sequence[OutletId]) -> int:
        """Have outlets visited, in this order; how many had no such job yet."""
        jobs = [_job(one) for one in outlets]
        try:
            return len(await self._app.job_manager.batch_defer_jobs_async(jobs))
        except AlreadyEnqueued:  # another led a moment ago
            return sum([await self._give_one(job) for job in jobs])

    async def _give_one(self, job: Job) -> int:
        try:
            await self._app.job_manager.defer_job_async(job)
        except AlreadyEnqueued:
            return 0
        return 1

    async def bury(self, workers: Iterable[int]) -> None:
        """Let the queue forget workers that are dead, so that their jobs are stalled."""
        for one in workers:
            await self._app.job_manager.unregister_worker(one)

    async def put_back(self) -> tuple[list[OutletId], list[OutletId]]:
        """Have stalled jobs done again: the library does not by itself.

        Returns:
            the outlets whose jobs wait again, and those of which workers died too often.
        """
        again: list[OutletId] = []
        deadly: list[OutletId] = []
        stalled = await self._app.job_manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=SILENT_FOR.total_seconds()
        )
        for job in stalled:
            outlet = OutletId((job.lock or "").removeprefix(LOCK))
            try:
                if job.attempts + 1 >= TRIES:
                    await self._app.job_manager.finish_job(
                        job, status=Status.FAILED, delete_job=False
                    )
                    deadly.append(outlet)
                else:
                    await self._app.job_manager.retry_job(job)
                    again.append(outlet)
            except ConnectorException:  # its worker lives after all, and has just ended it
                logger.warning("the job of %s could not be put back", outlet)
        return again, deadly

    async def tidy(self) -> None:
        """Forget failed jobs of long ago."""
        await self._app.job_manager.delete_old_jobs(
            nb_hours=int(REMEMBER_FAILED.total_seconds() // 3600),
            queue=QUEUE,
            include_failed=True,
            include_cancelled=True,
            include_aborted=True,
        )


def _job(outlet: OutletId) -> Job:
    lock = f"{LOCK}{outlet}"
    return Job(
        id=None,
        queue=QUEUE,
        task_name=TASK,
        lock=lock,
        queueing_lock=lock,
        task_kwargs={"outlet": outlet},
    )
