"""The WARC files of an archive as a verification reads them; nothing else of it opens any."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.errors import CorruptRecord
from archive.records import Place
from archive.store import Archive
from archive.warc.reader import StoredRecord, open_path, read_record
from archive.warc.writer import OPEN_SUFFIX


def warc_files(directory: Path) -> Iterator[Path]:
    """Every WARC file, sealed ones and those still growing, in order of their names."""
    yield from sorted([*directory.glob("*.warc.gz"), *directory.glob(f"*.warc.gz{OPEN_SUFFIX}")])


def names_here(archive: Archive) -> set[str]:
    """The names of the files that are here; one that grows goes by its final name."""
    return {path.name.removesuffix(OPEN_SUFFIX) for path in warc_files(archive.warc_directory)}


def is_here(archive: Archive, name: str) -> bool:
    """Whether there is such a file, sealed or growing."""
    try:
        open_path(archive.warc_directory, name)
    except CorruptRecord:
        return False
    return True


def is_growing(archive: Archive, name: str) -> bool:
    """Whether a file that is here is not sealed."""
    return open_path(archive.warc_directory, name).name.endswith(OPEN_SUFFIX)


def size_of(archive: Archive, name: str) -> int:
    """How large a file is now."""
    try:
        return open_path(archive.warc_directory, name).stat().st_size
    except FileNotFoundError:  # it was sealed, and so renamed, between two looks
        return open_path(archive.warc_directory, name).stat().st_size


@contextmanager
def opened(archive: Archive, name: str) -> Iterator[BinaryIO]:
    """A file, to be read from its beginning.

    Raises:
        CorruptRecord: if it is missing.
    """
    try:
        file = open_path(archive.warc_directory, name).open("rb")
    except FileNotFoundError:  # as above
        file = open_path(archive.warc_directory, name).open("rb")
    with file:
        yield file


def record_at(archive: Archive, place: Place) -> StoredRecord:
    """One record.

    Raises:
        CorruptRecord: if there is no whole record at that place.
    """
    return read_record(archive.warc_directory, place)
