"""Outlets as they were declared, each declaration kept."""

from datetime import datetime

from sqlalchemy import Connection, select

from archive.db.crawling import outlet, outlet_config
from archive.db.engine import insert_or_ignore, upsert
from archive.records import Declaration, Digest, OutletId


def sync_outlet(connection: Connection, declared: Declaration, now: datetime) -> None:
    """Note an outlet as it is declared now, and keep each declaration it ever had."""
    row = {
        "id": declared.id,
        "name": declared.name,
        "home": declared.home,
        "country": declared.country,
        "zone": declared.zone,
        "config_digest": declared.digest,
    }
    upsert(connection, outlet, [row], key=["id"])
    kept = {
        "digest": declared.digest,
        "outlet_id": declared.id,
        "content": declared.config,
        "first_used_at": now,
    }
    insert_or_ignore(connection, outlet_config, [kept])


def ensure(connection: Connection, id_: OutletId) -> None:
    """Note an outlet of which nothing is known but that it was crawled."""
    row = {"id": id_, "name": id_, "home": "", "config_digest": ""}
    insert_or_ignore(connection, outlet, [row])


def is_known(connection: Connection, id_: OutletId) -> bool:
    """Whether there is such an outlet."""
    return connection.execute(select(outlet.c.id).where(outlet.c.id == id_)).first() is not None


def config_of(connection: Connection, digest: Digest) -> str | None:
    """A declaration that an outlet had, by its digest."""
    statement = select(outlet_config.c.content).where(outlet_config.c.digest == digest)
    return connection.execute(statement).scalar()
