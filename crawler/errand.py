"""Why a request is made; travels in its meta from the spider to the recorder."""

from dataclasses import dataclass, field
from datetime import datetime

from archive.colophon import ignored
from archive.records import Digest, Lease, OutletId, Provenance, RunId, Url
from crawler.outlets.spec import RobotsChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One request's reason: for which outlet, under which lease, led there by what."""

    outlet: OutletId
    config_digest: Digest
    lease: Lease | None = None
    via: Url | None = None
    hops: str = ""
    delay_seconds: float = 5.0
    """What the outlet's file says about the pace at any host it leads to."""
    robots: RobotsChoice = field(default_factory=RobotsChoice)
    """And how robots.txt counts there."""
    visit_at: datetime | None = None
    """When the visit began: what one visit fetches belongs together."""

    def provenance(self, run: RunId) -> Provenance:
        """As the records tell it."""
        said = self.lease.discovery if self.lease else None
        return Provenance(
            outlet=self.outlet,
            config_digest=self.config_digest,
            run=run,
            via=self.via or (said.listing if said else None),
            hops=self.hops,
            discovery=said,
            robots=ignored(self.robots.basis or "") if self.robots.ignore else None,
            visit_at=self.visit_at,
        )
