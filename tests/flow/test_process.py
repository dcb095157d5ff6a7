"""Crawls by another process, and what ends it: Ctrl-C, a kill, a full disk, a wrong word."""

import gzip
import json
import os
import random
import resource
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flow.parts import (
    HARBOUR,
    Elsewhere,
    Site,
    article,
    crawled,
    feed,
    is_sound,
    paced,
    rows,
    start,
)
from sqlalchemy import func, select

from archive.clock import SimulatedClock
from archive.config import CONFIG_NAME
from archive.db.crawling import frontier
from archive.db.crawling import run as run_table
from archive.db.schema import article as article_table
from archive.db.schema import capture
from archive.store import Archive
from crawler.demo.tour import make_archive
from crawler.readers import Readers

TWO = (HARBOUR, "foni-tis-alykis")


def held(directory: Path) -> int:
    with Archive.open(directory) as archive:
        return rows(archive, select(func.count()).select_from(article_table))[0][0]


def lent(directory: Path) -> int:
    with Archive.open(directory) as archive:
        held = frontier.c.lease_token.is_not(None)
        return rows(archive, select(func.count()).select_from(frontier).where(held))[0][0]


def states(directory: Path) -> dict[str, int]:
    """Of articles, how many stand how."""
    count = select(frontier.c.state, func.count()).where(frontier.c.kind == "article")
    with Archive.open(directory) as archive:
        return dict(rows(archive, count.group_by("state")))  # type: ignore[arg-type]


def outcomes(directory: Path) -> list[str | None]:
    with Archive.open(directory) as archive:
        return [o for (o,) in rows(archive, select(run_table.c.outcome).order_by("opened_at"))]


def test_a_crawl_tells_its_account_as_json(elsewhere: Elsewhere) -> None:
    done = elsewhere.run("crawl", HARBOUR, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["counts"]["articles/new"] == held(elsewhere.directory)


def test_ctrl_c_ends_a_crawl_cleanly_and_the_next_goes_on(elsewhere: Elsewhere) -> None:
    paced(elsewhere.directory, 0.4, was=0.0)
    process = elsewhere.start("crawl", HARBOUR)
    elsewhere.until(10, process)
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=20)
    assert process.returncode == 130, complained
    assert "the same command goes on from here" in said
    assert "Traceback" not in complained
    assert len(elsewhere.server.log) < 14
    assert lent(elsewhere.directory) == 0
    assert outcomes(elsewhere.directory) == ["interrupted"]
    assert not list((elsewhere.directory / "warc").glob("*.open"))

    before = held(elsewhere.directory)
    paced(elsewhere.directory, 0.0, was=0.4)
    assert elsewhere.run("crawl", HARBOUR).returncode == 0
    assert held(elsewhere.directory) > before
    assert is_sound(elsewhere.directory)


def test_a_killed_crawl_loses_nothing(elsewhere: Elsewhere, readers: Readers) -> None:
    paced(elsewhere.directory, 0.1, was=0.0)
    process = elsewhere.start("crawl", *TWO)
    elsewhere.until(16, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)
    seen = len(elsewhere.server.log)
    assert list((elsewhere.directory / "warc").glob("*.open"))
    with Archive.open(elsewhere.directory) as archive:
        acknowledged = rows(archive, select(func.count()).select_from(capture))[0][0]
    assert seen - acknowledged <= 2  # at most what was on its way at each host
    before = held(elsewhere.directory)

    paced(elsewhere.directory, 0.0, was=0.1)
    done = elsewhere.run("crawl", *TWO)
    assert done.returncode in (0, 3), done.stderr
    assert "seal" in done.stderr.lower()
    assert lent(elsewhere.directory) == 0
    assert outcomes(elsewhere.directory) == [None, "finished"]
    assert held(elsewhere.directory) > before
    assert is_sound(elsewhere.directory)

    clock, paper = elsewhere.server.paper.clock, elsewhere.server.paper
    whole = elsewhere.directory.parent / "undisturbed"
    assert isinstance(clock, SimulatedClock)
    with make_archive(whole, paper, elsewhere.server.port, clock) as archive:
        crawled(archive, readers, *TWO)
    assert held(elsewhere.directory) == held(whole)


