"""Processes that each answer one line at a time; what ends one of them costs that line alone.

A page may keep a parser busy for ever, or fill the memory, inside code written in C. So each
process has bounds that the kernel keeps (`crawler.limits`), and is watched from outside as well.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from crawler import limits

if TYPE_CHECKING:
    from crawler.answers.answer import Answer

Work = Callable[[int, bytes], "Answer"]
"""Answers line `number`; raises nothing."""
WALL_FACTOR = 10
"""Times the CPU budget that a page may take by the clock: the machine is busy, or a disk hangs."""
PAGES_A_PROCESS = 5000
"""Parsers of hostile pages are not free of leaks: names of elements are kept for ever."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one line: its answer, or the reason why there is none."""

    number: int
    line: bytes = field(repr=False)
    answer: "Answer | None"
    reason: str = ""


@dataclass(slots=True)
class _Hand:
    process: ForkServerProcess
    pipe: Connection
    task: tuple[int, bytes] | None = None
    since: float = 0.0


class Hands:
    """As many processes as asked for, each idle or at one line."""

    def __init__(
        self,
        work: Work,
        count: int,
        *,
        preload: tuple[str, ...] = (),
        seconds: float = limits.CPU_SECONDS_A_PAGE,
    ) -> None:
        self._work = work
        self._seconds = seconds
        # forkserver: a fork of a process with threads may hang, a spawn imports everything anew
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._hands = [self._new() for _ in range(count)]

    def __enter__(self) -> "Hands":
        return self

    def __exit__(self, *_: object) -> None:
        for hand in self._hands:
            hand.pipe.close()
            if hand.task:
                hand.process.kill()
        for hand in self._hands:
            hand.process.join()

    @property
    def are_all_busy(self) -> bool:
        """Whether no line can be given now."""
        return all(hand.task for hand in self._hands)

    def give(self, number: int, line: bytes) -> None:
        """Have an idle process answer a line; there must be one."""
        hand = next(one for one in self._hands if not one.task)
        if not hand.process.is_alive():  # ended while it was idle: that costs no line
            self._replace(hand)
        hand.task, hand.since = (number, line), time.monotonic()
        with contextlib.suppress(OSError):  # it has died since: `wait` will see it
            hand.pipe.send(hand.task)

    def wait(self, source: int | None = None) -> tuple[bool, list[Done]]:
        """Wait until lines are done, or `source` has more to read: whether it has, and the lines.

        Returns after a second at the latest, perhaps with nothing.
        """
        busy = {hand.pipe: hand for hand in self._hands if hand.task}
        sources: list[Any] = [*busy, *(() if source is None else (source,))]
        ready = wait(sources, timeout=1.0)
        done = [self._heard(busy[pipe]) for pipe in busy if pipe in ready]
        return source in ready, [*done, *self._overdue()]

    def _heard(self, hand: _Hand) -> Done:
        assert hand.task  # noqa: S101 -- only the busy are listened to
        number, line = hand.task
        try:
            is_last, answer = hand.pipe.recv()
        except (EOFError, OSError):
            return Done(number, line, None, self._replace(hand))
        if is_last:
            self._replace(hand)
        hand.task = None
        return Done(number, line, answer)

    def _overdue(self) -> Iterator[Done]:
        limit = self._seconds * WALL_FACTOR
        for hand in self._hands:
            if hand.task and time.monotonic() - hand.since > limit:
                number, line = hand.task
                hand.process.kill()
                self._replace(hand)
                yield Done(number, line, None, f"not read within {limit:g} seconds")

    def _replace(self, hand: _Hand) -> str:
        """Put a new process in the place of one that has ended; why it did."""
        hand.pipe.close()
        hand.process.join()
        code = hand.process.exitcode or 0
        new = self._new()
        hand.process, hand.pipe, hand.task = new.process, new.pipe, None
        if code == -signal.SIGXCPU:
            return f"not read within {self._seconds:g} seconds of CPU"
        ended = signal.Signals(-code).name if code < 0 else f"code {code}"
        return f"the process that read it died ({ended})"

    def _new(self) -> _Hand:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._work, self._seconds), daemon=True
        )
        with _nameless_main():
            process.start()
        theirs.close()
        return _Hand(process, ours)


@contextlib.contextmanager
def _nameless_main() -> Iterator[None]:
    """Keep a new process from importing what its parent was started with.

    That is the whole command line, 0.7 s of CPU for each process; none of the work is in it.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(pipe: Connection, work: Work, seconds: float) -> NoReturn:
    # Ctrl-C goes to the whole process group; whoever gives the lines ends us by closing the pipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits.without_core()
    limits.bound_memory()
    is_last = False
    count = 0
    while not is_last:
        try:
            number, line = pipe.recv()
        except (EOFError, OSError):
            break
        limits.bound_cpu(seconds)
        answer = work(number, line)
        count += 1
        is_last = count >= PAGES_A_PROCESS or limits.peak_memory() > limits.STALE_BYTES
        try:
            pipe.send((is_last, answer))
        except OSError:
            break
    os._exit(0)  # what a parser left behind need not be taken apart
