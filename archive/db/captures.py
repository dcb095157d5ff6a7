"""Captures: what was received, and where its records lie."""

from sqlalchemy import Connection, Select, insert, select

from archive.db.schema import capture
from archive.records import Capture, CaptureId, OutletId, Place, RunId, Url, UrlKey

_COLUMNS = (
    capture.c.id,
    capture.c.url,
    capture.c.urlkey,
    capture.c.outlet_id,
    capture.c.run_id,
    capture.c.captured_at,
    capture.c.status,
    capture.c.mime,
    capture.c.payload_digest,
    capture.c.payload_bytes,
    capture.c.file,
    capture.c.offset,
    capture.c.length,
    capture.c.truncated,
    capture.c.error,
    capture.c.etag,
    capture.c.last_modified,
    capture.c.location,
    capture.c.refers_to,
)


_INSERT = insert(capture)


def add(connection: Connection, one: Capture) -> None:
    """Note a capture whose records have been written."""
    place = one.place
    row = {
        "id": one.id,
        "url": one.url,
        "urlkey": one.urlkey,
        "outlet_id": one.outlet,
        "run_id": one.run,
        "captured_at": one.captured_at,
        "status": one.status,
        "mime": one.mime,
        "payload_digest": one.payload_digest,
        "payload_bytes": one.payload_bytes,
        "file": place.file if place else None,
        "offset": place.offset if place else None,
        "length": place.length if place else None,
        "truncated": one.truncated,
        "error": one.error,
        "etag": one.etag,
        "last_modified": one.last_modified,
        "location": one.location,
        "refers_to": one.refers_to,
    }
    connection.execute(_INSERT, row)


def select_captures() -> Select[tuple[object, ...]]:
    """A statement over captures; narrow it with `where`, read it with `captures_in`."""
    return select(*_COLUMNS)


def captures_in(connection: Connection, statement: Select[tuple[object, ...]]) -> list[Capture]:
    """The captures that a statement from `select_captures` finds."""
    return [_capture(*row) for row in connection.execute(statement)]


def by_id(connection: Connection, id_: CaptureId) -> Capture | None:
    """One capture, or None."""
    found = captures_in(connection, select_captures().where(capture.c.id == id_))
    return found[0] if found else None


def _capture(*row: object) -> Capture:
    values = dict(zip((column.name for column in _COLUMNS), row, strict=True))
    file, offset, length = (values.pop(name) for name in ("file", "offset", "length"))
    place = Place(file=file, offset=offset, length=length) if file else None  # type: ignore[arg-type]
    values |= {
        "id": CaptureId(str(values["id"])),
        "url": Url(str(values["url"])),
        "urlkey": UrlKey(str(values["urlkey"])),
        "outlet": OutletId(str(values.pop("outlet_id"))),
        "run": RunId(str(values.pop("run_id"))),
    }
    return Capture(**values, place=place)  # type: ignore[arg-type]
