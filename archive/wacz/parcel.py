"""Somebody else's WACZ opened with distrust: nothing of it is written anywhere under its name.

Refused are names that lead elsewhere, links, members that overlap, are encrypted, packed in an
unusual way, burst, or hold an archive again. What the package says of its members' digests is
compared while they are read.
"""

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from archive.errors import ArchiveError
from archive.warc.unpacked import Limits

_WARC = re.compile(r"archive/[^/]+\.warc(\.gz)?", re.IGNORECASE)
_NESTED = re.compile(r"\.(zip|wacz|tar|tgz|tar\.\w+|7z|rar|jar)$", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_LOCAL_HEAD = 30
"""The least that lies before a member's bytes."""
_IS_ENCRYPTED = 0x1
_DESCRIPTION = "datapackage.json"
_DESCRIPTION_BYTES = 50_000_000
_FLOOR = 16 << 20
"""Below this nothing is called a bomb."""


class Parcel:
    """The WARC files in a WACZ. Close it, or use it in a `with` block."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open and judge.

        Raises:
            ArchiveError: naming the file and the member that is refused.
        """
        self._path = path
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise ArchiveError(f"{path} is no WACZ: {error}") from error
        try:
            self._judge()
            self._promised = self._promises()
            self.members = self._warcs()
        except BaseException:
            self._zip.close()
            raise

    def size_of(self, name: str) -> int:
        """How many bytes of the file a member takes."""
        return self._zip.getinfo(name).compress_size

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A member, to be read from its beginning.

        Raises:
            ArchiveError: if it is damaged.
        """
        try:
            with self._zip.open(name) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise self._refusal(name, f"is damaged ({error})") from error

    def broken_promises(self) -> list[str]:
        """What the package says of its WARC members and is not so, a sentence each."""
        found = []
        for name in self.members:
            promised = self._promised.get(name)
            if promised is None:
                found.append(f"{self._path.name}: {name} is not described in {_DESCRIPTION}")
                continue
            algorithm, _, value = str(promised.get("hash", "")).partition(":")
            if algorithm not in ("sha256", "sha512", "sha1", "md5"):
                continue
            with self.open(name) as file:
                made = hashlib.file_digest(file, algorithm).hexdigest()  # type: ignore[arg-type]
            if made != value.lower():
                found.append(f"{self._path.name}: {name} has not the {algorithm} that is promised")
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def __enter__(self) -> "Parcel":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _warcs(self) -> list[str]:
        found = [one.filename for one in self._zip.infolist() if _WARC.fullmatch(one.filename)]
        if not found:
            raise ArchiveError(f"{self._path} is no WACZ: there is no archive/*.warc.gz in it")
        return found

    def _judge(self) -> None:
        names = set()
        end = 0
        last = ""
        for info in sorted(self._zip.infolist(), key=lambda one: one.header_offset):
            name = info.orig_filename
            if reason := self._reason(info):
                raise self._refusal(name, reason)
            if name in names:
                raise self._refusal(name, "is there twice")
            if info.header_offset < end:
                raise self._refusal(name, f"overlaps with {last!r}")
            names.add(name)
            end = info.header_offset + _LOCAL_HEAD + len(name.encode()) + info.compress_size
            last = name

    def _reason(self, info: zipfile.ZipInfo) -> str | None:
        """Why a member is refused; None if it is not."""
        name = info.orig_filename
        packed = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        most = max(_FLOOR, info.compress_size * self._limits.ratio)
        faults = (
            (_leads_out(name), "has a name that leads out of the package"),
            (stat.S_ISLNK(info.external_attr >> 16), "is a link"),
            (info.flag_bits & _IS_ENCRYPTED, "is encrypted"),
            (not packed, "is packed in a way that WACZ does not know"),
            (_NESTED.search(name), "is an archive within the archive"),
            (info.file_size > most, f"unpacks to {info.file_size} bytes, more than {most}"),
        )
        return next((reason for is_so, reason in faults if is_so), None)

    def _promises(self) -> dict[str, dict[str, Any]]:
        """What `datapackage.json` says of each member."""
        try:
            if self._zip.getinfo(_DESCRIPTION).file_size > _DESCRIPTION_BYTES:
                raise self._refusal(_DESCRIPTION, "is too large")
            with self.open(_DESCRIPTION) as file:
                said = json.loads(file.read())
            return {str(one["path"]): one for one in said["resources"]}
        except KeyError as error:
            raise ArchiveError(f"{self._path} is no WACZ: it has no {error.args[0]!r}") from error
        except (ValueError, TypeError, RecursionError) as error:
            raise self._refusal(_DESCRIPTION, f"cannot be read ({error})") from error

    def _refusal(self, name: str, reason: str) -> ArchiveError:
        return ArchiveError(f"{self._path}: the member {name!r} {reason}: refused")


def _leads_out(name: str) -> bool:
    is_odd = name.startswith("/") or "\\" in name or "\0" in name
    return is_odd or _DRIVE.match(name) is not None or ".." in name.split("/")
