"""What 10^5 outlets cost on PostgreSQL 15: the queue, the leader, the workers and the tables.

    python bench/scale.py [--outlets 100000] [--workers 2] [--minutes 6] [--visited 40]

1. leader   an agenda of so many outlets, each with its file, a schedule and 5 known URLs: its
            first look (it reads every file), and later ones that hand out 2,000 jobs; memory.
2. queue    jobs a second, given by that leader and taken by so many worker processes: jobs with no
            page to fetch that do nothing, then with the database work of a visit with one article.
3. visits   `kliping run --workers N` on `--visited` outlets on loopback, each a feed and three
            articles: first all of it, then the feeds again and again, which answer 304. CPU is that
            of all processes with their readers, PostgreSQL's apart; memory is theirs (PSS).
4. tables   what the rows of part 1 take, with their indexes, and connections.

The server is that of the tests with fsync on. `--minutes` bounds the whole: a part that has had its
share ends with what it has. Figures are of this machine and of whatever else it does: ratios count.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from scale_parts import cpu_of, measure_visits, memory_of, postmaster, work_on  # noqa: E402
from support import postgres  # noqa: E402

from archive.config import ArchiveConfig  # noqa: E402
from archive.jobs import Jobs  # noqa: E402
from archive.store import Archive  # noqa: E402
from crawler.run.agenda import Agenda  # noqa: E402
from crawler.run.leader import Leader  # noqa: E402
from crawler.run.queue import Queue  # noqa: E402

URLS = 5
"""Known of each outlet in parts 1 and 4; three of them are due again some day."""
CADENCE = ((0.1, 15), (0.3, 60), (0.6, 360))
"""Shares of the outlets, and how many minutes lie between two visits: reckoned, not measured."""
ARTICLES_A_DAY = 10
FILL = (
    """INSERT INTO outlet (id, name, home, config_digest) SELECT 'o' || n, 'o', '', ''
       FROM {numbers}""",
    """INSERT INTO schedule (outlet_id, profile, zone, set_at) SELECT 'o' || n, 'daily-news', 'UTC',
       now() FROM {numbers}""",
    """INSERT INTO frontier (outlet_id, kind, url, urlkey, state, first_sighted_at, sort_at,
       next_due_at, attempts, unchanged, score, discovery)
       SELECT 'o' || n, CASE m WHEN 0 THEN 'feed' ELSE 'article' END, {url}, {url}, 'new', now(),
       now(), CASE WHEN mod(m, 2) = 0 THEN now() + (random() - 0.02) * interval '1 day' END,
       0, 0, 0, '{{"url": "x", "listing": "x", "kind": "feed"}}'
       FROM {numbers}, generate_series(0, {known}) m""",
    """INSERT INTO sighting (frontier_id, listing, url, first_at, last_at)
       SELECT id, 'https://' || outlet_id || '.example/feed', url, now(), now() FROM frontier
       WHERE kind = 'article'""",
)


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--outlets", type=int, default=100_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--minutes", type=float, default=6.0)
    options.add_argument("--visited", type=int, default=40)
    options.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.work:
        asyncio.run(work_on(Path(asked.work[0]), with_rows=asked.work[1] == "rows"))
        return
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    share = max(asked.minutes * 60 / 6, 20.0)  # less says nothing
    with tempfile.TemporaryDirectory(prefix="kliping-scale-") as work, cluster() as server:
        with new_archive(Path(work) / "many", server, "many") as archive:
            fill(archive, asked.outlets)
            rate = asyncio.run(lead(archive, asked.workers, share, server))
            tables(archive, asked.outlets)
        urls = f"{server.replace('/postgres?', '/real?')}"
        spent = measure_visits(Path(work) / "real", urls, asked.visited, asked.workers, share)
    reckon(asked.outlets, rate / asked.workers, *spent)


@contextmanager
def cluster() -> Iterator[str]:
    """A server as people run it: it waits for its disk, and tidies."""
    with postgres.cluster() as server:
        with psycopg.connect(server, autocommit=True) as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                connection.execute(f"ALTER SYSTEM SET {name} = on")
            connection.execute("ALTER SYSTEM SET shared_buffers = '512MB'")
            for name in ("many", "real"):
                connection.execute(f"CREATE DATABASE {name}")
        postgres.stop(server)
        postgres.start(server)
        yield server


def new_archive(directory: Path, server: str, name: str) -> Archive:
    """An archive in a database of the cluster."""
    url = server.replace("/postgres?", f"/{name}?")
    return Archive.create(directory, ArchiveConfig(contact="bench@kliping.example", database=url))


def fill(archive: Archive, outlets: int) -> None:
    """Outlets with a file, a schedule, a feed and articles each; due times as cadence has them."""
    began = time.monotonic()
    for n in range(outlets):
        (archive.directory / "outlets" / f"o{n}.toml").write_text(
            f'id = "o{n}"\nname = "o{n}"\nhome = "https://o{n}.example/"\nlanguages = ["en"]\n'
            '[listings]\nfeeds = ["/feed"]\n',
            "utf-8",
        )
    numbers = f"generate_series(0, {outlets - 1}) n"
    url = "'https://o' || n || '.example/2026/03/the-harbour-is-to-grow-says-the-council-' || m"
    with archive.writing() as connection:
        for statement in FILL:
            said = statement.format(numbers=numbers, url=url, known=URLS - 1)
            connection.exec_driver_sql(said)
    with archive.connection() as connection:
        connection.exec_driver_sql("ANALYZE")
    print(f"{outlets} outlets, {outlets * URLS} URLs: filled in {time.monotonic() - began:.0f} s")


async def lead(archive: Archive, workers: int, share: float, server: str) -> float:
    """Parts 1 and 2; gives jobs a second with a visit's database work."""
    jobs = Jobs(archive)
    jobs.prepare()
    queue, agenda = Queue(jobs.conninfo), Agenda(archive)
    await queue.open()
    leader = Leader(jobs, queue, agenda, None, print)  # type: ignore[arg-type] # nobody dies
    took = []
    for _ in range(4):
        began, cpu = time.monotonic(), time.process_time()
        if len(took) > 1 and sum(wall for wall, _ in took) > share:
            break
        await leader._look()  # noqa: SLF001
        took.append((time.monotonic() - began, time.process_time() - cpu))
    due = len(agenda.due(archive.clock.now()))
    memory = memory_of([str(Path("/proc/self"))])
    print(
        f"1. leader: first look {took[0][0]:.1f} s with 2,000 jobs given; later ones "
        f"{min(took[1:])[0]:.1f} s ({min(took[1:])[1]:.1f} s CPU); {due} due; {memory:.0f} MB"
    )
    began = time.monotonic()
    entries = agenda.due(archive.clock.now())
    print(f"   of a look, {time.monotonic() - began:.2f} s say which of {len(agenda.entries)} due")
    ids = [one.outlet.oid for one in entries] or [one.outlet.oid for one in agenda.entries.values()]
    rate = 0.0
    for kind in ("nothing", "rows"):
        with archive.writing() as connection:
            connection.exec_driver_sql("TRUNCATE kliping_jobs.procrastinate_jobs CASCADE")
        rate = await drain(archive, queue, ids, kind, workers, share / 2, server)
    await queue.close()
    return rate


