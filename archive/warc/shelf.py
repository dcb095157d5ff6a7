"""The shelf: where a file's bytes are. Here in `warc/` first, else in the depot it was moved to."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive.config import StorageConfig
from archive.errors import CorruptRecord, StorageUnavailable
from archive.records import Place
from archive.warc.reader import StoredRecord, open_path, record_in

if TYPE_CHECKING:
    from archive.warc.depot import Depot


class Shelf:
    """Every WARC file of an archive, wherever it lies. Nothing is asked of a depot until it must.

    Args:
        directory: `warc/`.
        storage: what `kliping.toml` says of the depot, if there is one.
        locate: where a file that is not in `directory` was moved to; None if it was not.

    Raises:
        CorruptRecord: from `read`, `record` and `open`, if a file is in neither place.
        StorageUnavailable: from the same, if it was moved, and the depot cannot be asked.
    """

    def __init__(
        self,
        directory: Path,
        storage: StorageConfig | None,
        locate: Callable[[str], str | None],
    ) -> None:
        self._directory = directory
        self._storage = storage
        self._locate = locate
        self._depot: Depot | None = None

    def read(self, place: Place) -> bytes:
        """The bytes at a place, fewer if the file ends before; of a moved file, one request."""
        here = self._open_here(place.file)
        if here is None:
            return self._depot_of(place.file).read(place.file, place.offset, place.length)
        with here as file:
            file.seek(place.offset)
            return file.read(place.length)

    def record(self, place: Place) -> StoredRecord:
        """The record at a place, its digest checked.

        Raises:
            CorruptRecord: also if there is no whole record.
            DigestMismatch: if its block is not what was recorded.
        """
        return record_in(self.read(place), place)

    def open(self, name: str) -> BinaryIO:
        """A file, to read and to seek in; close it."""
        return self._open_here(name) or self._depot_of(name).open(name)

    def is_here(self, name: str) -> bool:
        """Whether a file lies in `warc/`, sealed or growing."""
        try:
            open_path(self._directory, name)
        except CorruptRecord:
            return False
        return True

    def depot(self) -> "Depot":
        """The depot that `[storage]` names; opened once.

        Raises:
            StorageUnavailable: if none is named, or what it needs is not installed.
        """
        storage = self._named()
        if self._depot is None:
            try:
                from archive.warc.depot import Depot  # noqa: PLC0415 - others need no obstore
            except ImportError as error:
                raise StorageUnavailable(
                    f"{storage.url} needs obstore: pip install 'kliping[s3]'"
                ) from error
            self._depot = Depot(storage)
        return self._depot

    def location_of(self, name: str) -> str:
        """The URL that a file has, or would have, in the depot.

        Raises:
            StorageUnavailable: if none is named.
        """
        return self._named().location_of(name)

    def _named(self) -> StorageConfig:
        if self._storage is None:
            raise StorageUnavailable(
                "no storage is named; kliping.toml has no [storage] with such as "
                'url = "s3://bucket/prefix"'
            )
        return self._storage

    def _open_here(self, name: str) -> BinaryIO | None:
        # it may be sealed, or moved, between the look and the opening
        for _ in range(2):
            with contextlib.suppress(FileNotFoundError, CorruptRecord):
                return open_path(self._directory, name).open("rb")
        return None

    def _depot_of(self, name: str) -> "Depot":
        location = self._locate(name)
        if location is None:
            raise CorruptRecord(f"{self._directory / name} is missing; restore it from a backup")
        if self._storage is None:
            raise StorageUnavailable(
                f"{name} was moved to {location}, and kliping.toml names no [storage]"
            )
        # a stranger may have written the row, and our credentials are not for wherever it leads
        if self._storage.location_of(name) != location:
            raise StorageUnavailable(
                f"{name} was moved to {location}, which is not in the storage that kliping.toml "
                f"names ({self._storage.url})"
            )
        return self.depot()
