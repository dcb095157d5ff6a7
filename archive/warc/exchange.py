"""One HTTP exchange as WARC records: response, request, metadata, in this order, in one file.

The response block is what was received and the request block what was sent, byte for byte. The
metadata record (`application/warc-fields`) lets the file speak for itself: outlet, configuration,
run, sighting, and what happened on the wire that the blocks do not show.
"""

import base64
import uuid
from dataclasses import dataclass

from archive.digests import sha256
from archive.records import Capture, CaptureId, Digest, Exchange, Place, Provenance
from archive.urls import urlkey
from archive.warc.http import Message, split
from archive.warc.members import Record, warc_fields

RESPONSE_TYPE = "application/http; msgtype=response"
REQUEST_TYPE = "application/http; msgtype=request"
FIELDS_TYPE = "application/warc-fields"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The records of one exchange; the first is the one its capture is named after."""

    records: tuple[Record, ...]
    message: Message | None
    payload_digest: Digest | None
    payload_bytes: int


def group(exchange: Exchange, provenance: Provenance) -> Group:
    """The records of one exchange.

    Something sent and never answered is a request and a metadata record; nothing sent (no name,
    no connection, no TLS) is no record at all, and then `records` is empty.
    """
    if not exchange.request:
        return Group(records=(), message=None, payload_digest=None, payload_bytes=0)
    target = [("WARC-Target-URI", str(exchange.url))]
    if not exchange.response:
        request = _record("request", exchange, exchange.request, REQUEST_TYPE, target)
        records = (request, _metadata(exchange, provenance, request, target))
        return Group(records=records, message=None, payload_digest=None, payload_bytes=0)
    message = split(exchange.response)
    entity, complete = message.entity()
    digest = sha256(entity) if complete or not message.is_chunked else None
    fields = [*target, *_wire_fields(exchange)]
    if digest:
        fields.append(("WARC-Payload-Digest", digest))
    response = _record(
        "response",
        exchange,
        exchange.response,
        RESPONSE_TYPE,
        fields,
        is_light=bool(message.header(b"Content-Encoding")),
    )
    linked = [*target, ("WARC-Concurrent-To", response.urn)]
    request = _record("request", exchange, exchange.request, REQUEST_TYPE, linked)
    return Group(
        records=(response, request, _metadata(exchange, provenance, response, target)),
        message=message,
        payload_digest=digest,
        payload_bytes=len(entity),
    )


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
    found += [("WARC-Cipher-Suite", exchange.cipher), ("WARC-Truncated", exchange.truncated)]
    return [(name, value) for name, value in found if value]


def _metadata(
    exchange: Exchange, provenance: Provenance, about: Record, target: list[tuple[str, str]]
) -> Record:
    said = provenance.discovery
    pairs = [
        ("via", provenance.via),
        ("hopsFromSeed", provenance.hops),
        ("outlet", provenance.outlet),
        ("outlet-config", provenance.config_digest),
        ("run", provenance.run),
        ("sighted-in", said.listing if said else None),
        ("sighted-as", said.kind if said else None),
        ("sighted-title", said.title if said else None),
        ("sighted-published", said.published.isoformat() if said and said.published else None),
        ("fetchError", exchange.error),
        ("redacted", ", ".join(exchange.redacted)),
        ("connectionAttempts", str(exchange.attempts) if exchange.attempts > 1 else None),
        ("tlsPeerCertSha256", exchange.certificate_digest),
    ]
    pairs += [("interimResponses", base64.b64encode(head).decode()) for head in exchange.interim]
    linked = [*target, ("WARC-Concurrent-To", about.urn)]
    return _record("metadata", exchange, warc_fields(pairs), FIELDS_TYPE, linked)


def capture_of(
    exchange: Exchange, provenance: Provenance, records: Group, place: Place | None
) -> Capture:
    """The capture that a group of records makes, lying at `place`."""
    named = records.records[0].id if records.records else uuid.uuid4()
    message = records.message
    return Capture(
        id=CaptureId(f"r:{named}"),
        url=exchange.url,
        urlkey=urlkey(exchange.url),
        outlet=provenance.outlet,
        run=provenance.run,
        captured_at=exchange.began_at,
        status=message.status if message else None,
        mime=_mime(message),
        payload_digest=records.payload_digest,
        payload_bytes=records.payload_bytes,
        place=place,
        truncated=exchange.truncated,
        error=exchange.error,
        etag=message.header(b"ETag") if message else None,
        last_modified=message.header(b"Last-Modified") if message else None,
        location=message.header(b"Location") if message else None,
    )


def _mime(message: Message | None) -> str | None:
    said = message.header(b"Content-Type") if message else None
    return said.split(";")[0].strip().lower()[:100] or None if said else None
