"""Many workers on PostgreSQL: real processes that share the newspaper out among themselves."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from flow.parts import Elsewhere, is_sound, paced, rows, start
from sqlalchemy import func, select

from archive.clock import SimulatedClock
from archive.config import read_config, render_config
from archive.db import migrate
from archive.db.crawling import frontier
from archive.db.engine import connect
from archive.db.schema import article, version
from archive.schedules import Schedule
from archive.store import Archive
from crawler.demo.serve import STEADY_AT
from crawler.demo.tour import make_archive
from crawler.outlets.catalogue import own_outlets

SLOW = "ahrenwalder-bote"
GIVE_UP = 30.0


@pytest.fixture
def shared(elsewhere: Elsewhere, request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    """The newspaper, and an archive on PostgreSQL that knows it."""
    pool = request.getfixturevalue("postgres_pool")
    url = pool.take()
    engine = connect(url)
    migrate.upgrade(engine)
    engine.dispose()
    config = read_config(elsewhere.directory).model_copy(update={"database": url})
    (elsewhere.directory / "kliping.toml").write_text(render_config(config), "utf-8")
    (elsewhere.directory / "archive.db").unlink()
    yield elsewhere
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS kliping_jobs CASCADE")
    pool.give(url)


def schedule(site: Elsewhere) -> None:
    """Have every outlet visited, but the one whose robots.txt asks for five seconds a page."""
    with Archive.open(site.directory) as archive, archive.turn() as turn:
        for one in own_outlets(site.directory):
            turn.sync_outlet(one.declaration, None)
            if one.id != SLOW:
                turn.schedules.set(
                    Schedule(outlet=one.oid, profile="daily-news", set_at=archive.clock.now())
                )


@contextlib.contextmanager
def crew(site: Elsewhere, number: int) -> Iterator["subprocess.Popen[str]"]:
    process = site.start("run", "--workers", str(number))
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def shift(site: Elsewhere) -> dict[str, Any]:
    done = site.run("workers", "--json")
    assert done.returncode in (0, 3, 4), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def until(happened: Callable[[], Any], process: "subprocess.Popen[str]", what: str) -> Any:
    give_up = time.monotonic() + GIVE_UP
    while not (found := happened()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up, what
        time.sleep(0.1)
    return found


def query(site: Elsewhere, sql: str) -> list[Any]:
    url = read_config(site.directory).database
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[call-overload,no-any-return]


PENDING = """
SELECT url, reason, due_reason, next_due_at, lease_token FROM frontier
 WHERE state = 'pending' AND kind = 'article'
"""


def workers(site: Elsewhere) -> list[int]:
    with contextlib.suppress(psycopg.errors.UndefinedTable):
        return [pid for (pid,) in query(site, "SELECT pid FROM kliping_jobs.worker")]
    return []


AT_WORK = """
SELECT w.pid, j.lock FROM kliping_jobs.worker w
  JOIN kliping_jobs.procrastinate_jobs j ON j.worker_id = w.id AND j.status = 'doing'
"""


def test_a_worker_killed_in_the_middle_of_a_visit_loses_nothing(shared: Elsewhere) -> None:
    paced(shared.directory, 0.15, was=0.0)
    with crew(shared, 3) as process:
        until(lambda: len(workers(shared)) == 3, process, "three do not come to work")
        schedule(shared)
        shared.until(12, process)
        at_work = query(shared, AT_WORK)
        pid = at_work[0][0]
        lost = {one for who, one in at_work if who == pid}
        os.kill(pid, signal.SIGKILL)
        until(
            lambda: not [1 for who, _ in query(shared, AT_WORK) if who == pid],
            process,
            "the dead worker's jobs are not put back",
        )
        again = query(
            shared,
            "SELECT lock FROM kliping_jobs.procrastinate_jobs WHERE attempts > 0",
        )
        assert {one for (one,) in again} <= lost
        quiet = "SELECT 1 FROM kliping_jobs.procrastinate_jobs WHERE status IN ('todo', 'doing')"
        until(
            lambda: not query(shared, quiet) and not query(shared, PENDING),
            process,
            "they do not come to an end",
        )
        standing = until(
            lambda: (s := shift(shared)) and len(s["workers"]) == 3 and s,
            process,
            "no other takes the dead worker's place",
        )
        assert pid not in {one["pid"] for one in standing["workers"]}
        assert sum(one["leads"] for one in standing["workers"]) == 1
        assert standing["jobs"] == {"waiting": 0, "doing": 0, "stalled": 0, "failed": 0}
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert f"The worker {pid} ended with -9" in told
    assert "it is visited again" in told
    assert "Traceback" not in told
    with Archive.open(shared.directory) as archive:
        lent = select(func.count()).where(frontier.c.lease_token.is_not(None))
        assert rows(archive, lent)[0][0] == 0
        twice = (
            select(version.c.article_id)
            .group_by(version.c.article_id, version.c.text_digest)
            .having(func.count() > 1)
        )
        assert rows(archive, twice) == []
        held = {key for (key,) in rows(archive, select(article.c.urlkey))}
    assert is_sound(shared.directory)
    assert held == held_by_one(shared)
    assert not list((shared.directory / "warc").glob("*.open"))


def held_by_one(site: Elsewhere) -> set[str]:
    """The articles that one undisturbed crawl holds."""
    whole = site.directory.parent / "undisturbed"
    make_archive(whole, site.server.paper, site.server.port, SimulatedClock(STEADY_AT)).close()
    paced(whole, 0.0)
    names = [one.id for one in own_outlets(whole) if one.id != SLOW]
    process = start(whole, "crawl", *names)
    process.communicate(timeout=60)
    with Archive.open(whole) as archive:
        return {key for (key,) in rows(archive, select(article.c.urlkey))}


def test_a_crew_that_is_stopped_gives_back_what_it_had(shared: Elsewhere) -> None:
    paced(shared.directory, 0.3, was=0.0)
    schedule(shared)
    with crew(shared, 2) as process:
        shared.until(10, process)
        busy = shared.run("run")  # one process for all is refused meanwhile
        assert busy.returncode == 1
        assert "`kliping run --workers`" in busy.stderr
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    with Archive.open(shared.directory) as archive:
        lent = select(func.count()).where(frontier.c.lease_token.is_not(None))
        assert rows(archive, lent)[0][0] == 0
    assert not workers(shared)
    assert query(shared, "SELECT 1 FROM kliping_jobs.pause") == []  # all of it is due as before
    assert shift(shared)["workers"] == []
    assert is_sound(shared.directory)


def test_workers_whose_parent_is_killed_end_by_themselves(shared: Elsewhere) -> None:
    with crew(shared, 1) as process:
        [pid] = until(lambda: workers(shared), process, "nobody comes to work")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
        give_up = time.monotonic() + GIVE_UP
        while workers(shared):
            assert time.monotonic() < give_up, f"{pid} goes on"
            time.sleep(0.1)


def test_on_sqlite_many_workers_are_refused_in_a_sentence(elsewhere: Elsewhere) -> None:
    for words in (("run", "--workers", "2"), ("workers",)):
        done = elsewhere.run(*words)
        assert done.returncode == 2
        assert "need PostgreSQL" in done.stderr
        assert "kliping reindex" in " ".join(done.stderr.split())
        assert len(done.stderr.strip().splitlines()) <= 2


def test_what_is_for_one_process_is_refused_with_workers(shared: Elsewhere) -> None:
    done = shared.run("run", "--workers", "2", "--once")
    assert done.returncode == 2
    assert "kliping workers" in done.stderr
