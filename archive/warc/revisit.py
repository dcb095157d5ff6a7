"""Revisits: the record of an exchange whose payload is held already (WARC 1.1 §6.7, annex).

    identical-payload-digest   the block is the response's head, byte for byte; the payload is
                               that of the record it refers to
    server-not-modified        a 304: the block is empty, for players then show the original and
                               not a blank page; the 304's head is kept in the metadata record

A revisit refers to a complete 200 response of a GET and never to another revisit.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from archive.records import CaptureId, Digest, Exchange, Url
from archive.warc.answer import Answer
from archive.warc.members import Record, warc_date

_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
IDENTICAL = _PROFILE + "identical-payload-digest"
NOT_MODIFIED = _PROFILE + "server-not-modified"
OK_STATUS, NOT_MODIFIED_STATUS = 200, 304

_VALIDATOR = re.compile(
    rb"^(if-none-match|if-modified-since):[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A complete response that a revisit record may refer to."""

    id: CaptureId
    url: Url
    captured_at: datetime
    payload_digest: Digest | None


def may_repeat(exchange: Exchange, answer: Answer) -> bool:
    """Whether a response may be kept as "the same payload as before"."""
    return (
        exchange.method == "GET"
        and answer.message.status == OK_STATUS
        and answer.is_whole
        and answer.payload_bytes > 0
        and answer.payload_digest is not None
        and exchange.truncated is None
        and answer.message.head.endswith(b"\r\n\r\n")  # or the block would be no head (RFC 9112 §2)
    )


def may_be_unmodified(exchange: Exchange, answer: Answer) -> bool:
    """Whether a response says "as you have it", with nothing of its own that would be lost."""
    return (
        exchange.method == "GET"
        and answer.message.status == NOT_MODIFIED_STATUS
        and not answer.message.has_body
        and exchange.truncated is None
    )


def validators(exchange: Exchange) -> tuple[str | None, str | None]:
    """The ETag that a request said it had, and the instant since which it asked for changes."""
    head = exchange.request.partition(b"\r\n\r\n")[0]
    said = {m[1].lower(): m[2].decode("latin-1") for m in _VALIDATOR.finditer(head)}
    return said.get(b"if-none-match"), said.get(b"if-modified-since")


def revisit(
    exchange: Exchange, answer: Answer, original: Original, fields: list[tuple[str, str]]
) -> Record:
    """The revisit record of an exchange; `fields` are what a response would have said too."""
    is_304 = answer.message.status == NOT_MODIFIED_STATUS
    digest = original.payload_digest if is_304 else answer.payload_digest
    said = [
        *fields,
        ("WARC-Profile", NOT_MODIFIED if is_304 else IDENTICAL),
        ("WARC-Refers-To", f"<urn:uuid:{original.id.removeprefix('r:')}>"),
        ("WARC-Refers-To-Target-URI", str(original.url)),
        ("WARC-Refers-To-Date", warc_date(original.captured_at)),
    ]
    if digest:
        said.append(("WARC-Payload-Digest", digest))
    if not is_304:
        said.append(("WARC-Truncated", "length"))  # the block ends where the payload would begin
    return Record(
        type="revisit",
        id=uuid.uuid4(),
        at=exchange.began_at,
        block=b"" if is_304 else answer.message.head,
        content_type="application/http; msgtype=response",
        fields=tuple(said),
    )
