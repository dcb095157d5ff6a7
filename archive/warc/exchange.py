"""One HTTP exchange as WARC records: response or revisit, request, metadata, in one file.

The response block is what was received and the request block what was sent, byte for byte. The
metadata record (`application/warc-fields`) lets the file speak for itself: outlet, configuration,
run, sighting, and what happened on the wire that the blocks do not show.
"""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from archive.records import Capture, CaptureId, Exchange, Place, Provenance
from archive.urls import urlkey
from archive.warc.answer import Answer, answer_of
from archive.warc.http import Message
from archive.warc.members import Record, warc_fields
from archive.warc.revisit import NOT_MODIFIED_STATUS, OK_STATUS, Original, revisit

RESPONSE_TYPE = "application/http; msgtype=response"
REQUEST_TYPE = "application/http; msgtype=request"
FIELDS_TYPE = "application/warc-fields"
PACKED_TYPES = (
    *(f"image/{name}" for name in ("avif", "gif", "jpeg", "png", "webp")),
    *("audio/", "video/", "font/woff"),
)


Originals = Callable[[Answer], Original | None]
"""Knows the response that an answer repeats, if one is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The records of one exchange; the first is the one its capture is named after."""

    records: tuple[Record, ...]
    answer: Answer | None
    original: Original | None = None
    """What the first record refers to, if it is a revisit."""


def group(
    exchange: Exchange, provenance: Provenance, *, original_of: Originals = lambda _: None
) -> Group:
    """The records of one exchange.

    Something sent and never answered is a request and a metadata record; nothing sent (no name,
    no connection, no TLS) is no record at all, and then `records` is empty.
    """
    if not exchange.request:
        return Group(records=(), answer=None)
    target = [("WARC-Target-URI", str(exchange.url))]
    answer = answer_of(exchange)
    if answer is None:
        request = _record("request", exchange, exchange.request, REQUEST_TYPE, target)
        records = (request, _metadata(exchange, provenance, request, target))
        return Group(records=records, answer=None)
    original = original_of(answer)
    fields = [*target, *_wire_fields(exchange)]
    first = (
        revisit(exchange, answer, original, fields)
        if original
        else _response(exchange, answer, fields)
    )
    linked = [*target, ("WARC-Concurrent-To", first.urn)]
    request = _record("request", exchange, exchange.request, REQUEST_TYPE, linked)
    head = answer.message.head if original and not first.block else None
    size = answer.payload_bytes if original and first.block else None
    about = _metadata(exchange, provenance, first, target, not_modified=head, size=size)
    return Group(records=(first, request, about), answer=answer, original=original)


def _response(exchange: Exchange, answer: Answer, fields: list[tuple[str, str]]) -> Record:
    if exchange.truncated:
        fields = [*fields, ("WARC-Truncated", exchange.truncated)]
    if answer.payload_digest:
        fields = [*fields, ("WARC-Payload-Digest", answer.payload_digest)]
    return _record(
        "response",
        exchange,
        exchange.response,
        RESPONSE_TYPE,
        fields,
        is_light=_is_packed(answer.message),
    )


def _is_packed(message: Message) -> bool:
    """Whether a body says that it is packed already; the packing sees for itself if that is so."""
    said = _mime(message) or ""
    return bool(message.header(b"Content-Encoding")) or said.startswith(PACKED_TYPES)


def _record(
    type_: str,
    exchange: Exchange,
    block: bytes,
    content_type: str,
    fields: list[tuple[str, str]],
    *,
    is_light: bool = False,
) -> Record:
    return Record(
        type=type_,
        id=uuid.uuid4(),
        at=exchange.began_at,
        block=block,
        content_type=content_type,
        fields=tuple(fields),
        is_light=is_light,
    )


def _wire_fields(exchange: Exchange) -> list[tuple[str, str]]:
    found = [("WARC-IP-Address", exchange.ip_address)]
    found += [("WARC-Protocol", protocol) for protocol in exchange.protocols]
    found += [("WARC-Cipher-Suite", exchange.cipher)]
    return [(name, value) for name, value in found if value]


def _metadata(
    exchange: Exchange,
    provenance: Provenance,
    about: Record,
    target: list[tuple[str, str]],
    *,
    not_modified: bytes | None = None,
    size: int | None = None,
) -> Record:
    said = provenance.discovery
    pairs = [
        ("via", provenance.via),
        ("hopsFromSeed", provenance.hops),
        ("outlet", provenance.outlet),
        ("outlet-config", provenance.config_digest),
        ("run", provenance.run),
        ("visit", provenance.visit_at.isoformat() if provenance.visit_at else None),
        ("robots", provenance.robots),
        ("sighted-in", said.listing if said else None),
        ("sighted-as", said.kind if said else None),
        ("sighted-title", said.title if said else None),
        ("sighted-published", said.published.isoformat() if said and said.published else None),
        ("fetchError", exchange.error),
        ("redacted", ", ".join(exchange.redacted)),
        ("connectionAttempts", str(exchange.attempts) if exchange.attempts > 1 else None),
        ("tlsPeerCertSha256", exchange.certificate_digest),
        ("payloadBytes", str(size) if size is not None else None),
        ("notModifiedHead", base64.b64encode(not_modified).decode() if not_modified else None),
    ]
    pairs += [("interimResponses", base64.b64encode(head).decode()) for head in exchange.interim]
    linked = [*target, ("WARC-Concurrent-To", about.urn)]
    return _record("metadata", exchange, warc_fields(pairs), FIELDS_TYPE, linked)


def capture_of(
    exchange: Exchange, provenance: Provenance, records: Group, place: Place | None
) -> Capture:
    """The capture that a group of records makes, lying at `place`."""
    named = records.records[0].id if records.records else uuid.uuid4()
    answer, original = records.answer, records.original
    message = answer.message if answer else None
    digest = answer.payload_digest if answer else None
    if original and message and message.status == NOT_MODIFIED_STATUS:
        digest = original.payload_digest
    return Capture(
        id=CaptureId(f"r:{named}"),
        url=exchange.url,
        urlkey=urlkey(exchange.url),
        outlet=provenance.outlet,
        run=provenance.run,
        captured_at=exchange.began_at,
        payload_digest=digest,
        payload_bytes=answer.payload_bytes if answer else 0,
        place=place,
        truncated=exchange.truncated,
        error=exchange.error,
        refers_to=original.id if original else None,
        visit_at=provenance.visit_at,
        **said_by(message),
    )


class Said(TypedDict):
    """What a capture's row repeats of a response's head."""

    status: int | None
    mime: str | None
    etag: str | None
    last_modified: str | None
    date: str | None
    location: str | None
    is_chunked: bool


def said_by(message: Message | None) -> Said:
    """What a response says of itself; nothing if none came."""
    etag = message.header(b"ETag") if message else None
    last_modified = message.header(b"Last-Modified") if message else None
    is_bare = message is not None and message.status == OK_STATUS and not (etag or last_modified)
    return Said(
        status=message.status if message else None,
        mime=_mime(message),
        etag=etag,
        last_modified=last_modified,
        date=message.header(b"Date") if message and is_bare else None,
        location=message.header(b"Location") if message else None,
        is_chunked=message.is_chunked if message else False,
    )


def _mime(message: Message | None) -> str | None:
    said = message.header(b"Content-Type") if message else None
    return said.split(";")[0].strip().lower()[:100] or None if said else None
