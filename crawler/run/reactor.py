"""The reactor, so that a coroutine can be run to its end, more than once in a process."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from scrapy.utils.reactor import install_reactor, is_reactor_installed

T = TypeVar("T")
REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine under the asyncio reactor, and give its result.

    A Twisted reactor can be run only once; its asyncio loop can be run again and again. So the
    reactor is started without being run, and the loop does the rest.
    """
    if not is_reactor_installed():
        install_reactor(REACTOR)
    from twisted.internet import reactor  # noqa: PLC0415 - importing it earlier installs another

    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)
    loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop  # noqa: SLF001
    asyncio.set_event_loop(loop)
    pool = reactor.getThreadPool()
    pool.start()
    try:
        return loop.run_until_complete(main)
    finally:
        pool.stop()  # its threads would keep the process alive
