"""robots.txt as last fetched, and each that was in force before."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from archive.db.crawling import robots, robots_history
from archive.db.engine import insert_or_ignore, upsert
from archive.digests import sha256
from archive.records import CaptureId, Digest
from archive.robotstxt import RobotsFile


def robots_of(connection: Connection, origin: str) -> RobotsFile | None:
    """The robots.txt of an origin, as last fetched."""
    columns = (
        robots.c.fetched_at,
        robots.c.status,
        robots.c.body,
        robots.c.capture_id,
        robots.c.ask_again_at,
        robots.c.failures,
        robots.c.reason,
    )
    row = connection.execute(select(*columns).where(robots.c.origin == origin)).first()
    if row is None:
        return None
    fetched_at, status, body, capture_id, ask_again_at, failures, reason = row
    return RobotsFile(
        origin=origin,
        fetched_at=fetched_at,
        status=status,
        body=body,
        capture=capture_id,
        ask_again_at=ask_again_at,
        failures=failures,
        reason=reason,
    )


def keep(connection: Connection, file: RobotsFile) -> None:
    """Remember a robots.txt in place of the one before."""
    row = {
        "origin": file.origin,
        "fetched_at": file.fetched_at,
        "status": file.status,
        "body": file.body,
        "capture_id": file.capture,
        "ask_again_at": file.ask_again_at,
        "failures": file.failures,
        "reason": file.reason,
    }
    upsert(connection, robots, [row], key=["origin"])


def digest_of(file: RobotsFile) -> Digest | None:
    """Digest of a file's text; None if there is none."""
    return sha256(file.body.encode()) if file.body is not None else None


def see(
    connection: Connection,
    origin: str,
    *,
    at: datetime,
    status: int | None,
    digest: Digest | None,
    body: str | None,
    capture: CaptureId | None,
) -> bool:
    """Note what an origin's robots.txt said at an instant; whether that differs from before."""
    table = robots_history
    latest = (
        select(table.c.first_seen_at, table.c.status, table.c.digest)
        .where(table.c.origin == origin)
        .order_by(table.c.first_seen_at.desc())
        .limit(1)
    )
    row = connection.execute(latest).first()
    if row is not None and (row[1], row[2]) == (status, digest):
        same = (table.c.origin == origin) & (table.c.first_seen_at == row[0])
        connection.execute(update(table).where(same).values(last_seen_at=at))
        return False
    values = {
        "origin": origin,
        "first_seen_at": at,
        "last_seen_at": at,
        "status": status,
        "digest": digest,
        "body": body,
        "capture_id": capture,
    }
    insert_or_ignore(connection, table, [values])
    return True


def unread(connection: Connection) -> list[tuple[str, datetime, CaptureId]]:
    """Origin, instant and capture of each in the history whose text is to be read again."""
    table = robots_history
    statement = select(table.c.origin, table.c.first_seen_at, table.c.capture_id).where(
        table.c.digest.is_not(None), table.c.body.is_(None), table.c.capture_id.is_not(None)
    )
    return [(origin, at, CaptureId(id_)) for origin, at, id_ in connection.execute(statement)]


def tell_body(connection: Connection, origin: str, at: datetime, body: str) -> None:
    """Give a text in the history back."""
    table = robots_history
    same = (table.c.origin == origin) & (table.c.first_seen_at == at)
    connection.execute(update(table).where(same).values(body=body))
