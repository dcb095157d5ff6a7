"""Servers and listings that are made to hold a crawler up: nobody else waits for them."""

import contextlib
import itertools
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flow.parts import Answer, Site, article, crawled, feed, is_sound, rows, start, state_of
from sqlalchemy import select

from archive.config import CONFIG_NAME, Guard, read_config, render_config
from archive.db.crawling import frontier
from archive.db.crawling import run as run_table
from archive.db.schema import article as article_table
from archive.db.schema import article_url, capture
from archive.schedules import Schedule
from archive.store import Archive
from archive.urls import urlkey
from crawler.outlets.catalogue import own_outlets
from crawler.readers import Readers

GRACE = 10
"""Seconds, as docs/operating.md has it."""


@dataclass
class Dripper:
    """A server that answers each request with a byte a second, for ever."""

    port: int
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def dripper() -> Iterator[Dripper]:
    listener = socket.create_server(("127.0.0.1", 0))
    dripping = Dripper(listener.getsockname()[1])
    is_over = threading.Event()

    def drip(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            path = connection.recv(65_536).split()[1].decode()
            dripping.asked.append(path)
            if path == "/robots.txt":
                connection.sendall(
                    b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
                return
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss>")
            while not is_over.wait(1):
                connection.sendall(b" ")

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield dripping
    is_over.set()
    listener.close()


def know(site: Site, host: str, port: int) -> None:
    """Let the site's archive find another host on loopback."""
    config = read_config(site.directory)
    config = config.model_copy(
        update={
            "guard": Guard(allow=(*config.guard.allow, f"127.0.0.1:{port}")),
            "resolve": {**config.resolve, host: f"127.0.0.1:{port}"},
        }
    )
    (site.directory / CONFIG_NAME).write_text(render_config(config), "utf-8")


def declare(site: Site, name: str, *, delay_seconds: float = 0) -> None:
    """An outlet of one feed beside the site's own."""
    (site.directory / "outlets" / f"{name}.toml").write_text(
        f'id = "{name}"\nname = "{name}"\nhome = "http://{name}.example/"\nlanguages = ["en"]\n'
        f'[listings]\nfeeds = ["/feed"]\n[pace]\ndelay_seconds = {delay_seconds}\n'
        "[rights]\nask = false\n",
        "utf-8",
    )


def test_a_server_that_drips_holds_up_no_other_outlet_nor_the_end_of_the_service(
    site: Site, dripper: Dripper
) -> None:
    site.has("/feed", feed(*(site.has(f"/{n}", article(f"Number {n}")) for n in range(5))))
    site.declare(feeds=["/feed"])
    know(site, "drip.example", dripper.port)
    declare(site, "drip")
    with site.opened() as archive, archive.turn() as turn:
        for outlet in own_outlets(archive.directory):
            turn.sync_outlet(outlet.declaration, None)
            turn.schedules.set(
                Schedule(outlet=outlet.oid, profile="daily-news", set_at=archive.clock.now())
            )
    process = start(site.directory, "run")
    give_up = time.monotonic() + 60
    while "/feed" not in dripper.asked or "/4" not in site.asked:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up, (dripper.asked, site.asked)
        time.sleep(0.02)
    ended = time.monotonic()
    process.send_signal(signal.SIGTERM)
    said, complained = process.communicate(timeout=60)
    took = time.monotonic() - ended
    assert process.returncode == 0, complained
    assert "Traceback" not in said + complained
    assert took < GRACE + 20  # it was the minute that an answer may take
    with site.opened() as archive:
        assert state_of(archive, "http://site.example/4")[0] == "new"
        drips = select(frontier.c.state, frontier.c.lease_token).where(
            frontier.c.outlet_id == "drip"
        )
        assert rows(archive, drips) == [("pending", None)]  # given back, and no failure
        cut = select(capture.c.truncated, capture.c.error).where(
            capture.c.url == "http://drip.example/feed"
        )
        ((truncated, error),) = rows(archive, cut)
        assert truncated == "time"
        assert error == "RunStopped: the run was asked to end while it came"
        assert [one for (one,) in rows(archive, select(run_table.c.outcome))] == ["interrupted"]
    assert is_sound(site.directory)


def test_a_listing_made_to_be_slow_is_refused_and_the_ledger_says_why(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    deep = b"<rss><channel><item>" + b"<a>" * 300_000
    site.has("/feed", deep, media="application/rss+xml")
    site.has("/good", feed(site.has("/1", article("One"))), media="application/rss+xml")
    site.declare(feeds=["/feed", "/good"])
    began = time.monotonic()
    report = crawled(site_archive, readers, "site")
    assert time.monotonic() - began < 30
    assert report.counts["problems/listings"] == 1
    assert report.counts["articles/new"] == 1
    of = select(frontier.c.state, frontier.c.reason).where(frontier.c.url.like("%/feed"))
    ((_, reason),) = rows(site_archive, of)
    assert reason == "not read: more than 200 elements in each other"


# a redirect to another outlet's host


def to(url: str) -> Answer:
    return Answer(status=302, headers=(("Location", url),))


@pytest.fixture
def led_away(site: Site) -> Site:
    """A site whose addresses lead to those of another outlet, which has manners of its own."""
    know(site, "other.example", site.port)
    declare(site, "other")
    other = "http://other.example"
    paths = {"/a": f"{other}/one", "/b": f"{other}/two", "/c": f"{other}/closed/three"}
    paths["/d"] = "http://169.254.169.254/latest/meta-data"
    for path, target in paths.items():
        site.answers[path] = to(target)
    for path in ("/one", "/two", "/closed/three"):
        site.answers[f"//other.example{path}"] = Answer(article(f"Story of {path}"))
    said = b"User-agent: *\nDisallow: /closed/\nCrawl-delay: 0.5\n"
    site.answers["//other.example/robots.txt"] = Answer(said, media="text/plain")
    site.has("/feed", feed(*(f"http://site.example{path}" for path in paths)))
    site.declare(feeds=["/feed"])
    return site


def test_a_redirect_to_another_outlets_host_meets_the_manners_of_that_host(led_away: Site) -> None:
    process = start(led_away.directory, "crawl", "site")
    said, complained = process.communicate(timeout=60)
    assert process.returncode in (0, 3), said + complained
    there = [one for one in led_away.heard if one.host == "other.example"]
    assert [one.path for one in there][:1] == ["/robots.txt"]
    assert {one.path for one in there} == {"/robots.txt", "/one", "/two"}
    gaps = [b.at - a.at for a, b in itertools.pairwise(there)]
    assert min(gaps[1:], default=0.0) >= 0.5  # as it says from the first page on
    with led_away.opened() as archive:
        state, reason = state_of(archive, "http://site.example/c")
        rule = "(line 2, 'Disallow: /closed/', for User-agent *)"
        assert state == "refused"
        assert reason == f"disallowed by http://other.example/robots.txt {rule}"
        state, reason = state_of(archive, "http://site.example/d")
        assert state == "refused"
        assert "not on the public internet" in (reason or "")
    assert is_sound(led_away.directory)


def test_an_article_that_was_led_to_binds_both_addresses_and_stays_its_outlets(
    led_away: Site, site_archive: Archive, readers: Readers
) -> None:
    crawled(site_archive, readers, "site")
    articles = rows(site_archive, select(article_table.c.outlet_id, article_table.c.url))
    assert {tuple(one) for one in articles} == {
        ("site", "http://other.example/one"),
        ("site", "http://other.example/two"),
    }
    hops = select(capture.c.url, capture.c.status, capture.c.location).where(
        capture.c.url.in_(["http://site.example/a", "http://other.example/one"])
    )
    assert [tuple(one) for one in rows(site_archive, hops)] == [
        ("http://site.example/a", 302, "http://other.example/one"),
        ("http://other.example/one", 200, None),
    ]
    keys = [urlkey(f"http://{one}") for one in ("site.example/a", "other.example/one")]
    bound = select(article_url.c.article_id).where(article_url.c.urlkey.in_(keys))
    assert len(rows(site_archive, bound)) == 2
    assert len(set(rows(site_archive, bound))) == 1
    # its own outlet meets it under the same address, and keeps an article of its own
    led_away.has("/feed", feed("http://other.example/one"))
    crawled(site_archive, readers, "other")
    of_other = select(article_table.c.url).where(article_table.c.outlet_id == "other")
    assert rows(site_archive, of_other) == [("http://other.example/one",)]
