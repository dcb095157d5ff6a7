"""Remarks: what runs could not do and what a person should know; a row for a run's sentence."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection

from archive.db.crawling import remark
from archive.db.engine import INSERTS
from archive.records import RunId
from archive.remarks import LONGEST, Remark


def keep(connection: Connection, run: RunId, ones: Sequence[Remark], now: datetime) -> None:
    """Keep what a run remarks; what it has said before counts up."""
    rows = [
        {
            "run_id": run,
            "outlet_id": one.outlet,
            "kind": one.kind,
            "said": one.said[:LONGEST],
            "number": one.number,
            "url": one.url,
            "first_at": now,
            "last_at": now,
        }
        for one in ones
    ]
    for row in rows:
        connection.execute(_adding(connection.dialect.name), row)


@cache
def _adding(dialect: str) -> Any:
    """The first example of a run stays; the newest time and the sum count."""
    statement = INSERTS[dialect](remark)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["run_id", "outlet_id", "kind", "said"],
        set_={"number": remark.c.number + new.number, "last_at": new.last_at},
    )
