"""The one thread that writes the archive.

Whatever is waiting is done in one turn: one fsync of the records, one commit. Under load the turns
grow, when it is quiet each act has a turn of its own, and nobody has to choose.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from archive.errors import ArchiveLocked, DatabaseFailed
from archive.store import Archive
from archive.turn import Turn

logger = logging.getLogger(__name__)
T = TypeVar("T")

_BROKEN = (OSError, ArchiveLocked, DatabaseFailed)
GATHER_SECONDS = 0.01
"""When several acts came at once last time, wait this long for more: a turn costs an fsync and a
commit however many it holds."""

LOCKED_FOR = 90.0
"""Seconds for which a database that another process holds is waited for, before a run that may
have gone on for months is ended; a backup or a repair takes its time."""

ACTS_A_TURN = 64
"""So that nobody waits long for the first act of a busy turn to be durable."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    act: Callable[[Turn], Any]
    future: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


class Lane:
    """Does acts one after the other, grouped into turns; `close` when nobody needs it any more."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.on_broken: Callable[[BaseException], None] | None = None
        """Told, in the loop of whoever waited, that the archive cannot be written any more."""
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="archive-lane", daemon=True)
        self._thread.start()

    async def do(self, act: Callable[[Turn], T]) -> T:
        """Have `act` done in the next turn; returns once that turn is durable.

        Raises:
            Exception: what the act raised, or what kept its turn from being durable.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.put(_Waiting(act, future, loop))
        # an act that was begun is finished, even if nobody waits for it any more
        return await asyncio.shield(future)

    @property
    def backlog(self) -> int:
        """How many acts wait for their turn, about."""
        return self._waiting.qsize()

    def close(self) -> None:
        """Do what is waiting, and end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        busy = False
        while (first := self._waiting.get()) is not None:
            if busy:
                time.sleep(GATHER_SECONDS)
            batch = [first, *self._others()]
            busy = len(batch) > 1
            goes_on = batch[-1] is not None
            self._take_turn([one for one in batch if one is not None])
            if not goes_on:
                return

    def _others(self) -> list[_Waiting | None]:
        found: list[_Waiting | None] = []
        while len(found) < ACTS_A_TURN:
            try:
                found.append(self._waiting.get_nowait())
            except queue.Empty:
                break
            if found[-1] is None:
                break
        return found

    def _take_turn(self, batch: list[_Waiting]) -> None:
        outcomes: list[_Ended] | None = None
        latest = time.monotonic() + LOCKED_FOR
        while outcomes is None:
            begun = False
            try:
                with self._archive.turn() as turn:
                    begun = True
                    outcomes = [_done(one, turn) for one in batch]
            except BaseException as error:  # noqa: BLE001 - whoever waits is told
                # of a turn that has not begun nothing is done, and it can be taken again
                if begun or not isinstance(error, ArchiveLocked) or time.monotonic() >= latest:
                    outcomes = [(one, None, error) for one in batch]
                else:
                    logger.warning("waiting for another process to let go of the database")
        for one, result, failure in outcomes:
            if isinstance(failure, _BROKEN) and self.on_broken and not one.loop.is_closed():
                one.loop.call_soon_threadsafe(self.on_broken, failure)
            _tell(one, result, failure)


_Ended = tuple[_Waiting, Any, BaseException | None]


def _done(one: _Waiting, turn: Turn) -> _Ended:
    try:
        with turn.apart():
            return one, one.act(turn), None
    except Exception as error:  # noqa: BLE001 - it is the failure of one act, told to its author
        return one, None, error


def _tell(one: _Waiting, result: Any, failure: BaseException | None) -> None:
    def settle() -> None:
        if one.future.cancelled():
            return
        if failure is not None:
            one.future.set_exception(failure)
        else:
            one.future.set_result(result)

    if not one.loop.is_closed():
        one.loop.call_soon_threadsafe(settle)
