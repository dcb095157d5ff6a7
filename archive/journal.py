"""The journal: what no WARC can hold, one JSON object a line, append-only (DESIGN decision 12).

    {"at": "2026-03-02T06:00:05+00:00", "act": "sighted", "outlet": "…", "discovery": {…}}

Acts: `sighted`, `settled`, `gone`, `unsent`, `host-held`, `host-well`, `robots-seen`, `needs`,
`sealed`, `moved`, `rooted`, `run-opened`, `run-closed`, `backfill-begun`, `stated`, `rights`,
`day-closed`, `restricted`, `lifted`, `schedule-set`, `schedule-removed`,
`boost-added`, `boost-ended`, `visited`, `rescue-begun`, `rescue-ended`, `learned`, `forgotten`;
docs/recording.md has what each says.

A line is on disk before the row that it explains is committed, so that deleting the database
cannot undo a takedown. Each process writes a file of its own, named like its WARC files.
"""

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

from archive.clock import Clock
from archive.warc.writer import sync_directory


class Journal:
    """Appends acts; nothing is created before the first."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock
        self._file: FileIO | None = None
        self._lines: list[bytes] = []
        self._ends = False

    def write(self, act: str, **facts: object) -> None:
        """Append one act; durable after `sync`."""
        line = {"at": self._clock.now().isoformat(), "act": act, **facts}
        self._lines.append(json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n")

    def sync(self) -> None:
        """Make everything that was written survive a power cut.

        Raises:
            OSError: if the disk is full; the file is cut back to its last whole line.
        """
        if not self._lines:
            return
        if self._file is None:
            self._file = self._open()
        file, whole = self._file, self._file.seek(0, os.SEEK_END)
        try:
            _write_all(file, b"".join(self._lines))
            os.fdatasync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                file.truncate(whole)
            raise
        self._lines.clear()
        if self._ends:
            self._file.close()
            self._file, self._ends = None, False

    def end_file(self) -> None:
        """Begin another file after the next `sync` that writes: a service has one for each day."""
        self._ends = self._file is not None

    def forget(self) -> None:
        """Let go of what is not synced yet: its turn came to nothing."""
        self._lines.clear()

    def close(self) -> None:
        """Sync and close."""
        try:
            self.sync()
        finally:
            if self._file:
                self._file.close()
                self._file = None

    def _open(self) -> FileIO:
        self._directory.mkdir(parents=True, exist_ok=True)
        stamp = self._clock.now().strftime("%Y%m%d%H%M%S%f")[:17]
        name = f"journal-{stamp}-{os.getpid()}-{socket.gethostname().lower()}.jsonl"
        opened = (self._directory / name).open("ab", buffering=0)
        sync_directory(self._directory)  # or a power cut may take the new file's name
        return opened


def _write_all(file: FileIO, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def lines_of(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Every line of the journal with its place, oldest file first, but for a torn last one."""
    for path in sorted(directory.glob("*.jsonl")):
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n") and line.strip():
                    yield f"journal/{path.name} line {number}", line


def acts_of(directory: Path) -> Iterator[dict[str, Any]]:
    """Every act in the journal, oldest file first; a torn last line is passed over."""
    for path in sorted(directory.glob("*.jsonl")):
        yield from acts_in(path)


def acts_in(path: Path) -> Iterator[dict[str, Any]]:
    """The acts of one file of the journal, in order; what is torn or no act is passed over."""
    with path.open("rb") as file:
        for line in file:
            try:
                act = json.loads(line)
                datetime.fromisoformat(act["at"])
            except (ValueError, KeyError, TypeError):
                continue
            if "act" in act:
                yield act
