"""Feeds in XML: RSS 0.9 to 2.0, RDF and Atom; broken XML is read as far as it goes."""

import io
from collections.abc import Iterable
from typing import Any

import feedparser

from archive.records import Discovery, Moment, Url
from crawler.discovery.bounds import MOST_ITEMS, within_bounds
from crawler.discovery.doctype import without_doctype
from crawler.discovery.links import absolute
from crawler.extract.moments import declared
from crawler.extract.page import Page
from crawler.extract.plain import plain

LONGEST_TITLE = 500
LONGEST_NAME = 200
LONGEST_SUMMARY = 1_000
MOST_AUTHORS = 20
MOST_KEYWORDS = 50
_HARMLESS = ("CharacterEncodingOverride", "NonXMLContentType")


def read_feed(body: bytes, page: Page) -> tuple[tuple[Discovery, ...], str | None]:
    """The entries of an RSS, RDF or Atom feed in their order, and what was wrong with it.

    `body` is in UTF-8.
    """
    body, cut = within_bounds(without_doctype(body))
    if not body:
        return (), cut
    headers = {
        "content-type": "application/xml; charset=utf-8",
        "content-location": page.url,
    }
    # a stream, because feedparser takes bytes for the name of a file to open, and a hostile
    # listing could name one of ours; links in an item's text are nobody's here
    parsed: Any = feedparser.parse(
        io.BytesIO(body),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    is_atom = str(parsed.get("version", "")).startswith("atom")
    language = plain(parsed.feed.get("language"), LONGEST_NAME)
    found: list[Discovery] = []
    for entry in parsed.entries[:MOST_ITEMS]:
        if discovery := _entry(entry, page, len(found), language, is_atom=is_atom):
            found.append(discovery)
    return tuple(found), cut or _problem(parsed, len(found))


def _entry(
    entry: Any, page: Page, position: int, language: str | None, *, is_atom: bool
) -> Discovery | None:
    url = _address(entry, page, language)
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
        authors=names(entry.get("authors", ())),
        language=language,
        summary=plain(entry.get("summary"), LONGEST_SUMMARY),
        keywords=keywords(tag.get("term") for tag in entry.get("tags", ())),
    )


def _address(entry: Any, page: Page, language: str | None) -> Url | None:
    """Where an entry's article is: the first of the addresses given that leads anywhere."""
    # FeedBurner's own address of an item is a counter that redirects
    given = (
        entry.get("feedburner_origlink"),
        _alternate(entry, language),
        entry.get("link"),
        permalink(entry.get("id")) if _may_be_permalink(entry) else None,
    )
    found = (absolute(link, page.url) for link in given if isinstance(link, str) and link.strip())
    return next((url for url in found if url), None)


def _alternate(entry: Any, language: str | None) -> str | None:
    """The entry's page for people, where several links are given (RFC 4287 §4.2.7.2).

    feedparser takes the last; a translation or a PDF is an alternate, too.
    """
    pages = [
        link
        for link in entry.get("links", ())
        if link.get("rel") == "alternate" and "html" in link.get("type", "html")
    ]
    ours = [link for link in pages if link.get("hreflang") in (None, language)]
    return next((link.get("href") for link in ours or pages), None)


def _may_be_permalink(entry: Any) -> bool:
    """Whether an item's id may stand for its link; RSS says `isPermaLink="false"` if not.

    feedparser says so as well where there is a link, be it an empty one.
    """
    return entry.get("guidislink") is not False or "link" in entry


def permalink(id_: object) -> str | None:
    """An item's id, if it is an address."""
    return id_ if isinstance(id_, str) and id_.startswith(("http://", "https://")) else None


def names(authors: Iterable[object]) -> tuple[str, ...]:
    """The authors' names, each once."""
    said = (plain(a.get("name"), LONGEST_NAME) for a in authors if isinstance(a, dict))
    return tuple(dict.fromkeys(name for name in said if name))[:MOST_AUTHORS]


def keywords(said: Iterable[object]) -> tuple[str, ...]:
    """Keywords, tags or categories, each once."""
    found = (plain(word, LONGEST_NAME) for word in said)
    return tuple(dict.fromkeys(word for word in found if word))[:MOST_KEYWORDS]


def _moment(said: object, page: Page) -> Moment | None:
    return declared(said, page.zone) if isinstance(said, str) else None


def _problem(parsed: Any, count: int) -> str | None:
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    if error is None or type(error).__name__ in _HARMLESS:
        return left_out(len(parsed.entries), count)
    said = " ".join(str(error).split())[:120]
    return f"not well-formed: {said}; {count} of its items were read"


def left_out(there: int, read: int) -> str | None:
    """What was not taken of a feed's items, in words; None if all were."""
    if there > MOST_ITEMS:
        return f"{there} items; the first {MOST_ITEMS} were read"
    return (
        f"{there - read} of {there} items have no link that leads anywhere"
        if there > read
        else None
    )
