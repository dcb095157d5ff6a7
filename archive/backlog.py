"""What a backfill or a rescue writes and asks: articles of the past; part of a turn."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from archive.clock import Clock
from archive.db import backlog, rescues, sightings
from archive.db.backlog import Standing
from archive.db.sightings import Sighted
from archive.discoveries import discovery_as_json
from archive.journal import Journal
from archive.records import Capture, Digest, Discovery, Lease, OutletId, Url, UrlKey
from archive.rescues import Rescue


class Backlog:
    """The past of an outlet, as far as listings tell of it."""

    def __init__(self, connection: Connection, journal: Journal, clock: Clock) -> None:
        self._connection = connection
        self._journal = journal
        self._clock = clock

    def begin(
        self, outlet: OutletId, first: date, last: date, counts: Mapping[str, object]
    ) -> None:
        """Tell the journal that a person wants these days, and what was found of them."""
        days = {"first": first.isoformat(), "last": last.isoformat()}
        self._journal.write("backfill-begun", outlet=outlet, **days, counts=dict(counts))

    def note(self, outlet: OutletId, found: Sequence[tuple[Discovery, datetime]]) -> Sighted:
        """Note articles of the past, each with when it was printed; none becomes due."""
        printed = {one.url: at for one, at in found}
        now = self._clock.now()
        ones = [one for one, _ in found]
        sighted = sightings.discover(self._connection, outlet, ones, now, printed=printed)
        for one in sighted.sightings:
            said, at = discovery_as_json(one), printed[one.url].isoformat()
            self._journal.write("sighted", outlet=outlet, discovery=said, printed=at)
        return sighted

    def standings(self, outlet: OutletId, keys: Sequence[UrlKey]) -> dict[UrlKey, Standing]:
        """How those of these articles stand that are known."""
        return backlog.standings(self._connection, outlet, keys)

    def lease(
        self, outlet: OutletId, keys: Sequence[UrlKey], *, for_: timedelta, holder: str
    ) -> list[Lease]:
        """Borrow those of these articles that were never asked for, in this order."""
        now = self._clock.now()
        return backlog.lease(
            self._connection, outlet, keys, now=now, until=now + for_, holder=holder
        )

    def last_seen(self, outlet: OutletId, url: Url) -> Capture | None:
        """The last capture of a URL that brought a page, or told that there is none."""
        return backlog.last_seen(self._connection, outlet, url)

    # a rescue: all of it, before the outlet ends

    def rescue(self, outlet: OutletId, closes_on: date | None) -> Rescue:
        """The rescue of an outlet that goes on; one begins if none does."""
        if found := rescues.going_on(self._connection, outlet):
            return found
        now = self._clock.now()
        said = closes_on.isoformat() if closes_on else None
        self._journal.write("rescue-begun", outlet=outlet, begun_at=now.isoformat(), closes_on=said)
        rescues.begin(self._connection, outlet, now, closes_on)
        return Rescue(outlet=outlet, begun_at=now, closes_on=closes_on)

    def end_rescue(self, outlet: OutletId, *, certificate: str, digest: Digest) -> None:
        """Note that a rescue has come to its end, and what was certified."""
        self._journal.write("rescue-ended", outlet=outlet, certificate=certificate, digest=digest)
        now = self._clock.now()
        rescues.end(self._connection, outlet, now, certificate=certificate, digest=digest)

    def unseen(self, outlet: OutletId, since: datetime) -> int:
        """How many articles that were asked for before were not since."""
        return rescues.unseen(self._connection, outlet, since)

    def look_again(self, outlet: OutletId, since: datetime) -> int:
        """Make every article due that was not asked for since then; how many those are."""
        return rescues.look_again(self._connection, outlet, since, self._clock.now())

    def failed_until(self, outlet: OutletId, latest: datetime) -> datetime | None:
        """When the last of the failed articles is tried again that are tried again by then."""
        return rescues.failed_until(self._connection, outlet, latest)
