"""What changed in the robots.txt of the sites that are crawled: when, and by which lines."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from archive import policy
from archive.counting import many
from archive.db.crawling import robots_history
from archive.urls import host_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsChange:
    """A robots.txt that is another than the one before."""

    origin: str
    at: datetime
    status: int | None
    was_status: int | None
    added: tuple[str, ...]
    removed: tuple[str, ...]

    def __str__(self) -> str:
        """As a report says it."""
        if self.status != self.was_status:
            answers = " to ".join(_answer(one) for one in (self.was_status, self.status))
            return f"{self.origin} went from {answers}"
        added, removed = len(self.added), len(self.removed)
        return f"{self.origin} +{added} -{many(removed, 'line')}"


def robots_changes(
    connection: Connection, since: datetime, until: datetime, now: datetime
) -> list[RobotsChange]:
    """Every change first seen in `since <= … < until`, oldest first; a first sight is none.

    Of a host that is hidden now nothing is told: its robots.txt names its paths.
    """
    columns = robots_history.c
    statement = (
        select(columns.origin, columns.first_seen_at, columns.status, columns.body)
        .where(columns.first_seen_at >= since, columns.first_seen_at < until)
        .order_by(columns.first_seen_at, columns.origin)
    )
    found = []
    is_hidden = policy.hidden_hosts(connection, now)
    for origin, at, status, body in connection.execute(statement).all():
        if is_hidden(host_of(origin)):
            continue
        earlier = (
            select(columns.status, columns.body)
            .where(columns.origin == origin, columns.first_seen_at < at)
            .order_by(columns.first_seen_at.desc())
            .limit(1)
        )
        before = connection.execute(earlier).first()
        if before is None:
            continue
        was, is_ = _lines(before.body), _lines(body)
        found.append(
            RobotsChange(
                origin=origin,
                at=at,
                status=status,
                was_status=before.status,
                added=tuple(line for line in is_ if line not in was),
                removed=tuple(line for line in was if line not in is_),
            )
        )
    return found


def _lines(body: str | None) -> dict[str, None]:
    """The lines that say something, in order."""
    bare = (line.partition("#")[0].strip() for line in (body or "").splitlines())
    return dict.fromkeys(line for line in bare if line)


def _answer(status: int | None) -> str:
    return f"HTTP {status}" if status else "no answer"
