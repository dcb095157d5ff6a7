from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from archive.records import Url
from crawler.extract.page import Page

URL = Url("https://paper.example/2026/03/harbour")


def new_page(html: str | bytes, **facts: Any) -> Page:
    given: dict[str, Any] = {
        "url": URL,
        "body": html.encode() if isinstance(html, str) else html,
        "content_type": "text/html; charset=utf-8",
        "content_encoding": None,
        "captured_at": datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    }
    return Page(**(given | facts))


@pytest.fixture
def page_of() -> Callable[..., Page]:
    return new_page
