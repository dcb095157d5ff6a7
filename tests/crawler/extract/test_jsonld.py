import json

import pytest

from crawler.extract.jsonld import Schema, read, strings, types_of

URL = "https://post.example/news/harbour"
ARTICLE = {"@type": "NewsArticle", "headline": "Harbour"}


def schema(*values: object, headings: tuple[str, ...] = ()) -> Schema:
    return read([json.dumps(value) for value in values], URL, headings)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Harbour"}',
        '<!-- {"@type": "NewsArticle", "headline": "Harbour"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Harbour"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Harbour",}',
        '{"@type": "NewsArticle", "headline": "Harbour"};',
        '{"@type": "NewsArticle",\n "description": "line\nbreak\ttab", "headline": "Harbour"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Harbour&quot;}",
        '{"@type": "WebSite"} {"@type": "NewsArticle", "headline": "Harbour"}',
        '{"@type": "NewsArticle", "headline": "Harbour", "description": "a "torn" one"}',
        '{"@type": "NewsArticle", "headline": "Harbour", "articleBody": "cut off in the mid',
    ],
)
def test_a_script_is_read_although_it_is_broken(script: str) -> None:
    assert strings(read([script], URL).article.get("headline")) == ["Harbour"]


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [ARTICLE],
        {"@graph": [{"@type": "WebSite"}, ARTICLE]},
        [[ARTICLE]],
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {"@type": ["Thing", "https://schema.org/NewsArticle"], "headline": "Harbour"},
    ],
)
def test_the_article_is_found_wherever_it_stands(value: object) -> None:
    found = schema(value)
    assert found.is_article
    assert found.strings("headline") == ["Harbour"]


def test_of_several_articles_the_one_with_our_address_is_ours() -> None:
    other = {**ARTICLE, "headline": "Other", "url": "https://post.example/news/other"}
    ours = {**ARTICLE, "url": "https://www.post.example/news/harbour/?utm=1"}
    assert schema(other, ours).strings("headline") == ["Harbour"]


def test_of_several_articles_the_one_with_our_headline_is_ours() -> None:
    other = {**ARTICLE, "headline": "Other"}
    assert schema(other, ARTICLE, headings=("harbour!",)).strings("headline") == ["Harbour"]


def test_items_of_a_list_are_other_pages() -> None:
    found = schema({"@type": "ItemList", "itemListElement": [ARTICLE]})
    assert not found.is_article
    assert found.is_listing


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ("Ann Lee", [("Ann Lee", True)]),
        ({"@type": "Person", "name": "Ann Lee"}, [("Ann Lee", True)]),
        ([{"name": "Ann Lee"}, "Bo Chan"], [("Ann Lee", True), ("Bo Chan", True)]),
        (
            {"@type": "Person", "name": ["Ann Lee", "Bo Chan"]},
            [("Ann Lee", True), ("Bo Chan", True)],
        ),
        ({"@type": "Organization", "name": "The Post"}, [("The Post", False)]),
        ({"@id": "#ann"}, [("Ann by id", True)]),
        ({"name": {"x": 1}}, []),
        (7, []),
        (None, []),
    ],
)
def test_people_are_read_in_every_form(author: object, people: list[tuple[str, bool]]) -> None:
    graph = [{**ARTICLE, "author": author}, {"@type": "Person", "@id": "#ann", "name": "Ann by id"}]
    assert schema({"@graph": graph}).people("author") == people


def test_the_publisher_and_the_website_name_the_site() -> None:
    found = schema(
        {**ARTICLE, "publisher": {"@id": "#org"}},
        {"@type": "Organization", "@id": "#org", "name": "The Post"},
        {"@type": "WebSite", "name": "Post Online"},
    )
    assert found.site_names[0] == "The Post"
    assert "Post Online" in found.site_names


def test_types_lose_their_vocabularys_prefix() -> None:
    assert types_of({"@type": ["schema:NewsArticle", 3, "http://schema.org/Report"]}) == {
        "newsarticle",
        "report",
    }


def test_the_trail_of_pages_above_is_read() -> None:
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Home"},
            {"@type": "ListItem", "position": 2, "item": {"@id": "/coast", "name": "Coast"}},
        ],
    }
    assert read([json.dumps(trail)], URL).crumbs == ("Home", "Coast")
