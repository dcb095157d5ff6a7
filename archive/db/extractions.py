"""Extractions: what an extractor claimed of a capture, and which claim counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from archive.db import captures
from archive.db.schema import capture, extraction
from archive.drafts import draft_as_json
from archive.records import Capture, CaptureId, Draft, Fingerprint, Place

_NEW = insert(extraction)
ROWS_AT_A_TIME = 500


def row_of(
    draft: Draft,
    read: CaptureId,
    id_: str,
    place: Place,
    *,
    outcome: str,
    version: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The row of a draft whose record, of this id, lies at `place`."""
    return {
        "id": id_,
        "capture_id": read,
        "version_id": version,
        "extractor": draft.fingerprint.extractor,
        "rules_digest": draft.fingerprint.rules,
        "memory_digest": draft.fingerprint.memory,
        "outcome": outcome,
        "reason": draft.reason,
        "text_digest": draft.text_digest,
        "draft": {k: v for k, v in draft_as_json(draft).items() if k != "body"},
        "extracted_at": now,
        "file": place.file,
        "offset": place.offset,
        "length": place.length,
    }


def add(connection: Connection, row: dict[str, Any]) -> None:
    """Keep what an extractor claimed of a capture; it counts from now on."""
    connection.execute(_NEW, {**row, "is_current": True})


def add_waiting(connection: Connection, row: dict[str, Any]) -> None:
    """Keep a claim that was found again; it counts for nothing until `count` says so."""
    connection.execute(_NEW, {**row, "is_current": False})


def is_known(connection: Connection, id_: str) -> bool:
    """Whether there is a row for the draft of this id."""
    return (
        connection.execute(select(extraction.c.id).where(extraction.c.id == id_)).first()
        is not None
    )


def waiting(connection: Connection) -> Iterator[tuple[datetime, Place]]:
    """The drafts that were found again, in the order in which they were made; not held at once."""
    statement = (
        select(
            extraction.c.extracted_at,
            extraction.c.file,
            extraction.c.offset,
            extraction.c.length,
        )
        .where(extraction.c.is_current.is_(False), extraction.c.version_id.is_(None))
        .order_by(extraction.c.extracted_at, extraction.c.file, extraction.c.offset)
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )
    for at, file, offset, length in connection.execute(statement):
        yield at, Place(file=file, offset=offset, length=length)


def count(connection: Connection, id_: str, version: str | None) -> None:
    """Let a draft that was found again count for its capture."""
    values = {"version_id": version, "is_current": True}
    connection.execute(update(extraction).where(extraction.c.id == id_).values(values))


def unread(connection: Connection, ids: Sequence[CaptureId]) -> list[Capture]:
    """Those of some captures of which there never was a draft."""
    drafted = select(extraction.c.id).where(extraction.c.capture_id == capture.c.id)
    statement = captures.select_captures().where(capture.c.id.in_(ids), ~drafted.exists())
    return captures.captures_in(connection, statement)


def retire(connection: Connection, read: CaptureId) -> None:
    """What was claimed of a capture until now counts no longer; it is kept."""
    mine = extraction.c.capture_id == read
    connection.execute(update(extraction).where(mine).values(is_current=False))


def may_compare(connection: Connection, read: CaptureId, draft: Draft) -> bool:
    """Whether the draft that counts for a capture was made as this one was, or there is none."""
    made_by = fingerprint_of(connection, read)
    return made_by is None or made_by == draft.fingerprint


def fingerprint_of(connection: Connection, read: CaptureId) -> Fingerprint | None:
    """What made the draft that counts for a capture."""
    statement = select(
        extraction.c.extractor, extraction.c.rules_digest, extraction.c.memory_digest
    ).where(extraction.c.capture_id == read, extraction.c.is_current)
    row = connection.execute(statement).first()
    return Fingerprint(extractor=row[0], rules=row[1], memory=row[2]) if row else None
