"""JSON Feed (jsonfeed.org, versions 1 and 1.1); feedparser does not read it."""

import json
import re
from typing import Any

from archive.records import Discovery, Moment
from crawler.discovery.bounds import MOST_ITEMS, NOT_READ
from crawler.discovery.feeds import (
    LONGEST_NAME,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    keywords,
    left_out,
    names,
    permalink,
)
from crawler.discovery.links import absolute
from crawler.extract.moments import declared
from crawler.extract.page import Page
from crawler.extract.plain import plain

MOST_VALUES = 1_000_000
"""Commas and brackets; a feed has one for every dozen of its characters at most, and Python takes
up to a hundred bytes for each value."""

_VERSION = re.compile(rb"""["']version["']\s*:\s*["']https?:\\?/\\?/jsonfeed\.org""")


def is_json_feed(start: bytes) -> bool:
    """Whether a document that begins like this says that it is a JSON Feed."""
    return start.lstrip().startswith(b"{") and _VERSION.search(start) is not None


def read_json_feed(body: bytes, page: Page) -> tuple[tuple[Discovery, ...], str | None]:
    """The items of a JSON Feed in their order, and what was wrong with it. `body` is in UTF-8."""
    values = body.count(b",") + body.count(b"[") + body.count(b"{")
    if values > MOST_VALUES:
        return (), f"{NOT_READ}JSON of {values} values, limit {MOST_VALUES}"
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        return (), f"not a feed: JSON that cannot be read ({error})"
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return (), "not a feed: JSON without items"
    found: list[Discovery] = []
    for item in items[:MOST_ITEMS]:
        if isinstance(item, dict) and (discovery := _item(item, page, len(found), feed)):
            found.append(discovery)
    return tuple(found), left_out(len(items), len(found))


def _item(
    item: dict[str, Any], page: Page, position: int, feed: dict[str, Any]
) -> Discovery | None:
    # `external_url` is what a link blog speaks of: another outlet's, and not this item
    given = (item.get("url"), permalink(item.get("id")))
    found = (absolute(link, page.url) for link in given if isinstance(link, str))
    url = next((url for url in found if url), None)
    if url is None:
        return None
    authors, tags = item.get("authors"), item.get("tags")
    return Discovery(
        url=url,
        listing=page.url,
        kind="feed",
        position=position,
        title=plain(item.get("title"), LONGEST_TITLE),
        published=_moment(item.get("date_published"), page),
        modified=_moment(item.get("date_modified"), page),
        authors=names(authors if isinstance(authors, list) else [item.get("author")]),
        language=plain(item.get("language") or feed.get("language"), LONGEST_NAME),
        summary=plain(item.get("summary"), LONGEST_SUMMARY),
        keywords=keywords(tags) if isinstance(tags, list) else (),
    )


def _moment(said: object, page: Page) -> Moment | None:
    return declared(said, page.zone) if isinstance(said, str) else None