async def drain(
    archive: Archive,
    queue: Queue,
    ids: list[str],
    kind: str,
    workers: int,
    share: float,
    server: str,
) -> float:
    """Jobs a second while the queue is kept full, until time is up."""
    command = [sys.executable, __file__, "--work", str(archive.directory), kind]
    processes = [subprocess.Popen(command) for _ in range(workers)]  # noqa: ASYNC220
    given, began, giving = 0, 0.0, 0.0
    first, cpu, cpu_db, last = None, 0.0, 0.0, 0.0
    give_up = time.monotonic() + share + 15
    while time.monotonic() < give_up:
        with archive.reading() as connection:
            waiting = connection.exec_driver_sql(
                "SELECT count(*) FROM kliping_jobs.procrastinate_jobs WHERE status = 'todo'"
            ).scalar_one()
        ended, last = given - waiting, time.monotonic()
        if first is None and ended > 100:  # they are at work
            first, began, give_up = ended, last, last + share
            cpu = sum(cpu_of(one.pid) for one in processes)
            cpu_db = cpu_of(postmaster(server))
        if waiting < 1000:
            at = time.monotonic()
            some = [ids[(given + n) % len(ids)] for n in range(500)]
            given += await queue.give(some)
            giving += time.monotonic() - at
        await asyncio.sleep(0.05)
    number = max(1, ended - (first or 0))
    spent = sum(cpu_of(one.pid) for one in processes) - cpu
    spent_db = cpu_of(postmaster(server)) - cpu_db
    memory = memory_of([f"/proc/{one.pid}" for one in processes]) / workers
    for process in processes:
        process.terminate()
        process.wait()
    if first is None or last == began:
        raise SystemExit("no job ended in time: give it more minutes")
    rate = number / (last - began)
    print(
        f"2. queue, {workers} workers, jobs that do {kind}: {rate:.0f} jobs/s, given at "
        f"{given / giving:.0f}/s; CPU a job {spent / number * 1e3:.1f} ms, PostgreSQL "
        f"{spent_db / number * 1e3:.1f} ms; {memory:.0f} MB a worker"
    )
    return rate


def tables(archive: Archive, outlets: int) -> None:
    """Part 4."""
    with archive.reading() as connection:
        sizes = connection.exec_driver_sql(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace IN ('public'::regnamespace, 'kliping_jobs'::regnamespace) "
            "ORDER BY 2 DESC LIMIT 6"
        ).all()
        whole = connection.exec_driver_sql(
            "SELECT pg_database_size(current_database())"
        ).scalar_one()
    said = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sizes)
    print(f"4. tables: {said}; database {whole / 1e6:.0f} MB")
    size = dict(sizes)
    known = size.get("frontier", 0) + size.get("sighting", 0)
    print(f"   {known / outlets / URLS:.0f} bytes for each known URL and its sighting")


def reckon(outlets: int, rate: float, again: float, page: float, memory: float) -> None:
    """What these figures come to, by the formula of docs/operating.md."""
    visits = outlets * sum(share / minutes for share, minutes in CADENCE) / 60
    articles = outlets * ARTICLES_A_DAY / 86_400
    cores = visits * again + articles * page
    print(
        f"reckoned: {visits:.1f} visits/s of {CADENCE} and {articles:.1f} articles/s: "
        f"{visits:.1f} x {again:.3f} + {articles:.1f} x {page:.3f} = {cores:.1f} cores; "
        f"database work for {visits / rate:.1f} workers; {memory:.0f} MB a worker"
    )


if __name__ == "__main__":
    main()
