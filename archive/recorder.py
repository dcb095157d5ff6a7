"""What goes into the WARC files: exchanges as they crossed the socket, drafts and pictures of them.

Bytes first, rows after: each row is made from the place its record was written to.
"""

import contextlib
import json
import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from archive.db import captures, extractions, originals, outlets, screenshots
from archive.digests import sha256
from archive.drafts import draft_as_json
from archive.journal import Journal
from archive.records import (
    Capture,
    CaptureId,
    Draft,
    Exchange,
    OutletId,
    Provenance,
    Url,
    VersionId,
)
from archive.screenshots import Picture, Screenshot, size_of_png
from archive.urls import urlkey
from archive.warc import adopted
from archive.warc.adopted import Incoming, Repeated, about
from archive.warc.answer import Answer
from archive.warc.exchange import capture_of, group
from archive.warc.foreign import Foreign
from archive.warc.members import Record
from archive.warc.reader import bare_id, date_of
from archive.warc.revisit import Original, may_be_unmodified, may_repeat, validators
from archive.warc.screenshot import facts_record, picture_record
from archive.warc.writer import WarcWriter

DRAFT_TYPE = "application/json"


class Recorder:
    """Writes records within one turn, and notes what they hold."""

    def __init__(
        self, connection: Connection, warc: WarcWriter, journal: Journal, scope: originals.Scope
    ) -> None:
        self._connection = connection
        self._warc = warc
        self._journal = journal
        self._scope = scope

    def record(self, exchange: Exchange, provenance: Provenance, now: datetime) -> Capture:
        """Write one exchange, as a response or as a revisit, and note its capture.

        Raises:
            OSError: if it cannot be written; no row is made then.
        """

        def original_of(answer: Answer) -> Original | None:
            return self._original(exchange, provenance, answer)

        records = group(exchange, provenance, original_of=original_of)
        place = None
        if records.records:
            self._warc.begin()
            self._tell_config(provenance, now)
            places = [self._warc.append(record) for record in records.records]
            place = places[0]
        capture = capture_of(exchange, provenance, records, place)
        if place is None:  # no record will tell of it
            self._journal.write(
                "unsent",
                capture=capture.id,
                outlet=capture.outlet,
                run=capture.run,
                url=capture.url,
                captured_at=capture.captured_at.isoformat(),
                error=capture.error,
                visit=capture.visit_at and capture.visit_at.isoformat(),
            )
        captures.add(self._connection, capture)
        return capture

    def adopt(self, found: Incoming, provenance: Provenance, now: datetime) -> Capture | None:
        """Write somebody else's exchange as it is, and note its capture; None if it is here.

        Raises:
            OSError: if it cannot be written; no row is made then.
        """
        if captures.known(self._connection, [found.id]):
            return None
        ours = about(found, provenance, self._repeated(found), now)
        self._warc.begin()
        self._tell_config(provenance, now)
        self.copy(found.before)
        place = self._warc.copy(found.first.record, found.first.plain)
        self.copy(found.requests)
        self._warc.append(ours)
        self.copy(found.others)
        capture = adopted.capture_of(found, ours, place)
        captures.add(self._connection, capture)
        return capture

    def copy(self, some: Iterable[Foreign]) -> None:
        """Write records of somebody else's as they are."""
        for one in some:
            self._warc.begin()
            self._warc.copy(one.record, one.plain)

    def keep_draft(
        self,
        draft: Draft,
        capture: Capture,
        *,
        outcome: str,
        now: datetime,
        outlet: OutletId,
        known_as: Url | None = None,
        version: VersionId | None = None,
    ) -> None:
        """Write what was claimed of a capture, and what came of it, as a metadata record."""
        became = {"outlet": outlet, "known_as": known_as, "outcome": outcome, "version": version}
        became = {name: value for name, value in became.items() if value is not None}
        plain = draft_as_json(draft)
        captured = capture.id.removeprefix("r:")
        record = Record(
            type="metadata",
            id=uuid.uuid4(),
            at=now,
            block=json.dumps({"about": became, **plain}, ensure_ascii=False).encode(),
            content_type=DRAFT_TYPE,
            fields=(
                # not the page's own URL, for players would show the draft in its place
                ("WARC-Target-URI", f"urn:kliping:draft:{captured}"),
                ("WARC-Refers-To", f"<urn:uuid:{captured}>"),
            ),
            is_light=True,
        )
        self._warc.begin()
        place = self._warc.append(record)
        row = extractions.row_of(
            draft, capture.id, str(record.id), place, outcome=outcome, version=version, now=now
        )
        extractions.add(self._connection, row)

    def keep_screenshot(self, picture: Picture, of: Capture, now: datetime) -> Screenshot:
        """Write a picture of a captured page, what it was drawn from beside it, and note it."""
        record = picture_record(picture, of, now)
        self._warc.begin()
        place = self._warc.append(record)
        self._warc.append(facts_record(picture, of, record))
        width, height = size_of_png(picture.png)
        kept = Screenshot(
            id=str(record.id),
            capture=of.id,
            url=of.url,
            made_at=now,
            software=picture.software,
            width=width,
            height=height,
            digest=sha256(picture.png),
            place=place,
            made_of=frozenset(picture.made_of),
        )
        screenshots.add(self._connection, kept)
        return kept

    def _original(
        self, exchange: Exchange, provenance: Provenance, answer: Answer
    ) -> Original | None:
        url, outlet = exchange.url, provenance.outlet
        if may_be_unmodified(exchange, answer):
            etag, since = validators(exchange)
            return originals.confirmed_by(
                self._connection,
                url,
                urlkey(url),
                outlet,
                etag=etag,
                since=since,
            )
        if answer.payload_digest and may_repeat(exchange, answer):
            return originals.with_payload(
                self._connection,
                answer.payload_digest,
                url=url,
                outlet=outlet,
                is_chunked=answer.message.is_chunked,
                scope=self._scope,
            )
        return None

    def _repeated(self, found: Incoming) -> Repeated | None:
        """The response that an imported revisit repeats, in its own file or here."""
        said = found.first.record.headers
        if found.repeated is not None or found.first.record.type != "revisit":
            return found.repeated
        id_ = CaptureId(f"r:{bare_id(said.get('warc-refers-to', ''))}")
        known = originals.with_id(self._connection, id_)
        url = said.get("warc-refers-to-target-uri", "").strip("<>")
        if known is None and url:
            with contextlib.suppress(ValueError):
                at = date_of(said.get("warc-refers-to-date", ""))
                known = originals.captured_at(self._connection, Url(url), at)
        if known is None:
            return None
        held = captures.by_id(self._connection, known.id)
        return Repeated(
            id=known.id, digest=known.payload_digest, size=held.payload_bytes if held else 0
        )

    def _tell_config(self, provenance: Provenance, now: datetime) -> None:
        """Each configuration is a `resource` record, once a file, before what it led to."""
        digest = provenance.config_digest
        if digest is None or digest in self._warc.told:
            return
        content = outlets.config_of(self._connection, digest)
        if content is None:
            return
        record = Record(
            type="resource",
            id=uuid.uuid4(),
            at=now,
            block=content.encode(),
            content_type="application/json",
            fields=(("WARC-Target-URI", f"urn:kliping:outlet:{provenance.outlet}:{digest}"),),
        )
        self._warc.append(record)
        self._warc.told.add(digest)
