"""One fetched listing, read: sniffed by its content and not by its MIME type."""

import re
from dataclasses import dataclass

from archive.coding import decode
from archive.errors import UndecodableBody
from archive.records import Discovery, ListingKind
from crawler.discovery.feeds import read_feed, read_json_feed
from crawler.discovery.sections import read_section, title_of
from crawler.discovery.sitemaps import Child, read_sitemap
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page

_XML_ROOT = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|<\?[^>]*>|\s)*"
    rb"<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex|html)\b",
    re.DOTALL | re.IGNORECASE,
)
_FEEDS = (b"rss", b"feed", b"rdf")
_SITEMAPS = (b"urlset", b"sitemapindex")
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
    try:
        body = decode(page.body, page.content_encoding)
        if body[:2] == b"\x1f\x8b":  # a .xml.gz is packed whatever its headers say
            body = decode(body, "gzip")
    except UndecodableBody as error:
        raise Unextractable(str(error)) from error
    if not body.strip():
        raise Unextractable("empty")
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
    if name in _SITEMAPS:
        discoveries, children, problem = read_sitemap(body, page)
        return Reading(kind="sitemap", discoveries=discoveries, children=children, problem=problem)
    if name in _FEEDS:
        discoveries, problem = read_feed(body, page)
        return Reading(kind="feed", discoveries=discoveries, problem=problem)
    if body.lstrip()[:1] == b"{" and declared == "feed":
        discoveries, problem = read_json_feed(body, page)
        return Reading(kind="feed", discoveries=discoveries, problem=problem)
    if declared == "section":
        discoveries, problem = read_section(body, page, patterns)
        return Reading(kind="section", discoveries=discoveries, problem=problem)
    return _mistaken(body, page, declared)


def _mistaken(body: bytes, page: Page, declared: ListingKind) -> Reading:
    """A feed or sitemap that is not one, or is broken before its first element."""
    if b"<html" in body[:_SNIFFED].lower() or b"<!doctype html" in body[:_SNIFFED].lower():
        problem = f"not a {declared}: an HTML page titled {title_of(body)!r}"
        return Reading(kind=declared, discoveries=(), problem=problem)
    discoveries, problem_found = read_feed(body, page)
    if discoveries:
        return Reading(kind="feed", discoveries=discoveries, problem=problem_found)
    start = body[:40].decode("utf-8", "replace")
    problem = f"not a {declared}: begins with {start!r}"
    return Reading(kind=declared, discoveries=(), problem=problem)


def _newest_first(found: tuple[Discovery, ...]) -> tuple[Discovery, ...]:
    dated = [(d.published.utc, d) for d in found if d.published]
    if len(dated) < len(found):
        return found
    return tuple(d for _, d in sorted(dated, key=lambda pair: pair[0], reverse=True))
