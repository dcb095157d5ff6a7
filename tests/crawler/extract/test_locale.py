from datetime import UTC, datetime

import pytest

from archive.records import Url
from crawler.extract.claims import Claims
from crawler.extract.locale import locale_of
from crawler.extract.page import Page


@pytest.mark.parametrize(
    ("url", "tag", "region"),
    [
        ("https://post.example.in/x", "en-US", "in"),
        ("https://post.example/x", "en-GB", "gb"),
        ("https://post.example/x", "en_AU", "au"),
        ("https://post.example/x", "en-US", None),
        ("https://post.example/x", "en", None),
    ],
)
def test_the_address_tells_the_region_before_the_declared_language(
    url: str, tag: str, region: str | None
) -> None:
    claims = Claims()
    claims.add("language", "html-lang", tag)
    assert locale_of(claims, page(url), "en").region == region


def test_the_address_tells_the_month_and_the_outlet_the_languages() -> None:
    locale = locale_of(Claims(), page("https://p.example/2026/02/x", ("id",)), "en")
    assert (locale.month, locale.languages) == ((2026, 2), ("id",))


def page(url: str, languages: tuple[str, ...] = ()) -> Page:
    return Page(
        url=Url(url),
        body=b"",
        content_type=None,
        content_encoding=None,
        captured_at=datetime(2026, 3, 2, tzinfo=UTC),
        languages=languages,
    )
