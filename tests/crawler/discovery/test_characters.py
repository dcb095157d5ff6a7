"""Listings in other encodings than they say, with marks, with entities that would explode."""

from collections.abc import Callable

import pytest

from crawler.discovery.characters import as_utf8
from crawler.discovery.listing import Reading

Read = Callable[..., Reading]
RSS = (
    '<?xml version="1.0" encoding="{0}"?><rss version="2.0"><channel><item>'
    "<title>Порт — café</title>"
    "<link>https://post.example/a</link></item></channel></rss>"
)
LATIN = RSS.replace("Порт — ", "")


@pytest.mark.parametrize(
    "body",
    [
        RSS.format("utf-8").encode(),
        RSS.format("utf-8").encode("utf-8-sig"),
        RSS.format("utf-16").encode("utf-16"),
        RSS.format("utf-16").encode("utf-16-le"),
        RSS.format("utf-16").encode("utf-16-be"),
        RSS.format("utf-16").encode("utf-8"),
        RSS.format("iso-8859-1").encode("utf-8"),
        RSS.format("klingon").encode("utf-8"),
        b"\n\n" + RSS.format("utf-8").encode(),
    ],
    ids=[
        "utf-8", "mark", "utf-16", "le-without-mark", "be-without-mark", "not-utf-16",
        "not-latin-1", "unknown", "late",
    ],
)  # fmt: skip
def test_a_feed_is_read_whatever_it_says_it_is_in(read: Read, body: bytes) -> None:
    reading = read(body, "feed")
    assert [d.title for d in reading.discoveries] == ["Порт — café"]


@pytest.mark.parametrize("said", ["iso-8859-1", "windows-1252", "utf-8", ""])
def test_latin_bytes_are_read_as_such(read: Read, said: str) -> None:
    reading = read(LATIN.format(said).encode("latin-1"), "feed")
    assert [d.title for d in reading.discoveries] == ["café"]


def test_a_sitemap_in_utf_16_is_known_by_its_content(read: Read) -> None:
    body = '<?xml version="1.0" encoding="UTF-16"?><urlset><url><loc>https://post.example/a</loc></url></urlset>'
    assert read(body.encode("utf-16"), "feed").kind == "sitemap"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8"])
@pytest.mark.parametrize("declared", ["feed", "sitemap"])
def test_entities_do_not_explode_in_any_encoding(read: Read, encoding: str, declared: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
    feed = "<rss><channel><item><title>&l11;</title><link>https://post.example/a</link></item></channel></rss>"
    urls = "<urlset><url><loc>https://post.example/&l11;</loc></url></urlset>"
    body = f'<?xml version="1.0"?>{doctype}{feed if declared == "feed" else urls}'
    reading = read(body.encode(encoding), declared)
    assert all(len(d.title or "") + len(d.url) < 3000 for d in reading.discoveries)


def test_the_declaration_of_another_encoding_is_taken_out() -> None:
    body = '<?xml version="1.0" encoding="utf-16" standalone="yes"?><a/>'.encode("utf-16")
    assert as_utf8(body, None) == b'<?xml version="1.0" standalone="yes"?><a/>'
