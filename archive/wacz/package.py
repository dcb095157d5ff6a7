"""The container: a ZIP file whose members lie unpacked, each with its digest (WACZ 1.1.1 §5).

    archive/data-00001.warc.gz …   indexes/index.cdx.gz  index.idx      pages/pages.jsonl
    datapackage.json          what is in it, and the digest of each
    datapackage-digest.json   the digest of that, and a signature

Members are stored and not deflated: players read ranges of them. Nothing is held in memory.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

WACZ_VERSION = "1.1.1"
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""ZIP knows no earlier time."""


class Member:
    """A member while it is written: counts its bytes and takes their digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        """Append."""
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)

    @property
    def digest(self) -> str:
        """`sha256:…` of what was written so far."""
        return "sha256:" + self._digest.hexdigest()


class Package:
    """A WACZ while it is written."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._now = now
        self._resources: list[dict[str, Any]] = []

    @contextmanager
    def member(self, path: str) -> Iterator[Member]:
        """Write one member, from its beginning to its end."""
        with self._open(path) as file:
            member = Member(file)
            yield member
        self._resources.append(
            {
                "name": path.rpartition("/")[2],
                "path": path,
                "hash": member.digest,
                "bytes": member.size,
            }
        )

    def finish(self, about: dict[str, Any]) -> tuple[bytes, str]:
        """Write `datapackage.json`; gives it and its digest, for `close` to sign."""
        described = {
            "profile": "data-package",
            "wacz_version": WACZ_VERSION,
            **about,
            "resources": self._resources,
        }
        text = json.dumps(described, ensure_ascii=False, indent=2).encode()
        with self._open("datapackage.json") as file:
            file.write(text)
        return text, "sha256:" + hashlib.sha256(text).hexdigest()

    def close(self, digest: str | None = None, signed: dict[str, str] | None = None) -> None:
        """Write the digest of `datapackage.json`, signed or not, and close the file."""
        if digest is not None:
            said: dict[str, Any] = {"path": "datapackage.json", "hash": digest}
            if signed:
                said["signedData"] = signed
            with self._open("datapackage-digest.json") as file:
                file.write(json.dumps(said, indent=2).encode())
        self._zip.close()

    def _open(self, path: str) -> IO[bytes]:
        at = max(self._now, EARLIEST)
        info = zipfile.ZipInfo(path, at.timetuple()[:6])
        info.external_attr = 0o644 << 16
        # no ZIP64 in a member's own head: replayweb.page 2.4.6 then does not find its bytes
        return self._zip.open(info, "w", force_zip64=False)
