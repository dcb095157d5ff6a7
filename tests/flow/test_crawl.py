"""Crawls in this process: of one outlet of the newspaper, or of a small site with a fault."""

import contextlib
import gzip
import itertools
import random
import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
from flow.parts import (
    HARBOUR,
    Answer,
    Press,
    Site,
    article,
    crawled,
    feed,
    is_sound,
    rows,
    state_of,
)
from sqlalchemy import func, select
from warcio.archiveiterator import ArchiveIterator

from archive.clock import SimulatedClock
from archive.db.crawling import frontier, gap, sighting_change
from archive.db.schema import article as article_table
from archive.db.schema import capture
from archive.query.history import find_article
from archive.query.remarks import remarks
from archive.records import Url
from archive.store import Archive
from crawler import settings
from crawler.account import exit_code
from crawler.cli import plan
from crawler.demo.server import PortTaken, Server
from crawler.readers import Readers
from crawler.rights.site import PATHS
from crawler.run.crawl import Report, open_desk
from crawler.run.crawl import crawl as crawl_plans
from crawler.run.reactor import run
from crawler.why.inquiry import inquire
from crawler.why.story import lines

BUDGET = "http://harbour-gazette.example/harbour/2026/03/harbour-budget-one-vote"


def held(archive: Archive) -> int:
    return rows(archive, select(func.count()).select_from(article_table))[0][0]


# the newspaper


def test_a_first_crawl_brings_articles_and_a_second_at_once_nothing_new(press: Press) -> None:
    first = press.crawl(HARBOUR)
    assert exit_code(first) == 0
    assert first.counts["articles/new"] == held(press.archive) > 3
    second = press.crawl(HARBOUR)
    assert exit_code(second) == 4
    assert second.counts["articles/new"] == second.counts["announced"] == 0


def test_a_limit_stores_so_many_of_the_newest(press: Press) -> None:
    report = press.crawl(HARBOUR, limit=2)
    assert report.counts["articles/new"] == held(press.archive) == 2
    with press.archive.reading() as connection:
        waiting = connection.execute(
            select(func.max(frontier.c.sort_at)).where(
                frontier.c.state == "pending", frontier.c.kind == "article"
            )
        ).scalar_one()
        stored = connection.execute(
            select(func.min(frontier.c.sort_at)).where(frontier.c.state == "new")
        ).scalar_one()
    assert stored >= waiting


def test_what_a_limit_left_comes_with_the_next_crawl(press: Press) -> None:
    press.crawl(HARBOUR, limit=2)
    whole = press.crawl(HARBOUR)
    assert whole.counts["articles/new"] + 2 == held(press.archive)
    assert state_of(press.archive, BUDGET)[0] == "new"


def test_a_single_url_fetches_that_article_alone(press: Press) -> None:
    report = press.crawl(HARBOUR, only=Url(BUDGET))
    asked = [v.path for v in press.server.log]
    assert asked[:2] == ["/robots.txt", "/harbour/2026/03/harbour-budget-one-vote"]
    pages = [path for path in asked[2:] if path not in PATHS.values()]
    assert {path.rpartition(".")[2] for path in pages} <= {"css", "png", "svg", "ico"}
    assert report.counts["articles/new"] == held(press.archive) == 1


def test_a_single_url_is_fetched_again_whenever_it_is_asked_for(press: Press) -> None:
    press.crawl(HARBOUR, only=Url(BUDGET))
    again = press.crawl(HARBOUR, only=Url(BUDGET))
    assert again.counts["articles/same"] == 1
    assert exit_code(again) == 4


def test_a_crawl_that_is_asked_to_stop_gives_back_what_it_borrowed(press: Press) -> None:
    report = stopped_after(press, requests=8)
    assert report.outcome == "interrupted"
    assert len(press.server.log) == 8
    assert exit_code(report) == 130
    lent = select(frontier.c.url).where(frontier.c.lease_token.is_not(None))
    assert rows(press.archive, lent) == []
    before = held(press.archive)
    press.crawl(HARBOUR)
    assert held(press.archive) > before
    assert state_of(press.archive, BUDGET)[0] == "new"


