"""Storage: how fast the WARC files grow, when the disk is full, and how much was verified."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from archive.db.schema import warc_file

LOOKED_BACK = timedelta(days=28)
VERIFIED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Bytes, of sealed WARC files unless it says otherwise."""

    held: int
    moved: int
    """Of those, in other storage (`kliping offload`)."""
    a_day: int
    """Grown in the last four weeks, a day; in fewer days if the archive is younger."""
    free: int
    """On the disk that holds `warc/`."""
    verified: float
    """The share of the sealed bytes that was read and compared in the last 30 days."""

    @property
    def days_left(self) -> int | None:
        """Days until the disk is full at this rate; None if nothing grows."""
        return self.free // self.a_day if self.a_day else None


def storage(connection: Connection, directory: Path, now: datetime) -> Storage:
    """Measure the files in the database and the disk under `directory`."""
    size = func.coalesce(func.sum(warc_file.c.bytes), 0)
    held = connection.execute(select(size)).scalar_one()
    away = connection.execute(select(size).where(warc_file.c.location.is_not(None))).scalar_one()
    since = now - LOOKED_BACK
    lately = select(size, func.min(warc_file.c.opened_at)).where(warc_file.c.opened_at >= since)
    grown, first = connection.execute(lately).one()
    days = max((now - first) / timedelta(days=1), 1.0) if first else 1.0
    seen = warc_file.c.verified_at >= now - VERIFIED_WITHIN
    verified = connection.execute(select(size).where(seen)).scalar_one()
    return Storage(
        held=int(held),
        moved=int(away),
        a_day=int(int(grown) / days),
        free=shutil.disk_usage(directory).free,
        verified=int(verified) / int(held) if held else 1.0,
    )
