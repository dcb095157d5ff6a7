"""Records read back: by place in random order with ours, in order with ours, FastWARC and warcio.

PYTHON bench/recording/reading.py FILE [check]   (FastWARC; prints records, wall and CPU seconds)

Ours by place always compares digests. warcio and FastWARC do not by themselves, so in order both
ways are measured; FastWARC's with `check` compares the block's.
"""

import subprocess
import sys
import time
from pathlib import Path


def fastwarc(path: Path, *, check: bool = False) -> int:
    """Every record of a file, its content read, with FastWARC's defaults but HTTP left alone."""
    from fastwarc.warc import ArchiveIterator

    count = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=False):
            if check:
                assert record.verify_block_digest(consume=True)
            else:
                record.reader.read()
            count += 1
    return count


def warcio(path: Path) -> int:
    """Every record of a file, its content read, with warcio."""
    from warcio.archiveiterator import ArchiveIterator

    count = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True):
            record.raw_stream.read()
            count += 1
    return count


def compare_reading(name: str, path: Path, python: str | None, pairs: int) -> None:
    """Print records a second of each reader."""
    import random

    from recording.table import Figures

    from archive.warc.reader import read_record, records_of

    places = [one.place for one in records_of(path)]
    random.Random(1).shuffle(places)

    def by_place() -> int:
        return sum(1 for place in places if read_record(path.parent, place))

    def in_order() -> int:
        return sum(1 for one in records_of(path) if one.check() is None)

    def unchecked() -> int:
        return sum(1 for _ in records_of(path))

    ways = {
        "ours: read_record, random order": lambda: clocked(by_place),
        "ours: records_of, digests checked": lambda: clocked(in_order),
        "ours: records_of": lambda: clocked(unchecked),
        "warcio: ArchiveIterator": lambda: clocked(lambda: warcio(path)),
    }
    if python or _is_here():
        other = python or sys.executable
        ways["FastWARC: ArchiveIterator"] = lambda: _elsewhere(other, str(path))
        ways["FastWARC, digests checked"] = lambda: _elsewhere(other, str(path), "check")
    figures = Figures("records/s", "CPU ms a record", "records/s over warcio's")
    for _ in range(pairs):
        speed = {}
        for way, read in ways.items():
            count, wall, cpu = read()
            assert count == len(places), (way, count, len(places))
            speed[way] = count / wall
            figures.add(way, speed[way], cpu / count * 1e3)
        for way, one in speed.items():
            over = one / speed["warcio: ArchiveIterator"]
            figures.add_to(way, "records/s over warcio's", over)
    size = path.stat().st_size / 1e6
    figures.show(f"Read-back, {name}: {len(places)} records, {size:.0f} MB in one file")
    if "FastWARC: ArchiveIterator" not in ways:
        print("  FastWARC is left out: it is not here, and no --fastwarc PYTHON was given")


def clocked(read) -> tuple[int, float, float]:
    """What a reader counted, and its wall and CPU seconds."""
    wall, cpu = time.monotonic(), time.process_time()
    count = read()
    return count, time.monotonic() - wall, time.process_time() - cpu


def _elsewhere(python: str, *arguments: str) -> tuple[int, float, float]:
    command = [python, __file__, *arguments]
    out = subprocess.run(command, check=True, capture_output=True, text=True)
    count, wall, cpu = out.stdout.split()
    return int(count), float(wall), float(cpu)


def _is_here() -> bool:
    from importlib.util import find_spec

    return find_spec("fastwarc") is not None


if __name__ == "__main__":
    print(*clocked(lambda: fastwarc(Path(sys.argv[1]), check="check" in sys.argv[2:])))
