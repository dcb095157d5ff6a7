"""An exchange of somebody else's, as it lies in our file.

response | revisit | resource      their record, as it was
request                            theirs
metadata                           ours: which outlet, which run, from which file
metadata …                         theirs
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.records import Capture, CaptureId, Digest, Place, Provenance, Url
from archive.warc.exchange import FIELDS_TYPE, said_by
from archive.warc.exchanges import exchanges_of, message_of, target_of
from archive.warc.foreign import Foreign
from archive.warc.members import Record, warc_fields
from archive.warc.reader import StoredRecord

_REFERER = re.compile(rb"\nreferer:[ \t]*([^\r\n]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """The response that a revisit repeats."""

    id: CaptureId
    digest: Digest | None
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An exchange that is about to come in, with everything that tells of it.

    Attributes:
        before: what their file begins with, if this is the first of it that comes in.
        source: their file's name and digest, for `imported-from`.
        repeated: of a revisit, the response that was found in the same file.
    """

    first: Foreign
    requests: tuple[Foreign, ...] = ()
    others: tuple[Foreign, ...] = ()
    before: tuple[Foreign, ...] = ()
    source: str
    repeated: Repeated | None = field(default=None)

    @property
    def size(self) -> int:
        """Bytes of its records."""
        some = (self.first, *self.requests, *self.others, *self.before)
        return sum(len(one.plain) for one in some)

    @property
    def id(self) -> CaptureId:
        """What its capture is called."""
        return CaptureId(f"r:{self.first.record.uuid}")

    @property
    def url(self) -> Url:
        """What was asked for."""
        return target_of(self.first.record)

    @property
    def mime(self) -> str | None:
        """The kind of what was received, as it said itself."""
        record = self.first.record
        return None if record.type == "request" else said_by(message_of(record))["mime"]

    @property
    def via(self) -> str | None:
        """The page that led there, by what the request said."""
        for one in self.requests:
            said = _REFERER.search(one.record.block.partition(b"\r\n\r\n")[0])
            if said:
                return said[1].decode("latin-1").strip()
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Records that belong to no exchange and lie after one that comes in."""

    records: tuple[Foreign, ...]

    @property
    def size(self) -> int:
        """Bytes of them."""
        return sum(len(one.plain) for one in self.records)


def about(
    found: Incoming, provenance: Provenance, repeated: Repeated | None, now: datetime
) -> Record:
    """Our metadata record on an exchange of theirs."""
    first = found.first.record
    pairs = [
        ("via", found.via),
        ("outlet", provenance.outlet),
        ("outlet-config", provenance.config_digest),
        ("run", provenance.run),
        ("imported-from", found.source),
    ]
    if repeated is not None:
        pairs += [
            ("refers-to", f"<urn:uuid:{repeated.id.removeprefix('r:')}>"),
            ("payload-digest", repeated.digest),
            ("payloadBytes", str(repeated.size)),
        ]
    return Record(
        type="metadata",
        id=uuid.uuid4(),
        at=now,
        block=warc_fields(pairs),
        content_type=FIELDS_TYPE,
        fields=(
            ("WARC-Target-URI", str(found.url)),
            ("WARC-Concurrent-To", f"<urn:uuid:{first.uuid}>"),
        ),
    )


def capture_of(found: Incoming, ours: Record, place: Place) -> Capture:
    """The capture that the records make, told by the code that will tell it again."""
    headers = {name.lower(): value for name, value in ours.fields}
    headers |= {"warc-type": ours.type, "warc-record-id": ours.urn, "content-type": FIELDS_TYPE}
    first = replace(found.first.record, place=place)
    told = StoredRecord(place=place, headers=headers, block=ours.block)
    return next(exchanges_of(_in_order(found, first, told))).capture


def _in_order(found: Incoming, first: StoredRecord, ours: StoredRecord) -> Iterator[StoredRecord]:
    yield first
    yield from (one.record for one in found.requests)
    yield ours
    yield from (one.record for one in found.others)
