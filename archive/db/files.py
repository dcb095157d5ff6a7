"""WARC files that are sealed: what was noted of them, so that they can be checked for ever."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from archive.db.engine import upsert
from archive.db.schema import warc_file
from archive.records import Digest
from archive.warc.writer import SealedFile


def sealed_names(connection: Connection) -> set[str]:
    """The names of the files that are noted as sealed."""
    return set(connection.execute(select(warc_file.c.name)).scalars())


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
