"""What else goes wrong under a crawl: full, locked, read-only, gone, and a clock set back.

Each is said in one sentence with what to do, with the documented exit code; nothing recorded is
lost, and the next crawl goes on.
"""

import ctypes
import os
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flow.parts import Site, article, crawled, feed, is_sound, rows, start
from flow.test_process import limited
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from support import postgres
from warcio.archiveiterator import ArchiveIterator

from archive.clock import SimulatedClock
from archive.config import CONFIG_NAME
from archive.db.crawling import frontier
from archive.db.schema import article as article_table
from archive.db.schema import version
from archive.journal import acts_of
from archive.reindex import reindex
from archive.store import Archive
from crawler.account import exit_code
from crawler.demo.newspaper import OPENS_AT
from crawler.readers import Readers

NOW = OPENS_AT
HOUR = timedelta(hours=1)


def pages(site: Site, count: int, *, delay_seconds: float = 0) -> list[str]:
    urls = [site.has(f"/{n}", article(f"Number {n}")) for n in range(count)]
    site.has("/feed", feed(*urls), media="application/rss+xml")
    site.declare(delay_seconds=delay_seconds, feeds=["/feed"])
    return urls


def said(process: "subprocess.Popen[str]") -> str:
    """All that a crawl said, on one line."""
    told = " ".join(" ".join(process.communicate(timeout=60)).split())
    assert "Traceback" not in told, told
    return told


def count(directory: Path, table: Any, *where: Any) -> int:
    with Archive.open(directory) as archive:
        return rows(archive, select(func.count()).select_from(table).where(*where))[0][0]


def held(directory: Path) -> int:
    return count(directory, article_table)


# a full disk


def test_a_disk_too_full_for_the_journal_is_said_and_the_crawl_resumes(
    site: Site, readers: Readers
) -> None:
    pages(site, 3)
    name = f"journal-{NOW:%Y%m%d%H%M%S}000-{os.getpid()}-{socket.gethostname().lower()}.jsonl"
    full = site.directory / "journal" / name
    full.symlink_to("/dev/full")
    with site.opened(SimulatedClock(NOW)) as archive:
        report = crawled(archive, readers)
    assert exit_code(report) == 1
    assert report.reason is not None
    assert "is full: make room, and run the same command again" in report.reason
    assert site.asked == []  # the run itself could not be opened
    full.unlink()
    with site.opened(SimulatedClock(NOW)) as archive:
        assert exit_code(crawled(archive, readers)) == 0
    assert held(site.directory) == 3
    assert is_sound(site.directory)


def test_a_journal_that_fills_up_in_mid_crawl_ends_the_run_with_a_sentence(
    site: Site, readers: Readers
) -> None:
    pages(site, 30)
    with site.opened(SimulatedClock(NOW)) as archive:
        journal = archive._journal
        write = journal.write

        def until_full(act: str, **facts: object) -> None:
            write(act, **facts)
            if len(site.asked) == 12 and journal._file is not None:
                # the next write goes to a device that is full
                os.dup2(os.open("/dev/full", os.O_WRONLY), journal._file.fileno())

        journal.write = until_full  # type: ignore[method-assign]
        report = crawled(archive, readers)
    assert exit_code(report) == 1
    assert report.reason is not None
    assert "is full: make room, and run the same command again" in report.reason
    assert 0 < held(site.directory) < 30
    assert is_sound(site.directory)
    with site.opened(SimulatedClock(NOW + HOUR)) as archive:
        archive.recover()
        assert exit_code(crawled(archive, readers)) == 0
    assert held(site.directory) == 30
    assert is_sound(site.directory)


