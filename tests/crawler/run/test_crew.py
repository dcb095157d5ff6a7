"""The crew: so many workers, each begun again if it dies, and all ended by a signal."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.clock import SystemClock
from archive.store import Archive
from crawler.run import crew as module
from crawler.run.crew import Crew


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """Where each process of a crew leaves its pid."""
    (tmp_path / "begun").mkdir()
    return tmp_path / "begun"


@pytest.fixture
def crew(
    begun: Path, new_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Crew, list[str]]]:
    """Makes crews whose workers run a script instead: what a worker does is tested elsewhere."""

    def new(number: int, script: str) -> tuple[Crew, list[str]]:
        path = begun.parent / "worker.py"
        path.write_text(f"import os, pathlib, sys, time\n{WAITS}\n{script}\n", "utf-8")
        monkeypatch.setattr(module, "LOOK_EVERY", 0.02)
        real = subprocess.Popen

        def popen(command: list[str], **how: object) -> object:
            assert command[1:3] == ["-m", "crawler.run.worker"]
            return real([sys.executable, "-S", str(path), str(begun), *command[3:]], **how)  # type: ignore[call-overload]

        monkeypatch.setattr(module.subprocess, "Popen", popen)
        said: list[str] = []
        archive = new_archive()
        return Crew(archive.directory, number, SystemClock(), said.append), said

    return new


WAITS = """
pathlib.Path(sys.argv[1], str(os.getpid())).touch()
def wait():
    sys.stdin.read()
"""


def pids(begun: Path) -> list[int]:
    return [int(path.name) for path in begun.iterdir()]


def beside(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def until(happened: Callable[[], object]) -> None:
    give_up = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < give_up, "it does not happen"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_them(
    crew: Callable[..., tuple[Crew, list[str]]], begun: Path, kind: signal.Signals
) -> None:
    ours, said = crew(2, "wait()")

    def act() -> None:
        until(lambda: len(pids(begun)) == 2)
        os.kill(os.getpid(), kind)

    before = signal.getsignal(kind)
    thread = beside(act)
    assert ours.run()
    thread.join()
    assert ours.stopped_by == kind.name
    assert said == []
    assert not any(map(is_alive, pids(begun)))
    assert signal.getsignal(kind) == before


def test_it_ends_at_the_instant_it_was_given(
    crew: Callable[..., tuple[Crew, list[str]]], begun: Path
) -> None:
    ours, _ = crew(1, "wait()")
    assert ours.run(until=SystemClock().now() + timedelta(seconds=0.5))
    assert ours.stopped_by is None
    assert not any(map(is_alive, pids(begun)))


def test_one_that_is_killed_is_begun_again_and_the_other_goes_on(
    crew: Callable[..., tuple[Crew, list[str]]], begun: Path
) -> None:
    ours, said = crew(2, "wait()")
    killed: list[int] = []

    def act() -> None:
        until(lambda: len(pids(begun)) == 2)
        killed.append(pids(begun)[0])
        os.kill(killed[0], signal.SIGKILL)
        until(lambda: len(pids(begun)) == 3)
        assert sum(map(is_alive, pids(begun))) == 2
        ours.stop("SIGTERM")

    thread = beside(act)
    assert ours.run()
    thread.join()
    assert said == [f"The worker {killed[0]} ended with -9; another takes its place."]


def test_one_that_dies_young_is_begun_again_later_each_time(
    crew: Callable[..., tuple[Crew, list[str]]], begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_REST", 0.8)
    ours, said = crew(1, "sys.exit(1)")
    ours._places[0].rest = 0.1
    times: list[float] = []

    def act() -> None:
        for number in range(1, 5):
            until(lambda number=number: len(pids(begun)) >= number)
            times.append(time.monotonic())
        ours.stop("SIGTERM")

    thread = beside(act)
    ours.run()
    thread.join()
    rests = [b - a for a, b in itertools.pairwise(times)]
    assert rests[-1] > rests[0]
    assert ours._places[0].rest == 0.8  # and no later than that
    assert all("ended with 1; another takes its place." in one for one in said)


def test_that_one_ended_badly_is_answered(
    crew: Callable[..., tuple[Crew, list[str]]], begun: Path
) -> None:
    ours, _ = crew(1, "import signal; signal.signal(15, lambda *_: sys.exit(1)); wait()")

    def act() -> None:
        until(lambda: pids(begun))
        time.sleep(0.2)  # until it listens
        ours.stop("SIGTERM")

    thread = beside(act)
    assert not ours.run()
    thread.join()


def test_a_worker_that_never_began_is_no_harm(
    crew: Callable[..., tuple[Crew, list[str]]],
) -> None:
    ours, _ = crew(3, "wait()")
    ours.stop("SIGINT")
    ours.stop("SIGTERM")  # the first word counts
    assert ours.run()
    assert ours.stopped_by == "SIGINT"
