"""Manners over real sockets, over restarts, and across processes."""

import itertools
import json
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from flow.parts import Site, article, crawled, feed, rows, start
from sqlalchemy import select

from archive.clock import SimulatedClock
from archive.db.crawling import frontier, robots_history
from archive.db.crawling import host as host_table
from archive.db.schema import capture
from archive.query.manners import judged, pace_of
from archive.store import Archive
from crawler.readers import Readers

RETRY = ("Retry-After", "3600")


def two_outlets_on_one_host(site: Site, delay: float) -> None:
    for number in (1, 2):
        pages = [
            site.has(f"/{number}/{page}", article(f"Story {number} {page}"), pause=0.05)
            for page in range(3)
        ]
        site.has(f"/feed{number}", feed(*pages), media="application/rss+xml", pause=0.05)
        (site.directory / "outlets" / f"site{number}.toml").write_text(
            f'id = "site{number}"\nname = "Site"\nhome = "http://site.example/"\n'
            f'[listings]\nfeeds = ["/feed{number}"]\n[pace]\ndelay_seconds = {delay}\n',
            "utf-8",
        )


@pytest.mark.parametrize("processes", [1, 2])
def test_a_host_is_asked_by_one_at_a_time_a_delay_apart(site: Site, processes: int) -> None:
    two_outlets_on_one_host(site, delay=0.1)
    ids = [["site1", "site2"]] if processes == 1 else [["site1"], ["site2"]]
    running = [start(site.directory, "crawl", *some, "--json") for some in ids]
    said = [one.communicate(timeout=60) for one in running]
    assert all(one.returncode == 0 for one in running), said
    assert {f"/{n}/{p}" for n in (1, 2) for p in range(3)} <= set(site.asked)
    assert site.most_in_flight == 1
    times = [one.at for one in site.heard]
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.1


def test_a_host_that_asked_for_patience_is_left_alone_by_the_next_process(site: Site) -> None:
    site.has("/feed", b"later", status=429, headers=(RETRY,))
    site.declare(feeds=["/feed"])
    first = start(site.directory, "crawl", "site")
    first.communicate(timeout=60)
    asked = list(site.asked)
    assert asked == ["/robots.txt", "/feed"]
    second = start(site.directory, "crawl", "site")
    said, _ = second.communicate(timeout=60)
    assert site.asked == asked
    assert "asked to be left alone until" in said
    with site.opened() as archive, archive.reading() as connection:
        told = pace_of(connection, "site.example", archive.clock.now()).sentences
    assert any("HTTP 429, Retry-After 3600" in one for one in told)


