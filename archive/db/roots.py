"""The roots of days: one row for each UTC day on which files were sealed, chained."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from archive.db.schema import daily_root
from archive.records import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRoot:
    """The root of a day; `previous` is that of the day before it that has one."""

    day: date
    root: Digest
    previous: Digest | None
    files: tuple[str, ...]
    records: int
    rooted_at: datetime


_COLUMNS = (
    daily_root.c.day,
    daily_root.c.root,
    daily_root.c.previous,
    daily_root.c.files,
    daily_root.c.records,
    daily_root.c.rooted_at,
)


def add(connection: Connection, one: DailyRoot) -> None:
    """Keep the root of a day."""
    row: dict[str, Any] = {column.name: getattr(one, column.name) for column in _COLUMNS}
    connection.execute(insert(daily_root), row | {"files": list(one.files)})


def last(connection: Connection) -> DailyRoot | None:
    """The root of the newest day that has one."""
    newest = select(*_COLUMNS).order_by(daily_root.c.day.desc()).limit(1)
    row = connection.execute(newest).first()
    return _root(tuple(row)) if row else None


def every(connection: Connection) -> list[DailyRoot]:
    """The roots of all days, the oldest first."""
    found = connection.execute(select(*_COLUMNS).order_by(daily_root.c.day))
    return [_root(tuple(row)) for row in found]


def _root(row: tuple[Any, ...]) -> DailyRoot:
    day, root, previous, files, records, rooted_at = row
    return DailyRoot(
        day=day,
        root=Digest(root),
        previous=previous and Digest(previous),
        files=tuple(files),
        records=records,
        rooted_at=rooted_at,
    )
