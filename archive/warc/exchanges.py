"""Exchanges told again: the captures that a file's records make, as they were when written.

    response | revisit, request, metadata        one exchange, next to each other
    request, metadata                            sent and never answered
    resource, metadata                           a page that was imported without its HTTP head

Of imported exchanges the first metadata record is ours; others may follow, and what ours says
counts for more. Their request may name the response, or be named by it, or neither.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args

from archive.digests import as_sha256, sha256
from archive.records import Capture, CaptureId, Digest, OutletId, RunId, Truncation, Url
from archive.urls import urlkey
from archive.warc.exchange import FIELDS_TYPE, said_by
from archive.warc.http import Message, split
from archive.warc.reader import StoredRecord, bare_id

UNKNOWN = OutletId("unknown")
"""Of captures whose records do not say for which outlet they were made."""
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
OK_STATUS = 200
FOLLOWERS = ("request", "metadata")
"""The kinds of record that may belong to the exchange that another began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A capture as its records tell it, and whatever else its metadata record says."""

    capture: Capture
    fields: dict[str, str]


def exchanges_of(records: Iterable[StoredRecord]) -> Iterator[Told]:
    """The exchanges of a file, in order; records that belong to none are passed over."""
    first = before = None
    fields: dict[str, str] = {}
    for record in records:
        if first is not None and follows(record, first, before):
            if record.headers.get("content-type") == FIELDS_TYPE:
                fields = {**read_fields(record.block), **fields}
        elif _begins(record):
            if first is not None:
                yield _told(first, fields)
            first, fields = record, {}
        before = record
    if first is not None:
        yield _told(first, fields)


def follows(record: StoredRecord, first: StoredRecord, before: StoredRecord | None) -> bool:
    """Whether a record belongs to the exchange that `first` begins; `before` lies before it."""
    if record.type not in FOLLOWERS:
        return False
    named = bare_id(record.headers.get("warc-concurrent-to", ""))
    if named == first.uuid or bare_id(first.headers.get("warc-concurrent-to", "")) == record.uuid:
        return True
    is_next = before is first and first.type != "request" and record.type == "request"
    target = record.headers.get("warc-target-uri")
    return is_next and not named and target == first.headers.get("warc-target-uri")


def read_fields(block: bytes) -> dict[str, str]:
    """An `application/warc-fields` block; the last of a repeated name counts."""
    lines = (line.partition(":") for line in _text(block).splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def _text(block: bytes) -> str:
    return block.decode("utf-8", "replace").replace("\0", "")  # which no database takes


def target_of(record: StoredRecord) -> Url:
    """The URL that a record is of; some programs put it between angle brackets."""
    return Url(record.headers.get("warc-target-uri", "").strip("<>"))


def is_first(record: StoredRecord) -> bool:
    """Whether a record holds what was received, at an http URL."""
    if not target_of(record).lower().startswith(("http://", "https://")):
        return False
    http = "http" in record.headers.get("content-type", "http")
    return record.type == "resource" or (record.type in ("response", "revisit") and http)


def message_of(record: StoredRecord) -> Message:
    """What a record says was received; of a resource, as if it had come with a head."""
    if record.type != "resource":
        return split(record.block)
    said = record.headers.get("content-type", "application/octet-stream").encode()
    return Message(
        status=OK_STATUS, head=b"", fields=((b"Content-Type", said),), whole=record.block
    )


def cut_of(record: StoredRecord) -> Truncation | None:
    """Why a record says that what was received is not whole; reasons we do not know are one."""
    said = record.headers.get("warc-truncated")
    if said is None or said in get_args(Truncation):
        return cast("Truncation | None", said)
    return "unspecified"


def _begins(record: StoredRecord) -> bool:
    if record.type == "request":
        return "warc-concurrent-to" not in record.headers
    return is_first(record)


def _told(first: StoredRecord, fields: dict[str, str]) -> Told:
    url = target_of(first)
    message = _message(first, fields)
    size, digest = _payload(first, message, fields)
    is_revisit = first.type == "revisit"
    refers = first.headers.get("warc-refers-to", "") if is_revisit else ""
    if is_revisit and "refers-to" in fields:  # as we found it out when it was imported
        refers = fields["refers-to"]
    refers = bare_id(refers)
    capture = Capture(
        id=CaptureId(f"r:{first.uuid}"),
        url=url,
        urlkey=urlkey(url),
        outlet=OutletId(fields.get("outlet") or UNKNOWN),
        run=RunId(fields.get("run") or ""),
        captured_at=first.date,
        payload_digest=digest,
        payload_bytes=size,
        place=first.place,
        truncated=None if is_revisit else cut_of(first),
        error=fields.get("fetchError"),
        refers_to=CaptureId(f"r:{refers}") if UUID.fullmatch(refers) else None,
        visit_at=_instant(fields.get("visit", "")),
        **said_by(message),
    )
    return Told(capture=capture, fields=fields)


def _instant(text: str) -> datetime | None:
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    return said if said.tzinfo else None


def _message(first: StoredRecord, fields: dict[str, str]) -> Message | None:
    if first.type == "request":
        return None
    if first.block or first.type == "resource":
        return message_of(first)
    try:
        head = base64.b64decode(fields.get("notModifiedHead", ""))
    except binascii.Error:
        return None
    return split(head) if head else None


def _payload(
    first: StoredRecord, message: Message | None, fields: dict[str, str]
) -> tuple[int, Digest | None]:
    """The payload's size and digest; of a revisit, as its records say."""
    if first.type == "revisit":
        said = fields.get("payload-digest") or first.headers.get("warc-payload-digest")
        size = fields.get("payloadBytes", "")
        return int(size) if size.isdecimal() and len(size) < 19 else 0, as_sha256(said)  # noqa: PLR2004
    if message is None:
        return 0, None
    entity, is_whole = message.entity_parts()
    return sum(map(len, entity)), sha256(*entity) if is_whole or not message.is_chunked else None
