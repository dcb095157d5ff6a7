"""What was stated of rights, by capture; and the files of an origin that state it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from archive.db.engine import insert_or_ignore, upsert
from archive.db.stating import rights, rights_file, rights_statement
from archive.records import CaptureId, Digest
from archive.signals import RightsFile, Signal, Source, signals_as_json


def add(
    connection: Connection, capture: CaptureId, said: Iterable[tuple[Source, Digest, CaptureId]]
) -> None:
    """Note which statements there are of a captured page; of each source the first counts."""
    rows = [
        {"capture_id": capture, "source": source, "statement": digest, "said_by": said_by}
        for source, digest, said_by in said
    ]
    insert_or_ignore(connection, rights, rows)


def of_page(connection: Connection, capture: CaptureId) -> list[tuple[Source, Digest, CaptureId]]:
    """What a captured page itself states, if anything: not its head, and not the site."""
    mine = (rights.c.capture_id == capture) & (rights.c.source == "html")
    rows = connection.execute(select(rights.c.statement, rights.c.said_by).where(mine))
    return [("html", Digest(digest), CaptureId(said_by)) for digest, said_by in rows]


def known(connection: Connection, digests: Sequence[Digest]) -> set[str]:
    """Those of some statements that are kept already."""
    mine = rights_statement.c.digest.in_(digests)
    return set(connection.execute(select(rights_statement.c.digest).where(mine)).scalars())


def add_statement(
    connection: Connection, digest: Digest, source: Source, signals: Iterable[Signal]
) -> None:
    """Keep a statement under its digest."""
    row = {"digest": digest, "source": source, "signals": signals_as_json(signals)}
    insert_or_ignore(connection, rights_statement, [row])


def file_of(connection: Connection, origin: str, name: Source) -> RightsFile | None:
    """A file of an origin, as last asked for."""
    statement = select(
        rights_file.c.fetched_at, rights_file.c.status, rights_file.c.body, rights_file.c.capture_id
    ).where(rights_file.c.origin == origin, rights_file.c.name == name)
    row = connection.execute(statement).first()
    if row is None:
        return None
    at, status, body, capture = row
    return RightsFile(
        origin=origin, name=name, fetched_at=at, status=status, body=body, capture=capture
    )


def keep_file(connection: Connection, file: RightsFile) -> None:
    """Remember a file in place of the one before."""
    row = {
        "origin": file.origin,
        "name": file.name,
        "fetched_at": file.fetched_at,
        "status": file.status,
        "body": file.body,
        "capture_id": file.capture,
    }
    upsert(connection, rights_file, [row], key=["origin", "name"])
