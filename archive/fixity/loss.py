"""What a damaged record takes with it, and where its payload is left."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from archive.counting import many
from archive.db import captures, places
from archive.db.files import SealedRow
from archive.db.places import DraftRow, Row
from archive.digests import sha256
from archive.errors import CorruptRecord
from archive.fixity import holdings
from archive.fixity.verdict import Copy, Damage
from archive.records import Capture, CaptureId, Place, Url
from archive.screenshots import Screenshot
from archive.store import Archive
from archive.warc.http import split
from archive.warc.scan import Gap


class Loss:
    """Tells what is lost by damage to one file."""

    def __init__(self, archive: Archive, connection: Connection, sealed: SealedRow | None) -> None:
        self._archive = archive
        self._connection = connection
        self._sealed = sealed

    def restore(self, name: str) -> str:
        """What to do if there is no second copy."""
        known = f" (sha256 {self._sealed.sha256})" if self._sealed else ""
        return f"Restore {name}{known} from a backup."

    def of_file(self, name: str) -> str:
        """A sentence on a file that is missing."""
        held, drafts, pictures, revisits = places.rests_on_file(self._connection, name)
        known = f" (sha256 {self._sealed.sha256})" if self._sealed else ""
        rests = [many(held, "capture"), many(drafts, "draft")]
        rests += [many(pictures, "screenshot")] if pictures else []
        rests += [f"the payload of {many(revisits, 'revisit')} in other files"] if revisits else []
        return (
            f"warc/{name} is missing; restore it{known} from a backup. "
            f"It holds {' and '.join(rests)}."
        )

    def of_record(
        self, place: Place, what: str, row: Row | None, headers: Mapping[str, str]
    ) -> Damage:
        """The damage to a record; `headers` are what can still be read of its head."""
        facts: dict[str, Any] = {"type": headers.get("warc-type")}
        if isinstance(row, Capture):
            facts |= self._of_capture(row)
            facts["type"] = facts["type"] or _type(row)
        elif isinstance(row, Screenshot):
            facts |= self._of_screenshot(row)
        elif row is not None:
            facts |= self._of_draft(row)
        facts["record"] = headers.get("warc-record-id") or (
            row and f"<urn:uuid:{row.id.removeprefix('r:')}>"
        )
        facts["url"] = facts.get("url") or headers.get("warc-target-uri")
        remedy = facts.pop("remedy", "") or f"No second copy here. {self.restore(place.file)}"
        return Damage(
            file=place.file,
            offset=place.offset,
            length=place.length,
            what=what,
            remedy=remedy,
            **facts,
        )

    def of_rowless(self, gap: Gap, near: Capture | None) -> Damage:
        """The damage to bytes at which no row's record begins: a request, say, or metadata."""
        headers = gap.headers
        said = headers.get("warc-concurrent-to") or headers.get("warc-refers-to")
        capture: Capture | None = near
        if said:
            id_ = CaptureId(f"r:{said.removeprefix('<urn:uuid:').removesuffix('>')}")
            capture = captures.by_id(self._connection, id_)
        beside = bool(capture) and not said
        return Damage(
            file=gap.place.file,
            offset=gap.place.offset,
            length=gap.place.length,
            what=gap.reason + (", beside the record of this capture" if beside else ""),
            type=headers.get("warc-type"),
            record=headers.get("warc-record-id"),
            capture=capture.id if capture else None,
            url=capture.url if capture else _url(headers),
            captured_at=capture.captured_at if capture else None,
            remedy=f"No second copy here. {self.restore(gap.place.file)}",
        )

    def _of_capture(self, one: Capture) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "capture": one.id,
            "url": one.url,
            "captured_at": one.captured_at,
            "revisits": places.revisits_of(self._connection, one),
            "versions": places.versions_of(self._connection, one.id),
        }
        if copy := self._copy(one):
            facts["copy"] = copy
            facts["remedy"] = (
                f"The same payload lies in {copy.file} at {copy.offset} (capture {copy.capture})"
                f"{'; lost is the head of this answer' if one.refers_to else ''}. "
                f"{self.restore(one.place.file if one.place else '')}"
            )
        return facts

    def _of_draft(self, row: DraftRow) -> dict[str, Any]:
        return {
            "type": "draft",
            "capture": row.capture,
            "url": row.url,
            "captured_at": row.captured_at,
            "versions": (row.version,) if row.version else (),
            "remedy": "The database holds what it said, and the page can be read again. "
            f"{self.restore(row.place.file)}",
        }

    def _of_screenshot(self, row: Screenshot) -> dict[str, Any]:
        return {
            "type": "screenshot",
            "capture": row.capture,
            "url": row.url,
            "remedy": "The page can be pictured again: kliping screenshot --again "
            f"{row.capture}. {self.restore(row.place.file)}",
        }

    def _copy(self, one: Capture) -> Copy | None:
        """A second copy that can be read, now."""
        for other in places.copies_of(self._connection, one):
            if other.place and self._holds(other.place, one.payload_digest):
                return Copy(file=other.place.file, offset=other.place.offset, capture=other.id)
        return None

    def _holds(self, place: Place, digest: str | None) -> bool:
        try:
            record = holdings.record_at(self._archive, place)
        except CorruptRecord:
            return False
        return sha256(split(record.block).entity()[0]) == digest


def _type(row: Capture) -> str:
    if row.refers_to:
        return "revisit"
    return "response" if row.status is not None else "request"


def _url(headers: Mapping[str, str]) -> Url | None:
    said = headers.get("warc-target-uri")
    return Url(said) if said else None
