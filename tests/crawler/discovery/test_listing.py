import gzip
import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import ListingKind, Url
from crawler.discovery.listing import Reading, read_listing
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page

Read = Callable[..., Reading]
WALL = "<!DOCTYPE html><html><head><title>Your privacy &amp; choices</title></head></html>"
RSS = (
    "<rss><channel><item><title>t</title><link>https://post.example/a</link></item></channel></rss>"
)


@pytest.mark.parametrize("declared", ["feed", "sitemap"])
def test_an_html_page_instead_of_a_listing_is_named(read: Read, declared: ListingKind) -> None:
    reading = read(WALL, declared)
    assert reading.discoveries == ()
    assert reading.problem == f"not a {declared}: an HTML page titled 'Your privacy & choices'"


@pytest.mark.parametrize("declared", ["feed", "sitemap", "section"])
def test_content_outranks_declaration_and_mime_type(read: Read, declared: ListingKind) -> None:
    reading = read(RSS, declared, content_type="text/html")
    assert reading.kind == "feed"
    assert len(reading.discoveries) == 1


@pytest.mark.parametrize(
    "prolog",
    [
        "",
        "\ufeff",
        "\n\n",
        '<?xml version="1.0"?>',
        "<!-- made by hand --><!-- twice -->",
        "<br /><b>Warning</b>: mysql gone",
    ],
)
def test_what_stands_before_the_root_does_not_matter(read: Read, prolog: str) -> None:
    assert len(read(prolog + RSS, "feed").discoveries) == 1


def test_a_prolog_of_a_thousand_comments_is_read_at_once(read: Read) -> None:
    reading = read("<!---->" * 500 + "<?x?>" * 500, "feed")
    assert reading.problem is not None


def test_a_coding_is_undone_once_more_than_declared(read: Read) -> None:
    packed = gzip.compress(gzip.compress(RSS.encode()))
    assert len(read(packed, "feed", content_encoding="gzip").discoveries) == 1


def test_an_empty_listing_is_refused(read: Read) -> None:
    with pytest.raises(Unextractable, match="empty"):
        read(b" \n", "feed")


def test_a_bomb_is_refused(read: Read) -> None:
    bomb = gzip.compress(b"<rss>" + b" " * (51 * 1024 * 1024), 9)
    with pytest.raises(Unextractable, match="too large"):
        read(bomb, "feed")


def test_a_reading_crosses_to_another_process(read: Read) -> None:
    reading = read(RSS, "feed")
    assert pickle.loads(pickle.dumps(reading)) == reading


@settings(max_examples=60, deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda t: f"<rss><channel><item>{t}".encode("utf-8", "replace")),
        st.text(max_size=200).map(lambda t: f"<urlset><url><loc>{t}".encode("utf-8", "replace")),
        st.text(max_size=200).map(lambda t: f"<a href='{t}'>{t}".encode("utf-8", "replace")),
    ),
    declared=st.sampled_from(["feed", "sitemap", "section"]),
)
def test_no_bytes_break_it(body: bytes, declared: ListingKind) -> None:
    page = Page(
        url=Url("https://post.example/"),
        body=body,
        content_type=None,
        content_encoding=None,
        captured_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    try:
        reading = read_listing(page, declared=declared)
    except Unextractable:
        return
    assert all(d.url.startswith(("http://", "https://")) for d in reading.discoveries)
