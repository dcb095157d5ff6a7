"""Front and section pages: the links that look like articles, headlines before the rest."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.records import Discovery, Url
from archive.urls import urlkey
from crawler.discovery.links import absolute, is_page
from crawler.discovery.traps import trap_of
from crawler.extract.errors import Unextractable
from crawler.extract.links import is_same_site
from crawler.extract.page import Page
from crawler.extract.plain import plain
from crawler.extract.tree import ELEMENTS_LIMIT, html_tree

MOST_LINKS = 500
"""A front page links to 50 to 300 articles."""
MOST_TAGS = 8 * ELEMENTS_LIMIT
"""`<` in the page, counted before it becomes a tree; scripts have some, too."""
SHORTEST_ANCHOR = 15
"""Characters of a headline; "Sport" and "More" are shorter."""
SHORTEST_DENSE_ANCHOR = 7
"""Chinese, Japanese and Korean say as much in half the characters."""
LONGEST_TITLE = 500

_ASIDE = frozenset({"nav", "footer", "aside", "form", "menu"})
_HEADLINES = frozenset({"main", "article", "h1", "h2", "h3", "h4"})
_SLUG = re.compile(r"\d{4}/\d{1,2}|[^\W_]+(?:-[^\W_]+){2,}|\d{5,}|[^\W_]+(?:_[^\W_]+){2,}")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def read_section(
    text: str, page: Page, patterns: tuple[str, ...]
) -> tuple[tuple[Discovery, ...], Counter[str], str | None]:
    """What a page links to that looks like an article of the same outlet.

    With URL rules (`patterns`) a link must match one; without, its URL or its anchor must look
    like a headline's, and traps are left out and counted under their reason. Links in
    `<main>`, `<article>` and headings come first, then the others, each in page order.
    """
    try:
        tree = _tree(text)
    except Unextractable as error:
        return (), Counter(), f"not a section: {error}"
    rules = [re.compile(p) for p in patterns]
    found: dict[str, tuple[bool, Url, str | None]] = {}
    trapped: dict[Url, str] = {}
    for url, anchor in _links(tree, page, rules):
        title = _title(anchor)
        places = {parent.tag for parent in anchor.iterancestors()}
        if not rules and (places & _ASIDE or not (title or _SLUG.search(_path(url)))):
            continue
        if not rules and (trap := trap_of(url, in_section=True)):
            trapped[url] = trap
            continue
        key = _key(url)
        if key and (key not in found or (title and not found[key][2])):
            is_headline = bool(places & _HEADLINES) or (key in found and found[key][0])
            found[key] = (is_headline, url, title)
    ordered = sorted(found.values(), key=lambda link: not link[0])
    links = tuple(
        Discovery(url=url, listing=page.url, kind="section", position=position, title=title)
        for position, (_, url, title) in enumerate(ordered[:MOST_LINKS])
    )
    return links, Counter(trapped.values()), _problem(tree, len(ordered))


def _tree(text: str) -> HtmlElement:
    """The page's tree, unless it is one that nobody could look at.

    Raises:
        Unextractable: if it is too large, or no element is in it.
    """
    if (tags := text.count("<")) > MOST_TAGS:
        raise Unextractable(f"too large: {tags} tags, limit {MOST_TAGS}")
    tree = html_tree(text)
    if (elements := int(tree.xpath("count(//*)"))) > ELEMENTS_LIMIT:
        raise Unextractable(f"too large: {elements} elements, limit {ELEMENTS_LIMIT}")
    return tree


def _links(
    tree: HtmlElement, page: Page, rules: list[re.Pattern[str]]
) -> Iterator[tuple[Url, HtmlElement]]:
    base = next((b.get("href") for b in tree.iter("base") if b.get("href")), None)
    home = absolute(base, page.url) or page.url
    for anchor in tree.iter("a"):
        url = absolute(anchor.get("href"), home)
        if url and url != page.url and _is_candidate(url, page.url, rules):
            yield url, anchor


def _is_candidate(url: Url, listing: str, rules: list[re.Pattern[str]]) -> bool:
    of_outlet = is_same_site(listing, url) or is_same_site(url, listing)
    if not of_outlet or not is_page(url) or urlsplit(url).path in ("", "/"):
        return False
    path = _path(url)
    return not rules or any(rule.search(path) for rule in rules)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _title(anchor: HtmlElement) -> str | None:
    title = plain("".join(anchor.itertext()), LONGEST_TITLE) or ""
    shortest = SHORTEST_DENSE_ANCHOR if _DENSE.search(title) else SHORTEST_ANCHOR
    return title if len(title) >= shortest else None


def _key(url: str) -> str | None:
    try:
        return urlkey(url)
    except ValueError:
        return None


def _problem(tree: HtmlElement, count: int) -> str | None:
    if count > MOST_LINKS:
        return f"{count} links; {count - MOST_LINKS} were left out"
    if count == 0:
        title = plain(tree.findtext(".//title"), 200) or ""
        return f"no link looks like an article: an HTML page titled {title!r}"
    return None
