import gzip
import time
from collections.abc import Callable

import pytest

from crawler.extract import tree
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page
from crawler.extract.tree import html_tree

PageOf = Callable[..., Page]


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "empty body"),
        (b" \r\n", None, "empty body"),
        (b"%PDF-1.7 ...", "text/html", "PDF, not HTML"),
        (b"\x89PNG\r\n", "image/png", "an image, not HTML"),
        (b"\xff\xd8\xff\xe0", None, "an image, not HTML"),
        (b"RIFF0000WEBPVP8", None, "an image, not HTML"),
        (b'{"html": "<p>x</p>"}', "text/html", "JSON, not HTML"),
        (b"[1, 2]", "application/json", "JSON, not HTML"),
        (b"<?xml version='1.0'?><rss></rss>", "text/xml", "XML (rss), not HTML"),
        (b"just words", "text/plain", "text/plain without HTML mark-up"),
        (b"just words", None, "unknown type without HTML mark-up"),
    ],
)
def test_what_is_no_html_is_refused_with_its_name(
    page_of: PageOf, body: bytes, content_type: str | None, reason: str
) -> None:
    with pytest.raises(Unextractable) as refusal:
        tree.parse(page_of(body, content_type=content_type))
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    "body",
    [
        b"<p>only a paragraph</p>",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><p>x</p></html>",
        b"<!-- one --><!-- two --><html><p>x</p></html>",
        b"<!DOCTYPE html PUBLIC '-//W3C//DTD' 'http://x/'/><html><p>x</p></html>",
        b"\xef\xbb\xbf<!doctype html><p>x</p>",
    ],
)
def test_html_is_known_by_its_content(page_of: PageOf, body: bytes) -> None:
    parsed = tree.parse(page_of(body, content_type="application/octet-stream"))
    assert parsed.find(".//p") is not None


def test_a_prolog_of_a_thousand_comments_is_read_at_once() -> None:
    assert tree.not_html("<!---->" * 600 + "words", None) is not None


@pytest.mark.parametrize(
    ("coding", "reason"),
    [("compress", "unknown content coding"), ("gzip", "not a gzip body"), ("a,b,c,d", "4 content")],
)
def test_a_coding_that_cannot_be_undone_is_named(page_of: PageOf, coding: str, reason: str) -> None:
    with pytest.raises(Unextractable, match=reason):
        tree.parse(page_of(b"\x00\x01\x02", content_encoding=coding))


def test_a_gzip_that_no_header_names_is_unpacked(page_of: PageOf) -> None:
    body = gzip.compress(gzip.compress(b"<html><p>x</p></html>"))
    assert tree.parse(page_of(body)).find(".//p") is not None


def test_a_bomb_is_refused(page_of: PageOf) -> None:
    bomb = gzip.compress(b"<html>" + b" " * (tree.HTML_LIMIT + 1))
    with pytest.raises(Unextractable, match="too large"):
        tree.parse(page_of(bomb, content_encoding="gzip"))


def test_a_page_of_too_many_elements_is_refused(page_of: PageOf) -> None:
    with pytest.raises(Unextractable, match=r"too large: \d+ elements"):
        tree.parse(page_of("<html>" + "<p>x" * (tree.ELEMENTS_LIMIT + 1)))


def test_a_text_without_elements_gives_no_tree() -> None:
    with pytest.raises(Unextractable, match="no tree"):
        tree.html_tree("")


def test_an_element_of_a_hundred_thousand_attributes_is_refused_at_once() -> None:
    wide = "<html><body><p " + " ".join(f'a{n}="x"' for n in range(100_000)) + ">text</p>"
    began = time.process_time()
    with pytest.raises(Unextractable, match="attributes of one element, limit 2000"):
        html_tree(wide)
    assert time.process_time() - began < 5  # it was minutes, in which no signal is heard


@pytest.mark.parametrize(
    "tag",
    [
        "<img src='data:image/png;base64," + "A b=" * 20_000 + "'>",
        "<script>if (a<b) {" + "var a = b; " * 9_000 + "}</script>",
        "<p " + " ".join(f'a{n}="x"' for n in range(900)) + ">",
    ],
)
def test_a_long_tag_of_few_attributes_is_read(tag: str) -> None:
    assert html_tree(f"<html><body>{tag}<p>text</p>").findtext(".//p") is not None
