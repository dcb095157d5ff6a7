"""What is to be packed: captures and drafts, each once, in the order in which they lie on disk.

It is kept in a temporary SQLite file, so that its size does not matter.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from archive.records import Capture, CaptureId, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One page that a player lists: `url` at `at` (14 digits), under `title` if it has one."""

    url: str
    at: str
    title: str | None


class Basket:
    """Records and pages put together for one export. Close it, or use it in a `with` block."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a file of its own, gone when it is closed
        self._database.executescript(
            """
            CREATE TABLE record (
                file TEXT, offset INTEGER, length INTEGER, is_followed INTEGER,
                PRIMARY KEY (file, offset)) WITHOUT ROWID;
            CREATE TABLE capture (id TEXT PRIMARY KEY) WITHOUT ROWID;
            CREATE TABLE page (at TEXT, url TEXT, title TEXT, PRIMARY KEY (at, url)) WITHOUT ROWID;
            """
        )

    def add(self, capture: Capture) -> bool:
        """Put a capture in; whether it was not there before. What has no record is left out."""
        if capture.place is None or capture.id in self:
            return False
        self._database.execute("INSERT INTO capture VALUES (?)", (capture.id,))
        self._put(capture.place, is_followed=True)
        return True

    def add_draft(self, place: Place) -> None:
        """Put the record of a draft in."""
        self._put(place, is_followed=False)

    def add_picture(self, place: Place) -> None:
        """Put a screenshot in, with the facts that follow it."""
        self._put(place, is_followed=True)

    def add_page(self, page: PageEntry) -> None:
        """Put a page on the list that players show."""
        values = (page.at, page.url, page.title)
        self._database.execute("INSERT OR IGNORE INTO page VALUES (?, ?, ?)", values)

    def __contains__(self, id_: CaptureId) -> bool:
        found = self._database.execute("SELECT 1 FROM capture WHERE id = ?", (id_,))
        return found.fetchone() is not None

    def __len__(self) -> int:
        """How many captures are in."""
        return int(self._database.execute("SELECT count(*) FROM capture").fetchone()[0])

    def places(self) -> Iterator[tuple[Place, bool]]:
        """Where records lie, file by file, and whether the rest of an exchange follows each."""
        found = self._database.execute(
            "SELECT file, offset, length, is_followed FROM record ORDER BY file, offset"
        )
        for file, offset, length, is_followed in found:
            yield Place(file=file, offset=offset, length=length), bool(is_followed)

    def pages(self) -> Iterator[PageEntry]:
        """The pages, newest first."""
        found = self._database.execute("SELECT url, at, title FROM page ORDER BY at DESC, url")
        for url, at, title in found:
            yield PageEntry(url=url, at=at, title=title)

    def close(self) -> None:
        """Let go of it all."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _put(self, place: Place, *, is_followed: bool) -> None:
        values = (place.file, place.offset, place.length, is_followed)
        self._database.execute("INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?)", values)
