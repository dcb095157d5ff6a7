from lxml.html import document_fromstring

from crawler.extract.claims import Claims
from crawler.extract.headlines import hear_headlines


def heard(html: str, **said: str) -> list[str]:
    claims = Claims()
    for origin, value in said.items():
        claims.add("title", origin.replace("_", "-"), value)  # type: ignore[arg-type]
    hear_headlines(claims, document_fromstring(html))
    return claims.values("title", "text")


PAGE = "<html><body><h2>Menu</h2><h2>Council widens the harbour</h2></body></html>"


def test_a_heading_that_begins_the_title_element_is_the_headline() -> None:
    assert heard(PAGE, title_tag="Council widens the harbour | Coast and more") == [
        "Council widens the harbour"
    ]


def test_none_is_sought_where_the_page_declares_one() -> None:
    assert heard(PAGE, title_tag="Council widens the harbour", opengraph="Council") == []


def test_a_short_heading_begins_a_title_by_chance() -> None:
    assert heard("<html><body><h2>News</h2></body></html>", title_tag="News of the harbour") == []
