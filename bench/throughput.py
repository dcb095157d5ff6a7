"""Pages per second, end to end, beside a naive project and beside the bound of this machine.

    python bench/throughput.py SHARED [--pairs 3] [--articles 1200] [--outlets 20] [--scaling]

SHARED is a folder with `newssite/newssite.py` and `quality/dev/html` (real pages). A static site of
them is served by nginx; ours and the naive project (bench/naive) crawl it in turn, whole processes
timed from outside. The bound is cores divided by the sum of the CPU that each stage needs for a
page: fetch, record, extract, store and index, measured alone and in this run. With `--scaling` the
pages that were captured are also read by one reader and by two in turn, as a crawl hands them out:
how many times as fast two are. Ratios count, not seconds: machines are shared and noisy.
"""

import argparse
import asyncio
import contextlib
import ctypes
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PORT = 8180
SAMPLE = 200
"""Pages on which the stages are measured alone."""
SCALING_SAMPLE = 600
"""Pages that one reader and two read in turn."""


@contextlib.contextmanager
def news_site(shared: Path, work: Path, outlets: int, articles: int) -> Iterator[list[str]]:
    """Real pages at made-up URLs, by nginx; gives the outlets' home URLs."""
    if shutil.which("nginx") is None:
        raise SystemExit("nginx is needed: apt-get install nginx-light")
    site = work / "site"
    builder = [sys.executable, str(shared / "newssite" / "newssite.py")]
    builder += [str(shared / "quality" / "dev" / "html"), str(site), "--by-ip"]
    builder += ["--outlets", str(outlets), "--articles", str(articles), "--port", str(PORT)]
    print(subprocess.run(builder, check=True, capture_output=True, text=True).stdout.strip())
    nginx = ["nginx", "-p", str(site), "-c", str(site / "nginx.conf")]
    subprocess.run(nginx, check=True, capture_output=True)
    try:
        yield [f"http://127.0.1.{n}:{PORT}/" for n in range(1, outlets + 1)]
    finally:
        subprocess.run([*nginx, "-s", "stop"], check=False, capture_output=True)


@contextlib.contextmanager
def adopted() -> Iterator[None]:
    """Wait for the children's children too: nobody waits for Python's fork server.

    The processes that read pages are its children, and most of a crawl's CPU is theirs.
    """
    become_reaper, prctl = 36, ctypes.CDLL(None, use_errno=True).prctl
    prctl(become_reaper, 1, 0, 0, 0)
    try:
        yield
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()
    finally:
        prctl(become_reaper, 0, 0, 0, 0)


