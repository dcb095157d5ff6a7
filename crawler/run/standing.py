"""How a service stands at an instant: for its health page, its picture, and its own decisions."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from archive.records import OutletId
from archive.remarks import KINDS

LATE = timedelta(hours=1)
"""A service that is this far behind is not well."""
State = Literal["starting", "running", "paused", "stopping", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """A visit that is being made."""

    outlet: OutletId
    since: datetime
    doing: str
    counts: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One instant of a service.

    Attributes:
        since: when it was started.
        scheduled: how many outlets it visits.
        coming: the visits that come next.
        last_visit_at: when a visit ended last.
        lag: for how long the most overdue outlet has been waiting.
        free_bytes: on the disk of the archive, as last looked.
        backlog: acts that wait to be written.
        counts: since it was started.
        held: hosts that want to be left alone, until when, and why.
        problems: outlets that cannot be visited, and why.
        quotas: outlets of which a visit ended early today, and the quota.
        remarks: what was remarked within a day, by kind; `kliping today` tells of what.
    """

    state: State
    since: datetime
    now: datetime
    run: str
    scheduled: int
    underway: tuple[Underway, ...]
    coming: tuple[tuple[datetime, OutletId], ...]
    last_visit_at: datetime | None
    lag: timedelta
    most_overdue: OutletId | None
    free_bytes: int
    min_free_bytes: int
    backlog: int
    counts: Counter[str]
    held: tuple[tuple[str, datetime, str], ...] = ()
    problems: dict[OutletId, str] = field(default_factory=dict)
    quotas: dict[OutletId, str] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)

    @property
    def is_well(self) -> bool:
        """Whether it does what it is for: it runs, and is not far behind."""
        return self.state in ("starting", "running") and self.lag < LATE

    def as_mapping(self) -> dict[str, Any]:
        """For GET /health."""
        return {
            "state": self.state,
            "ok": self.is_well,
            "since": self.since,
            "now": self.now,
            "run": self.run,
            "scheduled": self.scheduled,
            "underway": [one.outlet for one in self.underway],
            "next": [{"at": at, "outlet": outlet} for at, outlet in self.coming],
            "last_visit_at": self.last_visit_at,
            "lag_seconds": round(self.lag.total_seconds()),
            "most_overdue": self.most_overdue,
            "disk": {"free_bytes": self.free_bytes, "min_free_bytes": self.min_free_bytes},
            "lane_backlog": self.backlog,
            "held": [{"host": h, "until": until, "why": why} for h, until, why in self.held],
            "problems": self.problems,
            "quotas": self.quotas,
            "remarks": {kind: self.remarks[kind] for kind in KINDS},
        }