def test_a_disk_too_full_for_a_commit_is_said_and_the_crawl_resumes(site: Site) -> None:
    urls = [site.has(f"/{'long-' * 180}{n}", article(f"Number {n}")) for n in range(600)]
    site.has("/feed", feed(*urls), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    told = said(process := start(site.directory, "crawl", preexec_fn=limited(1_500_000)))
    assert process.returncode == 1, told
    assert "is full: make room, and run the same command again" in told
    others = [*(site.directory / "warc").iterdir(), *(site.directory / "journal").iterdir()]
    assert max(path.stat().st_size for path in others) < 1_400_000
    assert is_sound(site.directory)
    told = said(process := start(site.directory, "crawl", "--limit", "2"))
    assert process.returncode == 0, told
    assert held(site.directory) == 2
    assert count(site.directory, frontier, frontier.c.kind == "article") == 600


# a locked database

IMPATIENT = """
import archive.db.engine as engine
import crawler.lane as lane
lane.LOCKED_FOR = 0.5
engine._PRAGMAS = tuple(p for p in engine._PRAGMAS if "busy" not in p) + ("busy_timeout=100",)
from crawler.cli import main
main()
"""


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Another process has begun to write, and does not end."""
    with closing(sqlite3.connect(directory / "archive.db", isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=10000")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("asked", [0, 12], ids=["before", "meanwhile"])
def test_a_database_that_is_held_for_too_long_ends_a_crawl_with_a_sentence(
    site: Site, asked: int
) -> None:
    pages(site, 30, delay_seconds=0.05)
    if not asked:
        with locked(site.directory):
            told = said(process := start(site.directory, "crawl", program=("-c", IMPATIENT)))
        assert site.asked == []
    else:
        process = start(site.directory, "crawl", program=("-c", IMPATIENT))
        site.until(asked, process)
        with locked(site.directory):
            told = said(process)
    assert process.returncode == 1, told
    assert "another process has held the database for too long. Wait for it to end" in told
    assert not asked or is_sound(site.directory)
    told = said(process := start(site.directory, "crawl"))
    assert process.returncode == 0, told
    assert held(site.directory) == 30
    assert count(site.directory, frontier, frontier.c.lease_token.is_not(None)) == 0
    assert is_sound(site.directory)


# an archive that may not be written


def mortal() -> None:
    """Root may write what nobody may; without this capability it obeys the modes, too."""
    prctl, drop_from_bounding_set, dac_override = ctypes.CDLL(None).prctl, 24, 1
    prctl(drop_from_bounding_set, dac_override, 0, 0, 0)


@contextmanager
def read_only(*directories: Path) -> Iterator[None]:
    writable = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    paths = [p for one in directories for p in (one, *one.rglob("*"))]
    before = {path: path.stat().st_mode for path in paths}
    for path, mode in before.items():
        path.chmod(mode & ~writable)
    try:
        yield
    finally:
        for path, mode in before.items():
            path.chmod(mode)


@pytest.mark.parametrize("part", [".", "warc", "journal"])
def test_an_archive_that_may_not_be_written_is_said_and_the_crawl_resumes(
    site: Site, part: str
) -> None:
    pages(site, 3)
    with read_only(site.directory / part):
        told = said(process := start(site.directory, "crawl", preexec_fn=mortal))
    assert process.returncode == 1, told
    assert "cannot be" in told
    assert "run the same command again" in told
    assert held(site.directory) == 0
    told = said(process := start(site.directory, "crawl"))
    assert process.returncode == 0, told
    assert held(site.directory) == 3
    assert is_sound(site.directory)


# a clock that is set back


@dataclass(slots=True)
class SetBack(SimulatedClock):
    """Loses an hour once, when it comes to `at`."""

    at: datetime = NOW
    lost: timedelta = field(default=timedelta())

    def now(self) -> datetime:
        if not self.lost and self.instant >= self.at:
            self.lost = HOUR
        return self.instant - self.lost

    def advance_to(self, instant: datetime) -> None:
        self.instant = max(self.instant, instant + self.lost)


def test_a_clock_that_is_set_back_in_mid_crawl_loses_nothing(site: Site, readers: Readers) -> None:
    urls = pages(site, 12, delay_seconds=5)
    for path in (site.directory / CONFIG_NAME,):
        text = path.read_text("utf-8")
        path.write_text(f"{text}\n[warc]\nmax_bytes = 1000\n", "utf-8")  # a file for each capture
    clock = SetBack(NOW, at=NOW + timedelta(seconds=40))
    with site.opened(clock) as archive:
        crawled(archive, readers)
        assert clock.lost
        assert clock.instant - NOW < HOUR / 2  # the pace did not wait for the hour to come again
        # what was due before the step is due again when the clock has caught up
        clock.advance(HOUR)
        crawled(archive, readers)
        site.has("/3", article("Number 3, corrected"))
        clock.advance(HOUR)
        crawled(archive, readers)
    assert held(site.directory) == len(urls)
    assert is_sound(site.directory)
    with Archive.open(site.directory) as archive:
        before = rows(archive, select(version.c.id, version.c.number, version.c.text_digest))
    names = [path.name for path in (site.directory / "warc").iterdir()]
    assert len(names) > len(urls)
    dates = [at for name in names for at in _dates(site.directory / "warc" / name)]
    assert max(dates) > min(dates)
    acts = [act["at"] for act in acts_of(site.directory / "journal")]
    assert acts != sorted(acts)  # told as the clock was
    reindex(site.directory)
    with Archive.open(site.directory) as archive:
        after = rows(archive, select(version.c.id, version.c.number, version.c.text_digest))
    assert sorted(map(tuple, after)) == sorted(map(tuple, before))
    assert is_sound(site.directory)


def test_a_crawl_killed_before_its_clock_was_set_back_is_recovered(site: Site) -> None:
    pages(site, 12, delay_seconds=0.1)
    process = start(site.directory, "crawl")
    site.until(8, process)
    os.killpg(process.pid, 9)
    process.communicate(timeout=20)
    clock = SimulatedClock(datetime.now(NOW.tzinfo) - HOUR)
    readers = Readers(1)
    with site.opened(clock) as archive:
        assert "sealed" in " ".join(archive.recover())
        crawled(archive, readers)
        clock.advance(2 * HOUR)
        crawled(archive, readers)
    readers.close()
    assert held(site.directory) == 12
    assert count(site.directory, frontier, frontier.c.lease_token.is_not(None)) == 0
    assert is_sound(site.directory)


def _dates(path: Path) -> list[str]:
    with path.open("rb") as stream:
        return [one.rec_headers.get_header("WARC-Date") for one in ArchiveIterator(stream)]


# a server that goes away


@pytest.mark.skipif(not postgres.is_installed(), reason=postgres.ABSENT)
def test_a_server_that_goes_away_in_mid_crawl_is_said_and_the_crawl_resumes(site: Site) -> None:
    pages(site, 30, delay_seconds=0.05)
    with postgres.cluster() as url:
        on_server = {"KLIPING_DATABASE": str(make_url(url))}
        made = start(site.directory, "upgrade", environment=on_server)
        assert made.wait(timeout=60) == 0
        process = start(site.directory, "crawl", environment=on_server)
        site.until(12, process)
        postgres.stop(url)
        told = said(process)
        assert process.returncode == 1, told
        assert "The archive cannot be written" in told
        assert "run the same command again" in told

        told = said(process := start(site.directory, "crawl", environment=on_server))
        assert process.returncode == 1, told
        assert "the database" in told

        postgres.start(url)
        told = said(process := start(site.directory, "crawl", environment=on_server))
        assert process.returncode == 0, told
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KLIPING_DATABASE", on_server["KLIPING_DATABASE"])
            assert held(site.directory) == 30
            assert count(site.directory, frontier, frontier.c.lease_token.is_not(None)) == 0
            assert is_sound(site.directory)
