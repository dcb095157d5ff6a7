"""A rescue as the archive remembers it: whose, since when, and what was certified at its end."""

from dataclasses import dataclass
from datetime import date, datetime

from archive.records import Digest, OutletId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """One outlet's whole past, fetched before it ends.

    Attributes:
        closes_on: the last day on which the outlet can be asked, if a person said it.
        ended_at: None while it goes on; it goes on over as many runs as it needs.
        certificate: the name of its file in `exports/`.
        digest: of what it certifies.
    """

    outlet: OutletId
    begun_at: datetime
    closes_on: date | None = None
    ended_at: datetime | None = None
    certificate: str | None = None
    digest: Digest | None = None
