"""Which drafts are kept as articles, and what is said of the others."""

from datetime import UTC, datetime
from typing import Any

import pytest

from archive.digests import sha256, text_digest
from archive.records import Capture, CaptureId, Draft, Fingerprint, OutletId, RunId, Url, UrlKey
from crawler.pipelines.accept import verdict


def draft(**said: Any) -> Draft:
    values: dict[str, Any] = {
        "fingerprint": Fingerprint(extractor="x/1", rules=sha256(b"")),
        "text_digest": text_digest("Harbour to grow", "The harbour grows."),
        "title": "Harbour to grow",
        "body": "The harbour grows.",
    }
    return Draft(**values | said)


def capture(status: int = 200) -> Capture:
    return Capture(
        id=CaptureId("r:1"),
        url=Url("https://post.example/a"),
        urlkey=UrlKey("example,post)/a"),
        outlet=OutletId("post"),
        run=RunId("run"),
        captured_at=datetime(2026, 3, 2, tzinfo=UTC),
        status=status,
        mime="text/html",
        payload_digest=None,
        payload_bytes=10,
        place=None,
    )


@pytest.mark.parametrize("kind", ["article", "liveblog", "video", "gallery"])
def test_whatever_has_a_headline_and_a_text_is_kept(kind: str) -> None:
    assert verdict(draft(kind=kind), capture()) is None


@pytest.mark.parametrize("kind", ["listing", "missing", "other"])
def test_what_is_no_article_is_settled_with_its_sign(kind: str) -> None:
    refused = verdict(draft(kind=kind, reason="a soft 404 ('not found')"), capture())
    assert refused == ("not-article", "a soft 404 ('not found')")
    assert verdict(draft(kind=kind), capture()) == ("not-article", kind)


@pytest.mark.parametrize("wall", ["consent", "bot", "login", "paywall"])
def test_a_wall_is_never_kept_as_an_article(wall: str) -> None:
    assert verdict(draft(wall=wall, kind="liveblog"), capture()) == ("walled", wall)


def test_a_film_without_words_is_no_article() -> None:
    assert verdict(draft(kind="video", body=None), capture()) == ("not-article", "no text")
    assert verdict(draft(title=None), capture()) == ("not-article", "no title")


def test_a_page_of_another_status_has_failed() -> None:
    assert verdict(draft(), capture(503)) == ("failed", "HTTP 503")
