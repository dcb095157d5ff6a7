"""One fetched listing, read: sniffed by its content and not by its MIME type."""

import re
from dataclasses import dataclass

from archive.coding import DECODED_LIMIT
from archive.records import Discovery, ListingKind
from crawler.discovery.feeds import read_feed, read_json_feed
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
_SNIFFED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one listing said: URLs with what it says of each, newest first where it gives dates.

    `children` are the sitemaps that an index names. `problem` says in words what was wrong or left
    out; there may be discoveries all the same.
    """

    kind: ListingKind
    discoveries: tuple[Discovery, ...]
    children: tuple[Child, ...] = ()
    problem: str | None = None


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
    return Reading(
        kind=found.kind,
        discoveries=_newest_first(found.discoveries),
        children=found.children,
        problem=found.problem,
    )


def _read(page: Page, body: bytes, declared: ListingKind, patterns: tuple[str, ...]) -> Reading:
    root = _XML_ROOT.match(body[:_SNIFFED])
    name = root[1].lower() if root else b""
    start = body[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n")
    if name in _SITEMAPS:
        discoveries, children, problem = read_sitemap(body, page)
        return Reading(kind="sitemap", discoveries=discoveries, children=children, problem=problem)
    if name in _FEEDS:
        discoveries, problem = read_feed(body, page)
        return Reading(kind="feed", discoveries=discoveries, problem=problem)
    if declared == "feed" and start.startswith((b"{", b"[")):
        discoveries, problem = read_json_feed(body, page)
        return Reading(kind="feed", discoveries=discoveries, problem=problem)
    if declared == "sitemap" and start.startswith((b"http://", b"https://")):
        discoveries, problem = read_text_sitemap(body, page)
        return Reading(kind="sitemap", discoveries=discoveries, problem=problem)
    if declared == "section":
        if len(body) > HTML_LIMIT:
            raise Unextractable(f"too large: {len(body)} bytes, limit {HTML_LIMIT}")
        text = text_of(body, page.content_type, page.languages)
        discoveries, problem = read_section(text, page, patterns)
        return Reading(kind="section", discoveries=discoveries, problem=problem)
    return _mistaken(body, page, declared)


def _mistaken(body: bytes, page: Page, declared: ListingKind) -> Reading:
    """A feed or sitemap that is not one, or is broken before its first element."""
    start = body[:_SNIFFED]
    if _HTML.search(start) and not _ROOT_LATER.search(start):
        found = _TITLE.search(text_of(body[: 16 * _SNIFFED], page.content_type, page.languages))
        title = plain(found[1], 200) if found else None
        problem = f"not a {declared}: an HTML page titled {title or ''!r}"
        return Reading(kind=declared, discoveries=(), problem=problem)
    discoveries, problem_found = read_feed(body, page)
    if discoveries:
        return Reading(kind="feed", discoveries=discoveries, problem=problem_found)
    problem = f"not a {declared}: begins with {start[:40].decode('utf-8', 'replace')!r}"
    return Reading(kind=declared, discoveries=(), problem=problem)


def _newest_first(found: tuple[Discovery, ...]) -> tuple[Discovery, ...]:
    """The dated ones, newest first, then the others in the listing's order."""
    dated = [(when.utc, d) for d in found if (when := d.published or d.modified)]
    undated = [d for d in found if not (d.published or d.modified)]
    return (*(d for _, d in sorted(dated, key=lambda pair: pair[0], reverse=True)), *undated)
