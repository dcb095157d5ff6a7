import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.discovery.bounds import MOST_ITEMS
from crawler.discovery.listing import Reading

Read = Callable[..., Reading]


def rss(items: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{head}<rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Post</title>'
        f"<language>en-GB</language>{items}</channel></rss>"
    )


def item(number: int, when: str = "Mon, 02 Mar 2026 07:05:00 GMT") -> str:
    return (
        f"<item><title>Item {number}</title><link>https://post.example/{number}</link>"
        f"<pubDate>{when}</pubDate></item>"
    )


def test_an_rss_item_is_sighted_with_all_that_it_says(read: Read) -> None:
    reading = read(
        rss(
            "<item><title>Tide &amp;amp; time</title><link>/2026/tide</link>"
            "<pubDate>Mon, 02 Mar 2026 14:05:00 +0700</pubDate><dc:creator>Ann Lee</dc:creator>"
            "<description>&lt;p&gt;Water &lt;b&gt;rose&lt;/b&gt;.&lt;/p&gt;</description></item>"
        ),
        "feed",
    )
    (found,) = reading.discoveries
    assert reading.kind == "feed"
    assert reading.problem is None
    assert found.url == "https://post.example/2026/tide"
    assert found.title == "Tide & time"
    assert found.authors == ("Ann Lee",)
    assert found.language == "en-GB"
    assert found.summary == "Water rose ."
    assert found.published is not None
    assert found.published.isoformat() == "2026-03-02T14:05:00+07:00"


def test_a_time_keeps_its_zone_and_a_named_one_is_known(read: Read) -> None:
    reading = read(rss(item(1, "Mon, 02 Mar 2026 14:05:00 WIB")), "feed")
    published = reading.discoveries[0].published
    assert published is not None
    assert published.utc == datetime(2026, 3, 2, 7, 5, tzinfo=UTC)
    assert published.zone == "declared"


def test_a_time_without_offset_is_read_in_the_outlets_zone(read: Read) -> None:
    reading = read(rss(item(1, "2026-03-02 14:05")), "feed", zone="Asia/Jakarta")
    published = reading.discoveries[0].published
    assert published is not None
    assert published.at.utcoffset() == timedelta(hours=7)
    assert (published.zone, published.precision) == ("outlet", "minute")


def test_atom_gives_both_moments_and_resolves_links_by_its_base(read: Read) -> None:
    reading = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://post.example/news/">'
        '<entry><title type="html">One &amp;amp; two</title><link href="a.html"/><id>x</id>'
        "<published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated>"
        "<author><name>Bo Chan</name></author></entry></feed>",
        "feed",
    )
    (found,) = reading.discoveries
    assert found.url == "https://post.example/news/a.html"
    assert found.published is not None
    assert found.modified is not None
    assert (found.published.on.day, found.modified.on.day) == (1, 2)


def test_an_atom_entry_that_was_only_updated_has_no_publication_date(read: Read) -> None:
    reading = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title>'
        '<link href="https://post.example/a"/><updated>2026-03-02T10:00:00Z</updated></entry></feed>',
        "feed",
    )
    assert reading.discoveries[0].published is None
    assert reading.discoveries[0].modified is not None


def test_rdf_is_read_with_its_dublin_core_date(read: Read) -> None:
    reading = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<item rdf:about="https://post.example/a"><title>T</title>'
        "<link>https://post.example/a</link><dc:date>2026-03-02T10:00:00+09:00</dc:date></item>"
        "</rdf:RDF>",
        "feed",
    )
    published = reading.discoveries[0].published
    assert published is not None
    assert published.isoformat() == "2026-03-02T10:00:00+09:00"


def test_a_json_feed_is_read(read: Read) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "id",
        "items": [
            {
                "url": "/a",
                "title": "Satu",
                "date_published": "2026-03-02T10:00:00+07:00",
                "authors": [{"name": "Siti"}],
                "summary": "Ringkas",
            },
            {"url": "javascript:alert(1)"},
            "no item",
        ],
    }
    (found,) = read(json.dumps(feed), "feed").discoveries
    assert (found.url, found.title, found.authors, found.language) == (
        "https://post.example/a",
        "Satu",
        ("Siti",),
        "id",
    )


@pytest.mark.parametrize("body", ["{", "[1]", '{"items": 3}', "[" * 5000])
def test_json_that_is_no_feed_is_said_to_be_none(read: Read, body: str) -> None:
    reading = read(body, "feed")
    assert reading.discoveries == ()
    assert reading.problem is not None
    assert reading.problem.startswith("not a feed: JSON")


def test_a_broken_feed_is_read_as_far_as_it_goes_and_the_fault_reported(read: Read) -> None:
    whole = rss(item(1) + item(2))
    reading = read(whole.replace("Item 2", "Item 2 & <b>"), "feed")
    assert [d.url for d in reading.discoveries][:1] == ["https://post.example/1"]
    assert reading.problem is not None
    assert reading.problem.startswith("not well-formed: ")
    assert reading.problem.endswith(f"{len(reading.discoveries)} of its items were read")


def test_the_newest_come_first_and_the_undated_last(read: Read) -> None:
    undated = "<item><title>n</title><link>https://post.example/n</link></item>"
    older, newer = item(1, "Sun, 01 Mar 2026 00:00:00 GMT"), item(2)
    reading = read(rss(undated + older + newer), "feed")
    assert [d.url.rsplit("/", 1)[1] for d in reading.discoveries] == ["2", "1", "n"]
    assert [d.position for d in reading.discoveries] == [2, 1, 0]


