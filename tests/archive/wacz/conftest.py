"""An archive with versions, revisits, redirects and odd chunks, and its exports opened again."""

import gzip
import json
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.archives import (
    PAGE,
    captured,
    declaration,
    discovery,
    draft,
    exchange,
    keep,
    provenance,
    response,
    url,
)

from archive.records import OutletId
from archive.store import Archive
from archive.wacz.export import Wanted, export_wacz
from archive.warc.reader import StoredRecord, records_of


@dataclass
class Opened:
    """A WACZ as a player finds it."""

    zip: zipfile.ZipFile
    path: Path

    def json(self, name: str) -> Any:
        return json.loads(self.zip.read(name))

    def lines(self) -> list[str]:
        return gzip.decompress(self.zip.read("indexes/index.cdx.gz")).decode().splitlines()

    def pages(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.zip.read("pages/pages.jsonl").splitlines()[1:]]

    def records(self) -> list[StoredRecord]:
        found = []
        for name in self.zip.namelist():
            if name.startswith("archive/"):
                path = self.path.with_suffix("." + name.partition("/")[2])
                path.write_bytes(self.zip.read(name))
                found += list(records_of(path))
        return found

    def targets(self) -> set[str]:
        kinds = ("response", "revisit")
        return {r.headers["warc-target-uri"] for r in self.records() if r.type in kinds}


@pytest.fixture
def filled(archive: Archive, clock: Any) -> Archive:
    """Two articles (one edited, one reached by a redirect), a 304, odd chunks, another outlet."""
    with archive.turn() as turn:
        turn.sync_outlet(declaration("beacon", '{"id":"beacon"}'), None)
        turn.discover(OutletId("lantern"), [discovery("/harbour"), discovery("/market")])
    keep(archive)
    clock.advance(timedelta(hours=1))
    keep(archive, body="The harbour shrinks.")
    moved = response(b"", b"Location: /moved", status=b"301 Moved")
    again = response(b"", b"Location: /market-2", status=b"302 Found")
    odd = response(b"%x  \r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE), b"Transfer-Encoding: chunked")
    with archive.turn() as turn:
        turn.record(exchange("/market", response=moved), provenance())
        turn.record(exchange("/moved", response=again), provenance())
        market = turn.record(exchange("/market-2", b"<p>Fish."), provenance())
        turn.save(draft("Market", "Fish."), market, provenance(), known_as=url("/market"))
        turn.record(exchange("/odd", response=odd), provenance())
        turn.record(exchange("/style.css", b"p {}"), provenance())
        turn.record(exchange("/style.css", b"p {}"), provenance())
    captured(archive, "/else", "Elsewhere", "Other news.", outlet="beacon")
    return archive


@pytest.fixture
def exported(filled: Archive, tmp_path: Path) -> Any:
    """Exports, and opens what was written."""

    def export(**wanted: Any) -> Opened:
        path = tmp_path / "out.wacz"
        options = {name: wanted.pop(name) for name in ("signed", "title") if name in wanted}
        export_wacz(filled, Wanted(**wanted), path, **options)
        return Opened(zipfile.ZipFile(path), path)

    return export
