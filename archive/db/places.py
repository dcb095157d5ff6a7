"""Rows by the place of their record, and what rests on a record: what a verification asks."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from archive.db.captures import captures_in, each_in, select_captures
from archive.db.schema import capture, extraction, screenshot, version
from archive.db.screenshots import each_in as pictures_in
from archive.db.screenshots import select_screenshots
from archive.records import Capture, CaptureId, Place, Url, VersionId
from archive.screenshots import Screenshot

_TABLES = (capture, extraction, screenshot)
_PLACE = {rows: (rows.c.file, rows.c.offset, rows.c.length) for rows in _TABLES}
FEW = {"yield_per": 500}


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """What the row of an extraction says of its record.

    `url` and `captured_at` are those of its capture; None if that has no row.
    """

    id: str
    capture: CaptureId
    place: Place
    outcome: str
    version: str | None
    text_digest: str
    url: Url | None
    captured_at: datetime | None


Row = Capture | DraftRow | Screenshot
"""A row that has a record."""


class Text(NamedTuple):
    """What a version's row says its text is."""

    id: str
    article: str
    title: str
    body: str
    digest: str


def rows_of(connection: Connection, file: str) -> Iterator[Row]:
    """The rows whose records lie in a file, by offset; a few at a time."""
    captures: Iterator[Row] = each_in(
        connection,
        select_captures().where(capture.c.file == file).order_by(capture.c.offset),
    )
    drafts: Iterator[Row] = _drafts(connection, extraction.c.file == file)
    pictures: Iterator[Row] = _pictures(connection, screenshot.c.file == file)
    yield from heapq.merge(captures, drafts, pictures, key=offset_of)


def offset_of(row: Row) -> int:
    """Where the record of a row begins."""
    return row.place.offset if row.place else 0


def row_of(connection: Connection, id_: str) -> Row | None:
    """The row of a capture (`r:…`), an extraction or a screenshot (a bare UUID) with a record."""
    if id_.startswith("r:"):
        one = select_captures().where(capture.c.id == id_, capture.c.file.is_not(None))
        return next(iter(captures_in(connection, one)), None)
    found: list[Row] = [
        *_drafts(connection, extraction.c.id == id_),
        *_pictures(connection, screenshot.c.id == id_),
    ]
    return next(iter(found), None)


def files_named(connection: Connection) -> set[str]:
    """Every file that a row names."""
    held = select(capture.c.file).where(capture.c.file.is_not(None))
    named = union(held, _DRAFT_FILES, select(screenshot.c.file))
    return set(connection.execute(named).scalars())


_DRAFT_FILES = select(extraction.c.file)


def count_rows(connection: Connection) -> int:
    """How many rows have a record."""
    held = select(func.count()).select_from(capture).where(capture.c.file.is_not(None))
    drafts = select(func.count()).select_from(extraction)
    pictures = select(func.count()).select_from(screenshot)
    return sum(connection.execute(some).scalar_one() for some in (held, drafts, pictures))


def sample(connection: Connection, size: int) -> list[tuple[str, str, int]]:
    """File, id and length of the records of rows drawn by lot, in order of their places."""
    every = union_all(
        select(capture.c.id, *_PLACE[capture]).where(capture.c.file.is_not(None)),
        select(extraction.c.id, *_PLACE[extraction]),
        select(screenshot.c.id, *_PLACE[screenshot]),
    ).subquery()
    drawn = select(every).order_by(func.random()).limit(size).subquery()
    places = select(drawn.c.file, drawn.c.id, drawn.c.length)
    ordered = places.order_by(drawn.c.file, drawn.c.offset)
    return [(file, id_, length) for file, id_, length in connection.execute(ordered)]


def copies_of(connection: Connection, one: Capture, limit: int = 5) -> Sequence[Capture]:
    """Other whole responses with the payload of a capture, the oldest first."""
    if one.payload_digest is None or not one.payload_bytes:
        return []
    same = select_captures().where(
        capture.c.payload_digest == one.payload_digest,
        capture.c.id != one.id,
        capture.c.refers_to.is_(None),
        capture.c.truncated.is_(None),
        capture.c.file.is_not(None),
        capture.c.payload_bytes > 0,
    )
    return captures_in(connection, same.order_by(capture.c.captured_at).limit(limit))


