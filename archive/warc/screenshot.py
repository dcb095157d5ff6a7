"""A screenshot as records: the picture, and beside it what it shows and how it was made.

    resource    WARC-Target-URI: urn:fullPage:URL          image/png
    metadata    WARC-Concurrent-To the resource,           application/warc-fields
                WARC-Refers-To the capture that it shows

The target is the one that Browsertrix gives to pictures of whole pages. A resource must not have
a WARC-Refers-To (WARC 1.1 §5.11), so that the metadata has it.
"""

import uuid
from datetime import datetime

from archive.digests import sha256
from archive.records import Capture, CaptureId, Url
from archive.screenshots import Picture, Screenshot, size_of_png
from archive.warc.exchange import FIELDS_TYPE
from archive.warc.exchanges import UUID
from archive.warc.members import Record, warc_fields
from archive.warc.reader import StoredRecord, bare_id

PICTURE_TYPE = "image/png"
TARGET = "urn:fullPage:"
MOST_NAMED = 200
LONGEST_URL = 2000
"""A page asks for as much as it likes; what was not there need not all be kept."""


def picture_record(picture: Picture, of: Capture, now: datetime) -> Record:
    """The picture itself."""
    return Record(
        type="resource",
        id=uuid.uuid4(),
        at=now,
        block=picture.png,
        content_type=PICTURE_TYPE,
        # the payload of a resource is its block, whose digest is there; FastWARC misreads another
        fields=(("WARC-Target-URI", f"{TARGET}{of.url}"),),
    )


def facts_record(picture: Picture, of: Capture, beside: Record) -> Record:
    """What the picture shows, of which captures, and what made it."""
    width, height = size_of_png(picture.png)
    others = len(picture.not_held) - MOST_NAMED
    pairs: list[tuple[str, str | None]] = [
        ("outlet", of.outlet),
        ("shows", _urn(of.id)),
        ("shows-url", of.url),
        ("shows-date", of.captured_at.isoformat()),
        ("software", picture.software),
        ("viewport", f"{picture.viewport[0]}x{picture.viewport[1]}"),
        ("picture", f"{width}x{height}"),
        ("cut", "the page is taller than the picture" if picture.is_cut else None),
        ("scripts", "off"),
        ("network", "none: drawn from the captures named here"),
        *(("made-of", _urn(id_)) for id_ in picture.made_of),
        *(("not-held", url[:LONGEST_URL]) for url in picture.not_held[:MOST_NAMED]),
        ("not-held-others", str(others) if others > 0 else None),
    ]
    return Record(
        type="metadata",
        id=uuid.uuid4(),
        at=beside.at,
        block=warc_fields(pairs),
        content_type=FIELDS_TYPE,
        fields=(
            ("WARC-Target-URI", f"{TARGET}{of.url}"),
            ("WARC-Concurrent-To", beside.urn),
            ("WARC-Refers-To", _urn(of.id)),
        ),
    )


def is_picture(record: StoredRecord) -> bool:
    """Whether a record of ours holds a screenshot."""
    return record.type == "resource" and _is_aimed(record)


def pictured_by(record: StoredRecord) -> str | None:
    """The bare id of the picture whose facts a record of ours holds; None if it holds none."""
    if record.type != "metadata" or not _is_aimed(record):
        return None
    return bare_id(record.headers.get("warc-concurrent-to", "")) or None


def screenshot_of(picture: StoredRecord, facts: StoredRecord) -> Screenshot:
    """A screenshot as its two records tell it.

    Raises:
        ValueError: if they do not, or the picture is none.
    """
    shows = bare_id(facts.headers.get("warc-refers-to", ""))
    if pictured_by(facts) != picture.uuid or not UUID.fullmatch(shows):
        raise ValueError("the facts of this picture name no capture")
    said = _pairs(facts.block)
    width, height = size_of_png(picture.block)
    return Screenshot(
        id=picture.uuid,
        capture=CaptureId(f"r:{shows}"),
        url=Url(picture.headers.get("warc-target-uri", "").removeprefix(TARGET)),
        made_at=picture.date,
        software=next((value for name, value in said if name == "software"), ""),
        width=width,
        height=height,
        digest=sha256(picture.block),
        place=picture.place,
        made_of=made_of(facts.block),
    )


def made_of(block: bytes) -> frozenset[CaptureId]:
    """The captures that a picture was drawn from, as the facts beside it say."""
    return frozenset(
        CaptureId(f"r:{bare_id(value)}") for name, value in _pairs(block) if name == "made-of"
    )


def _urn(id_: CaptureId) -> str:
    return f"<urn:uuid:{id_.removeprefix('r:')}>"


def _is_aimed(record: StoredRecord) -> bool:
    return record.headers.get("warc-target-uri", "").startswith(TARGET)


def _pairs(block: bytes) -> list[tuple[str, str]]:
    """An `application/warc-fields` block, in order; a name may come again."""
    lines = block.decode("utf-8", "replace").replace("\0", "").splitlines()
    said = (line.partition(":") for line in lines)
    return [(name.strip(), value.strip()) for name, colon, value in said if colon]
