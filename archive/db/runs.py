"""Runs: one crawler process from open to close."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from archive.db.crawling import run
from archive.records import OutletId, RunId


def open_run(
    connection: Connection, id_: RunId, outlets: Sequence[OutletId], now: datetime
) -> None:
    """Note that a run has begun."""
    row = {"id": id_, "outlets": list(outlets), "opened_at": now}
    connection.execute(insert(run), row)


def any_opened(connection: Connection) -> bool:
    """Whether there has been a run."""
    return connection.execute(select(run.c.id).limit(1)).first() is not None


def close_run(
    connection: Connection, id_: RunId, *, outcome: str, counts: Mapping[str, object], now: datetime
) -> None:
    """Note how a run ended, with its numbers."""
    values = {"closed_at": now, "outcome": outcome, "counts": dict(counts)}
    connection.execute(update(run).where(run.c.id == id_).values(values))
