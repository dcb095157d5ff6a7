"""Captures: what was received, and where its records lie."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from archive.db.engine import insert_or_ignore
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
    capture.c.date,
    capture.c.location,
    capture.c.is_chunked,
    capture.c.refers_to,
    capture.c.visit_at,
)


_INSERT = insert(capture)


def add(connection: Connection, one: Capture) -> None:
    """Note a capture whose records have been written."""
    connection.execute(_INSERT, row_of(one))


def count(connection: Connection) -> int:
    """How many captures there are, whoever may see them."""
    return connection.execute(select(func.count()).select_from(capture)).scalar() or 0


def known(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of some ids that there are captures of."""
    return set(connection.execute(select(capture.c.id).where(capture.c.id.in_(ids))).scalars())


def add_if_new(connection: Connection, some: Sequence[Capture]) -> int:
    """Note those of some captures that have no row yet; how many those were."""
    there = known(connection, [one.id for one in some])
    new = [row_of(one) for one in some if one.id not in there]
    insert_or_ignore(connection, capture, new)
    return len(new)


def row_of(one: Capture) -> dict[str, Any]:
    """A capture as a row."""
    place = one.place
    return {
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
        "date": one.date,
        "location": one.location,
        "is_chunked": one.is_chunked,
        "refers_to": one.refers_to,
        "visit_at": one.visit_at,
    }


def select_captures() -> Select[tuple[object, ...]]:
    """A statement over captures; narrow it with `where`, read it with `captures_in`."""
    return select(*_COLUMNS)


def captures_in(
    connection: Connection, statement: Select[tuple[object, ...]], **parameters: object
) -> list[Capture]:
    """The captures that a statement from `select_captures` finds."""
    return [_capture(*row) for row in connection.execute(statement, parameters)]


def each_in(connection: Connection, statement: Select[tuple[object, ...]]) -> Iterator[Capture]:
    """As `captures_in`, one after the other and never all at once."""
    for row in connection.execute(statement.execution_options(yield_per=500)):
        yield _capture(*row)


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
        "is_chunked": bool(values["is_chunked"]),
        "url": Url(str(values["url"])),
        "urlkey": UrlKey(str(values["urlkey"])),
        "outlet": OutletId(str(values.pop("outlet_id"))),
        "run": RunId(str(values.pop("run_id"))),
    }
    return Capture(**values, place=place)  # type: ignore[arg-type]
