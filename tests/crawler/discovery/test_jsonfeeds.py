"""JSON Feeds, by what they say they are."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from crawler.discovery.listing import Reading

Read = Callable[..., Reading]


def feed(*items: Any, version: str = "https://jsonfeed.org/version/1.1", **said: Any) -> str:
    return json.dumps({"version": version, "title": "Post", "items": items, **said})


@pytest.mark.parametrize(
    "version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"]
)
@pytest.mark.parametrize("declared", ["feed", "sitemap", "section"])
def test_a_json_feed_is_known_by_its_version(read: Read, version: str, declared: str) -> None:
    reading = read(feed({"id": "1", "url": "https://post.example/a"}, version=version), declared)
    assert (reading.kind, len(reading.discoveries)) == ("feed", 1)


def test_all_that_an_item_says_is_kept(read: Read) -> None:
    item = {
        "id": "1",
        "url": "/a",
        "title": "Tide &amp; time",
        "summary": "<b>Water</b> rose.",
        "date_published": "2026-03-02T10:00:00+07:00",
        "date_modified": "2026-03-02T11:00:00+07:00",
        "author": {"name": "Ann Lee"},
        "tags": ["sea", "sea", 7, "tides"],
        "language": "en",
    }
    (found,) = read(feed(item), "feed").discoveries
    assert (found.title, found.summary, found.language) == ("Tide & time", "Water rose.", "en")
    assert (found.authors, found.keywords) == (("Ann Lee",), ("sea", "tides"))
    assert found.published is not None
    assert found.modified is not None


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"id": "https://post.example/a"}, "https://post.example/a"),
        ({"id": "7", "external_url": "https://elsewhere.example/a"}, None),
        ({"id": "7", "url": 7}, None),
        ({"id": 7, "url": "javascript:alert(1)"}, None),
        ({"url": "https://post.example/a", "tags": "sea", "authors": [None], "author": []},
         "https://post.example/a"),
    ],
)  # fmt: skip
def test_an_item_is_read_as_far_as_it_leads(
    read: Read, item: dict[str, Any], url: str | None
) -> None:
    reading = read(feed(item), "feed")
    assert [d.url for d in reading.discoveries] == ([url] if url else [])
    assert bool(reading.problem) is (url is None)


def test_a_byte_order_mark_does_not_matter(read: Read) -> None:
    assert len(read("\ufeff" + feed({"url": "/a"}), "feed").discoveries) == 1
