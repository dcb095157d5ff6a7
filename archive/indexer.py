"""Rows made from records: what the WARC files say by themselves.

A file is read twice over. First every exchange becomes a capture and every draft an extraction,
in the order of the file; what has a row already is left alone. Then the drafts become versions, in
the order in which they were made, by the very code that saved them first: so identities, numbers
and spans come out the same.
"""

import heapq
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection

from archive.db import articles, captures, extractions, outlets, screenshots
from archive.drafts import draft_from_json
from archive.errors import CorruptRecord
from archive.recorder import DRAFT_TYPE
from archive.records import (
    ArticleId,
    CaptureId,
    Declaration,
    Digest,
    Draft,
    OutletId,
    Place,
    Url,
)
from archive.urls import urlkey
from archive.warc.exchanges import exchanges_of, is_first, target_of
from archive.warc.reader import StoredRecord, bare_id
from archive.warc.screenshot import is_picture, pictured_by, screenshot_of

T = TypeVar("T")

BATCH = 500
KEPT = ("new", "changed", "same")
"""Outcomes of drafts that became versions."""
_OUTLET_URN = "urn:kliping:outlet:"


@dataclass(slots=True, kw_only=True)
class Indexed:
    """What was read from records, and what of it was new."""

    records: int = 0
    captures: int = 0
    drafts: int = 0
    screenshots: int = 0
    versions: int = 0
    orphans: int = 0
    """Drafts whose capture is not here."""
    problems: list[str] = field(default_factory=list)
    """What could not be read, a sentence each."""


Read = Callable[[Place], StoredRecord]
Happening = tuple[datetime, Callable[[Connection, datetime], None]]
"""Something that happened to an article, and when."""


def batched(some: Iterable[T], size: int) -> Iterator[list[T]]:
    """Some at a time."""
    rest = iter(some)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def index_records(
    connection: Connection, records: Iterable[StoredRecord], indexed: Indexed, *, anew: bool = False
) -> None:
    """Make the rows of captures, outlets and extractions that these records tell of.

    `anew` says that the database is being made anew, so that a later declaration of an outlet
    takes the place of an earlier one.
    """
    others = _noted(connection, records, indexed, anew=anew)
    for some in batched((told.capture for told in exchanges_of(others)), BATCH):
        indexed.captures += captures.add_if_new(connection, some)


def settle_drafts(
    reading: Connection,
    write: Callable[[], AbstractContextManager[Connection]],
    read: Read,
    indexed: Indexed,
    others: Iterable[Happening] = (),
) -> None:
    """Let every draft that counts for nothing yet become what it was, in the order of time.

    Args:
        reading: sees the drafts; a connection of its own.
        write: opens a transaction, for some hundreds of them at a time.
        read: gives the record at a place.
        indexed: counts.
        others: what else happened to articles, in the order of time.
    """
    drafts = (
        _draft_happening(at, place, read, indexed) for at, place in extractions.waiting(reading)
    )
    for some in batched(heapq.merge(drafts, others, key=itemgetter(0)), BATCH):
        with write() as connection:
            for at, do in some:
                do(connection, at)


def _draft_happening(at: datetime, place: Place, read: Read, indexed: Indexed) -> Happening:
    def do(connection: Connection, now: datetime) -> None:
        try:
            _settle_draft(connection, read(place), indexed, now)
        except CorruptRecord as error:
            indexed.problems.append(str(error))

    return at, do


def _noted(
    connection: Connection, records: Iterable[StoredRecord], indexed: Indexed, *, anew: bool
) -> Iterator[StoredRecord]:
    """Passes records on, and notes on the way what is no exchange.

    Only what names this file's own warcinfo is our word: the declarations and drafts of somebody
    else's archive may have been imported, and are evidence of what *they* claimed.
    """
    ours: str | None = None
    picture: StoredRecord | None = None  # its facts come next
    for record in records:
        indexed.records += 1
        if record.place.offset == 0:
            ours = record.urn
        told_by = record.headers.get("warc-warcinfo-id")
        is_ours = ours is None or told_by == ours  # if the first record is lost, all are believed
        try:
            if is_ours and is_picture(record):
                picture = record
            elif is_ours and pictured_by(record):
                indexed.screenshots += _note_screenshot(connection, picture, record)
                picture = None
            elif is_ours and record.type == "resource":
                _note_outlet(connection, record, anew=anew)
            elif is_ours and _is_draft(record):
                indexed.drafts += _note_draft(connection, record)
            elif _can_be_looked_up(record):
                yield record
        except CorruptRecord as error:
            indexed.problems.append(str(error))


