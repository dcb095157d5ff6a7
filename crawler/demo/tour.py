"""The tour: five simulated days of the make-believe newspaper, crawled into a real archive."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from archive.clock import SimulatedClock
from archive.config import CONFIG_NAME, ArchiveConfig, ClockConfig, Guard
from archive.console import err, human, out
from archive.errors import ArchiveError
from archive.query.search import search
from archive.query.status import Status, status
from archive.store import Archive
from archive.verify import verify
from crawler.demo.newspaper import DAYS, OPENS_AT, Newspaper
from crawler.demo.server import Server
from crawler.outlets.catalogue import own_outlets
from crawler.progress import Progress
from crawler.readers import PRELOAD, Readers
from crawler.run.crawl import Report, crawl, open_desk
from crawler.run.reactor import run
from crawler.visit import Plan

VISITS_AT = (6, 12, 18)
"""Hours, UTC, at which each simulated day is crawled."""
TOLD = (OPENS_AT + timedelta(days=1)).date()
"""The day whose morning report is worth a look."""
MARK = ".kliping-demo"
"""In a directory that the demo made, so that it may make it anew."""


def tour(directory: Path, port: int = 0) -> None:
    """Serve the newspaper, crawl it for five days, and say what happened and what to try.

    Raises:
        ArchiveError: if the directory holds something that the demo did not make.
        PortTaken: if the port is.
    """
    _make_room(directory)
    clock = SimulatedClock(OPENS_AT)
    paper = Newspaper(clock)
    with Server(paper, port) as server:
        _introduce(paper, server.port, directory)
        with _archive(directory, paper, server.port, clock) as archive:
            days = run(_crawl_all(archive, clock))
            _conclude(archive, days, directory)


def make_archive(directory: Path, paper: Newspaper, port: int, clock: SimulatedClock) -> Archive:
    """An archive that knows the newspaper's outlets and where on loopback they are."""
    address = f"127.0.0.1:{port}"
    config = ArchiveConfig(
        operator="kliping demo",
        contact="demo@kliping.example",
        purpose="test",
        guard=Guard(allow=(address,)),
        resolve=dict.fromkeys(paper.hosts, address),
        clock=ClockConfig(simulated=True),
    )
    archive = Archive.create(directory, config, clock=clock)
    for id_, text in paper.outlet_files().items():
        (directory / "outlets" / f"{id_}.toml").write_text(text, "utf-8")
    return archive


def visits() -> Iterator[datetime]:
    """When the newspaper is crawled: three times a day."""
    midnight = OPENS_AT.replace(hour=0, minute=0)
    for day in range(DAYS):
        yield from (midnight + timedelta(days=day, hours=hour) for hour in VISITS_AT)


async def _crawl_all(archive: Archive, clock: SimulatedClock) -> list[Counter[str]]:
    readers = Readers(preload=PRELOAD)
    days: list[Counter[str]] = []
    try:
        for at in visits():
            clock.advance_to(at)
            report = await _crawl_once(archive, readers, f"day {len(days) or 1}")
            day = (at - OPENS_AT.replace(hour=0, minute=0)).days + 1
            if len(days) < day:
                days.append(Counter())
            days[-1].update(report.counts)
            days[-1]["held"] += len(report.held)
            if report.failed_outlets or report.outcome == "failed":
                why = report.reason or "; ".join(report.failed_outlets.values())
                raise ArchiveError(f"The demo broke on day {day}: {why}")
            if at.hour == VISITS_AT[-1]:
                _tell_day(day, days[-1])
            if report.outcome == "interrupted":
                raise KeyboardInterrupt
    finally:
        readers.close()
    return days


async def _crawl_once(archive: Archive, readers: Readers, title: str) -> Report:
    plans = [Plan(outlet=outlet) for outlet in own_outlets(archive.directory)]
    async with open_desk(archive, readers=readers) as desk:
        with Progress(desk, title):
            return await crawl(desk, plans)


