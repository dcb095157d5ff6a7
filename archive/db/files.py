"""WARC files that are sealed: what was noted of them, so that they can be checked for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from archive.db.engine import upsert
from archive.db.schema import warc_file
from archive.records import Digest
from archive.warc.writer import SealedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """What is noted of a sealed file; `root` and `records` are None if no roots were kept then."""

    name: str
    sealed_at: datetime
    bytes: int
    sha256: str
    root: Digest | None
    records: int | None
    rooted_on: date | None
    verified_at: datetime | None


_SEALED = select(
    warc_file.c.name,
    warc_file.c.sealed_at,
    warc_file.c.bytes,
    warc_file.c.sha256,
    warc_file.c.root,
    warc_file.c.records,
    warc_file.c.rooted_on,
    warc_file.c.verified_at,
)


def sealed_names(connection: Connection) -> set[str]:
    """The names of the files that are noted as sealed."""
    return set(connection.execute(select(warc_file.c.name)).scalars())


def sealed_rows(connection: Connection) -> list[SealedRow]:
    """What is noted of every sealed file, in order of their names."""
    return _rows(connection.execute(_SEALED.order_by(warc_file.c.name)).all())


def sealed_row(connection: Connection, name: str) -> SealedRow | None:
    """What is noted of one file, if it is sealed."""
    found = _rows(connection.execute(_SEALED.where(warc_file.c.name == name)).all())
    return found[0] if found else None


def rows_to_root(connection: Connection) -> list[SealedRow]:
    """Files that no day's root covers yet, in order of their names."""
    unrooted: list[ColumnElement[bool]] = [
        warc_file.c.rooted_on.is_(None),
        warc_file.c.root.is_not(None),
    ]
    return _rows(connection.execute(_SEALED.where(*unrooted).order_by(warc_file.c.name)).all())


def note_sealed(connection: Connection, sealed: SealedFile) -> None:
    """Note a file that will never change again."""
    row = {
        "name": sealed.name,
        "opened_at": sealed.opened_at,
        "sealed_at": sealed.sealed_at,
        "bytes": sealed.bytes,
        "sha256": sealed.sha256,
        "root": sealed.root,
        "records": sealed.records,
    }
    upsert(connection, warc_file, [row], key=["name"])


def sealed_from_json(plain: dict[str, Any]) -> SealedFile:
    """A sealed file again, as the journal told it."""
    return SealedFile(
        name=plain["name"],
        opened_at=datetime.fromisoformat(plain["opened_at"]),
        sealed_at=datetime.fromisoformat(plain["sealed_at"]),
        bytes=plain["bytes"],
        sha256=plain["sha256"],
        root=Digest(plain["root"]),
        records=plain["records"],
    )


def note_verified(connection: Connection, name: str, at: datetime) -> None:
    """Note that all of a file has been read and compared."""
    one = warc_file.c.name == name
    connection.execute(update(warc_file).where(one).values(verified_at=at))


def note_rooted(connection: Connection, names: Sequence[str], on: date) -> None:
    """Note which day's root covers these files."""
    for start in range(0, len(names), 500):
        some = warc_file.c.name.in_(names[start : start + 500])
        connection.execute(update(warc_file).where(some).values(rooted_on=on))


def sealed_as_json(sealed: SealedFile) -> dict[str, Any]:
    """A sealed file as the journal keeps it."""
    return {
        "name": sealed.name,
        "opened_at": sealed.opened_at.isoformat(),
        "sealed_at": sealed.sealed_at.isoformat(),
        "bytes": sealed.bytes,
        "sha256": sealed.sha256,
        "root": sealed.root,
        "records": sealed.records,
    }


def _rows(found: Sequence[Row[*tuple[Any, ...]]]) -> list[SealedRow]:
    names = [column.name for column in _SEALED.selected_columns]
    return [SealedRow(**dict(zip(names, row, strict=True))) for row in found]
