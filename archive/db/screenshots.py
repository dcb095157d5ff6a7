"""Screenshots: pictures of captured pages, and the captures that each was drawn from."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from archive.db.engine import insert_or_ignore
from archive.db.schema import capture, screenshot, screenshot_part
from archive.records import CaptureId, Digest, Place, Url
from archive.screenshots import Screenshot

FEW = {"yield_per": 500}


def add(connection: Connection, one: Screenshot) -> None:
    """Note a screenshot whose records have been written."""
    row = {
        "id": one.id,
        "capture_id": one.capture,
        "made_at": one.made_at,
        "software": one.software,
        "width": one.width,
        "height": one.height,
        "digest": one.digest,
        "file": one.place.file,
        "offset": one.place.offset,
        "length": one.place.length,
    }
    connection.execute(insert(screenshot), row)
    parts = [{"screenshot_id": one.id, "capture_id": part} for part in sorted(one.made_of)]
    insert_or_ignore(connection, screenshot_part, parts)


def is_known(connection: Connection, id_: str) -> bool:
    """Whether there is a row for the picture of this id."""
    found = connection.execute(select(screenshot.c.id).where(screenshot.c.id == id_))
    return found.first() is not None


def select_screenshots() -> Select[Any]:
    """A statement over screenshots and what they show; narrow it, and read it with `each_in`."""
    return select(screenshot, capture.c.url).join(
        capture, capture.c.id == screenshot.c.capture_id, isouter=True
    )


def each_in(connection: Connection, statement: Select[Any]) -> Iterator[Screenshot]:
    """The screenshots that a statement from `select_screenshots` finds, never all at once."""
    for row in connection.execute(statement, execution_options=FEW).mappings():
        parts = select(screenshot_part.c.capture_id).where(
            screenshot_part.c.screenshot_id == row["id"]
        )
        yield Screenshot(
            id=row["id"],
            capture=CaptureId(row["capture_id"]),
            url=Url(row["url"]) if row["url"] is not None else None,
            made_at=row["made_at"],
            software=row["software"],
            width=row["width"],
            height=row["height"],
            digest=Digest(row["digest"]),
            place=Place(file=row["file"], offset=row["offset"], length=row["length"]),
            made_of=frozenset(map(CaptureId, connection.execute(parts).scalars())),
        )
