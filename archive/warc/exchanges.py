"""Exchanges told again: the captures that a file's records make, as they were when written.

response | revisit, request, metadata        one exchange, next to each other
request, metadata                            sent and never answered
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.digests import sha256
from archive.records import Capture, CaptureId, Digest, OutletId, RunId, Url
from archive.urls import urlkey
from archive.warc.exchange import FIELDS_TYPE, said_by
from archive.warc.http import Message, split
from archive.warc.reader import StoredRecord, bare_id

UNKNOWN = OutletId("unknown")
"""Of captures whose records do not say for which outlet they were made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A capture as its records tell it, and whatever else its metadata record says."""

    capture: Capture
    fields: dict[str, str]


def exchanges_of(records: Iterable[StoredRecord]) -> Iterator[Told]:
    """The exchanges of a file, in order; records that belong to none are passed over."""
    first: StoredRecord | None = None
    fields: dict[str, str] = {}
    for record in records:
        if _begins(record):
            if first is not None:
                yield _told(first, fields)
            first, fields = record, {}
        elif first is not None and _describes(record, first):
            fields = read_fields(record.block)
    if first is not None:
        yield _told(first, fields)


def read_fields(block: bytes) -> dict[str, str]:
    """An `application/warc-fields` block; the last of a repeated name counts."""
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def _begins(record: StoredRecord) -> bool:
    if record.type == "request":
        return "warc-concurrent-to" not in record.headers
    http = "http" in record.headers.get("content-type", "http")
    return record.type in ("response", "revisit") and http


def _describes(record: StoredRecord, first: StoredRecord) -> bool:
    return (
        record.type == "metadata"
        and record.headers.get("content-type") == FIELDS_TYPE
        and record.headers.get("warc-concurrent-to") == first.urn
    )


def _told(first: StoredRecord, fields: dict[str, str]) -> Told:
    url = Url(first.headers.get("warc-target-uri", "").strip("<>"))
    message = _message(first, fields)
    size, digest = _payload(first, message, fields)
    is_revisit = first.type == "revisit"
    refers = first.headers.get("warc-refers-to", "") if is_revisit else ""
    cut = None if is_revisit else first.headers.get("warc-truncated")
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
        truncated=cut,  # type: ignore[arg-type]
        error=fields.get("fetchError"),
        refers_to=CaptureId(f"r:{bare_id(refers)}") if refers else None,
        **said_by(message),
    )
    return Told(capture=capture, fields=fields)


def _message(first: StoredRecord, fields: dict[str, str]) -> Message | None:
    if first.type == "request":
        return None
    if first.block:
        return split(first.block)
    head = fields.get("notModifiedHead")
    return split(base64.b64decode(head)) if head else None


def _payload(
    first: StoredRecord, message: Message | None, fields: dict[str, str]
) -> tuple[int, Digest | None]:
    """The payload's size and digest; of a revisit, as its records say."""
    if first.type == "revisit":
        said = first.headers.get("warc-payload-digest")
        size = fields.get("payloadBytes", "")
        return int(size) if size.isdecimal() else 0, Digest(said) if said else None
    if message is None:
        return 0, None
    entity, is_whole = message.entity()
    return len(entity), sha256(entity) if is_whole or not message.is_chunked else None
