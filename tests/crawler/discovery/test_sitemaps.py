import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.discovery import sitemaps
from crawler.discovery.listing import Reading

Read = Callable[..., Reading]
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(entries: str, head: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<urlset {NAMESPACES}>{entries}</urlset>'


def entry(number: int) -> str:
    return f"<url><loc>https://post.example/{number}</loc></url>"


def test_a_news_sitemap_gives_title_time_and_language(read: Read) -> None:
    reading = read(
        urlset(
            "<url><loc> https://post.example/a </loc><lastmod>2026-03-02</lastmod>"
            "<image:image><image:loc>https://post.example/a.jpg</image:loc></image:image>"
            "<news:news><news:publication><news:name>Post</news:name><news:language>id</news:language>"
            "</news:publication><news:publication_date>2026-03-01T10:00+07:00</news:publication_date>"
            "<news:title>Tide &amp;amp; time</news:title></news:news></url>"
        ),
        "sitemap",
    )
    (found,) = reading.discoveries
    assert reading.kind == "sitemap"
    assert (found.url, found.title, found.language) == (
        "https://post.example/a",
        "Tide & time",
        "id",
    )
    assert found.published is not None
    assert found.published.isoformat() == "2026-03-01T10:00+07:00"
    assert found.modified is not None
    assert found.modified.isoformat() == "2026-03-02"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00+00:00"),
        ("yesterday", None),
        ("2026-13-40", None),
    ],
)
def test_a_lastmod_keeps_its_precision(read: Read, said: str, kept: str | None) -> None:
    body = urlset(f"<url><loc>https://post.example/a</loc><lastmod>{said}</lastmod></url>")
    modified = read(body, "sitemap").discoveries[0].modified
    assert (modified.isoformat() if modified else None) == kept


def test_an_index_names_its_children_and_when_they_changed(read: Read) -> None:
    reading = read(
        f"<sitemapindex {NAMESPACES}><sitemap><loc>/one.xml.gz</loc><lastmod>2026-03-02</lastmod>"
        "</sitemap><sitemap><loc>https://post.example/two.xml</loc></sitemap></sitemapindex>",
        "sitemap",
    )
    assert reading.discoveries == ()
    kinds, urls, moments = zip(*reading.children, strict=True)
    assert kinds == ("sitemap", "sitemap")
    assert urls == ("https://post.example/one.xml.gz", "https://post.example/two.xml")
    assert moments[0] is not None
    assert moments[1] is None


def test_a_packed_sitemap_is_known_by_its_first_bytes(read: Read) -> None:
    reading = read(gzip.compress(urlset(entry(1)).encode()), "sitemap")
    assert [d.url for d in reading.discoveries] == ["https://post.example/1"]


def test_the_newest_come_first(read: Read) -> None:
    dated = "<url><loc>https://post.example/{0}</loc><lastmod>2026-03-0{0}</lastmod></url>"
    reading = read(urlset(dated.format(1) + entry(9) + dated.format(2)), "sitemap")
    assert [d.url[-1] for d in reading.discoveries] == ["2", "1", "9"]


def test_a_broken_sitemap_is_read_as_far_as_it_goes(read: Read) -> None:
    reading = read(urlset(entry(1) + entry(2) + "<url><loc>https://post.exa & <"), "sitemap")
    assert len(reading.discoveries) >= 2
    assert reading.problem is not None
    assert reading.problem.startswith("not well-formed: line 1: ")


def test_too_many_urls_are_cut_and_said(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST_URLS", 3)
    reading = read(urlset("".join(map(entry, range(5)))), "sitemap")
    assert len(reading.discoveries) == 3
    assert reading.problem == "more than 3 URLs; 2 were left out"


def test_a_sitemap_in_plain_text_is_read(read: Read) -> None:
    reading = read(
        "https://post.example/a\nhttps://post.example/b\nfile:///etc/passwd\n", "sitemap"
    )
    assert [d.url[-1] for d in reading.discoveries] == ["a", "b"]


def test_entities_neither_explode_nor_read_files(read: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("https://post.example/secret")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE urlset [<!ENTITY l0 "ha">{laughs}<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    body = urlset(
        entry(1) + "<url><loc>&x;</loc></url><url><loc>https://a.example/&l11;</loc></url>", doctype
    )
    reading = read(body, "sitemap")
    assert "secret" not in repr(reading)
    assert all(len(d.url) < 2001 for d in reading.discoveries)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "https://h:99999/", ""]
)
def test_a_hostile_location_is_left_out(read: Read, link: str) -> None:
    assert read(urlset(f"<url><loc>{link}</loc></url>"), "sitemap").discoveries == ()


def test_all_that_a_news_sitemap_says_is_kept(read: Read) -> None:
    reading = read(
        urlset(
            "<url><loc><![CDATA[https://post.example/a?b=1&c=2]]></loc><news:news>"
            "<news:publication><news:name>The Post</news:name><news:language>ja</news:language>"
            "</news:publication><news:access>Subscription</news:access>"
            "<news:genres>PressRelease</news:genres>"
            "<news:publication_date>2026-03-01</news:publication_date><news:title>潮</news:title>"
            "<news:keywords>sea, ships，港、 sea</news:keywords></news:news></url>"
        ),
        "sitemap",
    )
    (found,) = reading.discoveries
    assert found.url == "https://post.example/a?b=1&c=2"
    assert (found.publication, found.language) == ("The Post", "ja")
    assert found.keywords == ("sea", "ships", "港")
    assert found.access == "Subscription"
    assert found.published is not None
    assert found.published.precision == "day"


def test_a_comment_inside_an_address_is_no_end_of_it(read: Read) -> None:
    body = urlset("<url><loc>https://post.example/<!-- x -->a</loc></url>")
    assert [d.url for d in read(body, "sitemap").discoveries] == ["https://post.example/a"]


def test_entries_without_an_address_are_counted(read: Read) -> None:
    reading = read(urlset(entry(1) + "<url><loc>ftp://x/</loc></url><url/>"), "sitemap")
    assert len(reading.discoveries) == 1
    assert reading.problem == "2 of 3 entries have no address that leads anywhere"


@pytest.mark.parametrize("declared", ["feed", "sitemap"])
def test_a_list_of_addresses_is_known_by_its_content(read: Read, declared: str) -> None:
    body = gzip.compress(b"\xef\xbb\xbfhttps://post.example/a\r\nhttps://post.example/b\r\n")
    reading = read(body, declared, content_type="text/html")
    assert (reading.kind, len(reading.discoveries)) == ("sitemap", 2)


def test_a_hundred_thousand_nested_entries_are_read_once(read: Read) -> None:
    reading = read(f"<urlset {NAMESPACES}>" + "<url>" * 100_000, "sitemap")
    assert reading.problem is not None
