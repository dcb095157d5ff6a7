"""The leader: the one worker of all machines that says what is to be visited, and counts the dead.

It holds a lock of the database, which ends with its connection however that ends; every other
worker asks for it again and again, and so one of them is the next.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable
from datetime import timedelta

from archive.jobs import SILENT_FOR, Jobs, Lead, Working
from archive.turn import Turn
from crawler.desk import is_over
from crawler.run.agenda import LONGEST_BACK_OFF, Agenda
from crawler.run.crawl import note
from crawler.run.days import Days
from crawler.run.queue import Queue

LOOK_EVERY = 2.0
"""Seconds between two looks at the agenda."""
REST = 4
"""A look that takes long is followed by a rest so many times as long: 10^5 outlets take seconds."""
AHEAD = 2000
"""Jobs that wait at most. The agenda is the real queue; a long one would be slow to take from, and
grow old."""
AT_ONCE = 500
TIDY_EVERY = timedelta(hours=1)

logger = logging.getLogger(__name__)


class Leader:
    """A worker's part in leading: leads when nobody else does, until stopped."""

    def __init__(
        self, jobs: Jobs, queue: Queue, agenda: Agenda, days: Days, tell: Callable[[str], None]
    ) -> None:
        self._jobs = jobs
        self._queue = queue
        self._agenda = agenda
        self._days = days
        self._tell = tell
        self._clock = agenda.archive.clock
        self._lead: Lead | None = None
        self._tidied_at = self._clock.now()

    async def lead(self) -> None:
        """Lead whenever nobody else does; to be cancelled."""
        try:
            while True:
                began = time.monotonic()
                try:
                    if await self._leads():
                        await self._look()
                except Exception:
                    logger.exception("this worker leads no more")
                    self._let_go()
                took = time.monotonic() - began
                await asyncio.sleep(max(LOOK_EVERY, REST * took))
        finally:
            self._let_go()

    async def _leads(self) -> bool:
        if self._lead is not None:
            await asyncio.to_thread(self._lead.check)
            return True
        if self._queue.worker_id is None:
            return False
        self._lead = await asyncio.to_thread(self._jobs.try_to_lead)
        if self._lead is None:
            return False
        await asyncio.to_thread(self._jobs.note_leader, self._queue.worker_id)
        self._tell(f"Process {os.getpid()} leads: it says what is due.")
        return True

    async def _look(self) -> None:
        await self._count_the_dead()
        # Jobs first: of one that ends meanwhile, what its visit left behind is then seen.
        live = await asyncio.to_thread(self._jobs.live)
        pauses = await asyncio.to_thread(self._jobs.pauses)
        for sentence in await asyncio.to_thread(self._agenda.read):
            self._tell(sentence)
        for id_, entry in self._agenda.entries.items():
            entry.not_before = pauses.get(id_)
        room = AHEAD - sum(1 for status in live.values() if status == "todo")
        due = [one.outlet.oid for one in self._agenda.due(self._clock.now())]
        wanted = [one for one in due if one not in live][: max(0, room)]
        for start in range(0, len(wanted), AT_ONCE):
            await self._queue.give(wanted[start : start + AT_ONCE])
        if self._clock.now() - self._tidied_at >= TIDY_EVERY:
            self._tidied_at = self._clock.now()
            await self._queue.tidy()

    async def _count_the_dead(self) -> None:
        """Take back what dead workers held, and have their jobs done again."""
        dead = await asyncio.to_thread(self._jobs.dead, is_gone)
        if dead:
            for one in dead:
                self._tell(f"The worker {one.pid} on {one.machine} is {_how(one)}.")
            over = _runs_of(dead)
            desk = self._days.today.desk

            def free(turn: Turn) -> None:
                turn.free_leases(over)
                turn.hosts.free(over)

            await note(desk, free)
            await self._queue.bury(one.id for one in dead)
        again, deadly = await self._queue.put_back()
        for outlet in again:
            self._tell(f"{outlet}: its worker ended in the middle of a visit; it is visited again.")
        for outlet in deadly:
            until = self._clock.now() + LONGEST_BACK_OFF
            await asyncio.to_thread(self._jobs.pause, outlet, until, 1)
            self._tell(f"{outlet}: FAILED: workers die of its visits. It is left for an hour.")
        if dead:  # last, so that whoever leads next does what was left undone
            await asyncio.to_thread(self._jobs.leave, [one.id for one in dead])

    def _let_go(self) -> None:
        lead, self._lead = self._lead, None
        if lead is not None:
            lead.end()


def is_gone(machine: str, pid: int) -> bool:
    """Whether a process of this machine has ended; of others nothing is known."""
    if machine != socket.gethostname().lower() or pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _how(one: Working) -> str:
    if is_gone(one.machine, one.pid):
        return "dead"
    return f"taken for dead: it has been silent for over {SILENT_FOR.total_seconds():.0f} seconds"


def _runs_of(dead: list[Working]) -> Callable[[str], bool]:
    """Whether a run was one of these workers', or of a process of this machine that ended."""
    ended = {f"{one.pid}-{one.machine}" for one in dead}

    def over(run: str) -> bool:
        who = run.partition("-")[2]
        return who in ended or (is_over(run) and not who.startswith(f"{os.getpid()}-"))

    return over
