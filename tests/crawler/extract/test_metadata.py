from collections.abc import Callable

import pytest

from crawler.extract.metadata import Metadata, canonical_url, read_metadata
from crawler.extract.page import Page
from crawler.extract.tree import parse

PageOf = Callable[..., Page]


@pytest.fixture
def metadata_of(page_of: PageOf) -> Callable[..., Metadata]:
    def read(head: str, body: str = "", **facts: object) -> Metadata:
        page = page_of(f"<html lang='id-ID'><head>{head}</head><body>{body}</body></html>", **facts)
        return read_metadata(parse(page), page)

    return read


MetadataOf = Callable[..., Metadata]


@pytest.mark.parametrize(
    ("head", "field", "origin", "value"),
    [
        ('<meta property="og:title" content="A">', "title", "opengraph", "A"),
        ('<meta name="OG:Title" content="A">', "title", "opengraph", "A"),
        ("<meta name='parsely-title' content='A'>", "title", "meta", "A"),
        ("<title>A | B</title><svg><title>logo</title></svg>", "title", "title-tag", "A | B"),
        ("<meta name=date content=2026-03-01>", "published", "meta", "2026-03-01"),
        ("<meta name='sailthru.date' content=2026-03-01>", "published", "meta", "2026-03-01"),
        ("<meta name='DC.date.issued' content=2026-03-01>", "published", "meta", "2026-03-01"),
        (
            "<meta property='article:modified_time' content=2026-03-01>",
            "modified",
            "opengraph",
            "2026-03-01",
        ),
        ("<meta name=author content='Ann Lee'>", "authors", "meta", "Ann Lee"),
        ("<meta name='lrt_authors' content='Ann Lee'>", "authors", "meta", "Ann Lee"),
        (
            (
                "<meta name='twitter:label1' content='Written by'>"
                "<meta name='twitter:data1' content='Ann Lee'>"
            ),
            "authors",
            "meta",
            "Ann Lee",
        ),
        ("<meta name=description content='A &amp;amp; B'>", "summary", "meta", "A & B"),
        ("<meta property='article:section' content=Coast>", "section", "opengraph", "Coast"),
        ("<meta property='og:site_name' content='The Post'>", "site_name", "opengraph", "The Post"),
        (
            "<meta property='og:image' content='/a.jpg'>",
            "image",
            "opengraph",
            "https://post.example/a.jpg",
        ),
        ("", "language", "html-lang", "id-ID"),
    ],
)
def test_a_place_is_heard_under_its_origin(
    metadata_of: MetadataOf, head: str, field: str, origin: str, value: str
) -> None:
    said = [(claim.origin, claim.value) for claim in metadata_of(head).claims.of(field)]
    assert (origin, value) in said


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        ("<h2 itemprop=headline>A</h2>", "title", "A"),
        ("<meta itemprop=datePublished content=2026-03-01>", "published", "2026-03-01"),
        (
            "<time itemprop='datePublished dateModified' datetime=2026-03-01>x</time>",
            "modified",
            "2026-03-01",
        ),
        ("<p itemprop=author itemscope>By <b itemprop=name>Ann Lee</b></p>", "authors", "Ann Lee"),
    ],
)
def test_microdata_of_the_article_is_heard(
    metadata_of: MetadataOf, body: str, field: str, value: str
) -> None:
    assert metadata_of("", body).claims.values(field, "microdata") == [value]


@pytest.mark.parametrize(
    "place",
    [
        "<aside>{}</aside>",
        "<div class='related-news'>{}</div>",
        "<section id=comments>{}</section>",
    ],
)
def test_microdata_of_other_pages_is_not(metadata_of: MetadataOf, place: str) -> None:
    said = metadata_of("", place.format("<time itemprop=datePublished datetime=2026-03-01></time>"))
    assert said.claims.values("published") == []


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        ("<meta property='og:type' content=article>", True),
        ("<meta property='og:type' content=website>", False),
        ("<meta property='article:published_time' content=2026-03-01>", True),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A"}</script>',
            True,
        ),
        ('<script type="application/ld+json">{"@type":"WebSite"}</script>', False),
    ],
)
def test_a_page_may_say_that_it_is_an_article(
    metadata_of: MetadataOf,
    head: str,
    is_one: bool,  # noqa: FBT001
) -> None:
    assert metadata_of(head).is_marked_article is is_one


@pytest.mark.parametrize(
    ("said", "is_free"),
    [
        ("true", True),
        ("false", False),
        ('"False"', False),
        ('"http://schema.org/True"', True),
        ('"x"', None),
    ],
)
def test_whether_it_is_free_is_read_in_every_form(
    metadata_of: MetadataOf,
    said: str,
    is_free: bool | None,  # noqa: FBT001
) -> None:
    data = f'{{"@type":"NewsArticle","isAccessibleForFree":{said}}}'
    assert metadata_of(f'<script type="application/ld+json">{data}</script>').is_free is is_free


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("/other", "https://post.example/other"),
        ("https://www.post.example/news/harbour", "https://www.post.example/news/harbour"),
        ("https://amp.post.example/x", "https://amp.post.example/x"),
        ("https://elsewhere.example/x", None),
        ("https://post.example.evil.example/x", None),
        ("https://post.example/", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("", None),
    ],
)
def test_a_page_speaks_for_its_own_site_only(link: str, kept: str | None) -> None:
    assert canonical_url("https://post.example/news/harbour", link) == kept