def test_a_feed_of_thousands_is_cut_and_says_so(read: Read) -> None:
    reading = read(rss("".join(map(item, range(MOST_ITEMS + 1)))), "feed")
    assert len(reading.discoveries) == MOST_ITEMS
    assert reading.problem == f"more than {MOST_ITEMS} items; the first {MOST_ITEMS} were read"


def test_feedburners_counter_is_passed_by(read: Read) -> None:
    reading = read(
        '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>'
        "<item><title>T</title><link>https://counter.example/~r/1</link>"
        "<feedburner:origLink>https://post.example/real</feedburner:origLink></item></channel></rss>",
        "feed",
    )
    assert reading.discoveries[0].url == "https://post.example/real"


def test_entities_do_not_explode(read: Read) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = rss(
        "<item><title>&l11;</title><link>https://post.example/a</link></item>",
        f'<!DOCTYPE rss [<!ENTITY l0 "ha]> ha">{laughs}]>',
    )
    reading = read(bomb, "feed")
    assert all(len(d.title or "") < 1000 for d in reading.discoveries)


def test_an_external_entity_is_not_fetched(read: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    reading = read(
        rss(
            "<item><title>&x;</title><link>https://post.example/a</link></item>",
            f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        ),
        "feed",
    )
    assert "secret" not in repr(reading)


def test_a_listing_that_is_the_name_of_a_file_opens_no_file(read: Read, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(rss(item(1)))
    reading = read(str(feed), "feed")
    assert reading.discoveries == ()
    assert reading.problem is not None
    assert reading.problem.startswith("not a feed: begins with")


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ('<link rel="self" href="/self"/><link rel="alternate" href="/a"/>', "/a"),
        ('<link rel="enclosure" type="audio/mpeg" href="/a.mp3"/><link href="/a"/>', "/a"),
        ('<link type="application/pdf" href="/a.pdf"/><link type="text/html" href="/a"/>', "/a"),
        ('<link href="/a"/><link rel="alternate" hreflang="de" href="/de"/>', "/a"),
        ('<link rel="alternate" hreflang="de" href="/de"/><link href="/a"/>', "/a"),
        ('<link rel="self" href="/self"/><id>https://post.example/a</id>', "/a"),
        ('<link rel="replies" href="/a/comments"/><link rel="edit" href="/edit"/>', None),
    ],
)
def test_of_several_links_the_entrys_own_page_is_taken(
    read: Read, links: str, url: str | None
) -> None:
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title>{links}</entry></feed>'
    )
    found = [d.url for d in read(body, "feed").discoveries]
    assert found == ([f"https://post.example{url}"] if url else [])


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link><![CDATA[\n https://post.example/a?x=1&y=2 ]]></link>", "/a?x=1&y=2"),
        ("<link>  </link><guid>https://post.example/a</guid>", "/a"),
        ("<guid>https://post.example/a</guid>", "/a"),
        ('<guid isPermaLink="false">https://post.example/a</guid>', None),
        ('<guid isPermaLink="true">https://post.example/a</guid>', "/a"),
        ('<guid isPermaLink="false">7</guid>', None),
        ('<atom:link href="https://post.example/a"/>', "/a"),
        ('<atom:link rel="self" href="https://post.example/feed"/>', None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>https://post.example/two words</link>", None),
    ],
)
def test_an_items_address_is_found_or_its_lack_is_said(
    read: Read, item: str, url: str | None
) -> None:
    body = (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<item><title>T</title>{item}</item></channel></rss>"
    )
    reading = read(body, "feed")
    assert [d.url for d in reading.discoveries] == ([f"https://post.example{url}"] if url else [])
    said = None if url else "1 of 1 items have no link that leads anywhere"
    assert reading.problem == said


def test_categories_are_keywords(read: Read) -> None:
    body = rss(
        item(1).replace("</item>", "<category>Sea</category><category>Sea</category></item>")
    )
    assert read(body, "feed").discoveries[0].keywords == ("Sea",)


@pytest.mark.parametrize(
    "head",
    [
        '<rss version="0.91"><channel>',
        '<rss version="0.92"><channel>',
        '<rss version="0.94"><channel>',
        '<rss version="2.0"><channel>',
        "<rss><channel>",
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "x.dtd"><rss><channel>',
    ],
)
def test_every_rss_is_read(read: Read, head: str) -> None:
    assert len(read(f"{head}{item(1)}</channel></rss>", "feed").discoveries) == 1


@pytest.mark.parametrize("base", ["channel", "item", "rss"])
def test_relative_links_of_rss_follow_xml_base(read: Read, base: str) -> None:
    body = "<rss><channel><item><title>T</title><link>a/b</link></item></channel></rss>"
    body = body.replace(f"<{base}>", f'<{base} xml:base="https://post.example/news/">')
    assert read(body, "feed").discoveries[0].url == "https://post.example/news/a/b"


def test_a_page_that_is_taken_for_a_feed_names_the_feed_that_it_has(read: Read) -> None:
    body = (
        "<html><head><title>Post</title><link rel=alternate type='application/rss+xml' "
        "href='/real.xml?a=1&amp;b=2'></head></html>"
    )
    problem = read(body, "feed").problem
    assert problem is not None
    assert problem.endswith(", which says that its feed is https://post.example/real.xml?a=1&b=2")
