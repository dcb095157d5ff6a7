"""One service for each archive: a file that its process holds locked, and that names it.

    run.lock   {"what": "kliping run", "pid": 4711, "host": "vm", "since": "2026-03-02T06:00:00Z"}

A crew of workers (`kliping run --workers`) holds it together with other crews, of this machine and
of others that see the same directory; one that wants it alone is then refused.

The lock is the system's (flock), so that it ends with its process however that ends; what stands in
the file is for people. A crawl beside a service needs no lock: leases keep them apart.
"""

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from archive.clock import Clock
from archive.errors import ArchiveError, ArchiveLocked

NAME = "run.lock"


class AlreadyRunning(ArchiveError):
    """Another process keeps this archive to itself; the message names it."""


@contextlib.contextmanager
def held(
    directory: Path, clock: Clock, what: str = "kliping run", *, shared: bool = False
) -> Iterator[str | None]:
    """Hold an archive's lock; gives a sentence if one was left by a process that was killed.

    `what` is the command that holds it, for people. With `shared`, others may share it.

    Raises:
        AlreadyRunning: if another process holds it.
    """
    path = directory / NAME
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(
                f"{directory} is held by {_holder(file)}. Stop that one first, or wait for it; "
                "`kliping crawl` may run beside `kliping run`."
            ) from error
        before = "" if shared else _holder(file)  # one that shares it may be alive
        _write(file, clock, what)
        try:
            yield f"It did not end by itself: {before}." if before else None
        finally:
            file.truncate(0)  # and not removed: another process may be waiting to open it


@contextlib.contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Hold a directory of files that are moved or copied whole.

    Raises:
        ArchiveLocked: if another process holds it.
    """
    handle = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveLocked(
                f"another `kliping offload` or `kliping backup` is at work in {directory}; wait "
                "until it ends"
            ) from error
        yield
    finally:
        os.close(handle)


def _holder(file: IO[str]) -> str:
    """Who the file says holds the lock; empty if it says nobody."""
    file.seek(0)
    said = file.read(1000)
    if not said.strip():
        return ""
    try:
        told = json.loads(said)
        what, who = f"`{told['what']}`", f"process {told['pid']} on {told['host']}"
        return f"{what}, {who}, since {told['since']}"
    except (ValueError, KeyError, TypeError):
        return "a process that did not say who it is"


def _write(file: IO[str], clock: Clock, what: str) -> None:
    told = {
        "what": what,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": clock.now().isoformat(timespec="seconds"),
    }
    file.truncate(0)
    file.write(json.dumps(told) + "\n")
    file.flush()
