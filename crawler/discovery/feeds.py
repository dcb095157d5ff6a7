"""Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed; broken XML is read as far as it goes."""

import io
import json
from collections.abc import Iterable
from typing import Any

import feedparser

from archive.records import Discovery, Moment
from crawler.discovery.doctype import without_doctype
from crawler.discovery.links import absolute
from crawler.extract.moments import declared
from crawler.extract.page import Page
from crawler.extract.plain import plain

MOST_ITEMS = 2_000
"""A feed has 10 to 100 items; one with thousands is a whole archive, which sitemaps tell better."""
LONGEST_TITLE = 500
LONGEST_NAME = 200
LONGEST_SUMMARY = 1_000
MOST_AUTHORS = 20
_HARMLESS = ("CharacterEncodingOverride", "NonXMLContentType")


def read_feed(body: bytes, page: Page) -> tuple[tuple[Discovery, ...], str | None]:
    """The entries of an RSS, RDF or Atom feed in their order, and what was wrong with it."""
    headers = {
        "content-type": page.content_type or "application/xml",
        "content-location": page.url,
    }
    # a stream, because feedparser takes bytes for the name of a file to open, and a hostile
    # listing could name one of ours
    parsed: Any = feedparser.parse(
        io.BytesIO(without_doctype(body)), response_headers=headers, sanitize_html=False
    )
    is_atom = str(parsed.get("version", "")).startswith("atom")
    language = plain(parsed.feed.get("language"), LONGEST_NAME)
    found: list[Discovery] = []
    for entry in parsed.entries[:MOST_ITEMS]:
        if discovery := _entry(entry, page, len(found), language, is_atom=is_atom):
            found.append(discovery)
    return tuple(found), _problem(parsed, len(found))


def read_json_feed(body: bytes, page: Page) -> tuple[tuple[Discovery, ...], str | None]:
    """The items of a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        return (), f"not a feed: JSON that cannot be read ({error})"
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return (), "not a feed: JSON without items"
    found: list[Discovery] = []
    for item in items[:MOST_ITEMS]:
        if isinstance(item, dict) and (
            discovery := _item(item, page, len(found), feed.get("language"))
        ):
            found.append(discovery)
    return tuple(found), _too_many(len(items))


def _entry(
    entry: Any, page: Page, position: int, language: str | None, *, is_atom: bool
) -> Discovery | None:
    # FeedBurner's own address of an item is a counter that redirects
    link = entry.get("feedburner_origlink") or entry.get("link") or _permalink(entry)
    url = absolute(link if isinstance(link, str) else None, page.url)
    if url is None:
        return None
    published = entry.get("published")
    modified = entry.get("updated") if "updated" in entry else None
    if not is_atom and not published:  # dc:date, which RDF has instead of pubDate
        published, modified = modified, None
    return Discovery(
        url=url,
        listing=page.url,
        kind="feed",
        position=position,
        title=plain(entry.get("title"), LONGEST_TITLE),
        published=_moment(published, page),
        modified=_moment(modified, page),
        authors=_names(entry.get("authors", ())),
        language=language,
        summary=plain(entry.get("summary"), LONGEST_SUMMARY),
    )


def _item(item: dict[str, Any], page: Page, position: int, language: object) -> Discovery | None:
    link = item.get("url") or _permalink(item)
    url = absolute(link if isinstance(link, str) else None, page.url)
    if url is None:
        return None
    authors = item.get("authors")
    return Discovery(
        url=url,
        listing=page.url,
        kind="feed",
        position=position,
        title=plain(item.get("title"), LONGEST_TITLE),
        published=_moment(item.get("date_published"), page),
        modified=_moment(item.get("date_modified"), page),
        authors=_names(authors if isinstance(authors, list) else [item.get("author")]),
        language=plain(item.get("language") or language, LONGEST_NAME),
        summary=plain(item.get("summary"), LONGEST_SUMMARY),
    )


def _permalink(entry: Any) -> str | None:
    guid = entry.get("id")
    return guid if isinstance(guid, str) and guid.startswith(("http://", "https://")) else None


def _names(authors: Iterable[object]) -> tuple[str, ...]:
    names = (plain(a.get("name"), LONGEST_NAME) for a in authors if isinstance(a, dict))
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_AUTHORS]


def _moment(said: object, page: Page) -> Moment | None:
    return declared(said, page.zone) if isinstance(said, str) else None


def _problem(parsed: Any, count: int) -> str | None:
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    if error is None or type(error).__name__ in _HARMLESS:
        return _too_many(len(parsed.entries))
    said = " ".join(str(error).split())[:120]
    return f"not well-formed: {said}; {count} of its items were read"


def _too_many(count: int) -> str | None:
    return f"{count} items; the first {MOST_ITEMS} were read" if count > MOST_ITEMS else None
