"""A worker: one of many processes that visit the outlets of an archive, job by job, for long.

    python -m crawler.run.worker ARCHIVE READERS

Begun by a crew (`crawler.run.crew`); it ends when its standard input does, so that it does not
outlive who began it. Ends with 0 when it was asked to, with 1 when it could not go on.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from archive.console import clean
from archive.errors import ArchiveError
from archive.jobs import Jobs
from archive.query.schedules import all_schedules
from archive.records import OutletId
from archive.store import Archive
from crawler.outlets.catalogue import find_outlet
from crawler.readers import PRELOAD, Readers
from crawler.run.agenda import Agenda, Entry
from crawler.run.crawl import OUTLETS_AT_ONCE, open_desk
from crawler.run.days import Day, Days
from crawler.run.leader import Leader
from crawler.run.mishap import note_mishap
from crawler.run.queue import BEAT_SECONDS, Queue
from crawler.run.reactor import run
from crawler.run.round import LOOK_EVERY, Made, make_round
from crawler.run.telling import told

logger = logging.getLogger(__name__)


class VisitFailed(Exception):
    """A visit ended badly; its job has failed."""


class Worker:
    """Does jobs of one archive. `work` once; `stop` ends it cleanly."""

    def __init__(
        self,
        archive: Archive,
        *,
        tell: Callable[[str], None] = lambda _: None,
        free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    ) -> None:
        self.archive = archive
        self.jobs = Jobs(archive)
        self.queue = Queue(self.jobs.conninfo)
        self._clock = archive.clock
        self._tell = tell
        self._free = free
        self._days = Days(archive, outlets=list)
        self._has_arrived = False
        self._is_stopping = False
        self._is_paused = False
        self._failure: str | None = None
        self._changed = asyncio.Event()

    async def work(self, readers: Readers) -> str | None:
        """Do jobs until stopped; why it could not go on, if it could not."""
        async with open_desk(self.archive, readers=readers) as desk:
            desk.lane.on_broken = self._broke
            await self._days.begin(desk)
            await self.queue.open()
            leader = Leader(
                self.jobs, self.queue, Agenda(self.archive), self._days, self._tell
            ).lead()
            beside = [asyncio.create_task(leader), asyncio.create_task(self._keep_house())]
            try:
                with self._signals():
                    await self._take()
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                await self._finish()
        return self._failure

    def stop(self) -> None:
        """Take no more jobs, let what is under way be finished, and give the rest back."""
        self._is_stopping = True
        for day in self._days.open:
            day.desk.stop()
        self.queue.leave_off()
        self._changed.set()

    async def _take(self) -> None:
        while not self._is_stopping:
            self._changed.clear()
            if self._is_paused:
                await self._changed.wait()
                continue
            await self.queue.take(self._visit, at_once=OUTLETS_AT_ONCE)
            self._has_arrived = False
            if not self._is_wanted():
                self._fail("the queue cannot be reached any more")

    def _is_wanted(self) -> bool:
        """Whether it is by our own word that no jobs are taken."""
        return self._is_stopping or self._is_paused

    async def _finish(self) -> None:
        if self._failure is None:
            with contextlib.suppress(ArchiveError):
                await asyncio.to_thread(self._leave)
        await self.queue.close()
        for day in list(self._days.open):
            if self._failure:
                day.report.outcome = "failed"
            await self._days.close(day)

    # one job

    async def _visit(self, outlet: OutletId) -> None:
        await self._arrive()
        begun_at = self._clock.now()
        day = self._days.today
        entry = await asyncio.to_thread(self._entry, outlet)
        if entry is None or day.desk.stopping:
            return  # it is scheduled no more, or stays due
        day.visits += 1
        made, failure = None, None
        try:
            entry.begins(begun_at)
            made = await make_round(day.desk, entry.outlet, entry.schedule, begun_at)
            failure = made.failure
        except Exception as error:  # noqa: BLE001 - it is logged and remarked
            failure = await note_mishap(day.desk, outlet, error)
        day.visits -= 1
        await self._ended(entry, day, made, failure)
        await self._days.let_go(day)
        if failure:
            raise VisitFailed(failure)

    def _entry(self, outlet: OutletId) -> Entry | None:
        with self.archive.reading() as connection:
            kept = all_schedules(connection, outlet)
        if not kept:
            return None
        found = find_outlet(self.archive.directory, outlet)
        return Entry(outlet=found, schedule=kept[0], failures=self.jobs.failures_of(outlet))

    async def _ended(self, entry: Entry, day: Day, made: Made | None, failure: str | None) -> None:
        now = self._clock.now()
        if made is not None:
            day.take(made.visit, failure)
        wanted = made.not_before(now) if made else None
        entry.ends(now, has_failed=failure is not None, not_before=wanted)
        if day.desk.fatal:
            self._fail(day.desk.fatal)
            return
        if not day.desk.stopping:
            await asyncio.to_thread(self._pause, entry)
        self._tell(told(entry, made.visit if made else None, failure))

    def _pause(self, entry: Entry) -> None:
        until: datetime = entry.not_before or self._clock.now()
        self.jobs.pause(entry.outlet.oid, until, entry.failures)

    # house-keeping

    async def _keep_house(self) -> None:
        looked_at = None
        while True:
            now = self._clock.now()
            try:
                await self._arrive()
                await self._see_to_life()
                if now.date() != self._days.today.on:
                    await self._days.turn()
                if looked_at is None or now - looked_at >= LOOK_EVERY:
                    looked_at = now
                    self._look_at_disk()
            except Exception as error:
                logger.exception("house-keeping failed")
                self._fail(f"{type(error).__name__}: {error}")
            await asyncio.sleep(BEAT_SECONDS if self._has_arrived else 0.2)

    async def _arrive(self) -> None:
        """Say who this is; before its first job, so that it is missed if it dies."""
        id_ = self.queue.worker_id
        if id_ is not None and not self._has_arrived:
            self._has_arrived = True
            machine = socket.gethostname().lower()
            await asyncio.to_thread(self.jobs.arrive, id_, machine, os.getpid())

    async def _see_to_life(self) -> None:
        id_ = self.queue.worker_id
        if id_ is not None and not await asyncio.to_thread(self.jobs.is_known, id_):
            self._fail("it was taken for dead, and others do its jobs")

    def _leave(self) -> None:
        """Forget all that was said of this process."""
        ours = (socket.gethostname().lower(), os.getpid())
        mine = [one.id for one in self.jobs.shift().workers if (one.machine, one.pid) == ours]
        if mine:
            self.jobs.leave(mine)

    def _look_at_disk(self) -> None:
        least = self.archive.config.limits.min_free_bytes
        free = min(map(self._free, (self.archive.directory, self.archive.warc_directory)))
        if not self._is_paused and free < least:
            self._is_paused = True
            self.queue.leave_off()
            self._tell(
                f"Paused: {free} bytes are free, and limits.min_free_bytes is {least}. "
                "No visit begins here; make room, and it goes on by itself."
            )
        elif self._is_paused and free >= least:
            self._is_paused = False
            self._changed.set()
            self._tell(f"Goes on: {free} bytes are free.")

    def _broke(self, error: BaseException) -> None:
        for day in self._days.open:
            day.desk.give_up(error)
        self._fail(self._days.today.desk.fatal or str(error))

    def _fail(self, why: str) -> None:
        if self._failure is None and not self._is_stopping:
            self._failure = why
        self.stop()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for kind in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(kind, self.stop)
        try:
            yield
        finally:
            for kind in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(kind)


def main(directory: Path, readers: int) -> int:
    """Work until asked to end, or whoever began this has ended."""
    with Archive.open(directory) as archive:
        worker = Worker(archive, tell=_say)

        async def work() -> str | None:
            pool = Readers(readers, preload=PRELOAD)
            loop = asyncio.get_running_loop()
            loop.add_reader(sys.stdin.fileno(), _heard, loop, worker)
            try:
                return await worker.work(pool)
            finally:
                loop.remove_reader(sys.stdin.fileno())
                await asyncio.to_thread(pool.close)

        failure = run(work())
    if failure:
        _say(f"This worker ends: {failure}")
    return 1 if failure else 0


def _heard(loop: asyncio.AbstractEventLoop, worker: Worker) -> None:
    """Nothing is ever said there: it is the end."""
    loop.remove_reader(sys.stdin.fileno())
    worker.stop()


def _say(sentence: str) -> None:
    sys.stderr.write(clean(sentence) + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
    except ArchiveError as error:
        _say(f"This worker ends: {error}")
        sys.exit(1)
