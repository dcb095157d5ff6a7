"""A crawl in a process of its own, under a clock that is told what time it is.

    python crawl_at.py ARCHIVE INSTANT [OUTLET…]

Does what `kliping crawl` does and says on standard output how far it is, a line each, so that who
kills it can choose when, and knows afterwards what was hit: `recovering`, each sentence of the
recovery, `crawling`, `closing`, `done`.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from archive.clock import SimulatedClock
from archive.store import Archive
from crawler.outlets.catalogue import find_outlet, own_outlets
from crawler.readers import PRELOAD, Readers
from crawler.run.crawl import Report, crawl, open_desk
from crawler.run.reactor import run
from crawler.visit import Plan


def main(directory: Path, at: datetime, outlets: list[str]) -> None:
    with Archive.open(directory, clock=SimulatedClock(at)) as archive:
        tell("recovering")
        for sentence in archive.recover():
            tell(f"  {sentence}")
        found = [find_outlet(directory, one) for one in outlets] or own_outlets(directory)
        plans = [Plan(outlet=outlet) for outlet in found]

        async def visit() -> Report:
            readers = Readers(1, preload=PRELOAD)
            async with open_desk(archive, readers=readers) as desk:
                tell("crawling")
                report = await crawl(desk, plans)
                tell("closing")
            await asyncio.to_thread(readers.close)
            return report

        report = run(visit())
        if report.outcome != "finished" or report.failed_outlets:
            raise SystemExit(f"{report.outcome}: {report.reason} {report.failed_outlets}")
    tell("done")


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3:])
