import gzip
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from crawler.demo.content import DemoOutlet, load
from crawler.demo.listings import listing, robots
from crawler.demo.newspaper import OPENS_AT
from crawler.demo.timeline import stories_at

OUTLETS = {outlet.id: outlet for outlet in load()}
GAZETTE, HARIAN, BOTE = (
    OUTLETS[name] for name in ("harbour-gazette", "harian-contoh", "ahrenwalder-bote")
)
NOON = OPENS_AT + timedelta(days=2, hours=7)


def read(outlet: DemoOutlet, kind: str) -> ET.Element:
    body = listing(outlet, "http://x", NOON, kind).body
    return ET.fromstring(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=lambda outlet: outlet.id)
def test_every_listing_is_well_formed(outlet: DemoOutlet) -> None:
    assert outlet.listings
    for kind in outlet.listings:
        if kind != "section-rss-of":
            assert len(read(outlet, kind))


def test_the_news_sitemap_holds_two_days() -> None:
    count = sum(s.article.published > NOON - timedelta(days=2) for s in stories_at(GAZETTE, NOON))
    assert len(read(GAZETTE, "news")) == count
    assert 0 < count < len(stories_at(GAZETTE, NOON))


def test_the_plain_and_the_gzipped_sitemap_divide_the_articles() -> None:
    found = len(read(BOTE, "recent")) + len(read(BOTE, "older"))
    posts = [post for post in BOTE.signposts if post.where == "sitemap"]
    assert found == len(stories_at(BOTE, NOON)) + len(posts)


def test_the_bare_outlet_dates_nothing() -> None:
    for kind in ("index", "recent"):
        assert b"2026-" not in listing(HARIAN, "http://x", NOON, kind).body.replace(
            HARIAN.signposts[-1].path.encode(), b""
        )


def test_a_feed_has_twenty_entries_at_most_and_its_signposts() -> None:
    entries = read(GAZETTE, "rss").findall("channel/item")
    assert len(entries) <= 21
    assert any("/members/" in (entry.findtext("link") or "") for entry in entries)


def test_robots_names_what_is_private_and_how_fast() -> None:
    text = robots([("", BOTE)], ["http://x"])
    assert "Disallow: /intern/\n" in text
    assert "Crawl-delay: 10\n" in text
    assert "Sitemap: http://x/sitemap.xml\n" in text