def _is_draft(record: StoredRecord) -> bool:
    return record.type == "metadata" and record.headers.get("content-type") == DRAFT_TYPE


def _can_be_looked_up(record: StoredRecord) -> bool:
    """True, but for what was received at a URL that has no key.

    Raises:
        CorruptRecord: for that.
    """
    if is_first(record):
        try:
            urlkey(target_of(record))
        except ValueError as error:
            raise _unreadable(record, error) from error
    return True


def _unreadable(record: StoredRecord, error: Exception) -> CorruptRecord:
    return CorruptRecord(f"{record.place.file} at {record.place.offset}: {error}")


def _note_outlet(connection: Connection, record: StoredRecord, *, anew: bool) -> None:
    target = record.headers.get("warc-target-uri", "")
    id_, _, digest = target.removeprefix(_OUTLET_URN).partition(":")
    if not target.startswith(_OUTLET_URN):
        return
    if not anew and outlets.config_of(connection, Digest(digest)) is not None:
        return
    said = _object(record)
    declared = Declaration(
        id=OutletId(id_),
        name=str(said.get("name") or id_),
        home=str(said.get("home") or ""),
        country=said.get("country"),
        zone=said.get("zone"),
        config=record.block.decode(),
        digest=Digest(digest),
    )
    outlets.sync_outlet(connection, declared, record.date)


def _note_draft(connection: Connection, record: StoredRecord) -> int:
    if extractions.is_known(connection, record.uuid):
        return 0
    about, draft = read_draft(record)
    row = extractions.row_of(
        draft,
        CaptureId(f"r:{bare_id(record.headers.get('warc-refers-to', ''))}"),
        record.uuid,
        record.place,
        outcome=about.get("outcome", "unknown"),
        version=None,
        now=record.date,
    )
    extractions.add_waiting(connection, row)
    return 1


def _note_screenshot(
    connection: Connection, picture: StoredRecord | None, facts: StoredRecord
) -> int:
    """Note a picture, by the facts beside it; a picture that lost them is no screenshot."""
    if picture is None or screenshots.is_known(connection, picture.uuid):
        return 0
    try:
        screenshots.add(connection, screenshot_of(picture, facts))
    except ValueError as error:
        raise _unreadable(picture, error) from error
    return 1


def read_draft(record: StoredRecord) -> tuple[dict[str, str], Draft]:
    """A draft and what came of it, from its record.

    Raises:
        CorruptRecord: if it is none: the record is whole, and somebody else's work.
    """
    plain = _object(record)
    about = plain.pop("about", {})
    try:
        return about, draft_from_json(plain)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable(record, error) from error


def _object(record: StoredRecord) -> dict[str, Any]:
    """The JSON object that a record holds.

    Raises:
        CorruptRecord: if it holds none.
    """
    try:
        said = json.loads(record.block.decode())
    except ValueError as error:
        raise _unreadable(record, error) from error
    if not isinstance(said, dict):
        raise CorruptRecord(f"{record.place.file} at {record.place.offset}: no JSON object")
    return said


def _settle_draft(
    connection: Connection, record: StoredRecord, indexed: Indexed, now: datetime
) -> None:
    """Let a draft count for its capture, and become the version that it was."""
    about, draft = read_draft(record)
    read = CaptureId(f"r:{bare_id(record.headers.get('warc-refers-to', ''))}")
    one = captures.by_id(connection, read)
    if one is None:
        indexed.orphans += 1
        return
    version: str | None = None
    known_as = Url(about.get("known_as") or one.url)
    if about.get("outcome") in KEPT:
        keys = [urlkey(known_as), one.urlkey]
        keys += [urlkey(draft.canonical)] if draft.canonical else []
        outlets.ensure(connection, one.outlet)
        known = articles.find(connection, one.outlet, *keys)
        version = articles.keep(connection, known, keys, draft, one, now).version
        indexed.versions += 1
    elif about.get("outcome") == "reread":
        id_ = articles.find(connection, one.outlet, urlkey(known_as))
        version = _superseded(connection, id_, draft, now) if id_ else None
        extractions.retire(connection, one.id)
    extractions.count(connection, record.uuid, version)


def _superseded(connection: Connection, id_: ArticleId, draft: Draft, now: datetime) -> str | None:
    held = articles.current(connection, id_)
    return articles.supersede(connection, id_, held[0], draft, now) if held else None
