"""Peak memory of recording big bodies, of reading them back and of exporting them.

    python bench/recording/peaks.py idle|record|read|export WORK BODY COUNT

Run by bench/capture.py, each job in a process of its own. BODY is a file of incompressible bytes
behind a response's head; each body is it with another end, read in one piece, so that `record` is
no less than one body. Prints the process's VmHWM in MB: `ru_maxrss` would be no
less than that of the process which started this one, for Linux keeps it across exec.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from recording.table import Figures
from recording.writers import HEAD, HOME, exchange_of, provenance_in
from throughput import new_archive

from archive.records import CaptureId
from archive.store import Archive
from archive.wacz.export import Wanted, export_wacz

JOBS = ("record", "read", "export")


def record(work: Path, body: Path, count: int) -> None:
    archive = Archive.open(new_archive([HOME], work))
    (work / "where").write_text(str(archive.directory))
    provenance = provenance_in(archive)
    for number in range(count):
        with body.open("r+b") as file:
            file.seek(-8, os.SEEK_END)
            file.write(number.to_bytes(8, "big"))
        # read in one piece: what is measured is the recorder, and not how its input is made
        one = replace(exchange_of(number, b""), response=body.read_bytes())
        with archive.turn() as turn:
            turn.record(one, provenance)
        del one
    archive.close()


def read(work: Path, body: Path, count: int) -> None:
    from sqlalchemy import select

    from archive.db.schema import capture

    archive = Archive.open(Path((work / "where").read_text()))
    with archive.reading() as connection:
        ids = list(connection.execute(select(capture.c.id)).scalars())
    assert len(ids) == count
    for one in ids:
        archive.fetch(CaptureId(one))
    archive.close()


def export(work: Path, body: Path, count: int) -> None:
    archive = Archive.open(Path((work / "where").read_text()))
    done = export_wacz(archive, Wanted(outlets=("o0",)), work / "out.wacz")
    assert done.captures == count
    archive.close()


def peak() -> float:
    """Peak resident memory of this process, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def compare_peaks(work: Path, megabytes: int, counts: tuple[int, ...]) -> None:
    """Print the peak of each job, for few bodies and for many."""
    import subprocess
    import tempfile

    def run(job: str, room: Path, body: Path, count: int) -> float:
        command = [sys.executable, __file__, job, str(room), str(body), str(count)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return float(done.stdout)

    figures = Figures(*(f"MB, {count} bodies" for count in counts), "last, over idle", "in bodies")
    with tempfile.TemporaryDirectory(dir=work) as scratch:
        body = Path(scratch) / "body"
        with body.open("wb") as out:
            said = {"mime": "image/jpeg", "coding": "", "length": megabytes * 1_000_000}
            out.write(HEAD.format(**said).encode())
            for _ in range(megabytes):
                out.write(os.urandom(1_000_000))
        idle = run("idle", Path(scratch), body, 0)
        figures.add("idle, the same imports", *(idle for _ in counts), 0, 0)
        found: dict[str, list[float]] = {job: [] for job in JOBS}
        for count in counts:
            room = Path(tempfile.mkdtemp(dir=scratch))
            for job in JOBS:
                found[job].append(run(job, room, body, count))
    for job, peaks in found.items():
        over = peaks[-1] - idle
        figures.add(job, *peaks, over, over * 1.048576 / megabytes)
    figures.show(f"Peak memory, bodies of {megabytes} MB that nothing can pack")


if __name__ == "__main__":
    job, room, body, count = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    jobs = {"idle": lambda *_: None, "record": record, "read": read, "export": export}
    jobs[job](room, body, count)
    print(peak())
