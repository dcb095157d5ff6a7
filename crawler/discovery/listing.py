"""One fetched listing, read: sniffed by its content and not by its MIME type."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from html import unescape

from archive.coding import DECODED_LIMIT
from archive.records import Discovery, ListingKind
from crawler.discovery.bounds import NOT_READ
from crawler.discovery.characters import as_utf8
from crawler.discovery.feeds import read_feed
from crawler.discovery.jsonfeeds import is_json_feed, read_json_feed
from crawler.discovery.links import absolute
from crawler.discovery.sections import read_section
from crawler.discovery.sitemaps import Child, read_sitemap, read_text_sitemap
from crawler.extract.charset import text_of
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page
from crawler.extract.plain import plain
from crawler.extract.tree import HTML_LIMIT, decoded

# possessive and atomic, so that a prolog of a thousand comments is read once
_XML_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?>\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+>|>))*+"
    rb"<(?:\w+:)?+(rss|feed|RDF|urlset|sitemapindex|html)\b",
    re.DOTALL | re.IGNORECASE,
)
_ROOT_LATER = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_FEEDS = (b"rss", b"feed", b"rdf")
_SITEMAPS = (b"urlset", b"sitemapindex")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_TEXT_SITEMAP = re.compile(rb"https?://[^\s<>{}]+\s*(?:\n|$)")
_LINK = re.compile(r"<link\b[^>]{0,500}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json)", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_SNIFFED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one listing said: URLs with what it says of each, newest first where it gives dates.

    `children` are the sitemaps that an index names. `traps` counts the links of a section that were
    refused, by reason. `problem` says in words what was wrong or left out; there may be discoveries
    all the same.
    """

    kind: ListingKind
    discoveries: tuple[Discovery, ...]
    children: tuple[Child, ...] = ()
    problem: str | None = None
    traps: Counter[str] = field(default_factory=Counter)


def read_listing(
    page: Page, *, declared: ListingKind, article_patterns: tuple[str, ...] = ()
) -> Reading:
    """Read a feed, a sitemap or a section page.

    Args:
        page: the captured listing.
        declared: what the outlet's file calls it.
        article_patterns: the outlet's URL rules; what a section links to must match one.

    Raises:
        Unextractable: if the body cannot be unpacked, or there is none.
    """
    body = decoded(page, DECODED_LIMIT)
    if not body.strip():
        raise Unextractable("empty body")
    found = _read(page, body, declared, article_patterns)
    return replace(found, discoveries=_newest_first(found.discoveries))


def _read(page: Page, raw: bytes, declared: ListingKind, patterns: tuple[str, ...]) -> Reading:
    body = as_utf8(raw, page.content_type, page.languages)
    root = _XML_ROOT.match(body[:_SNIFFED])
    name = root[1].lower() if root else b""
    start = body[:_SNIFFED].lstrip()
    if name in _SITEMAPS:
        discoveries, children, problem = read_sitemap(body, page)
        return Reading(kind="sitemap", discoveries=discoveries, children=children, problem=problem)
    if name in _FEEDS:
        discoveries, problem = read_feed(body, page)
        return Reading(kind="feed", discoveries=discoveries, problem=problem)
    if is_json_feed(start) or (declared == "feed" and start.startswith((b"{", b"["))):
        discoveries, problem = read_json_feed(body, page)
        return Reading(kind="feed", discoveries=discoveries, problem=problem)
    if declared != "section" and _TEXT_SITEMAP.match(start):
        discoveries, problem = read_text_sitemap(body, page)
        return Reading(kind="sitemap", discoveries=discoveries, problem=problem)
    if declared == "section":
        if len(raw) > HTML_LIMIT:
            raise Unextractable(f"too large: {len(raw)} bytes, limit {HTML_LIMIT}")
        text = text_of(raw, page.content_type, page.languages)
        discoveries, traps, problem = read_section(text, page, patterns)
        return Reading(kind="section", discoveries=discoveries, problem=problem, traps=traps)
    return _mistaken(body, page, declared)


def _mistaken(body: bytes, page: Page, declared: ListingKind) -> Reading:
    """A feed or sitemap that is not one, or is broken before its first element."""
    start = body[:_SNIFFED]
    if _HTML.search(start) and not _ROOT_LATER.search(start):
        text = body[: 16 * _SNIFFED].decode("utf-8", "replace")
        found = _TITLE.search(text)
        title = plain(found[1], 200) if found else None
        problem = f"not a {declared}: an HTML page titled {title or ''!r}{_names_feed(text, page)}"
        return Reading(kind=declared, discoveries=(), problem=problem)
    discoveries, problem_found = read_feed(body, page)
    if discoveries or (problem_found or "").startswith(NOT_READ):
        return Reading(kind="feed", discoveries=discoveries, problem=problem_found)
    problem = f"not a {declared}: begins with {start[:40].decode('utf-8', 'replace')!r}"
    return Reading(kind=declared, discoveries=(), problem=problem)


def _names_feed(text: str, page: Page) -> str:
    """Which feed a page for people says that it has, if somebody took the page for the feed."""
    for link in _LINK.findall(text):
        href = _HREF.search(link)
        if _FEED_TYPE.search(link) and href and (url := absolute(unescape(href[1]), page.url)):
            return f", which says that its feed is {url}"
    return ""


def _newest_first(found: tuple[Discovery, ...]) -> tuple[Discovery, ...]:
    """The dated ones, newest first, then the others in the listing's order."""
    dated = [(when.utc, d) for d in found if (when := d.published or d.modified)]
    undated = [d for d in found if not (d.published or d.modified)]
    return (*(d for _, d in sorted(dated, key=lambda pair: pair[0], reverse=True)), *undated)
