"""The manifest of a backup: every file in it, how large it is, and its SHA-256.

    backup.json   {"kliping-backup": 1, "begun_at": "…", "ended_at": "…", "software": "…",
                   "files": {"warc/NAME.warc.gz": {"bytes": 2913, "sha256": "…"}, …}}

`ended_at` is null while a backup is being made, and after one that was interrupted. The manifest
tells what is ours: nothing else in the directory is ever replaced or removed.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError

NAME = "backup.json"
FORMAT = 1
_PIECE = 1 << 20
_PATH = re.compile(r"((warc|journal|outlets)/)?[^/\x00-\x1f]+")

Tell = Callable[[str, int], None]
"""Told the file at hand, and how many bytes more of it were dealt with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was copied."""

    bytes: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class Manifest:
    """What a backup holds. `ended_at` is None of one that was not finished."""

    begun_at: datetime
    ended_at: datetime | None = None
    software: str = ""
    files: dict[str, Entry] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Of all files."""
        return sum(one.bytes for one in self.files.values())


def read_manifest(directory: Path) -> Manifest | None:
    """The manifest of a backup; None if the directory has none.

    Raises:
        ArchiveError: if it cannot be read as one.
    """
    path = directory / NAME
    try:
        said = json.loads(path.read_text("utf-8"))
        return _manifest(said)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"{path} is no manifest of a backup: {error}") from error


def _manifest(said: dict[str, Any]) -> Manifest:
    if said["kliping-backup"] != FORMAT:
        raise ValueError("it is of a version that this kliping does not know")
    files = {}
    for path, one in said["files"].items():
        if not _PATH.fullmatch(path) or Path(path).name in (".", ".."):
            raise ValueError(f"{path!r} cannot be a file of a backup")
        files[path] = Entry(int(one["bytes"]), str(one["sha256"]))
    return Manifest(
        begun_at=datetime.fromisoformat(said["begun_at"]),
        ended_at=datetime.fromisoformat(said["ended_at"]) if said["ended_at"] else None,
        software=said["software"],
        files=files,
    )


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Put the manifest in place of the one before, whole or not at all."""
    said = {
        "kliping-backup": FORMAT,
        "begun_at": manifest.begun_at.isoformat(),
        "ended_at": manifest.ended_at.isoformat() if manifest.ended_at else None,
        "software": manifest.software,
        "files": {
            path: {"bytes": one.bytes, "sha256": one.sha256}
            for path, one in sorted(manifest.files.items())
        },
    }
    fresh = directory / f"{NAME}.part"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(directory / NAME)


def faults_of(directory: Path, manifest: Manifest, tell: Tell) -> Iterator[str]:
    """Read every file of a backup again; a sentence for each that is not as it was copied."""
    if manifest.ended_at is None:
        yield "the backup was interrupted: make it again into the same directory"
    for path, one in sorted(manifest.files.items()):
        try:
            size = (directory / path).stat().st_size
            found = Entry(size, _sha256(directory / path, lambda n, p=path: tell(p, n)))  # type: ignore[misc]
        except FileNotFoundError:
            yield f"{path} is missing"
            continue
        except OSError as error:
            yield f"{path} cannot be read: {error.strerror}"
            continue
        if found.bytes != one.bytes:
            yield f"{path} has {found.bytes} bytes and not {one.bytes}"
        elif found != one:
            yield f"{path} is not the bytes that were copied (SHA-256 {found.sha256})"


def _sha256(path: Path, tell: Callable[[int], None]) -> str:
    """Digest of a file, as bare hexadecimal digits; told how much more was read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            tell(len(piece))
    return digest.hexdigest()
