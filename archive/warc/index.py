"""The indexes beside the WARC files: `cdxj/NAME.warc.gz.cdxj`, sorted bytewise, one for each file.

While a WARC file grows its lines go to `….cdxj.open` in the order of the records; when it is sealed
they are sorted, written aside and renamed. All of it is derived: what is lost is made anew from the
WARC file, and an index that fails is said in the log and stops no recording.
"""

import contextlib
import heapq
import itertools
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

from archive.errors import ArchiveError
from archive.records import Place
from archive.warc.cdxj import index_of, line_as_written, line_of
from archive.warc.members import Record
from archive.warc.reader import StoredRecord

SUFFIX = ".cdxj"
OPEN_SUFFIX = ".cdxj.open"
RUN_LINES = 200_000
"""Lines sorted at once: about 80 MB of them."""
FILES_AT_ONCE = 200
"""Files merged at once; a process may often have no more than 1,024 open."""

_FAILED = "%s: no index for now (%s); `kliping cdxj` makes it from the WARC file"

log = logging.getLogger(__name__)
_T = TypeVar("_T")


class CdxjWriter:
    """The index of the one WARC file that grows. Nothing that fails here is raised."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file: BinaryIO | None = None
        self._name = ""

    def begin(self, name: str) -> None:
        """The WARC file `name` begins."""
        self._name = name
        self._try(self._open)

    def add(self, record: Record | StoredRecord, place: Place) -> None:
        """A record has been written at `place`."""
        if self._file is not None:
            self._try(lambda: self._append(record, place))

    def seal(self) -> None:
        """The WARC file is sealed: so is its index."""
        if self._file is not None:
            self._try(self._sort)
        self.abandon()

    def abandon(self) -> None:
        """Let go of the growing index; it can be made anew from the WARC file."""
        if self._file is not None:
            self._try(self._file.close)
        self._file = None
        with contextlib.suppress(OSError):
            self._growing.unlink(missing_ok=True)

    @property
    def _growing(self) -> Path:
        return self._directory / (self._name + OPEN_SUFFIX)

    def _open(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._file = self._growing.open("wb")

    def _append(self, record: Record | StoredRecord, place: Place) -> None:
        if isinstance(record, StoredRecord):
            line = line_of(record)
        else:
            line = line_as_written(record, place)
        if line and self._file:
            self._file.write(line)

    def _sort(self) -> None:
        if self._file:
            self._file.close()
            sort_file(self._growing, index_path(self._directory, self._name))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it is, the recording goes on
            with contextlib.suppress(OSError):
                if self._file is not None:
                    self._file.close()
            self._file = None
            log.warning(_FAILED, self._name, error)


def index_path(directory: Path, name: str) -> Path:
    """Where the index of the WARC file `name` lies."""
    return directory / (name + SUFFIX)


def make_index(warc: BinaryIO, name: str, directory: Path) -> Path:
    """Make the index of a sealed WARC file from its records; what a dead process left is removed.

    Raises:
        CorruptRecord: if the file cannot be read to its end; there is no index then.
        OSError: if the index cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    target = index_path(directory, name)
    _write_sorted(index_of(warc, name), target)
    (directory / (name + OPEN_SUFFIX)).unlink(missing_ok=True)
    return target


def try_index(warc: Path, directory: Path) -> None:
    """As `make_index`; what fails is said in the log, since it can be made at any time."""
    try:
        with warc.open("rb") as file:
            make_index(file, warc.name, directory)
    except (OSError, ArchiveError) as error:
        log.warning(_FAILED, warc.name, error)


def sort_file(source: Path, target: Path) -> None:
    """Sort a file's lines bytewise into another, in bounded memory.

    The target is whole or not there.

    Raises:
        OSError: if there is no room.
    """
    with source.open("rb") as lines:
        _write_sorted(lines, target)


def merged(paths: Iterable[Path]) -> Iterator[bytes]:
    """The lines of many sorted files as one sorted stream, in constant memory."""
    waiting = list(paths)
    with contextlib.ExitStack() as open_until_done:
        if len(waiting) > FILES_AT_ONCE:
            room = Path(open_until_done.enter_context(tempfile.TemporaryDirectory()))
            waiting = [
                _keep(merged(some), room / str(number))
                for number, some in enumerate(_batches(waiting, FILES_AT_ONCE))
            ]
            yield from merged(waiting)
            return
        files = [open_until_done.enter_context(path.open("rb")) for path in waiting]
        yield from heapq.merge(*files)


def _write_sorted(lines: Iterable[bytes], target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".sorting-") as room:
        runs = [
            _keep(sorted(some), Path(room) / str(number))
            for number, some in enumerate(_batches(lines, RUN_LINES))
        ]
        whole = _keep(merged(runs), Path(room) / "whole")
        with whole.open("rb") as written:
            os.fdatasync(written.fileno())
        whole.rename(target)


def _keep(lines: Iterable[bytes], path: Path) -> Path:
    with path.open("wb") as file:
        file.writelines(lines)
    return path


def _batches(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    left = iter(values)
    while some := list(itertools.islice(left, size)):
        yield some
