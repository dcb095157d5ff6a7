"""How PostgreSQL goes about what is asked of it all day: by indexes, however much is known.

The statement that lends is measured by `bench/frontier.py`.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, event, text
from support.archives import NOW

from archive.db import frontier, ledgers, polls, sightings
from archive.db.engine import connect
from archive.records import Discovery, OutletId, Url
from archive.settlements import Poll, Settlement

if TYPE_CHECKING:
    from conftest import MigratedPool

OUTLETS, ARTICLES, DAYS = 40, 2_500, 250
OUTLET, UTC = OutletId("outlet-7"), ZoneInfo("UTC")
TODAY, DAY = NOW.date(), timedelta(days=1)
BIG = ("frontier", "sighting", "sighting_change", "poll_day", "gap", "ledger")
FILLED = (
    """
    INSERT INTO outlet (id, name, home, zone, config_digest)
    SELECT 'outlet-' || o, 'o', 'http://o', 'UTC', 'sha256:0' FROM generate_series(1, :outlets) o
    """,
    """
    INSERT INTO frontier (outlet_id, kind, url, urlkey, state, first_sighted_at, sort_at,
                          attempts, score, unchanged, next_due_at)
    SELECT 'outlet-' || o, CASE WHEN n = 0 THEN 'feed' ELSE 'article' END,
           'http://outlet-' || o || '.example/a-' || n, 'example,outlet-' || o || ')/a-' || n,
           'new', CAST(:now AS timestamptz) - (n / 10) * interval '1 day', :now, 0, 0.0, 0,
           CASE WHEN n < 20 THEN CAST(:now AS timestamptz) END
    FROM generate_series(1, :outlets) o, generate_series(0, :articles) n
    """,
    """
    INSERT INTO sighting (frontier_id, listing, url, first_at, last_at, changes)
    SELECT id, 'http://feed', url, :now, :now, 0 FROM frontier WHERE kind = 'article'
    """,
    """
    INSERT INTO poll_day (frontier_id, day, outlet_id, polls, unchanged, failed, named, fresh,
                          denied)
    SELECT id, CAST(:now AS date) - n, outlet_id, 9, 0, 0, 9, 9, 0
    FROM frontier, generate_series(1, :days) n WHERE kind = 'feed'
    """,
    """
    INSERT INTO gap (frontier_id, proved_at, outlet_id, began_at, ended_at, named)
    SELECT id, CAST(:now AS timestamptz) - n * interval '1 day', outlet_id, :now,
           CAST(:now AS timestamptz) - n * interval '1 day', 9
    FROM frontier, generate_series(1, :days) n WHERE kind = 'feed'
    """,
    """
    INSERT INTO ledger (outlet_id, day, closed_at, announced, captured, refused, failed, pending)
    SELECT outlet_id, day, :now, 9, 9, 0, 0, 0 FROM poll_day
    """,
)  # fmt: skip


@pytest.fixture(scope="module")
def full(migrated_pool: "MigratedPool") -> Iterator[Engine]:
    """A database of a hundred thousand articles of forty outlets, analysed."""
    url = migrated_pool.take()
    engine = connect(url)
    with engine.begin() as connection:
        for statement in FILLED:
            known = {"outlets": OUTLETS, "articles": ARTICLES, "days": DAYS, "now": NOW}
            asked = set(re.findall(r"[( ]:(\w+)", statement))
            connection.execute(text(statement), {one: known[one] for one in asked})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    yield engine
    engine.dispose()
    migrated_pool.give(url)


@contextmanager
def planned(engine: Engine) -> Iterator[tuple[Connection, list[str]]]:
    """A connection, and the plans of what is asked of it; what is written is taken back."""
    plans: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, facts: Any, *__: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            beside = cursor.connection.cursor()
            one = facts[0] if isinstance(facts, list) else facts
            told = beside.execute(f"EXPLAIN {statement}", one).fetchall()
            plans.append("\n".join([statement, *(line for (line,) in told)]))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        with engine.connect() as connection:
            yield connection, plans
            connection.rollback()
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def lent(connection: Connection, path: str) -> str:
    connection.execute(
        text("UPDATE frontier SET lease_token = :t, lease_until = :u WHERE url LIKE :url"),
        {"t": f"token-{path}", "u": NOW + DAY, "url": f"http://outlet-7.example{path}"},
    )
    return f"token-{path}"


def poll(connection: Connection) -> None:
    every = Poll(items=9, known=0, every=DAY, gap=(NOW - DAY, NOW))
    told = Settlement(token=lent(connection, "/a-0"), outcome="polled", next_due_at=NOW, poll=every)
    assert frontier.settle(connection, told, NOW)


def fetch(connection: Connection) -> None:
    told = Settlement(token=lent(connection, "/a-9"), outcome="same", next_due_at=None)
    assert frontier.settle(connection, told, NOW)


def discover(connection: Connection) -> None:
    listing = Url("http://outlet-7.example/a-0")
    found = [
        Discovery(url=Url(f"http://outlet-7.example/a-{n}"), listing=listing, kind="feed")
        for n in range(ARTICLES - 25, ARTICLES + 25)
    ]
    sighted = sightings.discover(connection, OUTLET, found, NOW)
    assert sighted.known_urls > 20


ASKED: dict[str, Callable[[Connection], object]] = {
    "the ledger of a day": lambda one: ledgers.lines(one, OUTLET, [TODAY], UTC),
    "the ledgers of a month": lambda one: ledgers.lines(
        one, OUTLET, [TODAY - n * DAY for n in range(30)], UTC
    ),
    "the first day": lambda one: ledgers.first_day(one, OUTLET, UTC),
    "the last closed day": lambda one: ledgers.last_closed(one, OUTLET),
    "a day that is closed": lambda one: ledgers.close(
        one, OUTLET, ledgers.Line(day=TODAY + DAY), NOW
    ),
    "the polls of a month": lambda one: polls.days(one, OUTLET, TODAY - 30 * DAY, TODAY),
    "the gaps of a week": lambda one: polls.gaps(one, [OUTLET], NOW - 7 * DAY, NOW + DAY),
    "the gaps of four outlets": lambda one: polls.gaps(
        one, [OutletId(f"outlet-{n}") for n in range(4)], NOW - 2 * DAY, NOW + DAY
    ),
    "a poll that ends": poll,
    "a fetch that ends": fetch,
    "what a listing names": discover,
}


@pytest.mark.parametrize("what", ASKED)
def test_no_big_table_is_read_as_a_whole(full: Engine, what: str) -> None:
    with planned(full) as (connection, plans):
        ASKED[what](connection)
    plans = [one for one in plans if "url LIKE" not in one]  # the test's own
    assert plans
    whole = [one for one in plans if re.search(rf"Seq Scan on ({'|'.join(BIG)})\b", one)]
    assert not whole, "\n\n".join(whole)


def test_a_table_that_is_read_as_a_whole_would_be_found_out(full: Engine) -> None:
    with planned(full) as (connection, plans):
        connection.execute(text("SELECT max(title) FROM sighting"))
    assert "Seq Scan on sighting" in plans[0]
