"""Records as common players can read them.

Two things stop a player: chunk sizes with padding or extensions, which it shows as part of the
page, and a content coding it does not know (zstd). Such a response is packed transfer-decoded, or
decoded altogether; its head says what its block now is, and the record's own header keeps the
digest of the block as received, so that the original can be found and compared.
"""

import re

from archive.coding import decode
from archive.digests import sha256
from archive.errors import UndecodableBody
from archive.warc.http import Message, split
from archive.warc.members import pack
from archive.warc.reader import StoredRecord

_PLAIN_SIZE = re.compile(rb"[0-9a-fA-F]{1,16}\r\n")
_UNKNOWN_CODINGS = frozenset(["zstd", "x-zstd"])
_TRANSFER = re.compile(rb"transfer-encoding", re.IGNORECASE)
_LENGTH = re.compile(rb"content-length", re.IGNORECASE)
_CODING = re.compile(rb"content-encoding", re.IGNORECASE)


def readable(record: StoredRecord, head: bytes) -> bytes | None:
    """A response that players cannot read, written anew as a gzip member; None if they can.

    Args:
        record: the record.
        head: its head as it lies in its file, unpacked, without the blank line.
    """
    if record.type != "response" or not record.block.startswith(b"HTTP/"):
        return None
    message = split(record.block)
    is_odd = message.is_chunked and not is_plainly_chunked(message.body)
    coding = (message.header(b"Content-Encoding") or "").strip().lower()
    if not is_odd and coding not in _UNKNOWN_CODINGS:
        return None
    entity, is_whole = message.entity()
    if not is_whole:
        return None
    dropped = [_TRANSFER, _LENGTH]
    if coding in _UNKNOWN_CODINGS:
        try:
            entity = decode(entity, coding)
        except UndecodableBody:
            return None
        dropped.append(_CODING)
    return _rewritten(record, head, _head(message, dropped, len(entity)) + entity)


def is_plainly_chunked(body: bytes) -> bool:
    """Whether every chunk size is bare hexadecimal digits."""
    at = 0
    while size := _PLAIN_SIZE.match(body, at):
        length = int(size[0], 16)
        if length == 0:
            return True
        at = size.end() + length + 2
    return False


def _head(message: Message, dropped: list[re.Pattern[bytes]], length: int) -> bytes:
    lines = message.head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [
        line
        for line in lines[1:]
        if not any(name.fullmatch(line.partition(b":")[0].strip()) for name in dropped)
    ]
    return b"\r\n".join([lines[0], *kept, b"Content-Length: %d" % length, b"", b""])


def _rewritten(record: StoredRecord, head: bytes, block: bytes) -> bytes:
    changed = {
        "content-length": str(len(block)),
        "warc-block-digest": sha256(block),
    }
    lines = head.decode("utf-8").split("\r\n")
    kept = [line for line in lines if line.partition(":")[0].lower() not in changed]
    kept = [line for line in kept if not _is_stale(line, record, block)]
    kept += [
        f"WARC-Block-Digest: {changed['warc-block-digest']}",
        f"Kliping-Received-Block-Digest: {record.headers.get('warc-block-digest', 'unknown')}",
        f"Content-Length: {changed['content-length']}",
    ]
    return pack("\r\n".join(kept).encode() + b"\r\n\r\n" + block + b"\r\n\r\n")


def _is_stale(line: str, record: StoredRecord, block: bytes) -> bool:
    """A payload digest that no longer is the payload's: after a content coding was undone."""
    if line.partition(":")[0].lower() != "warc-payload-digest":
        return False
    return sha256(split(block).entity()[0]) != record.headers.get("warc-payload-digest")
