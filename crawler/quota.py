"""Quotas: how much of one outlet a service fetches; a visit that reaches one ends early."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.config import QuotaConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What is left for one visit. None is no limit.

    Attributes:
        pages: captures that may still be made: listings, articles, requisites, robots.txt.
        bytes: bytes that may still be answered.
        until: when the visit is over.
    """

    pages: int | None = None
    bytes: int | None = None
    until: datetime | None = None

    def reached(self, pages: int, size: int, now: datetime) -> str | None:
        """Which one a visit has reached, by the name of its key; None if none yet."""
        if self.pages is not None and pages >= self.pages:
            return "pages_per_day"
        if self.bytes is not None and size >= self.bytes:
            return "bytes_per_day"
        if self.until is not None and now >= self.until:
            return "minutes_per_visit"
        return None


def limits(own: QuotaConfig, archives: QuotaConfig) -> QuotaConfig:
    """An outlet's own quota, and the archive's where it says nothing."""
    return archives.model_copy(update=own.model_dump(exclude_none=True))


def quota(said: QuotaConfig, pages: int, size: int, now: datetime) -> Quota:
    """What is left for a visit that begins now, after so many pages and bytes today."""
    longest = said.minutes_per_visit
    return Quota(
        pages=None if said.pages_per_day is None else max(0, said.pages_per_day - pages),
        bytes=None if said.bytes_per_day is None else max(0, said.bytes_per_day - size),
        until=None if longest is None else now + timedelta(minutes=longest),
    )
