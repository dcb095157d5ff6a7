"""Who belongs to whom in a file of somebody else's: found in one pass, asked in the next.

Requests come before responses or after, far apart, naming them or named by them, or not at all. So
all ids and links are noted first, in a temporary SQLite file; so are the requests and metadata
records themselves, which are small. Responses are not held: the next pass reads them again.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from archive.records import Url
from archive.urls import origin_of
from archive.warc.cdxj import line_of
from archive.warc.exchanges import exchanges_of
from archive.warc.foreign import Foreign
from archive.warc.reader import StoredRecord, bare_id

HTML = ("text/html", "application/xhtml+xml")
PAGE_STATUS = (200, 203)

_TABLES = """
    CREATE TABLE first (
        number INTEGER PRIMARY KEY, id TEXT, url TEXT, at TEXT, origin TEXT, is_page INTEGER,
        said TEXT, digest TEXT, size INTEGER, is_known INTEGER DEFAULT 0);
    CREATE TABLE follower (
        number INTEGER PRIMARY KEY, id TEXT, kind TEXT, url TEXT, plain BLOB, first INTEGER);
    CREATE TABLE id (id TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
    CREATE TABLE link (one TEXT, other TEXT, PRIMARY KEY (one, other)) WITHOUT ROWID;
    CREATE INDEX first_url ON first (url, at);
    CREATE INDEX first_id ON first (id);
    CREATE INDEX first_said ON first (said);
"""
_INDEXES = """
    CREATE INDEX follower_id ON follower (id);
    CREATE INDEX follower_first ON follower (first);
"""
# a request names its response, or is named by it
_BY_LINK = """
    UPDATE follower SET first = (
        SELECT first.number FROM link JOIN first ON first.id = link.other
        WHERE link.one = follower.id ORDER BY first.number LIMIT 1)
    WHERE first IS NULL
"""
# or neither: then it lies beside a response of its URL that has none
_BY_PLACE = """
    UPDATE follower SET first = (
        SELECT first.number FROM first
        WHERE first.number IN (follower.number + 1, follower.number - 1)
          AND first.url = follower.url
          AND NOT EXISTS (
            SELECT 1 FROM follower AS its WHERE its.first = first.number AND its.kind = 'request')
        ORDER BY first.number DESC LIMIT 1)
    WHERE first IS NULL AND kind = 'request'
      AND NOT EXISTS (SELECT 1 FROM link WHERE link.one = follower.id)
"""
# a metadata record may name the request alone
_BY_REQUEST = """
    UPDATE follower SET first = (
        SELECT its.first FROM link JOIN follower AS its ON its.id = link.other
        WHERE link.one = follower.id AND its.first IS NOT NULL LIMIT 1)
    WHERE first IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What the first pass found out about a record that begins an exchange."""

    id: str
    url: Url
    at: str
    origin: str
    is_page: bool
    said: str | None
    """The payload digest in its header."""
    digest: str | None
    """Its payload's SHA-256; of a revisit, nothing."""
    size: int


def noted_of(record: StoredRecord) -> Noted | None:
    """A record that begins an exchange; None if it cannot be one."""
    try:
        told = next(exchanges_of([record])).capture
        line_of(record)
    except (ValueError, EOFError, LookupError):
        return None
    is_whole = record.type != "revisit" and told.payload_bytes > 0 and told.truncated is None
    return Noted(
        id=record.uuid,
        url=Url(told.url),
        at=told.captured_at.isoformat(),
        origin=origin_of(told.url),
        is_page=told.status in PAGE_STATUS and told.mime in HTML,
        said=record.headers.get("warc-payload-digest"),
        digest=told.payload_digest if is_whole else None,
        size=told.payload_bytes,
    )


class Pairs:
    """Which records make one exchange. Close it, or use it in a `with` block."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a file of its own, gone when it is closed
        self._database.executescript(_TABLES)

    def claim(self, id_: str, number: int) -> bool:
        """Take an id for a record; False if another has it already."""
        added = self._database.execute("INSERT OR IGNORE INTO id VALUES (?, ?)", (id_, number))
        return added.rowcount == 1

    def add_first(self, number: int, noted: Noted, linked: Iterable[str]) -> None:
        """Note a record that begins an exchange, by its number in the file."""
        values = (
            number, noted.id, noted.url, noted.at, noted.origin, noted.is_page,
            noted.said, noted.digest, noted.size,
        )  # fmt: skip
        self._database.execute(
            "INSERT INTO first (number, id, url, at, origin, is_page, said, digest, size) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        self._link(noted.id, linked)

    def add_follower(self, number: int, found: Foreign, url: str) -> None:
        """Keep a request, or a metadata record that names another."""
        record = found.record
        values = (number, record.uuid, record.type, url, found.plain)
        self._database.execute(
            "INSERT INTO follower (number, id, kind, url, plain) VALUES (?, ?, ?, ?, ?)", values
        )
        self._link(record.uuid, found.concurrent_to)

    def settle(self) -> None:
        """Every record is noted: find out who belongs to whom."""
        self._database.executescript(_INDEXES)
        for statement in (_BY_LINK, _BY_PLACE, _BY_REQUEST):
            self._database.execute(statement)

    def lone_requests(self) -> list[tuple[int, str]]:
        """Number and id of each request of which a metadata record says what became of it."""
        return self._database.execute(
            "SELECT number, id FROM follower WHERE kind = 'request' AND first IS NULL "
            "AND EXISTS (SELECT 1 FROM link JOIN follower AS its ON its.id = link.other "
            "            WHERE link.one = follower.id AND its.kind = 'metadata') ORDER BY number"
        ).fetchall()

    def lost(self) -> dict[str, int]:
        """How many requests and metadata records belong to nothing that is here."""
        found = self._database.execute(
            "SELECT kind, count(*) FROM follower WHERE first IS NULL GROUP BY kind"
        )
        return dict(found.fetchall())

    def adopt(self, request: int, noted: Noted) -> None:
        """Let a request without a response begin an exchange of its own."""
        self.add_first(request, noted, ())
        metadata = (
            "UPDATE follower SET first = ? WHERE first IS NULL AND kind = 'metadata' AND EXISTS "
            "(SELECT 1 FROM link WHERE link.one = follower.id AND link.other = ?)"
        )
        self._database.execute(metadata, (request, noted.id))
        self._database.execute("DELETE FROM follower WHERE number = ?", (request,))

    def plain_of(self, number: int) -> bytes:
        """The text of a request or metadata record that was kept."""
        found = self._database.execute("SELECT plain FROM follower WHERE number = ?", (number,))
        return bytes(found.fetchone()[0])

    def followers_of(self, number: int) -> list[bytes]:
        """The texts of what belongs to an exchange, requests first."""
        found = self._database.execute(
            "SELECT plain FROM follower WHERE first = ? ORDER BY kind = 'request' DESC, number",
            (number,),
        )
        return [bytes(plain) for (plain,) in found]

    def is_wanted(self, number: int) -> bool:
        """Whether a record begins an exchange that the archive has not got."""
        found = self._database.execute("SELECT is_known FROM first WHERE number = ?", (number,))
        row = found.fetchone()
        return row is not None and not row[0]

    def is_follower(self, number: int) -> bool:
        """Whether a record was kept as a request, or as metadata that names another."""
        found = self._database.execute("SELECT 1 FROM follower WHERE number = ?", (number,))
        return found.fetchone() is not None

    def ids(self) -> Iterator[tuple[str, bool]]:
        """The id of each exchange in the file's order, and whether it is a page."""
        found = self._database.execute("SELECT id, is_page FROM first ORDER BY number")
        for id_, is_page in found:
            yield id_, bool(is_page)

    def mark_known(self, ids: Iterable[str]) -> None:
        """The archive has these exchanges already."""
        self._database.executemany(
            "UPDATE first SET is_known = 1 WHERE id = ?", [(one,) for one in ids]
        )

    def count(self) -> tuple[int, int]:
        """How many exchanges there are, and how many the archive has already."""
        found = self._database.execute("SELECT count(*), coalesce(sum(is_known), 0) FROM first")
        return tuple(found.fetchone())

    def new_by_origin(self) -> dict[str, tuple[int, int]]:
        """Of each origin, how many exchanges are new, and how many of them are pages."""
        found = self._database.execute(
            "SELECT origin, count(*), sum(is_page) FROM first WHERE NOT is_known "
            "GROUP BY origin ORDER BY min(number)"
        )
        return {origin: (number, pages) for origin, number, pages in found}

    def original_of(self, id_: str, url: str, at: str, said: str | None) -> Noted | None:
        """The whole response that a revisit repeats: by id, by URL and date, or by digest."""
        for where, values in (
            ("id = ?", (bare_id(id_),)),
            ("url = ? AND at = ?", (url, at)),
            ("said = ?", (said,)),
        ):
            row = self._database.execute(
                "SELECT id, url, at, origin, is_page, said, digest, size FROM first "  # noqa: S608
                f"WHERE {where} AND digest IS NOT NULL ORDER BY number LIMIT 1",
                values,
            ).fetchone()
            if row:
                names = ("id", "url", "at", "origin", "is_page", "said", "digest", "size")
                return Noted(**dict(zip(names, row, strict=True)))
        return None

    def close(self) -> None:
        """Let go of it all."""
        self._database.close()

    def _link(self, id_: str, linked: Iterable[str]) -> None:
        pairs = [pair for other in linked for pair in ((id_, other), (other, id_))]
        self._database.executemany("INSERT OR IGNORE INTO link VALUES (?, ?)", pairs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
