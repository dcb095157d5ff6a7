"""One record, against its digests and against what its row says of it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection

from archive.db import captures
from archive.db.places import DraftRow, Row
from archive.digests import agrees, sha256
from archive.fixity.verdict import Verdict
from archive.recorder import DRAFT_TYPE
from archive.records import Capture
from archive.screenshots import Screenshot, size_of_png
from archive.urls import urlkey
from archive.warc.exchange import FIELDS_TYPE, said_by
from archive.warc.exchanges import cut_of, is_first, read_fields, target_of
from archive.warc.http import Message, split
from archive.warc.members import warc_date
from archive.warc.payload import payload_agrees
from archive.warc.reader import StoredRecord
from archive.warc.revisit import OK_STATUS
from archive.warc.screenshot import is_picture, made_of, pictured_by


def wrong_digest(record: StoredRecord, message: Message | None, verdict: Verdict) -> str | None:
    """What is wrong with a record's own digests; None if nothing."""
    said = record.headers.get("warc-block-digest")
    verdict.digests += said is not None
    if said and agrees(said, record.block) is False:
        return "its block is not what was recorded (WARC-Block-Digest)"
    said = record.headers.get("warc-payload-digest")
    if message is None or not said:
        return None
    verdict.digests += 1
    if not payload_agrees(said, message):
        return "its payload is not what was recorded (WARC-Payload-Digest)"
    return None


def message_of(record: StoredRecord) -> Message | None:
    """The HTTP message of a response."""
    has_one = record.type == "response" and is_first(record) and record.block
    return split(record.block) if has_one else None


_OURS = re.compile(r"sha256:[0-9a-f]{64}")


def row_id(record: StoredRecord, *, is_ours: bool = True) -> str | None:
    """The id of the row that a record should have; None if it is of a kind that has none.

    Of what came in with somebody else's file, only what was received has one.
    """
    uuid = record.uuid
    if is_first(record):
        return f"r:{uuid}"
    if not is_ours:
        return None
    if record.type == "request" and "warc-concurrent-to" not in record.headers:
        return f"r:{uuid}"  # it was sent, and nobody answered
    if is_picture(record):
        return uuid
    if record.type == "metadata" and record.headers.get("content-type") == DRAFT_TYPE:
        return uuid
    return None


def names_of(row: Row) -> tuple[str, str]:
    """A row's id as sentences say it, and the id of its record."""
    uuid = row.id.removeprefix("r:")
    if isinstance(row, Capture):
        return row.id, uuid
    return f"{'screenshot' if isinstance(row, Screenshot) else 'extraction'} {uuid}", uuid


def differences(
    record: StoredRecord, message: Message | None, row: Row, *, is_ours: bool
) -> list[str]:
    """The columns of a row that say something else than its record does.

    What somebody else's revisit refers to is found by its URL, or not at all: `wrong_original`
    judges that.
    """
    if isinstance(row, Screenshot):
        said = _said_of_picture(record, row)
    elif not isinstance(row, Capture):
        said = _said_of_draft(record, row)
    else:
        said = _said_of_capture(record, message, row)
        if not is_ours:
            del said["refers_to"]
            if message is None:
                said.pop("payload_digest", None)
    return [name for name, (here, there) in said.items() if here != there]


Pairs = dict[str, tuple[object, object]]
"""A column's name, what it says, and what the record says."""


def _said_of_capture(record: StoredRecord, message: Message | None, row: Capture) -> Pairs:
    headers = record.headers
    pairs: Pairs = {
        "url": (" ".join(row.url.split()), target_of(record)),
        "urlkey": (row.urlkey, urlkey(row.url)),
        "captured_at": (warc_date(row.captured_at), _date(headers)),
    }
    digest = headers.get("warc-payload-digest")
    if digest is not None and _OURS.fullmatch(digest):
        pairs["payload_digest"] = (row.payload_digest, digest)
    if message:  # whatever another program has counted, the row has what we count
        entity, is_whole = message.entity()
        known = is_whole or not message.is_chunked
        pairs["payload_digest"] = (row.payload_digest, sha256(entity) if known else None)
    refers_to = headers.get("warc-refers-to")
    pairs["refers_to"] = (row.refers_to and _urn(row.refers_to), refers_to)
    if record.type != "revisit":  # its WARC-Truncated is about the block alone
        pairs["truncated"] = (row.truncated, cut_of(record))
    head = message or (split(record.block) if record.type == "revisit" and record.block else None)
    if head:
        pairs |= {name: (getattr(row, name), value) for name, value in said_by(head).items()}
        if row.date is None:  # rows of before schema 0016 do not tell it
            del pairs["date"]
    if message:
        pairs["payload_bytes"] = (row.payload_bytes, len(message.entity()[0]))
    return pairs


def _said_of_draft(record: StoredRecord, row: DraftRow) -> Pairs:
    said = _draft(record.block)
    about = said.get("about", {})
    return {
        "capture_id": (_urn(row.capture), record.headers.get("warc-refers-to")),
        "outcome": (row.outcome, about.get("outcome")),
        "version_id": (row.version, about.get("version")),
        "text_digest": (row.text_digest, said.get("text_digest")),
    }


def _said_of_picture(record: StoredRecord, row: Screenshot) -> Pairs:
    try:
        width, height = size_of_png(record.block)
    except ValueError:
        width = height = 0
    return {
        "made_at": (warc_date(row.made_at), _date(record.headers)),
        "digest": (row.digest, sha256(record.block)),
        "width": (row.width, width),
        "height": (row.height, height),
    }


def wrong_facts(record: StoredRecord, row: Screenshot) -> list[str]:
    """The columns of a screenshot that say something else than the facts beside its picture."""
    said = {
        "capture_id": (_urn(row.capture), record.headers.get("warc-refers-to")),
        "software": (" ".join(row.software.split()), read_fields(record.block).get("software")),
        "screenshot_part": (row.made_of, made_of(record.block)),
    }
    return [name for name, (here, there) in said.items() if here != there]


def wrong_provenance(record: StoredRecord, row: Row | None) -> list[str]:
    """The columns of a capture that say something else than the metadata record beside it."""
    if isinstance(row, Screenshot):
        return wrong_facts(record, row) if pictured_by(record) == row.id else []
    if (
        not isinstance(row, Capture)
        or record.headers.get("content-type") != FIELDS_TYPE
        or record.headers.get("warc-concurrent-to") != _urn(row.id)
    ):
        return []
    fields = read_fields(record.block)
    said = {"outlet_id": (row.outlet, "outlet"), "run_id": (row.run, "run")}
    return [name for name, (here, field) in said.items() if here != fields.get(field, "")]


def wrong_original(connection: Connection, row: Capture) -> str | None:
    """What is wrong with the response that a revisit refers to; None if nothing."""
    if row.refers_to is None:
        return None
    held = captures.by_id(connection, row.refers_to)
    if held is None or held.place is None:
        return f"it refers to {row.refers_to}, which has no row"
    if held.refers_to or held.truncated or held.status != OK_STATUS:
        return f"it refers to {row.refers_to}, which is no whole response"
    if held.payload_digest != row.payload_digest:
        return f"it refers to {row.refers_to}, whose payload is another"
    return None


def _urn(id_: str) -> str:
    return f"<urn:uuid:{id_.removeprefix('r:')}>"


def _date(headers: Mapping[str, str]) -> str:
    said = headers.get("warc-date", "")
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return said
    return warc_date(at if at.tzinfo else at.replace(tzinfo=UTC))


def _draft(block: bytes) -> dict[str, dict[str, object]]:
    try:
        said = json.loads(block)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
