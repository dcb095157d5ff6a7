"""Bounds of a process that reads hostile pages: CPU and memory, kept by the kernel.

A page that is stuck inside a parser written in C hears no Python signal. The kernel ends its
process all the same: by SIGXCPU when the CPU is spent, and by refusing memory.
"""

import math
import resource
from pathlib import Path

CPU_SECONDS_A_PAGE = 30
"""The slowest of 1,257 real pages took under one second."""
MEMORY_BYTES = 1536 * 1024 * 1024
"""What a process may take beyond what it has when it begins; a real page takes some 20 MB."""
STALE_BYTES = 512 * 1024 * 1024
"""A process whose memory once grew by so much gives way to a new one: an allocator keeps it."""

_PAGE_SIZE = resource.getpagesize()


def bound_memory(more: int = MEMORY_BYTES) -> None:
    """Let this process have no more than `more` bytes beyond what it has mapped now."""
    if (mapped := _mapped()) is not None:
        _lower(resource.RLIMIT_AS, mapped + more)


def bound_cpu(seconds: float = CPU_SECONDS_A_PAGE) -> None:
    """End this process when it has used `seconds` of CPU from now on; called again, anew.

    The kernel counts whole seconds, so it may be one more.
    """
    _lower(resource.RLIMIT_CPU, math.ceil(used_cpu() + seconds))


def used_cpu() -> float:
    """Seconds of CPU that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_memory() -> int:
    """The most bytes of memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def without_core() -> None:
    """Leave no core file behind when the kernel ends this process."""
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, wanted: int) -> None:
    """Set the soft limit, which may be raised again, within the hard one."""
    hard = resource.getrlimit(limit)[1]
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(limit, (soft, hard))


def _mapped() -> int | None:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE_SIZE
    except OSError:
        return None  # no Linux: memory is bounded by the limits on pages alone
