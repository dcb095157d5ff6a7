"""That every ledger of an archive balances, on every day and not only those of one visit."""

from datetime import timedelta

from archive.db import ledgers, polls
from archive.query.status import status
from archive.store import Archive


def faults_of(archive: Archive) -> list[str]:
    """What does not balance, in sentences."""
    found = []
    now = archive.clock.now()
    with archive.reading() as connection:
        for outlet in status(connection, now).outlets:
            zone = polls.zone_of(connection, outlet.id)
            first = ledgers.first_day(connection, outlet.id, zone)
            if first is None:
                continue
            days = (now.astimezone(zone).date() - first).days + 1
            lines = ledgers.lines(
                connection, outlet.id, [first + timedelta(days=n) for n in range(days)], zone
            )
            found += [
                f"{outlet.id} on {one.day}: {fault}" for one in lines for fault in one.faults()
            ]
            if sum(one.announced for one in lines) != outlet.announced:
                found.append(f"{outlet.id}: {outlet.announced} announced are not on any day")
    return found
