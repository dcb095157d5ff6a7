"""The WARC files of an archive as a verification reads them; nothing else of it opens any."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.db import locations
from archive.errors import CorruptRecord
from archive.records import Place
from archive.store import Archive
from archive.warc.reader import StoredRecord, open_path
from archive.warc.writer import OPEN_SUFFIX


def warc_files(directory: Path) -> Iterator[Path]:
    """Every WARC file, sealed ones and those still growing, in order of their names."""
    yield from sorted([*directory.glob("*.warc.gz"), *directory.glob(f"*.warc.gz{OPEN_SUFFIX}")])


def names_here(archive: Archive) -> set[str]:
    """The names of the files that are here; one that grows goes by its final name."""
    return {path.name.removesuffix(OPEN_SUFFIX) for path in warc_files(archive.warc_directory)}


def is_there(archive: Archive, name: str) -> bool:
    """Whether there is such a file: sealed, growing, or moved to other storage."""
    return archive.shelf.is_here(name) or _location(archive, name) is not None


def is_growing(archive: Archive, name: str) -> bool:
    """Whether a file is not sealed; what was moved is."""
    try:
        return open_path(archive.warc_directory, name).name.endswith(OPEN_SUFFIX)
    except CorruptRecord:
        return False


def size_of(archive: Archive, name: str) -> int:
    """How large a file is now.

    Raises:
        CorruptRecord: if it was moved, and is not where it was moved to.
        StorageUnavailable: if that cannot be asked.
    """
    for _ in range(2):  # it may be sealed, and so renamed, between two looks
        with contextlib.suppress(FileNotFoundError, CorruptRecord):
            return open_path(archive.warc_directory, name).stat().st_size
    with archive.shelf.open(name) as file:
        return file.seek(0, os.SEEK_END)


@contextmanager
def opened(archive: Archive, name: str) -> Iterator[BinaryIO]:
    """A file, to be read from its beginning, wherever it lies.

    Raises:
        CorruptRecord: if it is missing.
        StorageUnavailable: if it was moved, and what holds it cannot be asked.
    """
    with archive.shelf.open(name) as file:
        yield file


def record_at(archive: Archive, place: Place) -> StoredRecord:
    """One record.

    Raises:
        CorruptRecord: if there is no whole record at that place.
        StorageUnavailable: if its file was moved, and what holds it cannot be asked.
    """
    return archive.shelf.record(place)


def _location(archive: Archive, name: str) -> str | None:
    with archive.reading() as connection:
        return locations.location_of(connection, name)
