"""Where sealed WARC files lie: in `warc/`, or where they were moved to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from archive.db.schema import warc_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A sealed file as it was noted; `location` is None if it lies in `warc/`."""

    name: str
    sealed_at: datetime
    bytes: int
    sha256: str
    location: str | None


def located(connection: Connection) -> list[Located]:
    """Every sealed file, oldest name first."""
    columns = (
        warc_file.c.name,
        warc_file.c.sealed_at,
        warc_file.c.bytes,
        warc_file.c.sha256,
        warc_file.c.location,
    )
    found = connection.execute(select(*columns).order_by(warc_file.c.name))
    return [
        Located(name=name, sealed_at=sealed_at, bytes=size, sha256=digest, location=location)
        for name, sealed_at, size, digest, location in found
    ]


def location_of(connection: Connection, name: str) -> str | None:
    """Where a file was moved to; None if it was not, or is not known."""
    return connection.execute(
        select(warc_file.c.location).where(warc_file.c.name == name)
    ).scalar_one_or_none()


def note_location(connection: Connection, name: str, location: str | None) -> None:
    """Note where a file lies from now on; None is `warc/`."""
    moved = update(warc_file).where(warc_file.c.name == name).values(location=location)
    connection.execute(moved)
