"""Whether a payload is what a record's header says, whoever wrote it and however they count."""

from archive.coding import decode
from archive.digests import agrees
from archive.errors import UndecodableBody
from archive.warc.http import Message


def payload_agrees(said: str, message: Message) -> bool:
    """Whether a payload digest holds for a response, or cannot be told.

    By the standard it is of the entity-body: dechunked, still content-encoded. GNU wget and warcio
    take it of the body as it lies, in its chunks (warcio#74), and recorders within a browser of
    the decoded content. Each is accepted: the bytes are those that were recorded.
    """
    entity = message.entity()[0]
    if agrees(said, entity) is not False or agrees(said, message.body):
        return True
    try:
        decoded = decode(entity, message.header(b"Content-Encoding"))
    except UndecodableBody:
        return False
    return bool(agrees(said, decoded))
