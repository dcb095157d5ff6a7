"""Exchanges, drafts and whole articles of an invented outlet, for tests of the archive."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.clock import Clock
from archive.digests import sha256, text_digest
from archive.records import (
    Capture,
    Declaration,
    Digest,
    Discovery,
    Draft,
    Exchange,
    Fingerprint,
    Moment,
    OutletId,
    Provenance,
    RunId,
    Saved,
    Url,
)
from archive.store import Archive

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
OUTLET = OutletId("lantern")
RUN = RunId("run-1")
HOME = "https://lantern.example"
FEED = Url(f"{HOME}/feed.xml")
CONFIG = (
    '{"id":"lantern","name":"The Lantern","home":"https://lantern.example/","country":"id",'
    '"zone":"Asia/Jakarta"}'
)
PRINT = Fingerprint(extractor="tests/1", rules=sha256(b"rules"))
UPGRADED = Fingerprint(extractor="tests/2", rules=sha256(b"rules"))
PAGE = b"<html><h1>Harbour to grow</h1></html>"


def url(path: str = "/harbour") -> Url:
    return Url(HOME + path)


def declaration(outlet: str = OUTLET, config: str = CONFIG, **changes: Any) -> Declaration:
    values: dict[str, Any] = {
        "id": OutletId(outlet),
        "name": "The Lantern",
        "home": f"{HOME}/",
        "country": "id",
        "zone": "Asia/Jakarta",
        "config": config,
        "digest": sha256(config.encode()),
    }
    return Declaration(**values | changes)


def discovery(path: str = "/harbour", listing: str = FEED, **said: Any) -> Discovery:
    return Discovery(url=url(path), listing=Url(listing), kind=said.pop("kind", "feed"), **said)


def request(path: str = "/harbour") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: lantern.example\r\n\r\n".encode()


def response(body: bytes = PAGE, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Type: text/html; charset=utf-8", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def exchange(path: str = "/harbour", body: bytes = PAGE, **changes: Any) -> Exchange:
    values: dict[str, Any] = {
        "url": url(path),
        "request": request(path),
        "response": response(body),
        "began_at": NOW,
        "ip_address": "203.0.113.7",
    }
    return Exchange(**values | changes)


def provenance(outlet: str = OUTLET, **changes: Any) -> Provenance:
    values: dict[str, Any] = {
        "outlet": OutletId(outlet),
        "config_digest": Digest(sha256(CONFIG.encode())),
        "run": RUN,
        "via": FEED,
        "hops": "L",
    }
    return Provenance(**values | changes)


def draft(title: str = "Harbour to grow", body: str = "The harbour grows.", **said: Any) -> Draft:
    values: dict[str, Any] = {
        "fingerprint": PRINT,
        "text_digest": text_digest(title, body),
        "title": title,
        "body": body,
        "published": Moment(at=NOW - timedelta(hours=1)),
        "language": "en",
    }
    return Draft(**values | said)


def opened(directory: Path, clock: Clock) -> Archive:
    """An archive that knows the outlet `lantern`, with a run begun."""
    archive = Archive.open(directory, clock=clock)
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), None)
        turn.open_run(RUN, [OUTLET])
    return archive


def keep(
    archive: Archive,
    path: str = "/harbour",
    title: str = "Harbour to grow",
    body: str = "The harbour grows.",
    *,
    at: datetime | None = None,
    outlet: str = OUTLET,
    **said: Any,
) -> Saved:
    """Record a page and save what it says, in one turn."""
    return captured(archive, path, title, body, at=at, outlet=outlet, **said)[1]


def captured(
    archive: Archive,
    path: str = "/harbour",
    title: str = "Harbour to grow",
    body: str = "The harbour grows.",
    *,
    at: datetime | None = None,
    outlet: str = OUTLET,
    **said: Any,
) -> tuple[Capture, Saved]:
    """As `keep`; gives the capture as well."""
    page = f"<html><h1>{title}</h1><p>{body}</p></html>".encode()
    at = at or archive.clock.now()
    why = provenance(outlet)
    with archive.turn() as turn:
        capture = turn.record(exchange(path, page, began_at=at), why)
        saved = turn.save(draft(title, body, **said), capture, why, known_as=url(path))
    return capture, saved
