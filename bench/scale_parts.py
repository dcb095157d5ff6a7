"""Workers of `bench/scale.py`: jobs without a page, and real visits of outlets on loopback."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import environ, sysconf
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

from flow.parts import article, feed

from archive.config import ArchiveConfig, Guard
from archive.jobs import Jobs
from archive.query.schedules import all_schedules
from archive.records import Discovery, OutletId, Url
from archive.schedules import Schedule
from archive.settlements import Settlement
from archive.store import Archive
from archive.turn import Turn
from crawler.outlets.catalogue import find_outlet, own_outlets
from crawler.run.crawl import OUTLETS_AT_ONCE
from crawler.run.queue import Queue

ROOT = Path(__file__).resolve().parents[1]
TICK = sysconf("SC_CLK_TCK")
ARTICLES = 3
EVERY = timedelta(seconds=15)


async def work_on(directory: Path, *, with_rows: bool) -> None:
    """A worker whose visits fetch nothing; to be terminated."""
    with Archive.open(directory) as archive:
        jobs, lane = Jobs(archive), ThreadPoolExecutor(1)
        queue = Queue(jobs.conninfo)
        await queue.open()

        async def visit(outlet: OutletId) -> None:
            if with_rows:
                loop = asyncio.get_running_loop()
                await asyncio.to_thread(look, outlet)
                await loop.run_in_executor(lane, rows, outlet)

        def look(outlet: OutletId) -> None:
            with archive.reading() as connection:
                all_schedules(connection, outlet)
            find_outlet(archive.directory, outlet)
            jobs.failures_of(outlet)

        def rows(outlet: OutletId) -> None:
            for step in (begin, discover, end):
                with archive.turn() as turn:
                    step(turn, outlet)
            jobs.pause(outlet, archive.clock.now(), 0)

        def begin(turn: Turn, outlet: OutletId) -> None:
            declared = find_outlet(archive.directory, outlet)
            turn.sync_outlet(declared.declaration, declared.listing_urls(), makes_due=False)

        def discover(turn: Turn, outlet: OutletId) -> None:
            listing = Url(f"https://{outlet}.example/feed")
            new = Url(f"https://{outlet}.example/{time.time_ns()}")
            turn.discover(outlet, [Discovery(url=new, listing=listing, kind="feed")])

        def end(turn: Turn, outlet: OutletId) -> None:
            due = archive.clock.now() + timedelta(hours=1)
            for one in turn.lease(outlet, limit=8, for_=EVERY, holder="bench"):
                turn.settle(Settlement(token=one.token, outcome="failed", next_due_at=due))
            turn.ledgers.close(outlet)

        await queue.take(visit, at_once=OUTLETS_AT_ONCE)


def measure_visits(
    directory: Path, url: str, outlets: int, workers: int, share: float
) -> tuple[float, float, float]:
    """Part 3; CPU seconds of an unchanged feed's visit and of an article, and MB of a worker."""
    hosts = [f"o{n}.example" for n in range(outlets)]
    server = url.replace("/real?", "/postgres?")
    with site() as port:
        here = f"127.0.0.1:{port}"
        config = ArchiveConfig(
            contact="bench@kliping.example",
            database=url,
            guard=Guard(allow=(here,)),
            resolve=dict.fromkeys(hosts, here),
        )
        Archive.create(directory, config).close()
        for host in hosts:
            id_ = host.partition(".")[0]
            (directory / "outlets" / f"{id_}.toml").write_text(
                f'id = "{id_}"\nname = "{id_}"\nhome = "http://{host}/"\nlanguages = ["en"]\n'
                '[listings]\nfeeds = ["/feed"]\n[pace]\ndelay_seconds = 0.0\n'
                "[rights]\nask = false\n",
                "utf-8",
            )
        with crew(directory, workers) as (process, log):
            until(lambda: "leads" in log.read_text("utf-8"), 60)
            time.sleep(6)  # readers have begun, too

            def spent() -> tuple[int, float, float, float]:
                ended = log.read_text("utf-8", "replace").count("; next ")
                return ended, time.monotonic(), cpu_of(process.pid), cpu_of(postmaster(server))

            before = spent()
            with Archive.open(directory) as archive, archive.turn() as turn:
                for one in own_outlets(directory):
                    turn.sync_outlet(one.declaration, None)
                    now = archive.clock.now()
                    turn.schedules.set(Schedule(outlet=one.oid, every=EVERY, set_at=now))
            until(lambda: spent()[0] >= outlets, share * 2)
            first = told(f"first ({ARTICLES} articles)", before, spent())
            before = spent()
            until(lambda: spent()[0] >= before[0] + 2 * outlets, share)
            again = told("again (a feed, 304)", before, spent())
            pids = [f"/proc/{one}" for one in tree(process.pid)]
            memory = memory_of(pids) / workers
            with Archive.open(directory) as archive, archive.reading() as connection:
                used = connection.exec_driver_sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = 'real'"
                ).scalar_one()
            print(
                f"   {memory:.0f} MB a worker with its readers (PSS); "
                f"{(used - 1) / workers:.1f} connections a worker"
            )
    return again, max(0.0, first - again) / ARTICLES, memory