def revisits_of(connection: Connection, one: Capture) -> int:
    """How many revisits have their payload in a capture's record."""
    # they share its payload digest, which has an index
    same = _digest_is(one.payload_digest)
    many = select(func.count()).where(capture.c.refers_to == one.id, same)
    return connection.execute(many).scalar_one()


def versions_of(connection: Connection, id_: CaptureId) -> tuple[VersionId, ...]:
    """The versions that were read from a capture."""
    read = (
        select(extraction.c.version_id)
        .where(extraction.c.capture_id == id_, extraction.c.version_id.is_not(None))
        .distinct()
        .order_by(extraction.c.version_id)
    )
    return tuple(VersionId(one) for one in connection.execute(read).scalars())


def rests_on_file(connection: Connection, file: str) -> tuple[int, int, int, int]:
    """How many captures, drafts and screenshots lie in a file, and revisits elsewhere need it."""
    held = select(func.count()).where(capture.c.file == file)
    drafts = select(func.count()).where(extraction.c.file == file)
    pictures = select(func.count()).where(screenshot.c.file == file)
    original, again = capture.alias(), capture.alias()
    needs = and_(
        again.c.refers_to == original.c.id, again.c.payload_digest == original.c.payload_digest
    )
    elsewhere = or_(again.c.file.is_(None), again.c.file != file)
    revisits = (
        select(func.count())
        .select_from(original.join(again, needs))
        .where(original.c.file == file, elsewhere)
    )
    figures = (connection.execute(one).scalar_one() for one in (held, drafts, pictures, revisits))
    return tuple(figures)  # type: ignore[return-value]


def texts(connection: Connection) -> Iterator[Text]:
    """The text of every version, a few at a time."""
    said = select(
        version.c.id, version.c.article_id, version.c.title, version.c.body, version.c.text_digest
    )
    for row in connection.execute(said, execution_options=FEW):
        yield Text(*row)


def versions_without_captures(connection: Connection) -> dict[str, list[str]]:
    """Versions whose `first` or `last` capture has no row, and which of the two."""
    found: dict[str, list[str]] = defaultdict(list)
    spans = (("first", version.c.first_capture_id), ("last", version.c.last_capture_id))
    for which, column in spans:
        lost = (
            select(version.c.id)
            .join(capture, capture.c.id == column, isouter=True)
            .where(capture.c.id.is_(None))
        )
        for id_ in connection.execute(lost).scalars():
            found[id_].append(which)
    return found


def _digest_is(digest: str | None) -> ColumnElement[bool]:
    return capture.c.payload_digest == digest if digest else literal(value=True)


def _pictures(connection: Connection, which: ColumnElement[bool]) -> Iterator[Screenshot]:
    found = select_screenshots().where(which).order_by(screenshot.c.offset)
    return pictures_in(connection, found)


def _drafts(connection: Connection, which: ColumnElement[bool]) -> Iterator[DraftRow]:
    said = (
        select(
            extraction.c.id,
            extraction.c.capture_id,
            extraction.c.file,
            extraction.c.offset,
            extraction.c.length,
            extraction.c.outcome,
            extraction.c.version_id,
            extraction.c.text_digest,
            capture.c.url,
            capture.c.captured_at,
        )
        .join(capture, capture.c.id == extraction.c.capture_id, isouter=True)
        .where(which)
        .order_by(extraction.c.offset)
    )
    for row in connection.execute(said, execution_options=FEW):
        id_, of, file, offset, length, outcome, read_as, digest, url, at = row
        yield DraftRow(
            id=id_,
            capture=CaptureId(of),
            place=Place(file=file, offset=offset, length=length),
            outcome=outcome,
            version=read_as,
            text_digest=digest,
            url=url,
            captured_at=at,
        )