def stopped_after(press: Press, requests: int) -> Report:
    async def main() -> Report:
        async with open_desk(press.archive, readers=press.readers) as desk:
            heed = desk.pace.heed

            async def heeding(url: str, status: int | None, retry_after: str | None) -> None:
                await heed(url, status, retry_after)
                if len(press.server.log) == requests:
                    desk.stop()

            desk.pace.heed = heeding  # type: ignore[method-assign]
            return await crawl_plans(desk, plan(press.archive, [HARBOUR]))

    return run(main())


def test_two_outlets_are_crawled_side_by_side(press: Press) -> None:
    report = press.crawl(HARBOUR, "foni-tis-alykis")
    hosts = [visit.host for visit in press.server.log]
    switches = sum(one != other for one, other in itertools.pairwise(hosts))
    assert switches > 10
    assert set(report.visits) == {HARBOUR, "foni-tis-alykis"}


def test_an_outlet_that_breaks_does_not_end_the_run(press: Press) -> None:
    def breaking(visit: object) -> None:
        if visit.outlet.id == "harian-contoh":  # type: ignore[attr-defined]
            raise RuntimeError("a bug")

    report = press.crawl(HARBOUR, "harian-contoh", watch=breaking, limit=1)
    assert report.failed_outlets == {"harian-contoh": "RuntimeError: a bug"}
    assert report.counts["articles/new"] == 1
    assert exit_code(report) == 3
    with press.archive.reading() as connection:
        now = press.clock.now()
        lately = remarks(connection, now, now - timedelta(days=1), now + timedelta(seconds=1))
    assert [(one.outlet, one.said) for one in lately if one.kind == "visit"] == [
        ("harian-contoh", "RuntimeError: a bug")
    ]


def test_a_port_that_is_taken_is_told_in_a_sentence(press: Press) -> None:
    with pytest.raises(PortTaken, match=f"port {press.server.port} .* is taken"):
        Server(press.server.paper, press.server.port).open()


def test_a_newspaper_that_is_not_there_is_a_failure_and_no_crash(press: Press) -> None:
    press.server.close()
    report = press.crawl(HARBOUR)
    assert report.outcome == "finished"
    assert exit_code(report) in (3, 5)
    assert {outcome for _, outcome, _ in report.misses} == {"refused"}
    assert all("robots.txt unreachable (no answer: " in reason for *_, reason in report.misses)


# a small site with a fault


