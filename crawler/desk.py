"""What the parts of one run share: the archive and its lane, the clock, the pace, the readers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import gettempdir
from typing import TYPE_CHECKING

from archive.clock import Clock
from archive.records import OutletId, RunId
from archive.store import Archive
from crawler.lane import Lane
from crawler.manners.guard import Guard
from crawler.manners.pace import Pace
from crawler.manners.robots import Robots
from crawler.manners.statements import Statements
from crawler.readers import Readers

if TYPE_CHECKING:
    from crawler.visit import Visit


GRACE_SECONDS = 10
"""Real ones, for what is under way when a run is asked to end: some pages take that long, and who
sends a byte a second would hold the end up for a minute."""
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(slots=True, kw_only=True)
class Desk:
    """One run's desk. `counts` are its numbers, by `room/plural[/label]`."""

    archive: Archive
    clock: Clock
    run: RunId
    lane: Lane
    pace: Pace
    robots: Robots
    statements: Statements
    guard: Guard
    readers: Readers
    counts: Counter[str] = field(default_factory=Counter)
    pages: Counter[OutletId] = field(default_factory=Counter)
    bytes: Counter[OutletId] = field(default_factory=Counter)
    """Captures of each outlet in this run, and the bytes that were answered; for quotas."""
    visits: list[Visit] = field(default_factory=list)
    under_way: set[Callable[[], None]] = field(default_factory=set)
    """What cuts each of the exchanges short that are on the wire."""
    remarked: set[tuple[OutletId, str]] = field(default_factory=set)
    """What was said already of an outlet's robots.txt in this run."""
    stopping: bool = False
    """Set when the run is asked to end: nothing more is borrowed."""
    fatal: str | None = None
    """What ended the run early, in one sentence: a full disk, say."""

    def spend(self, outlet: OutletId, size: int) -> None:
        """Count a capture of an outlet, with so many bytes answered."""
        self.counts["captures"] += 1
        self.counts["bytes"] += size
        self.pages[outlet] += 1
        self.bytes[outlet] += size

    def stop(self) -> None:
        """End the run cleanly: nothing more is borrowed, what is under way is finished.

        What takes longer than `GRACE_SECONDS` is cut short.
        """
        if not self.stopping:
            with contextlib.suppress(RuntimeError):  # without a loop nothing is on the wire
                asyncio.get_running_loop().call_later(GRACE_SECONDS, self._cut_short)
        self.stopping = True
        self.pace.stop()
        for visit in self.visits:
            visit.poke()

    def _cut_short(self) -> None:
        for cut in list(self.under_way):
            cut()

    def give_up(self, error: BaseException) -> None:
        """Nothing can be written any more, by the archive or by readers: end the run, say why."""
        if self.fatal is None:
            full = isinstance(error, OSError) and error.errno in DISK_FULL
            what = (
                f"The disk under {self.archive.directory} or {gettempdir()} is full: make room"
                if full
                else f"The archive cannot be written ({error}): see to it"
            )
            self.fatal = (
                f"{what}, and run the same command again. All that was recorded is intact, and "
                "the crawl resumes."
            )
        self.stop()


def new_desk(archive: Archive, readers: Readers) -> Desk:
    """Everything one run shares, ready to be used."""
    lane = Lane(archive)
    run = new_run_id(archive.clock.now())
    pace = Pace(lane, archive.clock, run)
    robots = Robots(lane, pace, archive.clock)
    desk = Desk(
        archive=archive,
        clock=archive.clock,
        run=run,
        lane=lane,
        pace=pace,
        robots=robots,
        statements=Statements(lane, robots, archive.clock),
        guard=Guard(allow=archive.config.guard.allow, resolve=archive.config.resolve),
        readers=readers,
    )
    lane.on_broken = desk.give_up
    return desk


def new_run_id(now: datetime) -> RunId:
    """`20260302T060000123456Z-PID-HOST`: sortable, and it tells whose leases are whose."""
    return RunId(f"{now:%Y%m%dT%H%M%S%f}Z-{os.getpid()}-{socket.gethostname().lower()}")


def is_over(run: str) -> bool:
    """Whether the process of a run on this machine has ended; other machines' are not judged."""
    _, pid, host = (*run.split("-", 2), "", "")[:3]
    if host != socket.gethostname().lower() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True  # an earlier run of this very process
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