def limited(bytes_: int) -> Callable[[], None]:
    """No file may grow past this: what a full disk looks like to a process."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, resource.RLIM_INFINITY))

    return limit


def test_a_full_disk_is_said_and_the_crawl_resumes(site: Site) -> None:
    dice = random.Random(1)
    heavy = [
        site.has(f"/{n}", b"%PDF-1.7" + dice.randbytes(400_000), media="application/pdf")
        for n in range(20)
    ]
    site.has("/feed", feed(*heavy), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    process = start(site.directory, "crawl", preexec_fn=limited(4_500_000))
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 1, complained
    assert "is full: make room" in " ".join((said + complained).split())
    assert "Traceback" not in complained
    assert len(site.asked) == 14  # robots.txt, the feed, eleven that fit, one that did not
    assert is_sound(site.directory)

    process = start(site.directory, "crawl")
    _, complained = process.communicate(timeout=60)
    assert process.returncode == 4, complained
    assert states(site.directory) == {"unextractable": 20}
    assert lent(site.directory) == 0
    assert is_sound(site.directory)


def test_a_disk_too_full_to_read_a_page_fails_the_run_and_not_the_page(site: Site) -> None:
    url = site.has("/1", article("One"))
    site.has("/feed", feed(url), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    process = start(site.directory, "crawl", preexec_fn=limited(1_000_000))
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 1, complained
    assert "is full: make room" in " ".join((said + complained).split())
    assert states(site.directory) == {"pending": 1}


def test_a_disk_too_full_for_the_database_is_said_in_a_sentence(site: Site) -> None:
    url = site.has("/1", article("One"))
    site.has("/feed", feed(url), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    process = start(site.directory, "crawl", preexec_fn=limited(20_000))
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in said + complained
    assert (said + complained).strip()
    assert start(site.directory, "crawl").wait(timeout=60) == 0
    assert is_sound(site.directory)


# what is typed


def test_a_crawl_of_others_without_a_contact_is_refused_in_one_sentence(
    elsewhere: Elsewhere,
) -> None:
    config = elsewhere.directory / CONFIG_NAME
    text = config.read_text("utf-8").replace('"demo@kliping.example"', '""')
    config.write_text(text.partition("[resolve]")[0], "utf-8")
    done = elsewhere.run("crawl", HARBOUR)
    assert done.returncode == 2
    assert "needs a contact" in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3
    assert elsewhere.server.log == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["crawl", "harbor-gazette"], 2, "Did you mean harbour-gazette"),
        (["crawl", "-A", "nowhere"], 2, "not an archive"),
    ],
    ids=["misspelt", "no-archive"],
)
def test_a_wrong_word_is_answered_with_code_2(
    elsewhere: Elsewhere, words: list[str], code: int, says: str
) -> None:
    done = elsewhere.run(*words)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_demo_on_a_port_that_is_taken_ends_with_a_sentence(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    done = elsewhere.run("demo", str(tmp_path / "demo"), "--port", str(elsewhere.server.port))
    assert done.returncode == 1
    assert f"port {elsewhere.server.port}" in done.stderr
    assert "Traceback" not in done.stderr


# scrapy's own command


def scrapy(elsewhere: Elsewhere, *words: str) -> "subprocess.CompletedProcess[str]":
    process = start(elsewhere.directory, *words, program=("-m", "scrapy"))
    said, complained = process.communicate(timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, said, complained)


def test_scrapy_crawls_an_outlet_in_an_archive_directory(elsewhere: Elsewhere) -> None:
    done = scrapy(elsewhere, "crawl", "news", "-a", f"outlet={HARBOUR}")
    assert done.returncode == 0, done.stderr
    assert held(elsewhere.directory) > 3
    assert lent(elsewhere.directory) == 0
    assert outcomes(elsewhere.directory) == ["finished"]
    (path,) = (elsewhere.directory / "warc").iterdir()
    sent = gzip.decompress(path.read_bytes())
    assert b"\r\nUser-Agent: kliping/" in sent
    assert b"demo@kliping.example" in sent
    assert b"\r\nUser-Agent: Scrapy" not in sent
    assert is_sound(elsewhere.directory)


def test_scrapy_is_told_when_the_outlet_is_unknown(elsewhere: Elsewhere) -> None:
    done = scrapy(elsewhere, "crawl", "news", "-a", "outlet=harbor-gazette")
    assert "Did you mean harbour-gazette" in done.stderr
    assert elsewhere.server.log == []
