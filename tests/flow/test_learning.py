"""A crawl learns from what it stored, reads with it, and forgets when the layout changes."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flow.parts import Site, crawled, feed
from support.outletpages import html
from typer.testing import CliRunner

from archive.clock import SimulatedClock
from archive.query.memories import memories_of
from archive.records import OutletId
from archive.store import Archive
from crawler import cli, learning
from crawler.readers import Readers

SITE = OutletId("site")


def publish(site: Site, numbers: range, **how: str) -> None:
    """Announce pages, all that were announced before as well."""
    paths = [f"/news/{number}-story" for number in range(numbers.stop)]
    for number in numbers:
        site.has(paths[number], html(number, **how))
    site.has("/feed.xml", feed(*paths), media="application/rss+xml")
    site.declare(feeds=["/feed.xml"])


def crawl(archive: Archive, readers: Readers) -> Counter[str]:
    """A day later."""
    clock = archive.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance(timedelta(days=1))
    return crawled(archive, readers, "site").counts


def kept(archive: Archive) -> list[tuple[int, bool]]:
    with archive.reading() as connection:
        return [
            (one.number, one.forgotten_at is None)
            for one in memories_of(connection, SITE, archive.clock)
        ]


def body_of(archive: Archive, number: int) -> str:
    asked = ["show", f"http://site.example/news/{number}-story", "-A", str(archive.directory)]
    done = CliRunner().invoke(cli.app, [*asked, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)["article"]["versions"][-1]["body"]


def learn(archive: Archive, *words: str) -> tuple[int, str]:
    asked = ["outlet", "learn", "site", "-A", str(archive.directory), *words]
    done = CliRunner().invoke(cli.app, asked)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_a_crawl_learns_from_twelve_articles_and_reads_the_next_with_it(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    publish(site, range(11))
    assert crawl(site_archive, readers)["learned"] == 0
    assert "News of the library" in body_of(site_archive, 3)
    publish(site, range(11, 12))
    assert crawl(site_archive, readers)["learned"] == 1
    publish(site, range(12, 13))
    crawl(site_archive, readers)
    assert kept(site_archive) == [(1, True)]
    assert "News of the" not in body_of(site_archive, 12)


def test_a_first_crawl_learns_nothing_however_much_it_brings(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    publish(site, range(14))
    assert crawl(site_archive, readers)["learned"] == 0


def test_a_changed_layout_ends_a_memory_and_begins_another(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    publish(site, range(6))
    crawl(site_archive, readers)
    publish(site, range(6, 12))
    crawl(site_archive, readers)
    publish(site, range(12, 20), layout="redesigned", box="n1", person="n2")
    crawl(site_archive, readers)
    assert kept(site_archive) == [(2, True), (1, False)]


def test_a_person_sees_learns_and_forgets(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    publish(site, range(6))
    crawl(site_archive, readers)
    code, said = learn(site_archive, "--show")
    assert (code, "Nothing is in use of site" in said) == (4, True)
    code, said = learn(site_archive, "--dry-run")
    assert code == 0
    assert "div.zr-person" in said
    assert "6 of 6" in said
    assert kept(site_archive) == []
    assert learn(site_archive)[0] == 0
    code, said = learn(site_archive, "--show", "--json")
    [told] = json.loads(said)
    assert told["learned"]["pages"] == 6
    assert learn(site_archive, "--forget")[0] == 0
    assert kept(site_archive) == [(1, False)]
    publish(site, range(6, 14))
    crawl(site_archive, readers)
    assert kept(site_archive) == [(1, False)]
    assert learn(site_archive, "--forget")[0] == 4


def test_a_takedown_ends_a_memory_and_the_next_does_without_the_page(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    publish(site, range(6))
    crawl(site_archive, readers)
    assert learn(site_archive)[0] == 0
    with site_archive.turn() as turn:
        turn.restrict("urlkey", "example,site)/news/3-", reason="a court", actor="test")
    code, said = learn(site_archive, "--show", "--json")
    assert code == 4
    assert "an article was taken down" in said
    assert "zr-person" not in said
    crawl(site_archive, readers)  # a day later
    code, said = learn(site_archive)
    assert code == 0
    assert "learned from 5 articles, kept as memory 2" in said


def test_a_takedown_while_pages_are_read_keeps_nothing_of_them(
    site: Site, site_archive: Archive, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, range(6))
    crawl(site_archive, readers)

    async def look_while_a_court_rules(
        archive: Archive, *given: Any, **named: Any
    ) -> learning.Lesson:
        lesson = await look(archive, *given, **named)
        with archive.turn() as turn:
            turn.restrict("urlkey", "example,site)/news/3-", reason="a court", actor="test")
        return lesson

    look = learning.look
    monkeypatch.setattr(learning, "look", look_while_a_court_rules)
    asked = ["outlet", "learn", "site", "-A", str(site_archive.directory)]
    done = CliRunner().invoke(cli.app, asked)
    assert "taken down while the pages were read" in str(done.exception)
    assert kept(site_archive) == []


def test_too_few_pages_are_said_with_what_to_do(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    publish(site, range(2))
    crawl(site_archive, readers)
    code, said = learn(site_archive)
    assert code == 4
    assert "2 pages of site tell nothing" in said


@pytest.mark.parametrize("words", [("--show", "--forget"), ("--dry-run", "--show")])
def test_two_wishes_at_once_are_refused(site_archive: Archive, words: tuple[str, str]) -> None:
    asked = ["outlet", "learn", "site", "-A", str(site_archive.directory), *words]
    done = CliRunner().invoke(cli.app, asked)
    assert "one of them" in str(done.exception)


def test_a_batch_is_read_with_what_an_archive_knows_only_if_it_is_named(
    site: Site, site_archive: Archive, readers: Readers, tmp_path: Path
) -> None:
    publish(site, range(6))
    crawl(site_archive, readers)
    publish(site, range(6, 12))
    crawl(site_archive, readers)
    (tmp_path / "page.html").write_text(html(14), "utf-8")
    asked = {
        "id": 1,
        "url": "http://site.example/news/14",
        "html_path": str(tmp_path / "page.html"),
    }
    (tmp_path / "pages.jsonl").write_text(json.dumps(asked) + "\n", "utf-8")

    def body(*words: str) -> str:
        command = [sys.executable, "-m", "crawler.cli", "extract", "--batch"]
        done = subprocess.run(
            [*command, str(tmp_path / "pages.jsonl"), "--workers", "1", *words],
            capture_output=True,
            check=True,
            text=True,
        )
        return json.loads(done.stdout)["body"]

    assert "News of the" in body()
    assert "News of the" not in body("-A", str(site_archive.directory))
