from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from archive.records import ListingKind, Url
from crawler.discovery.listing import Reading, read_listing
from crawler.extract.page import Page

CAPTURED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def listing_page(
    body: bytes | str, *, url: str = "https://post.example/feed", **facts: str
) -> Page:
    return Page(
        url=Url(url),
        body=body.encode() if isinstance(body, str) else body,
        content_type=facts.get("content_type"),
        content_encoding=facts.get("content_encoding"),
        captured_at=CAPTURED_AT,
        zone=facts.get("zone"),
    )


@pytest.fixture
def page_of() -> Callable[..., Page]:
    return listing_page


@pytest.fixture
def read() -> Callable[..., Reading]:
    def reading(
        body: bytes | str, declared: ListingKind, patterns: tuple[str, ...] = (), **facts: str
    ) -> Reading:
        return read_listing(
            listing_page(body, **facts), declared=declared, article_patterns=patterns
        )

    return reading
