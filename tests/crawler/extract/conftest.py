from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from archive.records import Draft, Url
from crawler.extract.article import extract
from crawler.extract.page import Page

CAPTURED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

ENGLISH = (
    "The harbour of the small town will be widened until the end of next year, the council said. "
    "Two new berths are planned on the northern side, and the old crane will be taken down. "
    "Fishermen had asked for the work for more than ten years, since boats run aground there. "
)
INDONESIAN = (
    "Pelabuhan di kota kecil itu akan diperluas sampai akhir tahun depan, kata dewan kota. "
    "Dua dermaga baru akan dibangun di sisi utara dan derek yang sudah tua akan dibongkar. "
    "Para nelayan sudah lama meminta pekerjaan itu karena kapal mereka sering kandas di sana. "
)
GERMAN = (
    "Der Hafen der kleinen Stadt wird bis Ende nächsten Jahres erweitert, wie der Rat mitteilte. "
    "Auf der Nordseite sind zwei neue Liegeplätze geplant, und der alte Kran wird abgebaut. "
    "Die Fischer hatten seit über zehn Jahren um die Arbeiten gebeten, weil Boote auflaufen. "
)


def article(
    *paragraphs: str,
    title: str = "Harbour to grow by half",
    head: str = "",
    before: str = "",
    after: str = "",
    lang: str = "en",
) -> str:
    text = "".join(
        f"<p>{p}</p>" for p in paragraphs or (ENGLISH, ENGLISH.replace("harbour", "port"))
    )
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>{head}</head><body>'
        '<nav><a href="/a">Home</a><a href="/b">Sport</a></nav>'
        f"<main><article><h1>{title}</h1>{before}{text}</article>{after}</main>"
        "<footer>© 2019 The Post</footer></body></html>"
    )


def new_page(html: str | bytes, **facts: Any) -> Page:
    given: dict[str, Any] = {
        "url": Url("https://post.example/news/harbour"),
        "body": html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html,
        "content_type": "text/html; charset=utf-8",
        "content_encoding": None,
        "captured_at": CAPTURED_AT,
    }
    return Page(**(given | facts))


@pytest.fixture
def draft_of() -> Callable[..., Draft]:
    return lambda html, **facts: extract(new_page(html, **facts))


@pytest.fixture
def page_of() -> Callable[..., Page]:
    return new_page
