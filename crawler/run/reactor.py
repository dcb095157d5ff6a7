"""The reactor, so that a coroutine can be run to its end, more than once in a process."""

import asyncio
import gc
import os
import threading
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import certifi
from scrapy.utils.reactor import install_reactor, is_reactor_installed

T = TypeVar("T")
SYSTEM_AUTHORITIES = ("/etc/ssl/certs", "/etc/pki/tls/certs")
REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine under the asyncio reactor, and give its result.

    A Twisted reactor can be run only once; its asyncio loop can be run again and again. So the
    reactor is started without being run, and the loop does the rest.
    """
    if not is_reactor_installed():
        install_reactor(REACTOR)
    from twisted.internet import reactor  # noqa: PLC0415 - importing it earlier installs another

    _trust_somebody()
    if not reactor.running:
        # threads that nobody stops must not keep the process alive
        reactor.getThreadPool().threadFactory = partial(threading.Thread, daemon=True)
        reactor.startRunning(installSignalHandlers=False)
        gc.freeze()  # what was imported stays: to walk it costs 0.1 s each time
    loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop  # noqa: SLF001
    asyncio.set_event_loop(loop)
    return loop.run_until_complete(main)


def _trust_somebody() -> None:
    """Certificates are verified; a bare machine has no authorities, so certifi's serve."""
    given = {"SSL_CERT_FILE", "SSL_CERT_DIR"} & set(os.environ)
    if not given and not any(next(Path(d).glob("*"), None) for d in SYSTEM_AUTHORITIES):
        os.environ["SSL_CERT_FILE"] = certifi.where()
