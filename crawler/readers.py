"""Worker processes that read pages: the reactor never parses one.

What is read is hostile, so each page has a time limit, and a process that dies costs one page. A
parser written in C hears no signal of Python: the kernel ends its process (`crawler.limits`).
"""

import asyncio
import contextlib
import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import FrameType
from typing import TypeVar

from crawler import limits

P = TypeVar("P")
R = TypeVar("R")

PRELOAD = ("crawler.primed",)
"""What is imported before the processes are forked, so that none of them pays for it."""
SECONDS_A_PAGE = 30
"""The slowest of 439 real pages took under one second."""
CPU_GRACE = 10
"""Seconds of CPU beyond that before the kernel ends a process that did not hear of it."""


class ReadingFailed(Exception):
    """A page took too long to read, or ended the process that read it."""


def begin_preload(preload: tuple[str, ...] = PRELOAD) -> None:
    """Start importing what readers need, in a process of its own, and return at once.

    For whoever has a second of work to do before it needs them, such as importing Scrapy.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(preload))
    multiprocessing.forkserver.ensure_running()


class Readers:
    """A pool of processes for pure functions of one argument; made when first needed."""

    def __init__(self, count: int | None = None, *, preload: tuple[str, ...] = ()) -> None:
        self._count = count or max(1, os.cpu_count() or 1)
        self._preload = preload
        self._pool: ProcessPoolExecutor | None = None
        self._ward: ProcessPoolExecutor | None = None
        self._ward_is_taken = asyncio.Lock()

    def warm(self) -> None:
        """Start the processes now, so that they are ready when the first page is there.

        It returns at once: each waits until what is preloaded has been imported.
        """
        pool = self._pool = self._pool or self._new_pool(self._count)

        def start() -> None:
            with contextlib.suppress(RuntimeError):  # closed before it was warm
                for _ in range(self._count):
                    pool.submit(_nothing)

        threading.Thread(target=start, name="readers-warm", daemon=True).start()

    async def read(self, function: Callable[[P], R], page: P) -> R:
        """`function(page)`, in another process.

        Raises:
            ReadingFailed: if it takes too long, or the process dies of it.
            Exception: what the function raised.
        """
        pool = self._pool = self._pool or self._new_pool(self._count)
        try:
            return await _read_in(pool, function, page)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
                pool.shutdown(wait=False, cancel_futures=True)
            return await self._read_alone(function, page)

    async def _read_alone(self, function: Callable[[P], R], page: P) -> R:
        """Read once more, by itself: all pages of a pool fail with it, but one was to blame."""
        async with self._ward_is_taken:
            pool = self._ward = self._ward or self._new_pool(1)
            try:
                return await _read_in(pool, function, page)
            except BrokenProcessPool as error:
                self._ward = None
                pool.shutdown(wait=False, cancel_futures=True)
                raise ReadingFailed("the process that read it died") from error

    def renew(self) -> None:
        """Have new processes from the next page on; the old ones end when they have read theirs.

        Parsers of hostile pages are not free of leaks, and a service goes on for long.
        """
        for pool in filter(None, (self._pool, self._ward)):
            pool.shutdown(wait=False)
        self._pool = self._ward = None

    def close(self) -> None:
        """End the processes."""
        for pool in filter(None, (self._pool, self._ward)):
            pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._ward = None

    def _new_pool(self, count: int) -> ProcessPoolExecutor:
        # forkserver: a fork of a process with threads may hang, a spawn imports everything anew
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(self._preload))
        return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


async def _read_in(pool: ProcessPoolExecutor, function: Callable[[P], R], page: P) -> R:
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(pool, _limited, function, page, SECONDS_A_PAGE)
    except TimeoutError as error:
        raise ReadingFailed(f"not read within {SECONDS_A_PAGE} seconds") from error


def _begin() -> None:
    # Ctrl-C goes to the whole process group; the crawl ends its readers itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits.without_core()
    limits.bound_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # a crawl that is killed cannot end its readers, and they would wait for pages for ever
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _nothing() -> None:
    """What a process does to be there."""


def _limited(function: Callable[[P], R], page: P, seconds: float) -> R:
    def give_up(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    limits.bound_cpu(seconds + CPU_GRACE)
    try:
        return function(page)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