def _introduce(paper: Newspaper, port: int, directory: Path) -> None:
    many = len(paper.outlet_files())
    out.print(
        f"Started a make-believe newspaper on 127.0.0.1:{port} "
        f"({many} outlets, {DAYS} simulated days)."
    )
    out.print(f"Archive made in [bold]{directory}[/] (SQLite and WARC; nothing else is running).")


def _tell_day(day: int, counts: Counter[str]) -> None:
    said = [
        f"  day {day}  {counts['announced']:>3} announced",
        f"{counts['articles/new']:>3} captured",
    ]
    for name, words in (
        ("articles/changed", "EDITED"),
        ("gone", "DELETED"),
        ("articles/walled", "met a wall"),
        ("holds", "times a host asked for patience: waited"),
        ("articles/same", "rechecked, unchanged"),
    ):
        if counts[name]:
            said.append(f"{counts[name]} {words}")
    out.print("  ".join(said))


def _conclude(archive: Archive, days: list[Counter[str]], directory: Path) -> None:
    total: Counter[str] = sum(days, Counter())
    with archive.reading() as connection:
        found = status(connection, archive.clock.now())
        edited = search(connection, "is:edited", now=archive.clock.now(), limit=1)
    err.print("Verifying every record …", style="dim")
    verdict = verify(archive)
    if not any(one.articles for one in found.outlets):
        raise ArchiveError(
            "The demo kept no article, which should not be; `kliping status` says more"
        )
    _print_ledger(found, total)
    sound = "all as recorded" if verdict.is_sound else f"{len(verdict.faults)} FAULTS"
    out.print(
        f"  evidence   {found.captures} captures, {human(verdict.bytes)} of WARC, "
        f"{verdict.digests} digests verified: {sound}"
    )
    _suggest(directory, edited.hits[0].article if edited.hits else None)


def _print_ledger(found: Status, total: Counter[str]) -> None:
    outlets = found.outlets
    states: Counter[str] = sum((Counter(one.states) for one in outlets), Counter())
    announced = sum(one.announced for one in outlets)
    captured = sum(one.captured for one in outlets)
    others = [f"{states[name]} {name}" for name in ("refused", "failed", "pending") if states[name]]
    out.print(f"\n  announced  {announced} = {captured} captured, {', '.join(others)}")
    articles = sum(one.articles for one in outlets)
    out.print(
        f"  kept       {articles} articles in {sum(one.versions for one in outlets)} versions: "
        f"{sum(one.edited for one in outlets)} edited, "
        f"{sum(one.gone for one in outlets)} deleted by their outlets"
    )
    refused = {
        name.removeprefix("articles/refused/"): number
        for name, number in total.items()
        if name.startswith("articles/refused/")
    }
    by_robots = sum(n for reason, n in refused.items() if "robots.txt" in reason)
    out.print(
        f"  refused    {by_robots} requests by robots.txt, {sum(refused.values()) - by_robots} by "
        f"the address guard; {total['articles/walled']} pages met a wall and were not kept"
    )


def _suggest(directory: Path, edited: str | None) -> None:
    out.print("\nTry:")
    out.print(f"  kliping search -A {directory} 'harbour budget'")
    if edited:
        out.print(f"  kliping show -A {directory} {edited} --versions")
    out.print(f"  kliping status -A {directory}")
    out.print(f"  kliping today -A {directory} --on {TOLD}")
    out.print(f"  kliping verify -A {directory}")


def _archive(directory: Path, paper: Newspaper, port: int, clock: SimulatedClock) -> Archive:
    archive = make_archive(directory, paper, port, clock)
    (directory / MARK).write_text("made by `kliping demo`, which may make it anew\n", "utf-8")
    return archive


def _make_room(directory: Path) -> None:
    if not directory.exists() or not any(directory.iterdir()):
        return
    if not (directory / MARK).exists():
        what = "an archive" if (directory / CONFIG_NAME).exists() else "not empty"
        raise ArchiveError(
            f"{directory} is {what}, and not the demo's. Name another: kliping demo ./my-demo"
        )
    shutil.rmtree(directory)
