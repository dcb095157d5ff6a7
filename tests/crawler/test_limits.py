"""Limits: the kernel ends a process that a page keeps busy, also inside code written in C."""

import multiprocessing
import re
import signal
from collections.abc import Callable

import pytest

from crawler import limits


def spin_in_c() -> None:
    limits.without_core()
    limits.bound_cpu(1)
    re.match(r"(a+)+$", "a" * 40 + "b")  # one call, for years


def spin_twice() -> None:
    for _ in range(2):
        limits.bound_cpu(2)
        began = limits.used_cpu()
        while limits.used_cpu() - began < 1:
            pass


def take_memory() -> None:
    limits.bound_memory(50_000_000)
    try:
        bytearray(200_000_000)
    except MemoryError:
        raise SystemExit(7) from None


def take_little() -> None:
    limits.bound_memory(200_000_000)
    bytearray(50_000_000)


@pytest.mark.parametrize(
    ("act", "code"),
    [(spin_in_c, -signal.SIGXCPU), (spin_twice, 0), (take_memory, 7), (take_little, 0)],
)
def test_a_process_is_held_to_its_bounds(act: Callable[[], None], code: int) -> None:
    process = multiprocessing.get_context("spawn").Process(target=act)
    process.start()
    process.join(120)
    assert process.exitcode == code


def test_used_cpu_and_peak_memory_are_known() -> None:
    assert limits.used_cpu() > 0
    assert limits.peak_memory() > 10_000_000
