"""Sitemaps: URL sets with what Google News adds to them, and indexes of sitemaps.

Read with lxml and no help from outside: no entities, no network, no huge trees. Scrapy's own
reader drops what stands inside `news:news`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from lxml import etree

from archive.records import Discovery, Moment, Precision, Url
from crawler.discovery.links import absolute
from crawler.extract.page import Page

MOST_URLS = 50_000
"""What the protocol allows in one file (sitemaps.org)."""
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.DOTALL | re.IGNORECASE)
_PRECISIONS: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}

Child = tuple[Literal["sitemap"], Url, Moment | None]
"""A sitemap that an index names, and when it changed."""


def read_sitemap(
    body: bytes, page: Page
) -> tuple[tuple[Discovery, ...], tuple[Child, ...], str | None]:
    """The URLs of a sitemap, the children of an index, and what was wrong with it."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False
    )
    root = etree.fromstring(_DOCTYPE.sub(b"", body, count=1).lstrip(), parser)
    if root is None:
        return (), (), "not well-formed: nothing of it could be read"
    found: list[Discovery] = []
    children: list[Child] = []
    left_out = 0
    for entry in _entries(root):
        if len(found) + len(children) >= MOST_URLS:
            left_out += 1
            continue
        _read_entry(entry, page, found, children)
    return tuple(found), tuple(children), _problem(parser, len(found) + len(children), left_out)


def _problem(parser: etree.XMLParser, count: int, left_out: int) -> str | None:
    if left_out:
        return f"more than {MOST_URLS} URLs; {left_out} were left out"
    errors = [e for e in parser.error_log if e.level_name in ("ERROR", "FATAL")]
    if errors:
        first = errors[0]
        said = first.message[:100]
        return f"not well-formed: line {first.line}: {said}; {count} entries were read"
    return None


def _entries(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter():
        if not callable(element.tag) and _name(element) in ("url", "sitemap"):
            yield element


def _read_entry(
    entry: etree._Element, page: Page, found: list[Discovery], children: list[Child]
) -> None:
    facts: dict[str, str] = {}
    for element in entry.iter():
        if not callable(element.tag) and element.text and element.text.strip():
            facts.setdefault(_qualified(element), element.text.strip())
    url = absolute(facts.get("loc"), page.url)
    if url is None:
        return
    modified = moment(facts.get("lastmod"))
    if _name(entry) == "sitemap":
        children.append(("sitemap", url, modified))
        return
    title = facts.get("news:title")
    found.append(
        Discovery(
            url=url,
            listing=page.url,
            kind="sitemap",
            position=len(found),
            title=" ".join(title.split())[:500] if title else None,
            published=moment(facts.get("news:publication_date")),
            modified=modified,
            language=facts.get("news:language"),
        )
    )


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower()


def _qualified(element: etree._Element) -> str:
    namespace = etree.QName(element).namespace or ""
    return (
        f"news:{_name(element)}"
        if "sitemap-news" in namespace
        else (_name(element) if "image" not in namespace and "video" not in namespace else "")
    )


def moment(said: str | None) -> Moment | None:
    """A W3C date-time (`2024`, `2024-06`, `2024-06-19`, `2024-06-19T10:00+07:00`)."""
    if not said:
        return None
    padded = {4: f"{said}-01-01", 7: f"{said}-01"}.get(len(said), said)
    try:
        at = datetime.fromisoformat(padded)
    except ValueError:
        return None
    precision = _PRECISIONS.get(len(said), "second")
    zone = "declared" if at.tzinfo else "unknown"
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Moment(at=aware, precision=precision, zone=zone)  # type: ignore[arg-type]
