"""What the frontier costs when it is large: memory, lending and settling, and discovering.

    python bench/frontier.py [--sizes 1000000,10000000] [--engines sqlite,postgresql]
                             [--outlets 1000] [--rounds 60] [--where DIRECTORY] [--peers]

Databases of so many known URLs are filled by SQL, each URL with its sighting, outlets taking
turns as in life; 32 URLs of each outlet are due, the rest was had and is due later or never again.
Then, an outlet a round and a transaction each:

    discover   1,000 links of one listing, of which 950 are known
    lend       8 of what is due, lent to one visit
    settle     these 8, each with its next due time
    ledger     the five figures of a day of 200 URLs

Time is per URL (of `ledger`, per day), the median of all rounds. Memory is the process's own
(anonymous) after the rounds, less what it was before them; on SQLite it includes the page cache,
64 MB at most. With `--peers` the same 1,000 links are asked of Scrapy's own dupefilter and of a
plain `set`. These hold every URL in memory, cannot lend, forget all with the process, and know no
outlet: what they answer is less.
PostgreSQL is the one of the tests (fsync off) with 512 MB of buffers, or `KLIPING_BENCH_POSTGRES`.
Ratios count, not seconds: machines are shared.
"""

import argparse
import contextlib
import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import psycopg
from sqlalchemy import Connection, Engine, text

from archive.db import frontier, ledgers, migrate, sightings
from archive.db.engine import WRITES, connect
from archive.records import Discovery, OutletId, Url
from archive.settlements import Settlement
from archive.urls import urlkey

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DAY_OF = 200
"""URLs that an outlet announces a day."""
LINKS, NEW = 1000, 50
BORROW = 8
FILL_AT_ONCE = 1_000_000

# n, and when that URL was sighted: outlets take turns, and announce 200 a day
_NUMBERS = {
    "sqlite": "WITH RECURSIVE t(n, at) AS (SELECT :a, {when} UNION ALL SELECT n + 1, {when} FROM t "
    "WHERE n < :z - 1) ".replace(
        "{when}",
        "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-03-02 05:59:00', "
        "'-' || ((:z0 - {n}) / :outlets * 432) || ' seconds')",
    )
    .replace("{n}", ":a", 1)
    .replace("{n}", "n - 1")
    + "{} FROM t",
    "postgresql": "{} FROM (SELECT n, timestamptz '2026-03-02 05:59:00+00' "
    "- ((:z0 - n) / :outlets * 432) * interval '1 second' AS at "
    "FROM generate_series(CAST(:a AS bigint), CAST(:z AS bigint) - 1) AS s(n)) AS t",
}
_URLS = (
    "SELECT n, 'o' || (n % :outlets), 'article', "
    "'https://paper' || (n % :outlets) || '.example/2026/03/' || (n / :outlets) || {words}, "
    "'example,paper' || (n % :outlets) || ')/2026/03/' || (n / :outlets) || {words}, "
    "CASE WHEN n >= :z0 - 32 * :outlets THEN 'pending' ELSE 'new' END, at, at, "
    "CASE WHEN n >= :z0 - 32 * :outlets THEN at "
    "WHEN (n / :outlets) % 8 = 0 THEN {later} END, "
    "CASE WHEN n < :z0 - 32 * :outlets THEN at END, 0, 3, 0, "
    "CASE WHEN n < :z0 - 32 * :outlets THEN 'a:' || n END, "
    'CAST(\'{{"url": "x", "listing": "x", "kind": "feed"}}\' AS {json})'
)
_WORDS = "'/the-harbour-is-to-grow-says-the-council-of-the-town'"
_COLUMNS = (
    "id, outlet_id, kind, url, urlkey, state, first_sighted_at, sort_at, next_due_at, settled_at, "
    "attempts, unchanged, score, article_id, discovery"
)


