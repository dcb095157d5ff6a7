"""Listings that are made to cost a reader minutes: refused in time, saying why."""

import time
from collections.abc import Callable

import pytest

from archive.records import ListingKind
from crawler.discovery.bounds import MOST_DEEP, MOST_ITEMS, within_bounds
from crawler.discovery.listing import Reading

Read = Callable[..., Reading]
N = 300_000
ATTRIBUTES = b" ".join(b'a%d="x"' % n for n in range(20_000))
SPACES = b" ".join(b'xmlns:a%d="x%d"' % (n, n) for n in range(5_000))
LAUGHS = b'<!DOCTYPE rss [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
)
ITEM = b"<item><link>https://post.example/%d</link></item>"
JSON = b'{"version": "https://jsonfeed.org/version/1", "items": '
DEEP = f"not read: more than {MOST_DEEP} elements in each other"


@pytest.mark.parametrize(
    ("body", "declared", "why"),
    [
        (b"<rss><channel><item>" + b"<a>" * N, "feed", DEEP),
        (b"<rss><channel>" + b"<a>" * N + b"</a>" * N, "feed", DEEP),
        (b"<rdf:RDF>" + b"<item>" * N, "feed", DEEP),
        (b"<feed><entry><content>" + b"<div>" * N, "feed", DEEP),
        (b"<rss><channel " + ATTRIBUTES + b">", "feed", "quotation marks in one tag"),
        (b"<rss><channel " + ATTRIBUTES + b' b="never closed', "feed", "quotation marks in one"),
        (b"<rss><a " + b"b=c " * 200_000, "feed", "bytes in one tag"),
        (b"<rss>" + (b"<a " + b'b="c" ' * 150 + b"/>") * 10_000, "feed", "bytes in tags"),
        (b"<rss>" + b"".join(b'<a xmlns:b%d="c"/>' % n for n in range(900)), "feed", "namespaces"),
        (b"<rss>" + b"&x;" * 600_000, "feed", "entities"),
        (b"<!--" + b"x" * 1_000_100 + b"-->" + LAUGHS + b"]><rss/>", "feed", "of its own"),
        (b"<rss>" + b"</a>" * N, "feed", "elements; the rest was left out"),
        (b"<rss>" + b"<" * N, "feed", "elements; the rest was left out"),
        (b"<rss>" + b"<!---->" * N, "feed", "elements; the rest was left out"),
        (b"<rss>" + b"<![CDATA[]]>" * N, "feed", "elements; the rest was left out"),
        (b"<rss><channel><title>" + b"<!-- " * N, "feed", "not well-formed"),
        (b"<rss><channel><title>" + b"<![CDATA[" * N, "feed", "not well-formed"),
        (b"<urlset>" + b"<a>" * N, "sitemap", "not well-formed"),
        (b"<urlset>" + b"<url>" * N, "sitemap", "not well-formed"),
        (b"<urlset " + ATTRIBUTES + b"></urlset>", "sitemap", None),
        (b"<urlset " + SPACES + b"></urlset>", "sitemap", None),
        (b"<urlset>" + b"<url/>" * 2_100_000, "sitemap", "tags, limit"),
        (JSON + b"[" * N, "feed", "JSON that cannot be read"),
        (JSON + b"[" * N + b"]" * N + b"}", "feed", "JSON that cannot be read"),
        (JSON + b'{"a":' * N, "feed", "JSON that cannot be read"),
        (JSON + b"1" * 5_000_000 + b"}", "feed", "JSON that cannot be read"),
        (JSON + b"[" + b"{}," * 1_000_000 + b"{}]}", "feed", "values, limit"),
        (b"<html><body>" + b"<div>" * 100_000 + b"<a href=/a-b-c-d>x", "section", None),
        (b"<html><body>" + b"<a href=/a-b-c-d>" * 60_000, "section", "elements, limit"),
        (b"<html><body>" + b"<a href=/a-b-c-d>" * 500_000, "section", "tags, limit"),
        (b"<html><body><a " + ATTRIBUTES * 15 + b">x", "section", "of one element, limit"),
        (b"<html><body><a " + b"b=c" + b" d" * 300_000, "section", "of one element, limit"),
    ],
)  # fmt: skip
def test_what_is_made_to_be_slow_is_refused_in_time_and_says_why(
    read: Read, body: bytes, declared: ListingKind, why: str | None
) -> None:
    began = time.process_time()
    reading = read(body, declared)
    assert time.process_time() - began < 5  # it was up to minutes
    assert reading.discoveries == ()
    assert why is None or why in (reading.problem or "")


def test_a_sitemap_whose_entries_lie_in_each_other_is_read_once(read: Read) -> None:
    nest = b"<url>" * 200 + b"<loc>https://post.example/1</loc>" + b"</url>" * 200
    began = time.process_time()
    reading = read(b"<urlset>" + nest * 500 + b"</urlset>", "sitemap")
    assert time.process_time() - began < 5
    assert len(reading.discoveries) == 500


def test_of_too_many_items_the_first_are_read(read: Read) -> None:
    many = b"".join(ITEM % n for n in range(3 * MOST_ITEMS))
    reading = read(b"<rss><channel>" + many + b"</channel></rss>", "feed")
    assert [one.url[-1] for one in reading.discoveries[:2]] == ["0", "1"]
    assert len(reading.discoveries) == MOST_ITEMS
    assert reading.problem == f"more than {MOST_ITEMS} items; the first {MOST_ITEMS} were read"


def test_what_is_cut_is_well_formed_still() -> None:
    body, cut = within_bounds(b"<r:RDF><a><b/>" + b"<item>x</item>" * (MOST_ITEMS + 1))
    assert cut
    assert body.endswith(b"<item>x</item></a></r:RDF>")
    assert body.count(b"<item>") == MOST_ITEMS


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel>" + b"<item>a<br>b<p>c</item>" * 300 + b"</channel></rss>",
        b"<rss>" + b"<item><![CDATA[" + b"<div>" * 5_000 + b"]]></item></rss>",
        b"<rss><!--" + b"<div>" * 5_000 + b"--></rss>",
        b'<rss><img src="data:image/png;base64,' + b"A" * 300_000 + b'"/></rss>',
        b"<a b=\"<c\"><d e='>'>x < y & z</d>",
        b"no mark-up",
        b"",
    ],
)
def test_what_an_honest_feed_may_have_is_left_as_it_is(body: bytes) -> None:
    assert within_bounds(body) == (body, None)
