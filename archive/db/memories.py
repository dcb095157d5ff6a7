"""What was learned of outlets, as rows; and the captures that it is learned from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from archive.db.crawling import outlet_memory
from archive.memories import Memory
from archive.records import Digest, OutletId

_COLUMNS = (
    outlet_memory.c.number,
    outlet_memory.c.digest,
    outlet_memory.c.learned,
    outlet_memory.c.learned_at,
    outlet_memory.c.forgotten_at,
    outlet_memory.c.why_forgotten,
)


def keep(
    connection: Connection,
    outlet_id: OutletId,
    learned: Mapping[str, Any],
    digest: Digest,
    at: datetime,
) -> int:
    """Note what was learned, in place of what was known; its number."""
    forget(connection, outlet_id, at, "learned anew")
    highest = select(func.max(outlet_memory.c.number)).where(outlet_memory.c.outlet_id == outlet_id)
    number = (connection.execute(highest).scalar() or 0) + 1
    connection.execute(
        insert(outlet_memory).values(
            outlet_id=outlet_id,
            number=number,
            digest=digest,
            learned=dict(learned),
            learned_at=at,
        )
    )
    return number


def forget(connection: Connection, outlet_id: OutletId, at: datetime, why: str) -> bool:
    """No longer use what was learned; whether there was anything."""
    mine = (outlet_memory.c.outlet_id == outlet_id) & outlet_memory.c.forgotten_at.is_(None)
    values = {"forgotten_at": at, "why_forgotten": why}
    return connection.execute(update(outlet_memory).where(mine).values(values)).rowcount > 0


def empty(connection: Connection, outlet_id: OutletId, at: datetime, why: str) -> bool:
    """No longer use what was learned, nor hold it in any row; whether there was anything."""
    mine = outlet_memory.c.outlet_id == outlet_id
    if not any(connection.execute(select(outlet_memory.c.learned).where(mine)).scalars()):
        return False
    forget(connection, outlet_id, at, why)
    connection.execute(update(outlet_memory).where(mine).values(learned={}))
    return True


def memories(connection: Connection, outlet_id: OutletId) -> list[Memory]:
    """All that was ever learned of an outlet, the newest first."""
    mine = (
        select(*_COLUMNS)
        .where(outlet_memory.c.outlet_id == outlet_id)
        .order_by(outlet_memory.c.number.desc())
    )
    return [
        Memory(
            outlet=outlet_id,
            number=number,
            digest=Digest(digest),
            learned=learned,
            learned_at=learned_at,
            forgotten_at=forgotten_at,
            why_forgotten=why,
        )
        for number, digest, learned, learned_at, forgotten_at, why in connection.execute(mine)
    ]