def told(
    what: str, before: tuple[int, float, float, float], now: tuple[int, float, float, float]
) -> float:
    """CPU seconds of a visit, PostgreSQL's with them; printed."""
    number, wall, cpu, db = (b - a for a, b in zip(before, now, strict=True))
    if not number:
        raise SystemExit("no visit ended: give it more minutes")
    print(
        f"3. visits, {what}: {cpu / number:.3f} s CPU a visit and {db / number:.3f} of "
        f"PostgreSQL; {number / wall:.1f} visits/s ({number} visits)"
    )
    return (cpu + db) / number


@contextlib.contextmanager
def site() -> Iterator[int]:
    """Outlets on loopback: a feed with an ETag, and articles; gives the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            status, media, body = 404, "text/html", b""
            if self.path == "/feed":
                media = "application/rss+xml"
                body = feed(*(f"http://{host}/news/{n}" for n in range(ARTICLES)))
                status = 304 if self.headers.get("If-None-Match") else 200
            elif self.path.startswith("/news/"):
                status, body = 200, article(f"{host} has news {self.path}")
            body = b"" if status == 304 else body
            self.send_response(status)
            if self.path == "/feed":
                self.send_header("ETag", '"1"')
            if status != 304:
                self.send_header("Content-Type", media)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@contextlib.contextmanager
def crew(directory: Path, workers: int) -> "Iterator[tuple[subprocess.Popen[bytes], Path]]":
    """`kliping run --workers`, and the file that it says everything in."""
    log = directory.with_suffix(".log")
    clean = {k: v for k, v in environ.items() if not k.lower().endswith("_proxy")}
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler.cli", "run", "--workers", str(workers)],
            cwd=directory,
            stdout=said,
            stderr=said,
            env={**clean, "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
        )
    try:
        yield process, log
    finally:
        process.terminate()
        process.wait(60)


def until(happened: Callable[[], object], seconds: float) -> None:
    """Wait for this, or until time is up."""
    give_up = time.monotonic() + seconds
    while not happened() and time.monotonic() < give_up:
        time.sleep(0.1)


def tree(root: int) -> set[int]:
    """A process and all that it began."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, _, rest = stat.read_text().partition(" (")
            parents[int(pid)] = int(rest.rpartition(") ")[2].split()[1])
    mine = {root}
    while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return mine


def cpu_of(root: int) -> float:
    """CPU seconds of a process and all that it began, those that ended with them."""
    ticks = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICK


def memory_of(processes: list[str]) -> float:
    """Megabytes of processes: their own, and their parts of what they share."""
    kilobytes = 0
    for one in processes:
        with contextlib.suppress(OSError):
            for line in Path(one, "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes / 1024


def postmaster(server: str) -> int:
    """The process of a cluster that began all its others."""
    data = Path(unquote(server.partition("?host=")[2])) / "data"
    return int((data / "postmaster.pid").read_text().split()[0])