def fill(engine: Engine, outlets: int, known: int) -> None:
    """Fill a database with so many known URLs, in bulk."""
    name = engine.dialect.name
    later = "'2027-01-01 00:00:00.000000'" if name == "sqlite" else "timestamptz '2027-01-01'"
    urls = _NUMBERS[name].format(
        _URLS.format(words=_WORDS, later=later, json="jsonb" if name != "sqlite" else "text")
    )
    seen = _NUMBERS[name].format(
        "SELECT n, 'https://paper' || (n % :outlets) || '.example/feed', 'x', at, at"
    )
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        with connection.begin():
            rows = [{"id": f"o{n}"} for n in range(outlets)]
            connection.execute(
                text("INSERT INTO outlet VALUES (:id, :id, '', NULL, NULL, '')"), rows
            )
        for start in range(0, known, FILL_AT_ONCE):
            bounds = {"a": start, "z": min(start + FILL_AT_ONCE, known), "z0": known}
            with connection.begin():
                facts = bounds | {"outlets": outlets}
                connection.execute(text(f"INSERT INTO frontier ({_COLUMNS}) {urls}"), facts)
                into = "INSERT INTO sighting (frontier_id, listing, url, first_at, last_at)"
                connection.execute(text(f"{into} {seen}"), facts)
        with connection.begin():
            if name == "postgresql":
                last = "SELECT setval(pg_get_serial_sequence('frontier', 'id'), :known)"
                connection.execute(text(last), {"known": known})
            connection.exec_driver_sql("ANALYZE")


def links(outlet: int, outlets: int, known: int, chance: random.Random) -> list[Discovery]:
    """What a listing names: 950 URLs that are known, the latest, and 50 that are not."""
    home = f"https://paper{outlet}.example"
    newest = known // outlets
    paths = [f"2026/03/{newest - 1 - n}/{_WORDS[2:-1]}" for n in range(LINKS - NEW)]
    paths += [f"2026/03/new-{chance.getrandbits(60)}/{_WORDS[2:-1]}" for _ in range(NEW)]
    feed = Url(f"{home}/feed")
    return [Discovery(url=Url(f"{home}/{path}"), listing=feed, kind="feed") for path in paths]


def measure(engine: Engine, outlets: int, known: int, rounds: int) -> dict[str, float]:
    """Microseconds a URL of each act, and megabytes of memory."""
    chance = random.Random(known)
    took: dict[str, list[float]] = {name: [] for name in ("discover", "lend", "settle", "ledger")}
    before = anonymous()

    def timed(name: str, urls: int, act: Callable[[Connection], None]) -> None:
        began = time.perf_counter()
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            act(connection)
        took[name].append((time.perf_counter() - began) / urls * 1e6)

    for number in range(rounds):
        n = chance.randrange(outlets)
        outlet = OutletId(f"o{n}")
        found = links(n, outlets, known, chance)
        held: list[str] = []

        def discover(connection: Connection, outlet=outlet, found=found) -> None:
            made = sightings.discover(connection, outlet, found, NOW)
            assert made.new_urls == NEW, made.new_urls

        def lend(connection: Connection, outlet=outlet, held=held, number=number) -> None:
            until = NOW + timedelta(minutes=15)
            lent = frontier.lease(
                connection, outlet, limit=BORROW, now=NOW, until=until, holder=f"run-{number}"
            )
            held += [one.token for one in lent]

        def settle(connection: Connection, held=held) -> None:
            for token in held:
                due = NOW + timedelta(hours=1)
                one = Settlement(token=token, outcome="new", next_due_at=due, due_reason="x" * 40)
                assert frontier.settle(connection, one, NOW)

        def ledger(connection: Connection, outlet=outlet) -> None:
            day = date(2026, 2, 27)
            [line] = ledgers.lines(connection, outlet, [day], ZoneInfo("UTC"))
            assert line.announced

        timed("discover", LINKS, discover)
        timed("lend", BORROW, lend)
        timed("settle", BORROW, settle)
        timed("ledger", 1, ledger)
    gc.collect()
    memory = {"memory": anonymous() - before}
    return {name: statistics.median(each) for name, each in took.items()} | memory


