"""Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed; broken XML is read as far as it goes."""

import calendar
import html
import json
import re
from datetime import UTC, datetime
from typing import Any

import feedparser

from archive.records import Discovery, Moment
from crawler.discovery.links import absolute
from crawler.extract.page import Page

MOST_ITEMS = 2_000
LONGEST_SUMMARY = 1_000
_TAGS = re.compile(r"<[^>]+>")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.DOTALL | re.IGNORECASE)


def read_feed(body: bytes, page: Page) -> tuple[tuple[Discovery, ...], str | None]:
    """The entries of an RSS, RDF or Atom feed, and what was wrong with it."""
    # No feed needs a DOCTYPE; without it no entity can be declared, so none can explode.
    plain = _DOCTYPE.sub(b"", body, count=1)
    headers = {"content-type": page.content_type or "application/xml"}
    parsed: Any = feedparser.parse(
        plain, response_headers={**headers, "content-location": page.url}, sanitize_html=False
    )
    language = _text(parsed.feed.get("language"))
    found: list[Discovery] = []
    for entry in parsed.entries[:MOST_ITEMS]:
        discovery = _discovery(entry, page, len(found), language)
        if discovery:
            found.append(discovery)
    return tuple(found), _problem(parsed, len(found))


def _problem(parsed: Any, count: int) -> str | None:
    if len(parsed.entries) > MOST_ITEMS:
        return f"{len(parsed.entries)} items; the first {MOST_ITEMS} were read"
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    if error is None or type(error).__name__ in ("CharacterEncodingOverride", "NonXMLContentType"):
        return None
    return f"not well-formed: {str(error).strip()[:120]}; {count} of its items were read"


def _discovery(entry: Any, page: Page, position: int, language: str | None) -> Discovery | None:
    url = absolute(entry.get("link") or _permalink(entry), page.url)
    if url is None:
        return None
    authors = [_text(a.get("name")) for a in entry.get("authors", []) if isinstance(a, dict)]
    return Discovery(
        url=url,
        listing=page.url,
        kind="feed",
        position=position,
        title=_text(entry.get("title")),
        published=_moment(entry.get("published"), entry.get("published_parsed")),
        modified=_moment(entry.get("updated"), entry.get("updated_parsed")),
        authors=tuple(dict.fromkeys(a for a in authors if a)),
        language=language,
        summary=_text(entry.get("summary"), LONGEST_SUMMARY),
    )


def _permalink(entry: Any) -> str | None:
    guid = entry.get("id")
    return guid if isinstance(guid, str) and guid.startswith(("http://", "https://")) else None


def _text(value: object, longest: int = 500) -> str | None:
    if not isinstance(value, str):
        return None
    plain = " ".join(html.unescape(_TAGS.sub(" ", value)).split())
    return plain[:longest] or None


_OFFSET = re.compile(r"(?:Z|GMT|UTC?|[+-]\d\d:?\d\d|[A-Z]{3,4})\s*$")
_DAY_ONLY = re.compile(r"^\s*\d{4}-\d\d-\d\d\s*$")


def _moment(said: object, parsed: Any) -> Moment | None:
    if not isinstance(said, str) or not parsed:
        return None
    try:
        kept = datetime.fromisoformat(said.strip())
    except ValueError:
        kept = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except OverflowError:
        return None
    zone = "declared" if kept.tzinfo and _OFFSET.search(said) else "unknown"
    aware = kept if kept.tzinfo else kept.replace(tzinfo=UTC)
    precision = "day" if _DAY_ONLY.match(said) else "second"
    return Moment(at=aware, precision=precision, zone=zone)  # type: ignore[arg-type]


def read_json_feed(body: bytes, page: Page) -> tuple[tuple[Discovery, ...], str | None]:
    """The items of a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    try:
        feed = json.loads(body)
        items = feed["items"] if isinstance(feed, dict) else None
    except (ValueError, KeyError, RecursionError) as error:
        return (), f"not a feed: JSON that is no JSON Feed ({type(error).__name__})"
    if not isinstance(items, list):
        return (), "not a feed: JSON without items"
    found: list[Discovery] = []
    for item in items[:MOST_ITEMS]:
        url = absolute(_text(item.get("url")), page.url) if isinstance(item, dict) else None
        if url is None:
            continue
        authors = item.get("authors") or [item.get("author")]
        names = [_text(a.get("name")) for a in authors if isinstance(a, dict)]
        found.append(
            Discovery(
                url=url,
                listing=page.url,
                kind="feed",
                position=len(found),
                title=_text(item.get("title")),
                published=_iso(item.get("date_published")),
                modified=_iso(item.get("date_modified")),
                authors=tuple(name for name in names if name),
                language=_text(item.get("language") or feed.get("language")),
                summary=_text(item.get("summary"), LONGEST_SUMMARY),
            )
        )
    return tuple(found), None


def _iso(said: object) -> Moment | None:
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    zone = "declared" if at.tzinfo else "unknown"
    return Moment(at=at if at.tzinfo else at.replace(tzinfo=UTC), zone=zone)  # type: ignore[arg-type]
