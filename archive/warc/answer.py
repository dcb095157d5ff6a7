"""What came back in an exchange, read as far as recording it needs."""

from dataclasses import dataclass, field

from archive.digests import sha256
from archive.records import Digest, Exchange
from archive.warc.http import Message, split


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response with its payload measured.

    Attributes:
        payload_digest: of the entity-body, dechunked and still content-encoded; None if a chunked
            body is not whole, for then nobody knows the payload.
    """

    message: Message = field(repr=False)
    payload_digest: Digest | None
    payload_bytes: int
    is_whole: bool


def answer_of(exchange: Exchange) -> Answer | None:
    """The response of an exchange; None if none began."""
    if not exchange.response:
        return None
    message = split(exchange.response)
    entity, is_whole = message.entity_parts()
    return Answer(
        message=message,
        payload_digest=sha256(*entity) if is_whole or not message.is_chunked else None,
        payload_bytes=sum(map(len, entity)),
        is_whole=is_whole,
    )
