"""One service for each archive; a lock that a killed process left is seen and taken."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.archives import NOW

from archive.clock import SimulatedClock
from archive.lock import NAME, AlreadyRunning, held

CLOCK = SimulatedClock(NOW)
HOLD = """
import sys, time
from pathlib import Path
from archive.clock import SystemClock
from archive.lock import held
with held(Path(sys.argv[1]), SystemClock()):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_service_is_refused_and_told_who_holds_the_first(tmp_path: Path) -> None:
    with held(tmp_path, CLOCK) as before:
        assert before is None
        with pytest.raises(AlreadyRunning) as refused, held(tmp_path, CLOCK):
            pass
        assert f"process {os.getpid()} on " in str(refused.value)
        assert "since 2026-03-02T06:00:00+00:00" in str(refused.value)
        assert refused.value.exit_code == 1
    with held(tmp_path, CLOCK) as before:
        assert before is None


def test_a_lock_of_a_killed_process_is_taken_and_said(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(AlreadyRunning, match=f"process {process.pid} on"), held(tmp_path, CLOCK):
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    time.sleep(0)
    with held(tmp_path, CLOCK) as before:
        assert before is not None
        assert f"did not end by itself: `kliping run`, process {process.pid} on" in before
        assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()


@pytest.mark.parametrize("said", ["not JSON", "[]", '{"pid": 1}'])
def test_a_lock_file_of_nonsense_hinders_nobody(tmp_path: Path, said: str) -> None:
    (tmp_path / NAME).write_text(said)
    with held(tmp_path, CLOCK) as before:
        assert before == "It did not end by itself: a process that did not say who it is."
