"""Gaps as they may be told: those of listings that no restriction hides."""

from datetime import datetime

from sqlalchemy import Connection

from archive import policy
from archive.db import polls
from archive.db.polls import Gap
from archive.records import OutletId


def visible_gaps(
    connection: Connection, outlet: OutletId, since: datetime, until: datetime, now: datetime
) -> tuple[Gap, ...]:
    """Every gap of an outlet that touches a time, the oldest first; a gap names its listing."""
    found = polls.gaps(connection, [outlet], since, until, policy.visible_url(now))
    return tuple(gap for _, gap in found)
