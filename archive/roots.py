"""The Merkle root of each day: what a person can write down to prove the archive by.

Once a UTC day is over, the roots of the files sealed on it become one root, chained to the day
before (`archive.merkle.day`). A file that was sealed late, or under a clock that stepped backwards,
goes to the first day that has no root yet: a root that was given out never changes.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from archive.db import files, roots
from archive.db.engine import lock_table
from archive.db.files import SealedRow
from archive.db.roots import DailyRoot
from archive.db.schema import daily_root
from archive.journal import Journal
from archive.merkle import day as root_of_day
from archive.records import Digest


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether a day is over whose root is not made yet."""
    return bool(_by_day(connection, roots.last(connection), now))


def make(connection: Connection, journal: Journal, now: datetime) -> list[DailyRoot]:
    """Make the root of each day that is over; row and journal line are one turn's."""
    lock_table(connection, daily_root)  # two crawls may begin at once
    last = roots.last(connection)
    made: list[DailyRoot] = []
    for day, rows in sorted(_by_day(connection, last, now).items()):
        last = _root(day, rows, last.root if last else None, now)
        journal.write("rooted", **rooted_as_json(last, rows))
        roots.add(connection, last)
        files.note_rooted(connection, last.files, day)
        made.append(last)
    return made


def rooted_as_json(one: DailyRoot, rows: Sequence[SealedRow]) -> dict[str, Any]:
    """The root of a day as the journal keeps it: enough to compute it again."""
    return {
        "day": one.day.isoformat(),
        "root": one.root,
        "previous": one.previous,
        "files": [{"name": row.name, "root": row.root} for row in rows],
        "records": one.records,
    }


def _by_day(
    connection: Connection, last: DailyRoot | None, now: datetime
) -> dict[date, list[SealedRow]]:
    """Files without a day's root under the day that shall cover them, if that day is over."""
    found: dict[date, list[SealedRow]] = defaultdict(list)
    today = now.astimezone(UTC).date()
    for row in files.rows_to_root(connection):
        day = row.sealed_at.astimezone(UTC).date()
        if last:
            day = max(day, last.day + timedelta(days=1))
        if day < today:
            found[day].append(row)
    return found


def _root(
    day: date, rows: Sequence[SealedRow], previous: Digest | None, now: datetime
) -> DailyRoot:
    return DailyRoot(
        day=day,
        root=root_of_day(previous, [row.root for row in rows if row.root]),
        previous=previous,
        files=tuple(row.name for row in rows),
        records=sum(row.records or 0 for row in rows),
        rooted_at=now,
    )
