"""Sitemaps: URL sets with what Google News adds to them, and indexes of sitemaps.

Read with lxml and no help from outside: no entities, no network, no huge trees. Scrapy's own
reader drops what stands inside `news:news`.
"""

import re
from collections.abc import Iterator
from typing import Literal

from lxml import etree

from archive.records import Discovery, Moment, Url
from crawler.discovery.bounds import NOT_READ
from crawler.discovery.doctype import without_doctype
from crawler.discovery.feeds import LONGEST_NAME, keywords
from crawler.discovery.links import absolute
from crawler.extract.moments import declared
from crawler.extract.page import Page
from crawler.extract.plain import plain

MOST_URLS = 50_000
"""What the protocol allows in one file (sitemaps.org)."""
LONGEST_TITLE = 500

MOST_TAGS = 2_000_000
"""What may open or close an element; 40 for each of the URLs, most of which have 10."""

_COMMA = re.compile(r"[,،、，;]")
"""Between keywords; Arabic, Chinese and Japanese have commas of their own."""

Child = tuple[Literal["sitemap"], Url, Moment | None]
"""A sitemap that an index names, and when it changed."""


def read_sitemap(
    body: bytes, page: Page
) -> tuple[tuple[Discovery, ...], tuple[Child, ...], str | None]:
    """The URLs of a sitemap, the children of an index, and what was wrong with it."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False
    )
    body = without_doctype(body).lstrip()
    if (tags := body.count(b"<")) > MOST_TAGS:  # lxml takes 200 bytes for each
        return (), (), f"{NOT_READ}{tags} tags, limit {MOST_TAGS}"
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        return (), (), f"not well-formed: {error}; nothing of it could be read"
    if root is None:
        return (), (), "not well-formed: nothing of it could be read"
    found: list[Discovery] = []
    children: list[Child] = []
    left_out = misled = 0
    for entry in _entries(root):
        if len(found) + len(children) >= MOST_URLS:
            left_out += 1
        elif not _read_entry(entry, page, found, children):
            misled += 1
    read = len(found) + len(children)
    return tuple(found), tuple(children), _problem(parser, read, left_out, misled)


def read_text_sitemap(body: bytes, page: Page) -> tuple[tuple[Discovery, ...], str | None]:
    """The URLs of a sitemap in plain text, one a line (sitemaps.org allows it)."""
    lines = body.decode("utf-8-sig", "replace").split()
    urls = [url for line in lines[:MOST_URLS] if (url := absolute(line, page.url))]
    found = tuple(
        Discovery(url=url, listing=page.url, kind="sitemap", position=position)
        for position, url in enumerate(urls)
    )
    left_out = len(lines) - MOST_URLS
    return found, f"more than {MOST_URLS} URLs; {left_out} were left out" if left_out > 0 else None


def _problem(parser: etree.XMLParser, count: int, left_out: int, misled: int) -> str | None:
    if left_out:
        return f"more than {MOST_URLS} URLs; {left_out} were left out"
    errors = [e for e in parser.error_log if e.level_name in ("ERROR", "FATAL")]
    if errors:
        first = errors[0]
        said = first.message[:100]
        return f"not well-formed: line {first.line}: {said}; {count} entries were read"
    if misled:
        return f"{misled} of {count + misled} entries have no address that leads anywhere"
    return None


def _entries(root: etree._Element) -> Iterator[etree._Element]:
    """The entries in their order; an entry within an entry is none, and each is read once."""
    left = [root]
    while left:
        element = left.pop()
        if callable(element.tag):  # a comment, or an instruction
            continue
        if _name(element) in ("url", "sitemap"):
            yield element
        else:
            left.extend(reversed(element))


def _read_entry(
    entry: etree._Element, page: Page, found: list[Discovery], children: list[Child]
) -> bool:
    """Take in one entry; whether its address leads anywhere."""
    facts: dict[str, str] = {}
    for element in entry.iter():
        # only what has no elements in it: the text of what has some is theirs
        if callable(element.tag) or any(not callable(child.tag) for child in element):
            continue
        if text := "".join(map(str, element.itertext())).strip():
            facts.setdefault(_qualified(element), text)
    url = absolute(facts.get("loc"), page.url)
    if url is None:
        return False
    modified = declared(facts.get("lastmod", ""), page.zone)
    if _name(entry) == "sitemap":
        children.append(("sitemap", url, modified))
        return True
    found.append(
        Discovery(
            url=url,
            listing=page.url,
            kind="sitemap",
            position=len(found),
            title=plain(facts.get("news:title"), LONGEST_TITLE),
            published=declared(facts.get("news:publication_date", ""), page.zone),
            modified=modified,
            language=plain(facts.get("news:language"), 35),
            keywords=keywords(_listed(facts.get("news:keywords"))),
            publication=plain(facts.get("news:name"), LONGEST_NAME),
            access=plain(facts.get("news:access"), 35),
        )
    )
    return True


def _listed(said: str | None) -> list[str]:
    return _COMMA.split(said[: 8 * LONGEST_TITLE]) if said else []


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower()


def _qualified(element: etree._Element) -> str:
    namespace = etree.QName(element).namespace or ""
    if "sitemap-news" in namespace:
        return f"news:{_name(element)}"
    return "" if "image" in namespace or "video" in namespace else _name(element)