def timed(command: list[str], log: Path) -> tuple[float, float]:
    """Wall seconds and CPU seconds of a command with all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    with log.open("w") as out, adopted():
        subprocess.run(command, check=True, stdout=out, stderr=subprocess.STDOUT)
        wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def run_naive(homes: list[str], work: Path) -> tuple[float, float, int]:
    """The naive project: wall, CPU, articles."""
    import sqlite3

    directory = Path(tempfile.mkdtemp(dir=work))
    feeds = [home + "rss.xml" for home in homes]
    command = [sys.executable, str(HERE / "naive" / "spider.py"), str(directory), *feeds]
    wall, cpu = timed(command, directory / "log")
    with contextlib.closing(sqlite3.connect(directory / "naive.db")) as database:
        count = database.execute("SELECT count(*) FROM article").fetchone()[0]
    return wall, cpu, count


def new_archive(homes: list[str], work: Path) -> Path:
    """An archive with an outlet for each home, and no delay between requests."""
    from archive.config import ArchiveConfig, Guard
    from archive.store import Archive

    directory = Path(tempfile.mkdtemp(dir=work)) / "archive"
    allow = tuple(home.split("/")[2] for home in homes)
    config = ArchiveConfig(contact="bench@kliping.example", guard=Guard(allow=allow))
    Archive.create(directory, config).close()
    for number, home in enumerate(homes):
        text = (
            f'id = "o{number}"\nname = "Outlet {number}"\nhome = "{home}"\n'
            '[listings]\nfeeds = ["/rss.xml"]\n[pace]\ndelay_seconds = 0\n'
        )
        (directory / "outlets" / f"o{number}.toml").write_text(text, "utf-8")
    return directory


def run_ours(homes: list[str], work: Path) -> tuple[float, float, int]:
    """`kliping crawl`: wall, CPU, pages fetched and read."""
    directory = new_archive(homes, work)
    log = directory / "log"
    command = [sys.executable, "-m", "crawler.cli", "crawl", "-A", str(directory), "--json"]
    wall, cpu = timed(command, log)
    counts = json.loads(log.read_text())["counts"]
    kinds = ("new", "not-article", "walled", "unextractable")
    return wall, cpu, sum(counts.get(f"articles/{kind}", 0) for kind in kinds)


def scaling(work: Path, rounds: int) -> list[float]:
    """How many times as fast two readers read the captured pages as one does, each round."""
    from archive.store import Archive
    from crawler.outlets.catalogue import find_outlet
    from crawler.stages import page_of

    source = Archive.open(max(work.glob("*/archive")))
    outlet = find_outlet(source.directory, "o0")
    pages = [page_of(source.fetch(one), outlet) for one in captured(source, SCALING_SAMPLE)]
    source.close()
    found = []
    for number in range(rounds):
        rates = {count: asyncio.run(read_rate(pages, count)) for count in (1, 2)[:: (-1) ** number]}
        print(f"{'':8}readers: {rates[1]:.1f} pages/s with one, {rates[2]:.1f} with two")
        found.append(rates[2] / rates[1])
    return found


async def read_rate(pages: list[Any], count: int) -> float:
    """Pages a second that so many readers read, once they are warm."""
    from crawler.furnished import read_page
    from crawler.readers import PRELOAD, Readers

    readers = Readers(count, preload=PRELOAD)
    waiting = asyncio.Semaphore(2 * count)

    async def one(page: Any) -> None:
        async with waiting:
            with contextlib.suppress(Exception):  # not every page is one
                await readers.read(read_page, page)

    try:
        await asyncio.gather(*(one(page) for page in pages[: 8 * count]))
        began = time.monotonic()
        await asyncio.gather(*(one(page) for page in pages))
        return len(pages) / (time.monotonic() - began)
    finally:
        readers.close()


def captured(source: Any, limit: int) -> list[Any]:
    """Captures of pages in an archive, by id."""
    from sqlalchemy import select

    from archive.db.schema import capture
    from archive.records import CaptureId

    with source.reading() as connection:
        wanted = select(capture.c.id).where(capture.c.mime == "text/html").limit(limit)
        return [CaptureId(one) for one in connection.execute(wanted).scalars()]


def stage_costs(homes: list[str], work: Path) -> dict[str, float]:
    """CPU seconds a page of each stage alone, on pages that this run has captured."""
    from datetime import timedelta

    from archive.records import Discovery, Exchange, OutletId, Provenance, RunId, Url
    from archive.settlements import Settlement
    from archive.store import Archive
    from archive.warc.reader import read_record
    from crawler.extract.article import extract
    from crawler.outlets.catalogue import find_outlet
    from crawler.pipelines.store import page_of
    from crawler.visit import Plan, prepare

    source = Archive.open(max(work.glob("*/archive")))
    replies = [source.fetch(one) for one in captured(source, SAMPLE)]
    outlet = find_outlet(source.directory, "o0")
    pages = [page_of(reply, outlet) for reply in replies]
    drafts = []
    for page in pages[:5]:
        extract(page)
    costs = {}
    began = time.process_time()
    for page in pages:
        try:
            drafts.append(extract(page))
        except ValueError:
            drafts.append(None)
    costs["extract"] = (time.process_time() - began) / len(pages)

    target = Archive.open(new_archive(homes[:1], work))
    provenance = Provenance(outlet=OutletId("o0"), config_digest=outlet.digest, run=RunId("bench"))
    exchanges = [
        Exchange(
            url=reply.capture.url,
            request=b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            response=read_record(source.warc_directory, reply.capture.place).block,
            began_at=reply.capture.captured_at,
        )
        for reply in replies
        if reply.capture.place
    ]
    with target.turn() as turn:
        prepare(turn, Plan(outlet=outlet))
    began = time.process_time()
    captures = []
    for start in range(0, len(exchanges), 8):
        with target.turn() as turn:
            captures += [turn.record(one, provenance) for one in exchanges[start : start + 8]]
    costs["record"] = (time.process_time() - began) / len(exchanges)

    said = [Discovery(url=c.url, listing=Url(homes[0]), kind="feed") for c in captures]
    with target.turn() as turn:
        turn.discover(OutletId("o0"), said)
    began = time.process_time()
    done = 0
    by_url = {c.url: (c, d) for c, d in zip(captures, drafts, strict=True)}
    while True:
        with target.turn() as turn:
            lent = turn.lease(OutletId("o0"), limit=8, for_=timedelta(minutes=5), holder="bench")
            for lease in lent:
                one, draft = by_url.get(lease.url, (None, None))
                if one and draft and draft.title and draft.body:
                    turn.save(draft, one, provenance, known_as=lease.url)
                turn.settle(Settlement(token=lease.token, outcome="new"))
        done += len(lent)
        if not lent:
            break
    costs["store and index"] = (time.process_time() - began) / max(done, 1)
    target.close()
    source.close()
    costs["fetch"] = fetch_cost(homes, work)
    return costs


def fetch_cost(homes: list[str], work: Path) -> float:
    """CPU seconds a page of Scrapy's plain fetch: its default handler, lean middlewares."""
    script = HERE / "naive" / "fetch.py"
    out = subprocess.run(
        [sys.executable, str(script), *(home + "rss.xml" for home in homes)],
        check=True,
        capture_output=True,
        text=True,
    )
    pages, cpu = out.stdout.split()
    return float(cpu) / int(pages)


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--articles", type=int, default=1200)
    parser.add_argument("--outlets", type=int, default=20)
    parser.add_argument("--scaling", action="store_true", help="two readers beside one, too")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        with news_site(options.shared, work, options.outlets, options.articles) as homes:
            ratios, rates = [], []
            print(f"{'':8}{'pages/s':>10}{'CPU ms/page':>14}{'pages':>8}")
            for _ in range(options.pairs):
                pair = {}
                for name, job in (("naive", run_naive), ("ours", run_ours)):
                    wall, cpu, count = job(homes, work)
                    pair[name] = count / wall
                    print(f"{name:8}{count / wall:>10.1f}{cpu / count * 1000:>14.1f}{count:>8}")
                ratios.append(pair["ours"] / pair["naive"])
                rates.append(pair["ours"])
            scaled = scaling(work, max(options.pairs, 1)) if options.scaling else []
            costs = stage_costs(homes, work)
    for name, cost in sorted(costs.items(), key=lambda item: -item[1]):
        print(f"  {name:16}{cost * 1000:>8.1f} ms CPU a page")
    print(f"recording: {costs['record'] / sum(costs.values()):.1%} of the CPU of all stages")
    bound = cores / sum(costs.values())
    print(f"bound: {cores} cores / {sum(costs.values()) * 1000:.1f} ms = {bound:.1f} pages/s")
    print(f"ours / naive: {statistics.median(ratios):.2f} (pairs {[round(r, 2) for r in ratios]})")
    print(f"ours / bound: {statistics.median(rates) / bound:.0%}")
    if scaled:
        each = [round(one, 2) for one in scaled]
        print(f"two readers / one: {statistics.median(scaled):.2f} (rounds {each})")


if __name__ == "__main__":
    main()
