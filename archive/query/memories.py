"""What is known of an outlet's pages, and the pages that it can be learned from."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from archive import policy
from archive.clock import Clock
from archive.db import memories as rows
from archive.db.crawling import outlet, outlet_memory
from archive.db.schema import article, extraction, version
from archive.memories import Memory
from archive.records import CaptureId, Digest, OutletId


def memories_of(connection: Connection, id_: OutletId, clock: Clock) -> list[Memory]:
    """All that was ever learned of an outlet, the newest first; nothing of one that is hidden."""
    seen = select(outlet.c.id).where(
        outlet.c.id == id_, policy.visible_outlet(outlet.c.id, clock.now())
    )
    return rows.memories(connection, id_) if connection.execute(seen).first() else []


def learned_in_use(connection: Connection, clock: Clock) -> list[tuple[str, dict[str, Any]]]:
    """The home of each outlet of which something is known, and what that is."""
    statement = (
        select(outlet.c.home, outlet_memory.c.learned)
        .join(outlet_memory, outlet_memory.c.outlet_id == outlet.c.id)
        .where(
            outlet_memory.c.forgotten_at.is_(None), policy.visible_outlet(outlet.c.id, clock.now())
        )
        .order_by(outlet.c.id)
    )
    return [(home, learned) for home, learned in connection.execute(statement)]


def latest_pages(
    connection: Connection, outlet: OutletId, clock: Clock, *, limit: int
) -> list[CaptureId]:
    """The last captures of an outlet's articles, one for each, the newest first."""
    statement = (
        select(version.c.last_capture_id)
        .join(article, article.c.current_version_id == version.c.id)
        .where(article.c.outlet_id == outlet, policy.visible(clock.now()))
        .order_by(version.c.last_captured_at.desc(), version.c.id)
        .limit(limit)
    )
    return [CaptureId(id_) for id_ in connection.execute(statement).scalars()]


def held_since(connection: Connection, outlet: OutletId, clock: Clock) -> datetime | None:
    """When the first of an outlet's articles was captured; None if there is none."""
    statement = (
        select(func.min(version.c.first_captured_at))
        .join(article, article.c.id == version.c.article_id)
        .where(article.c.outlet_id == outlet, policy.visible(clock.now()))
    )
    first: datetime | None = connection.execute(statement).scalar()
    return first


def latest_drafts(
    connection: Connection, outlet: OutletId, memory: Digest, clock: Clock, *, limit: int
) -> list[dict[str, Any]]:
    """Drafts that were made under a memory, those of the newest articles first."""
    statement = (
        select(extraction.c.draft)
        .join(version, version.c.id == extraction.c.version_id)
        .join(article, article.c.id == version.c.article_id)
        .where(
            article.c.outlet_id == outlet,
            extraction.c.memory_digest == memory,
            policy.visible(clock.now()),
        )
        .order_by(version.c.first_captured_at.desc(), extraction.c.id)  # rechecks are no news
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())