def test_after_a_hold_the_delay_stays_raised_and_recovers_by_degrees(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    site.has("/feed", b"later", status=503, headers=(("Retry-After", "30"),))
    site.declare(feeds=["/feed"], delay_seconds=5)
    crawled(site_archive, readers, "site")
    clock.advance(timedelta(hours=1))
    pages = [site.has(f"/{page}", article(f"Story {page}")) for page in range(9)]
    site.has("/feed", feed(*pages), media="application/rss+xml")
    delays = []
    with Archive.open(site.directory, clock=clock) as later:  # a restart
        crawled(later, readers, "site", limit=1)
        delays += rows(later, select(host_table.c.delay_seconds))[0]
        crawled(later, readers, "site")
        delays += rows(later, select(host_table.c.delay_seconds))[0]
    assert 5 < delays[0] <= 10
    assert delays[1] == 5


# conditional requests


@pytest.mark.parametrize(
    "etag", ['"1"', 'W/"1"', 'W/"a b"', '"abc-gzip"', '"caf\xe9"', "unquoted", '""']
)
def test_validators_are_sent_back_octet_by_octet(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock, etag: str
) -> None:
    modified = "Mon,  02 Mar 2026 06:00:00 GMT"
    said = (("ETag", etag), ("Last-Modified", modified))
    site.has("/feed", feed(), media="application/rss+xml", headers=said)
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    clock.advance(timedelta(minutes=20))
    crawled(site_archive, readers, "site")
    first, second = [one for one in site.heard if one.path == "/feed"]
    assert "If-None-Match" not in first.headers
    assert second.headers["If-None-Match"] == etag
    assert second.headers["If-Modified-Since"] == modified


def test_a_304_counts_whatever_tag_it_names(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    tag = '"abc-gzip"'
    site.has("/feed", feed(), media="application/rss+xml", headers=(("ETag", tag),))
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    site.has("/feed", feed(), unless=tag, headers=(("ETag", '"abc"'),))
    for _ in range(2):
        clock.advance(timedelta(minutes=20))
        crawled(site_archive, readers, "site")
    listing = select(frontier.c.state, frontier.c.etag).where(frontier.c.kind == "feed")
    assert rows(site_archive, listing) == [("unchanged", tag)]
    assert [one.headers.get("If-None-Match") for one in site.heard if one.path == "/feed"] == [
        None, tag, tag,
    ]  # fmt: skip


def test_what_came_without_a_validator_is_asked_for_since_its_date(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    story = site.has("/story", article("Story"), is_dated=True)
    site.has("/feed", feed(story), media="application/rss+xml", is_dated=True)
    site.has("/robots.txt", b"User-agent: *\nAllow: /\n", media="text/plain", is_dated=True)
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    clock.advance(timedelta(days=2))
    crawled(site_archive, readers, "site")
    for path in ("/feed", "/story", "/robots.txt"):
        first, second = [one for one in site.heard if one.path == path]
        assert "If-Modified-Since" not in first.headers
        assert parsedate_to_datetime(second.headers["If-Modified-Since"])
    unchanged = select(capture.c.status, capture.c.refers_to).where(capture.c.status == 304)
    assert len(found := rows(site_archive, unchanged)) == 3
    assert all(original for _, original in found)


def test_an_article_that_comes_again_in_full_and_is_the_same_is_the_same(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    page = site.has("/1", article("Harbour"))
    site.has("/feed", feed(page), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    clock.advance(timedelta(minutes=20))
    report = crawled(site_archive, readers, "site")
    assert report.counts["articles/same"] == 1


# robots.txt


def test_each_robots_txt_is_kept_and_a_refusal_can_be_told_with_its_line_afterwards(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    page = site.has("/private/1", article("Secret"))
    site.has("/feed", feed(page), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    site.has("/robots.txt", "# us\nUser-agent: kliping\nDisallow: /private/\n", media="text/plain")
    report = crawled(site_archive, readers, "site")
    assert report.counts["articles/refused"] == 1
    then = clock.now()
    clock.advance(timedelta(days=2))
    site.has("/robots.txt", "", media="text/plain")
    crawled(site_archive, readers, "site")
    assert "/private/1" in site.asked
    with site_archive.reading() as connection:
        was = judged(connection, page, "kliping", then)
        now = judged(connection, page, "kliping")
    assert was
    assert now
    assert "refused by http://site.example/robots.txt" in was.sentence
    assert "line 3, 'Disallow: /private/', for User-agent kliping" in was.sentence
    assert now.sentence.startswith("allowed by")
    captures = rows(site_archive, select(robots_history.c.capture_id))
    assert len({one for (one,) in captures}) == 2


def test_a_robots_txt_that_is_as_it_was_is_not_sent_again_and_goes_on_to_count(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    pages = [site.has(path, article("Secret")) for path in ("/private/1", "/private/2")]
    site.declare(feeds=["/feed"])
    rules = "User-agent: *\nDisallow: /private/\n"
    tag = '"r1"'
    site.has("/robots.txt", rules, media="text/plain", headers=(("ETag", tag),), unless=tag)
    site.has("/feed", feed(pages[0]), media="application/rss+xml")
    crawled(site_archive, readers, "site")
    clock.advance(timedelta(hours=25))
    site.has("/feed", feed(*pages), media="application/rss+xml")
    report = crawled(site_archive, readers, "site")
    asked = [one.headers.get("If-None-Match") for one in site.heard if one.path == "/robots.txt"]
    assert asked == [None, tag]
    assert report.counts["articles/refused"] == 2
    clock.advance(timedelta(hours=25))
    site.has("/robots.txt", "", media="text/plain", headers=(("ETag", '"r2"'),))
    report = crawled(site_archive, readers, "site")
    assert report.counts["articles/new"] == 2
    seen = rows(
        site_archive,
        select(robots_history.c.first_seen_at, robots_history.c.last_seen_at).order_by(
            robots_history.c.first_seen_at
        ),
    )
    assert len(seen) == 2
    assert seen[0][1] - seen[0][0] >= timedelta(hours=25)  # confirmed by the 304


def test_what_a_person_should_know_of_robots_txt_is_in_the_account(site: Site) -> None:
    site.has("/robots.txt", "User-agent: *\nCrawl-delay: 900\nDisallow: /\n", media="text/plain")
    site.declare(feeds=["/feed"])
    said, _ = start(site.directory, "crawl", "site").communicate(timeout=60)
    assert "site.example asks for 900 s between two requests (Crawl-delay)" in said
    said, _ = start(site.directory, "crawl", "site", "--json").communicate(timeout=60)
    assert "it gets 60 s" in json.loads(said)["remarks"][0]
