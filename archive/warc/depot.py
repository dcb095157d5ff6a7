"""The depot: where sealed files lie that were moved away, an S3 bucket or another disk.

What `[storage]` in `kliping.toml` names. A file is one object, `URL/NAME`, never overwritten and
never changed. Reading is by range, so one record costs one request, and a whole file never lies in
memory. Errors are told in our own words: what a server answers may quote the access key.
"""

import contextlib
import io
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import LocalStore, S3Store, from_url

from archive.config import StorageConfig
from archive.errors import CorruptRecord, NameTaken, StorageUnavailable
from archive.warc.writer import sync_directory

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from obstore.store import ClientConfig, ObjectStore, RetryConfig, S3Config

PIECE = 8 << 20
"""Bytes of one request, both ways; S3 takes parts of 5 MiB or more."""

_PARTS_AT_ONCE = 2
_CONNECT = timedelta(seconds=5)
_READ = timedelta(seconds=60)
_WRITE = timedelta(seconds=300)
_RETRY: "RetryConfig" = {
    "max_retries": 2,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=5),
        "base": 2,
    },
}
_FILE = "file://"

_PAST_THE_END = r"status: 416|InvalidGetRange|InvalidRange"
_NO_CREDENTIALS = (
    "there are no credentials for it; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the "
    "environment"
)
_CAUSES = (
    (r"MissingAccessKeyId|MissingSecretAccessKey|169\.254\.", _NO_CREDENTIALS),
    (r"dns error", "no such host"),
    (r"TimedOut|kind: Timeout", "no answer in time"),
    (r"kind: Connect", "no connection"),
    (r"status: (\d{3})", "HTTP {}"),
    (r'Os \{[^}]*message: "([^"]+)"', "{}"),
)
"""What obstore's report of an error holds, and how it is told; the first that fits."""


class Depot:
    """Files that lie where `[storage]` says.

    Raises:
        StorageUnavailable: from every method, if it cannot be reached or refuses us.
    """

    def __init__(self, config: StorageConfig) -> None:
        self._config = config
        self._url = config.url
        # without an endpoint it is Amazon's, where the machine itself may have a role
        if config.endpoint and "AWS_ACCESS_KEY_ID" not in os.environ:
            raise StorageUnavailable(f"{self._url} cannot be used: {_NO_CREDENTIALS}")
        with self._explained(""):
            self._reading = _store(config, _READ)
            self._writing = _store(config, _WRITE)

    def location_of(self, name: str) -> str:
        """The URL of a file, as it is noted in the database."""
        return self._config.location_of(name)

    def size(self, name: str) -> int | None:
        """How many bytes it holds under this name; None if nothing."""
        with self._explained(name):
            try:
                return obstore.head(self._reading, name)["size"]
            except FileNotFoundError:
                return None

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes of a file: one request; fewer if it ends before.

        Raises:
            CorruptRecord: if there is no such file.
        """
        if length <= 0:
            return b""
        with self._explained(name):
            try:
                return bytes(obstore.get_range(self._reading, name, start=start, length=length))
            except BaseError as error:
                if re.search(_PAST_THE_END, str(error)):
                    return b""
                raise

    def open(self, name: str) -> BinaryIO:
        """A file to read and seek in, `PIECE` bytes a request.

        Raises:
            CorruptRecord: if there is no such file.
        """
        size = self.size(name)
        if size is None:
            raise self._missing(name)
        return io.BufferedReader(_Far(self, name, size), PIECE)

    def put(self, name: str, path: Path) -> None:
        """Bring a file there, whole or not at all; durable when this returns.

        A large one goes in parts as `NAME.part`, which the depot then copies to its name, for
        obstore cannot upload in parts *and* refuse a name that is taken.

        Raises:
            NameTaken: if there is something of that name already.
        """
        is_small = path.stat().st_size <= PIECE
        with self._explained(name):
            try:
                if is_small:
                    obstore.put(self._writing, name, path, mode="create", use_multipart=False)
                else:
                    self._put_in_parts(name, path)
            except FileNotFoundError:
                raise StorageUnavailable(f"{self._url} is not there; make it first") from None
        if self._url.startswith(_FILE):  # obstore leaves it to the system when to write it out
            there = Path(self._url.removeprefix(_FILE), name)
            with there.open("rb") as file:
                os.fsync(file.fileno())
            sync_directory(there.parent)

    def _put_in_parts(self, name: str, path: Path) -> None:
        part = f"{name}.part"
        obstore.put(
            self._writing,
            part,
            path,
            use_multipart=True,
            chunk_size=PIECE,
            max_concurrency=_PARTS_AT_ONCE,
        )
        try:
            obstore.copy(self._writing, part, name, overwrite=False)
        finally:
            with contextlib.suppress(BaseError, FileNotFoundError):  # it costs room, nothing else
                obstore.delete(self._writing, part)

    @contextlib.contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        """Say in our words what went wrong; `from None`, for the cause may quote credentials."""
        try:
            yield
        except FileNotFoundError:
            raise self._missing(name) from None
        except AlreadyExistsError:
            raise NameTaken(f"{self.location_of(name)} is there already") from None
        except (PermissionDeniedError, UnauthenticatedError):
            raise StorageUnavailable(
                f"{self._url} refuses us: look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and at "
                "what they may do"
            ) from None
        except BaseError as error:
            cause = _in_words(str(error))
            raise StorageUnavailable(f"{self._url} cannot be used: {cause}") from None

    def _missing(self, name: str) -> CorruptRecord:
        return CorruptRecord(f"{self.location_of(name)} is missing; restore it from a backup")


class _Far(io.RawIOBase):
    """A file in the depot, for `io.BufferedReader` to make a file object of."""

    def __init__(self, depot: Depot, name: str, size: int) -> None:
        self._depot = depot
        self._called = name
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence] + offset
        return self._at

    def readall(self) -> bytes:  # io would ask for 8 KiB at a time
        return b"".join(iter(lambda: self.read(PIECE) or b"", b""))

    def readinto(self, buffer: "WriteableBuffer") -> int:
        room = memoryview(buffer).cast("B")
        wanted = min(len(room), PIECE, self._size - self._at)
        got = self._depot.read(self._called, self._at, wanted)
        room[: len(got)] = got
        self._at += len(got)
        return len(got)


def _store(config: StorageConfig, timeout: timedelta) -> "ObjectStore":
    if config.url.startswith(_FILE):
        return LocalStore(config.url.removeprefix(_FILE))
    client: ClientConfig = {
        "allow_http": bool(config.endpoint and config.endpoint.startswith("http:")),
        "connect_timeout": _CONNECT,
        "timeout": timeout,
    }
    if not config.url.startswith("s3://"):
        return from_url(config.url, client_options=client, retry_config=_RETRY)
    settings: S3Config = {"copy_if_not_exists": "multipart"}
    if config.endpoint:
        settings["endpoint"] = config.endpoint
    if config.region:
        settings["region"] = config.region
    return S3Store.from_url(config.url, config=settings, client_options=client, retry_config=_RETRY)


def _in_words(said: str) -> str:
    for pattern, words in _CAUSES:
        if found := re.search(pattern, said):
            return words.format(*found.groups())
    return "the request failed"
