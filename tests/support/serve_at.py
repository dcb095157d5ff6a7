"""`kliping run --once` in a process of its own, under a clock that is told what time it is.

    python serve_at.py ARCHIVE INSTANT [OUTLET…]

As `crawl_at.py`, and says the same; what is due is decided by schedules, which are made if there
are none. The clock is never earlier than what the journal has: what a killed process sighted later
would not be due yet.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from archive.acts import at_of
from archive.clock import SimulatedClock
from archive.journal import acts_of
from archive.lock import held
from archive.query.schedules import all_schedules
from archive.schedules import Schedule
from archive.store import Archive
from crawler.outlets.catalogue import find_outlet, own_outlets
from crawler.readers import PRELOAD, Readers
from crawler.run.crawl import Report
from crawler.run.reactor import run
from crawler.run.service import Service


def main(directory: Path, at: datetime, outlets: list[str]) -> None:
    clock = SimulatedClock(max([at, *map(at_of, acts_of(directory / "journal"))]))
    with Archive.open(directory, clock=clock) as archive, held(directory, clock):
        tell("recovering")
        for sentence in archive.recover():
            tell(f"  {sentence}")
        schedule(archive, outlets)
        service = Service(archive, free=lambda _: 10**12)

        async def serve() -> Report:
            readers = Readers(1, preload=PRELOAD)
            tell("crawling")
            report = await service.serve(once=True, readers=readers)
            tell("closing")
            await asyncio.to_thread(readers.close)
            return report

        report = run(serve())
        if report.outcome != "finished" or report.failed_outlets:
            raise SystemExit(f"{report.outcome}: {report.reason} {report.failed_outlets}")
    tell("done")


def schedule(archive: Archive, outlets: list[str]) -> None:
    with archive.reading() as connection:
        known = {one.outlet for one in all_schedules(connection)}
    found = [find_outlet(archive.directory, one) for one in outlets]
    with archive.turn() as turn:
        for outlet in found or own_outlets(archive.directory):
            if outlet.oid not in known:
                turn.sync_outlet(outlet.declaration, None)
                turn.schedules.set(
                    Schedule(outlet=outlet.oid, profile="daily-news", set_at=archive.clock.now())
                )


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3:])
