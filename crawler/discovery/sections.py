"""Front and section pages: the links that look like articles, in the order a reader meets them."""

import re
from urllib.parse import urlsplit

from lxml import html
from lxml.etree import ParserError

from archive.records import Discovery, Url
from archive.urls import host_of, urlkey
from crawler.discovery.links import absolute, is_page
from crawler.extract.page import Page

MOST_LINKS = 500
SHORTEST_ANCHOR = 15
"""Characters of a headline; "Sport" and "More" are shorter."""

_ASIDE = ("nav", "footer", "aside", "form", "menu")
_TRAP = re.compile(
    r"/(?:tags?|topics?|authors?|categor(?:y|ies)|search|login|signin|register|account|subscribe|"
    r"newsletters?|print|share|calendar|comments?|privacy|terms|contact|about|impressum|rss|feed)"
    r"(?:/|$)|[?&](?:print|share|replytocom|s|q|page)=|/page/\d+|/wp-(?:json|admin|login)",
    re.IGNORECASE,
)
_SLUG = re.compile(r"\d{4}/\d{1,2}|[a-z0-9]+(?:-[a-z0-9]+){2,}|\d{5,}|[a-z0-9]+(?:_[a-z0-9]+){2,}")


def read_section(
    body: bytes, page: Page, patterns: tuple[str, ...]
) -> tuple[tuple[Discovery, ...], str | None]:
    """What a page links to that looks like an article of the same outlet.

    With URL rules (`patterns`) a link must match one; without, its URL or its anchor must look
    like a headline's. Navigation, tags, calendars, print and share links are left out.
    """
    try:
        tree = html.document_fromstring(body, parser=html.HTMLParser(recover=True, no_network=True))
    except (ParserError, ValueError):
        return (), "not a page: nothing of it could be read"
    rules = [re.compile(p) for p in patterns]
    base = tree.xpath("string(//base/@href)") or ""
    home = absolute(str(base), page.url) or page.url
    found: dict[str, Discovery] = {}
    for anchor in tree.iter("a"):
        url = absolute(anchor.get("href"), home)
        if url is None or not _is_candidate(url, page.url, rules):
            continue
        title = " ".join("".join(map(str, anchor.itertext())).split())[:500]
        if not rules and not (_SLUG.search(urlsplit(url).path) or len(title) >= SHORTEST_ANCHOR):
            continue
        if not rules and any(parent.tag in _ASIDE for parent in anchor.iterancestors()):
            continue
        key = urlkey_or_none(url)
        if key and (key not in found or (title and not found[key].title)):
            found[key] = Discovery(
                url=url,
                listing=page.url,
                kind="section",
                position=len(found),
                title=title if len(title) >= SHORTEST_ANCHOR else None,
            )
    links = tuple(found.values())
    left = len(links) - MOST_LINKS
    return links[:MOST_LINKS], f"{len(links)} links; {left} were left out" if left > 0 else None


def _is_candidate(url: Url, listing: str, rules: list[re.Pattern[str]]) -> bool:
    parts = urlsplit(url)
    if not same_site(url, listing) or not is_page(url) or parts.path in ("", "/"):
        return False
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if rules:
        return any(rule.search(path) for rule in rules)
    return not _TRAP.search(path)


def same_site(url: str, other: str) -> bool:
    """Whether two URLs are of one site: the same host, `www.` aside, or one below the other."""
    one, two = (_bare(u) for u in (url, other))
    return one == two or one.endswith("." + two) or two.endswith("." + one)


def _bare(url: str) -> str:
    try:
        return re.sub(r"^(?:www\d*|m|mobile|amp)\.", "", host_of(url))
    except ValueError:
        return ""


def urlkey_or_none(url: str) -> str | None:
    """The identity of a URL, if it has one."""
    try:
        return urlkey(url)
    except ValueError:
        return None


def title_of(body: bytes) -> str:
    """The `<title>` of an HTML page, for a message."""
    found = re.search(rb"<title[^>]*>([^<]{0,200})", body, re.IGNORECASE)
    return " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
