"""Pictures and style sheets of articles: fetched after them, within bounds, once while fresh."""

from datetime import timedelta

import pytest
from flow.parts import Site, article, crawled, feed, is_sound, rows
from sqlalchemy import select

from archive.clock import SimulatedClock
from archive.db.crawling import frontier
from archive.db.schema import capture, requisite
from archive.store import Archive
from crawler.readers import Readers

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 200
SHEET = b"@import url(more.css); body { background: url(paper.png) }"


def page(title: str, *files: str) -> bytes:
    links = "".join(
        f'<link rel="stylesheet" href="{one}">' if one.endswith(".css") else f'<img src="{one}">'
        for one in files
    )
    return article(title).replace(b"</article>", links.encode() + b"</article>")


def declared(site: Site, rules: str = 'policy = "same-site"') -> None:
    site.declare(feeds=["/feed"])
    path = site.directory / "outlets" / "site.toml"
    path.write_text(path.read_text() + f"\n[requisites]\n{rules}\n")


@pytest.fixture
def furnished(site: Site) -> Site:
    one = site.has("/one", page("One", "/style.css", "/one.png", "http://other.example/x.png"))
    two = site.has("/two", page("Two", "/style.css", "/missing.png"))
    site.has("/feed", feed(one, two), media="application/rss+xml")
    site.has("/style.css", SHEET, media="text/css")
    site.has("/more.css", b"p { color: red }", media="text/css")
    for name in ("/one.png", "/paper.png"):
        site.has(name, PNG, media="image/png")
    return site


def states(archive: Archive) -> dict[str, str]:
    statement = select(frontier.c.url, frontier.c.state).where(frontier.c.kind == "requisite")
    return {url.rpartition("/")[2]: state for url, state in rows(archive, statement)}


def test_what_pages_need_is_fetched_after_all_articles_and_once(
    furnished: Site, site_archive: Archive, readers: Readers
) -> None:
    declared(furnished)
    report = crawled(site_archive, readers, "site")
    files = ["/style.css", "/one.png", "/missing.png", "/more.css", "/paper.png"]
    assert sorted(furnished.asked[-5:]) == sorted(files)
    assert set(furnished.asked[:-5]) == {"/robots.txt", "/feed", "/one", "/two"}
    assert report.counts["requisites/polled"] == 4
    assert report.counts["requisites/failed"] == 1
    assert report.misses == []
    assert states(site_archive) == {
        "style.css": "polled", "one.png": "polled", "missing.png": "failed",
        "more.css": "polled", "paper.png": "polled",
    }  # fmt: skip
    needed = select(requisite.c.url, capture.c.url).join(
        capture, capture.c.id == requisite.c.page_id
    )
    assert ("http://site.example/paper.png", "http://site.example/style.css") in rows(
        site_archive, needed
    )
    site_archive.close()
    assert is_sound(furnished.directory)


def test_without_a_policy_nothing_is_fetched(
    furnished: Site, site_archive: Archive, readers: Readers
) -> None:
    furnished.declare(feeds=["/feed"])
    crawled(site_archive, readers, "site")
    assert set(furnished.asked) == {"/robots.txt", "/feed", "/one", "/two"}


def test_what_is_fresh_is_not_fetched_again_and_what_is_stale_is(
    furnished: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    declared(furnished, 'policy = "same-site"\nfresh_days = 30')
    crawled(site_archive, readers, "site")
    for days, asked in ((2, False), (40, True)):
        clock.advance(timedelta(days=days))
        path = f"/later-{days}"
        furnished.has("/feed", feed(furnished.has(path, page(f"Later {days}", "/style.css"))),
                      media="application/rss+xml")  # fmt: skip
        furnished.asked.clear()
        crawled(site_archive, readers, "site")
        assert path in furnished.asked
        assert ("/style.css" in furnished.asked) == asked


def test_robots_are_obeyed_for_pictures_too(
    furnished: Site, site_archive: Archive, readers: Readers
) -> None:
    declared(furnished)
    furnished.has("/robots.txt", b"User-agent: *\nDisallow: /one.png\n", media="text/plain")
    report = crawled(site_archive, readers, "site")
    assert "/one.png" not in furnished.asked
    assert states(site_archive)["one.png"] == "refused"
    assert report.counts["requisites/refused"] == 1


def test_a_page_brings_no_more_than_its_share(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    files = [f"/{n}.png" for n in range(6)]
    for one in files:
        site.has(one, PNG, media="image/png")
    url = site.has("/one", page("One", *files))
    site.has("/feed", feed(url), media="application/rss+xml")
    declared(site, 'policy = "same-site"\nmax_bytes = 500')
    report = crawled(site_archive, readers, "site")
    assert report.counts["articles/new"] == 1
    assert report.counts["requisites/refused"] >= 1
    assert report.counts["requisites/polled"] < 6
    assert sum(report.counts[f"requisites/{o}"] for o in ("polled", "refused", "failed")) == 6


def test_a_single_article_comes_with_what_it_needs(
    furnished: Site, site_archive: Archive, readers: Readers
) -> None:
    declared(furnished)
    crawled(site_archive, readers, "site", only="http://site.example/one")
    assert set(furnished.asked) == {
        "/robots.txt", "/one", "/style.css", "/one.png", "/more.css", "/paper.png",
    }  # fmt: skip


def test_a_limit_counts_articles_and_not_their_pictures(
    furnished: Site, site_archive: Archive, readers: Readers
) -> None:
    declared(furnished)
    report = crawled(site_archive, readers, "site", limit=1)
    assert report.counts["articles/new"] == 1
    assert report.counts["requisites/polled"] >= 1


def test_a_circle_of_imports_ends(site: Site, site_archive: Archive, readers: Readers) -> None:
    site.has("/a.css", b"@import url(b.css);", media="text/css")
    site.has("/b.css", b"@import url(a.css);", media="text/css")
    url = site.has("/one", page("One", "/a.css"))
    site.has("/feed", feed(url), media="application/rss+xml")
    declared(site)
    crawled(site_archive, readers, "site")
    assert sorted(one for one in site.asked if one.endswith(".css")) == ["/a.css", "/b.css"]