def test_a_feed_that_is_not_xml_fails_with_its_reason_and_is_kept(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    url = site.has("/feed", b"{}", media="application/rss+xml")
    site.declare(feeds=["/feed"])
    report = crawled(site_archive, readers, "site")
    assert exit_code(report) == 3
    ((missed, outcome, reason),) = report.misses
    assert (missed, outcome) == (url, "failed")
    assert reason
    (kept,) = rows(site_archive, select(capture.c.id).where(capture.c.url == url))
    assert site_archive.fetch(kept[0]).entity == b"{}"


def test_a_feed_that_failed_is_due_again(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    site.has("/feed", b"\0\1\2", media="application/rss+xml")
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    (due,) = rows(site_archive, select(frontier.c.next_due_at).where(frontier.c.kind == "feed"))
    assert due[0] > clock.now()


@pytest.mark.parametrize(
    ("body", "media", "outcomes"),
    [
        (b"%PDF-1.4 \x00\x01\x02" * 90, "application/pdf", {"unextractable", "not-article"}),
        (b"\x89PNG\r\n\x1a\n\x00\x00" * 9, "text/html", {"unextractable", "not-article"}),
        (b'{"a": 1}', "application/json", {"unextractable", "not-article"}),
        (b"", "text/html", {"unextractable", "not-article"}),
        (b"<html><title>Weather</title><p>Sun.</p>", "text/html", {"not-article"}),
    ],
    ids=["pdf", "png-said-to-be-html", "json", "empty", "no-article"],
)
def test_a_page_that_is_no_article_is_kept_as_evidence_with_its_reason(
    site: Site,
    site_archive: Archive,
    readers: Readers,
    body: bytes,
    media: str,
    outcomes: set[str],
) -> None:
    url = site.has("/news", body, media=media)
    site.has("/feed", feed(url), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    report = crawled(site_archive, readers, "site")
    ((missed, outcome, reason),) = report.misses
    assert missed == url
    assert outcome in outcomes
    assert reason
    assert held(site_archive) == 0
    (kept,) = rows(site_archive, select(capture.c.id).where(capture.c.url == url))
    assert site_archive.fetch(kept[0]).entity == body


def test_a_body_larger_than_the_limit_is_cut_kept_and_said_to_be_cut(
    site: Site, site_archive: Archive, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DOWNLOAD_MAXSIZE", 100_000)
    huge = article("Huge", comment=random.Random(1).randbytes(1_000_000).hex().encode())
    url = site.has("/huge", huge)
    fine = site.has("/fine", article("A fine day"))
    site.has("/feed", feed(url, fine), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    report = crawled(site_archive, readers, "site")
    assert report.counts["articles/new"] == 1
    ((missed, outcome, reason),) = report.misses
    assert (missed, outcome) == (url, "failed")
    assert "100000" in reason
    (row,) = rows(site_archive, select(capture.c.truncated).where(capture.c.url == url))
    assert row[0] == "length"
    site_archive.close()
    (path,) = site_archive.warc_directory.iterdir()
    with path.open("rb") as stream:
        cut = [
            r.rec_headers.get_header("WARC-Truncated")
            for r in ArchiveIterator(stream)
            if r.rec_headers.get_header("WARC-Target-URI") == url and r.rec_type == "response"
        ]
    assert cut == ["length"]


def test_a_page_that_moved_is_one_article_under_both_addresses(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    new = site.has("/new", article("A new address"))
    old = site.has("/old", b"", status=301, headers=(("Location", "/new"),))
    site.has("/feed", feed(old, new), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    assert held(site_archive) == 1
    with site_archive.reading() as connection:
        ids = {find_article(connection, u, site_archive.clock.now()).id for u in (old, new)}
    assert len(ids) == 1


def test_a_500_is_tried_again_and_given_up_in_the_end(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    url = site.has("/news", b"sorry", status=500)
    site.has("/feed", feed(url), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    for _ in range(8):
        crawled(site_archive, readers, "site")
        (due,) = rows(
            site_archive, select(frontier.c.next_due_at).where(frontier.c.kind == "article")
        )
        if due[0] is None:
            break
        clock.advance_to(due[0])
    assert due[0] is None
    assert site.asked.count("/news") == 8
    assert state_of(site_archive, url) == ("failed", "HTTP 500")


def held_for_an_hour(site: Site) -> None:
    site.has("/feed", b"", status=429, headers=(("Retry-After", "3600"),))
    site.declare(feeds=["/feed"], sections=["/one", "/two"])


def test_a_host_that_wants_an_hour_gets_it_and_its_leases_are_given_back(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    held_for_an_hour(site)
    report = crawled(site_archive, readers, "site")
    assert report.held == {"site": clock.now() + timedelta(hours=1)}
    assert site.asked == ["/robots.txt", "/feed"]
    lent = select(frontier.c.url).where(frontier.c.lease_token.is_not(None))
    assert rows(site_archive, lent) == []
    due = select(func.count()).select_from(frontier).where(frontier.c.next_due_at <= clock.now())
    assert rows(site_archive, due)[0][0] == 2


def test_a_host_that_is_held_is_not_asked_for_robots_either_and_nothing_is_refused(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    site.has("/robots.txt", b"", media="text/plain")
    site.has("/feed", feed(), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    clock.advance(timedelta(days=2))  # the robots.txt that is known is stale
    with site_archive.turn() as turn:
        turn.hosts.hold("site.example", until=clock.now() + timedelta(hours=9), reason="HTTP 429")
    site.asked.clear()
    report = crawled(site_archive, readers, "site")
    assert site.asked == []
    assert report.held == {"site": clock.now() + timedelta(hours=9)}
    assert report.misses == []
    clock.advance(timedelta(hours=9))
    crawled(site_archive, readers, "site")
    assert site.asked[:2] == ["/robots.txt", "/feed"]


def test_a_listing_that_is_denied_by_the_outlets_own_rules_names_nothing(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    url = site.has("/tag/harbour", article("A tag"))
    site.has("/feed", feed(url), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    path = site.directory / "outlets" / "site.toml"
    path.write_text(path.read_text() + "[urls]\ndeny = ['^/tag/']\n")
    report = crawled(site_archive, readers, "site")
    assert report.counts["sightings/denied"] == 1
    assert "/tag/harbour" not in site.asked


TRAPPED = ("/story", "/story/print", "/calendar/2031/1")


def test_a_trap_in_a_feed_is_counted_and_not_fetched_unless_the_outlet_allows_it(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    urls = [
        site.has(path, article(path)) for path in ("/story", "/story/print", "/calendar/2031/1")
    ]
    site.has("/feed", feed(*urls), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    report = crawled(site_archive, readers, "site")
    assert report.counts["sightings/trap/print view"] == 1
    assert report.counts["sightings/trap/calendar"] == 1
    assert [path for path in site.asked if path not in ("/robots.txt", "/feed")] == ["/story"]
    path = site.directory / "outlets" / "site.toml"
    path.write_text(path.read_text() + "[urls]\nallow = ['/print$']\n")
    clock.advance(timedelta(hours=1))
    crawled(site_archive, readers, "site")
    assert "/story/print" in site.asked
    assert "/calendar/2031/1" not in site.asked


def test_a_listing_with_an_address_that_cannot_be_loses_only_that(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    url = site.has("/story", article("A story"))
    long = "http://site.example/" + "\u00e9" * 900
    site.has("/feed", feed(long, url), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    report = crawled(site_archive, readers, "site")
    assert report.counts["sightings/trap/no address"] == 1
    assert report.counts["articles/new"] == 1


def test_a_headline_that_changes_in_a_feed_is_kept(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    url = site.has("/story", article("A story"))
    site.has("/feed", feed(url), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    changed = feed(url).replace(b"<title>News</title>", b"<title>Other news</title>")
    site.has("/feed", changed, media="application/rss+xml")
    clock.advance(timedelta(hours=1))
    report = crawled(site_archive, readers, "site")
    assert report.counts["sightings/changed"] == 1
    (said,) = rows(site_archive, select(sighting_change.c.said))
    assert said[0] == {"title": "Other news"}


@pytest.mark.parametrize("first", ["amp", "article"])
def test_an_amp_page_and_its_article_are_one_by_the_pages_own_word(
    site: Site, site_archive: Archive, readers: Readers, first: str
) -> None:
    canonical = b'<link rel="canonical" href="http://site.example/news/story"></head>'
    amp = site.has("/amp/story", article("A story").replace(b"</head>", canonical))
    whole = site.has("/news/story", article("A story"))
    announced = (amp, whole) if first == "amp" else (whole, amp)
    site.has("/feed", feed(*announced), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    report = crawled(site_archive, readers, "site")
    assert (report.counts["articles/new"], report.counts["articles/same"]) == (1, 1)
    with site_archive.reading() as connection:
        ids = {find_article(connection, u, site_archive.clock.now()).id for u in announced}
    assert len(ids) == 1


def test_an_index_of_many_sitemaps_is_read_lot_by_lot(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    empty = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
    names = [site.has(f"/map-{n}.xml", empty.format("")) for n in range(50)]
    listed = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    etag = (("ETag", '"1"'),)
    site.has("/index.xml", f"<sitemapindex>{listed}</sitemapindex>", headers=etag)
    site.declare(sitemaps=["/index.xml"])
    lots = []
    for _ in range(4):
        site.asked.clear()
        crawled(site_archive, readers, "site")
        lots.append(sum("/map-" in path for path in site.asked))
        site.answers["/index.xml"] = Answer(b"", status=304)  # it has not changed
        clock.advance(timedelta(minutes=20))
    assert lots == [20, 20, 10, 0]


def test_an_archive_is_sound_after_all_that(site: Site, readers: Readers) -> None:
    url = site.has("/news", article("A fine day"))
    site.has("/feed", feed(url), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    with Archive.open(site.directory) as archive:
        crawled(archive, readers, "site")
    assert is_sound(site.directory)


# a proxy from the environment


@pytest.fixture
def proxy(press: Press) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that hands everything to the newspaper, and remembers the request lines."""
    lines: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                Thread(target=hand_on, args=(listener.accept()[0],), daemon=True).start()

    def hand_on(client: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            client,
            socket.create_connection(("127.0.0.1", press.server.port)) as behind,
        ):
            Thread(target=pour, args=(behind, client), daemon=True).start()
            while data := client.recv(65536):
                lines.append(data.partition(b"\r\n")[0])
                behind.sendall(data)

    def pour(behind: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := behind.recv(65536):
                client.sendall(data)

    Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", lines
    listener.close()


def test_a_proxy_of_the_environment_is_used_and_its_address_is_no_evidence(
    press: Press, proxy: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, lines = proxy
    monkeypatch.setenv("http_proxy", address)
    press.crawl(HARBOUR, limit=2)
    press.archive.close()
    assert held(press.archive) == 2
    assert lines[0] == b"GET http://harbour-gazette.example/robots.txt HTTP/1.1"
    assert len(lines) == len(press.server.log)
    (path,) = press.archive.warc_directory.iterdir()
    records = gzip.decompress(path.read_bytes())
    assert b"GET http://harbour-gazette.example/robots.txt HTTP/1.1\r\n" in records
    assert b"WARC-IP-Address" not in records


# listings, over days


def polled(site: Site, archive: Archive, readers: Readers, *paths: str) -> None:
    """Crawl, with a feed that names these pages."""
    urls = [site.has(path, article(f"News of {path}")) for path in paths]
    site.has("/feed", feed(*urls), media="application/rss+xml")
    crawled(archive, readers, "site")


def test_a_feed_that_knows_nothing_any_more_proves_a_gap(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    site.declare(feeds=["/feed"])
    polled(site, site_archive, readers, "/1", "/2", "/3")
    began = clock.now()
    clock.advance(timedelta(hours=8))
    polled(site, site_archive, readers, "/3", "/4", "/5")
    assert rows(site_archive, select(gap)) == []
    before = clock.now()
    clock.advance(timedelta(days=2))
    polled(site, site_archive, readers, "/8", "/9")
    [found] = rows(site_archive, select(gap.c.began_at, gap.c.ended_at, gap.c.named))
    assert found[2] == 2
    assert began < before <= found[0] < found[1] == clock.now()


def test_a_quiet_feed_is_asked_for_less_and_less_and_the_frontier_says_why(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    site.declare(feeds=["/feed"])
    for _ in range(4):
        polled(site, site_archive, readers, "/1", "/2")
        clock.advance(timedelta(hours=1))
    facts = select(frontier.c.every_seconds, frontier.c.due_reason).where(frontier.c.kind == "feed")
    [(every, why)] = rows(site_archive, facts)
    assert every == 15 * 60 * 1.2**3 // 1
    assert why.startswith("feed: 100% known of 2, 21 min 36 s × 1.2 = ")


def test_a_feed_that_asks_for_more_time_is_given_it(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    body = feed("http://site.example/1").replace(b"<channel>", b"<channel><ttl>120</ttl>")
    site.has("/feed", body, media="application/rss+xml")
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    [(due,)] = rows(site_archive, select(frontier.c.next_due_at).where(frontier.c.kind == "feed"))
    assert due == clock.now() + timedelta(hours=2)


def test_a_dead_feed_is_retired_probed_monthly_and_revived_by_a_success(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    site.declare(feeds=["/feed"])
    facts = select(frontier.c.next_due_at, frontier.c.retired_at, frontier.c.reason).where(
        frontier.c.kind == "feed"
    )
    for _ in range(10):
        crawled(site_archive, readers, "site")
        [(due, retired, reason)] = rows(site_archive, facts)
        clock.advance_to(due)
    assert (retired, reason) == (clock.now() - timedelta(days=30), "HTTP 404")
    asked = site.asked.count("/feed")
    polled(site, site_archive, readers, "/1")
    assert site.asked.count("/feed") == asked + 1
    [(due, retired, reason)] = rows(site_archive, facts)
    assert (retired, reason) == (None, None)


# why


def test_why_tells_the_whole_life_of_a_page_that_moved(
    site: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    site.has("/new", article("A new address"))
    old = site.has("/old", b"", status=301, headers=(("Location", "/new"),))
    site.has("/feed", feed(old), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    told = "\n".join(lines(inquire(site_archive, old), clock.now()))
    assert "named by http://site.example/feed: 'News'" in told
    assert "HTTP 301 to /new  r:" in told
    assert "  hop 1     2026-03-02T09:00:0" in told
    assert "HTTP 200; read as new, v:" in told
    assert "stands      article of site, new since" in told
    assert "(article 0 s old: 15 min)" in told