def anonymous() -> float:
    """Megabytes of memory that are this process's own; mapped files aside."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextlib.contextmanager
def database(name: str, where: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if name == "sqlite":
        path = where / "frontier.db"
        yield f"sqlite:///{path}"
        for one in where.glob("frontier.db*"):
            one.unlink()
    elif given := os.environ.get("KLIPING_BENCH_POSTGRES"):
        yield given
    else:
        from support import postgres

        with postgres.cluster() as server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET shared_buffers = '512MB'")
            postgres.stop(server)
            postgres.start(server)
            yield server


def ours(name: str, where: Path, outlets: int, known: int, rounds: int) -> dict[str, float]:
    """Fill a database, and measure."""
    with database(name, where) as url:
        engine = connect(url)
        migrate.upgrade(engine)
        began = time.perf_counter()
        fill(engine, outlets, known)
        engine.dispose()
        engine = connect(url)
        filled = time.perf_counter() - began
        size = (where / "frontier.db").stat().st_size / 1e9 if name == "sqlite" else 0
        print(
            f"  {name}: {known:,} filled in {filled:.0f} s" + (f", {size:.1f} GB" if size else "")
        )
        found = measure(engine, outlets, known, rounds)
        engine.dispose()
    return found


def peers(outlets: int, known: int, rounds: int) -> dict[str, dict[str, float]]:
    """The same links asked of Scrapy's dupefilter, and of a set of urlkeys."""
    from scrapy import Request
    from scrapy.dupefilters import RFPDupeFilter

    chance = random.Random(known)
    figures: dict[str, dict[str, float]] = {}
    for name in ("scrapy dupefilter", "set of urlkeys"):
        gc.collect()
        before = anonymous()
        seen: set[object] = set()
        filter_ = RFPDupeFilter()
        if name == "set of urlkeys":
            for n in range(known):
                seen.add(f"example,paper{n % outlets})/2026/03/{n // outlets}/{_WORDS[2:-1]}")
        else:
            # filled with what fingerprints look like; making them would take an hour
            for _ in range(known):
                filter_._fingerprints.add(chance.randbytes(20))  # noqa: SLF001
        memory = anonymous() - before
        took = []
        for _ in range(rounds):
            urls = [one.url for one in links(chance.randrange(outlets), outlets, known, chance)]
            began = time.perf_counter()
            for url in urls:
                if name == "set of urlkeys":
                    seen.add(urlkey(url))
                else:
                    filter_.request_seen(Request(url))
            took.append((time.perf_counter() - began) / LINKS * 1e6)
        figures[name] = {"discover": statistics.median(took), "memory": memory}
        del seen, filter_
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000000,10000000")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--outlets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--where", type=Path, default=None)
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    sizes = [int(one) for one in asked.sizes.split(",")]
    names = ("discover", "lend", "settle", "ledger", "memory")
    with tempfile.TemporaryDirectory(dir=asked.where) as where:
        for engine in filter(None, asked.engines.split(",")):
            print(engine)
            found = [ours(engine, Path(where), asked.outlets, n, asked.rounds) for n in sizes]
            for known, one in zip(sizes, found, strict=True):
                said = "  ".join(f"{name} {one[name]:8.1f}" for name in names)
                print(f"  {known:>12,}  {said}   (µs a URL; ledger µs a day; MB)")
            for name in names[:-1] if len(sizes) > 1 else ():
                print(f"  {name}: {found[-1][name] / found[0][name]:.2f} times as long")
    for known in sizes if asked.peers else ():
        for name, one in peers(asked.outlets, known, asked.rounds).items():
            print(
                f"{name:18} {known:>12,}  discover {one['discover']:8.1f} µs a URL  "
                f"memory {one['memory']:8.1f} MB"
            )


if __name__ == "__main__":
    main()
