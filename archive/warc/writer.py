"""The file that is being written: append, flush, rotate, seal.

A file is named `prefix-YYYYMMDDhhmmssfff-serial-pid-host.warc.gz` (only `[-a-z0-9._]`, so that a
WACZ can name it as a resource), ends in `.open` while it grows, and is locked by the process that
writes it. It begins with a warcinfo record; sealing fsyncs, renames and fsyncs the directory.
"""

import dataclasses
import fcntl
import hashlib
import os
import re
import socket
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path

from archive.clock import Clock
from archive.merkle import Tree
from archive.records import Digest, Place
from archive.warc.index import CdxjWriter
from archive.warc.inflate import InflateError, unpacker
from archive.warc.members import PIECE, Parts, Record, packed, warc_fields
from archive.warc.reader import FEED, StoredRecord

OPEN_SUFFIX = ".open"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """A file that will never change again."""

    name: str
    opened_at: datetime
    sealed_at: datetime
    bytes: int
    sha256: str
    root: Digest
    """Of the Merkle tree over its records."""
    records: int


class WarcWriter:
    """Owns the one file that this process writes; nothing is created before the first record.

    Args:
        directory: where the files lie, flat.
        prefix: how their names begin.
        max_bytes: a file that has grown past this is sealed before the next capture.
        max_age: so is a file that is older than this.
        clock: gives each file its name and each warcinfo its date.
        warcinfo: called for each new file; its fields, in order.
        on_sealed: told of each file as it is sealed.
        index: told of each record, if there is to be an index beside the file.
    """

    def __init__(
        self,
        directory: Path,
        *,
        prefix: str,
        max_bytes: int,
        max_age: timedelta = timedelta(days=1),
        clock: Clock,
        warcinfo: Callable[[], list[tuple[str, str | None]]],
        on_sealed: Callable[[SealedFile], None],
        index: CdxjWriter | None = None,
    ) -> None:
        self._directory = directory
        self._prefix = prefix
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._clock = clock
        self._warcinfo = warcinfo
        self._on_sealed = on_sealed
        self._index = index
        self._serial = 0
        self._file: FileIO | None = None
        self._name = ""
        self._opened_at = clock.now()
        self._warcinfo_urn = ""
        self._size = 0
        self._tree = Tree()
        self.told: set[str] = set()
        """Keys of things that this file has been told already, such as a configuration."""

    def begin(self) -> str:
        """Make ready for the records of one capture, which lie in one file; gives its name.

        Rotation happens here and never between the records of one capture.
        """
        if self._file and (self._size > self._max_bytes or self._is_old()):
            self.seal()
        if self._file is None:
            self._open()
        return self._name

    def append(self, record: Record) -> Place:
        """Write one record at the end; readable by others at once, durable after `sync`.

        Raises:
            OSError: if the disk is full; the file is cut back to its last whole record.
        """
        if record.type != "warcinfo":
            fields = (*record.fields, ("WARC-Warcinfo-ID", self._warcinfo_urn))
            record = dataclasses.replace(record, fields=fields)
        place = self._put(record.parts(), is_light=record.is_light)
        if self._index:
            self._index.add(record, place)
        return place

    def copy(self, record: StoredRecord, plain: bytes) -> Place:
        """Write somebody else's record at the end, as it is; `plain` is its text.

        Raises:
            OSError: as `append` does.
        """
        place = self._put((plain,))
        if self._index:
            self._index.add(dataclasses.replace(record, place=place), place)
        return place

    def _put(self, parts: Parts, *, is_light: bool = False) -> Place:
        if self._file is None:
            raise RuntimeError("begin() comes before append()")
        length = 0
        try:
            for piece in _gathered(packed(parts, is_light=is_light)):
                _write_all(self._file, piece)
                length += len(piece)
        except BaseException:  # whatever it is, no half a record may lie before the next
            self._file.truncate(self._size)
            self._file.seek(self._size)
            raise
        place = Place(file=self._name, offset=self._size, length=length)
        self._size += length
        self._tree.add(*parts)
        return place

    def sync(self) -> None:
        """Make everything that was appended survive a power cut."""
        if self._file:
            os.fdatasync(self._file.fileno())

    def seal(self) -> SealedFile | None:
        """End the current file: fsync, rename, fsync the directory; None if there is none."""
        if self._file is None:
            return None
        self.sync()
        growing = self._directory / (self._name + OPEN_SUFFIX)
        sealed = SealedFile(
            name=self._name,
            opened_at=self._opened_at,
            sealed_at=self._clock.now(),
            bytes=self._size,
            sha256=file_sha256(growing),
            root=self._tree.root(),
            records=self._tree.leaves,
        )
        growing.rename(self._directory / self._name)
        sync_directory(self._directory)
        self._file.close()
        self._file = None
        self._on_sealed(sealed)
        if self._index:
            self._index.seal()
        return sealed

    def _is_old(self) -> bool:
        return self._clock.now() - self._opened_at >= self._max_age

    def _open(self) -> None:
        self._serial += 1
        self._opened_at = self._clock.now()
        self._name = self._new_name()
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._directory / (self._name + OPEN_SUFFIX)
        self._file = path.open("xb", buffering=0)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._size = 0
        self._tree = Tree()
        self.told = set()
        if self._index:
            self._index.begin(self._name)
        info = Record(
            type="warcinfo",
            id=uuid.uuid4(),
            at=self._opened_at,
            block=warc_fields(self._warcinfo()),
            content_type="application/warc-fields",
            fields=(("WARC-Filename", self._name),),
        )
        self._warcinfo_urn = info.urn
        try:
            sync_directory(self._directory)  # or a power cut may take the new file's name
            self.append(info)
        except OSError:  # the next capture begins another file, with its own warcinfo
            self._file.close()
            self._file = None
            path.unlink()
            if self._index:
                self._index.abandon()
            raise

    def _new_name(self) -> str:
        stamp = self._opened_at.strftime("%Y%m%d%H%M%S%f")[:17]
        host = re.sub(r"[^a-z0-9.-]", "-", socket.gethostname().lower()) or "localhost"
        while True:
            name = f"{self._prefix}-{stamp}-{self._serial:05d}-{os.getpid()}-{host}.warc.gz"
            taken = (self._directory / name, self._directory / (name + OPEN_SUFFIX))
            if not any(path.exists() for path in taken):
                return name
            self._serial += 1  # a simulated clock may start twice at one instant


def _gathered(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """Pieces put together, so that a small record is one write and a large one never in memory."""
    held: list[bytes | memoryview] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _write_all(file: FileIO, content: bytes) -> None:
    # Nothing is buffered: a record that has its place may not be lost by the one after it.
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def last_whole(path: Path, size: int) -> int:
    """Where the last whole gzip member within the first `size` bytes of a file ends."""
    end = at = 0
    inflating = unpacker()
    with path.open("rb") as file:
        while piece := file.read(min(FEED, size - at)):
            at += len(piece)
            while piece:
                try:
                    inflating.decompress(piece)
                except InflateError:  # not even a torn record: a power cut can leave zeros
                    return end
                if not inflating.eof:
                    break
                piece = inflating.unused_data
                end = at - len(piece)
                inflating = unpacker()
    return end


def file_sha256(path: Path) -> str:
    """Digest of a file, as bare hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_directory(directory: Path) -> None:
    """Make a rename within `directory` survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
