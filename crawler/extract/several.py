"""Pages that show several whole articles: blogs with full posts, digests, endless scrolling.

Such a page is a listing whose texts are no article together, or one article that others follow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.extract.body import words_in
from crawler.extract.furniture import is_furniture
from crawler.extract.headlines import HEADLINE_CHARACTERS
from crawler.extract.jsonld import strings
from crawler.extract.kinds import is_in_address
from crawler.extract.links import absolute, is_front_page, is_same_site
from crawler.extract.metadata import Metadata
from crawler.extract.natures import live_sign
from crawler.extract.plain import folded, plain

WHOLE_WORDS = 80
"""Words in paragraphs, outside links, that a whole article has. On 1,257 pages with articles the
teasers beside them have up to 63, but one of 82 and one of 241; a few comments have more."""
WHOLE_ARTICLES = 3
"""Fewer are an article and the one that follows it."""
PROSE_SHARE = 0.6
"""Of the page's words in paragraphs that the whole articles hold; what stands outside them is no
article of its own then."""
CANDIDATES_LIMIT = 200
_HEADING_LENGTH = 500
_HOLDERS = ("article", "div", "section")
_HEADINGS = ("h1", "h2", "h3")
_ENTRIES = frozenset({"hentry", "h-entry"})
_TYPES = frozenset({"article", "newsarticle", "blogposting", "liveblogposting"})
_ASIDE = frozenset({"aside", "nav", "footer"})
_ADDRESSES = XPath(
    ".//a[@href][ancestor::h1 or ancestor::h2 or ancestor::h3 or .//h1 or .//h2 or .//h3"
    " or .//time or contains(@rel, 'bookmark') or contains(@class, 'u-url')]/@href"
    " | .//link[@itemprop='url' or @itemprop='mainEntityOfPage']/@href"
    " | .//meta[@itemprop='url' or @itemprop='mainEntityOfPage']/@content"
)

Place = tuple[str, str]
"""The path and query of an address."""


@dataclass(frozen=True, slots=True)
class WholeArticle:
    """One of several: its element and heading, its words, and the place of its address."""

    element: HtmlElement
    heading: HtmlElement
    title: str
    words: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class Several:
    """What several whole articles make of a page: a listing, or an article that others follow."""

    sign: str | None = None
    """Why the page is a listing, in plain words."""
    others: tuple[WholeArticle, ...] = ()
    """Those beside the page's own article."""

    def drop_others(self) -> None:
        """Take the articles that are not the page's own out of its tree; text after them stays."""
        for other in self.others:
            other.element.drop_tree()


def several_in(tree: HtmlElement, metadata: Metadata, url: str) -> Several:
    """Whether a page shows several whole articles, and if one of them is its own, the others.

    On 1,257 pages, nearly all of them one article, none becomes a listing, and one loses an article
    that follows; no body is better or worse. It costs 0.3 ms a page, of 16.
    """
    shown = list(_whole_articles(tree, url))
    if len(shown) <= 1 or not absolute(url, url):
        return Several()
    if is_front_page(url) or live_sign(tree, metadata, url):
        return Several()
    here = {place_of(url), *map(place_of, metadata.claims.values("canonical"))}
    if own := _own(tree, metadata, shown, here):
        return Several(others=tuple(one for one in shown if _follows(one, own, here)))
    placed = {one.place: one for one in shown if one.place and one.place not in here}
    titles = {folded(one.title) for one in placed.values()}
    if min(len(placed), len(titles)) < WHOLE_ARTICLES or _is_one(metadata, titles, url):
        return Several()
    if sum(one.words for one in placed.values()) < PROSE_SHARE * _prose(tree):
        return Several()
    first = next(iter(placed.values())).title
    return Several(f"{len(placed)} whole articles one after the other, the first {first!r}")


def _whole_articles(tree: HtmlElement, url: str) -> Iterator[WholeArticle]:
    outermost = _outermost(tree)
    for element, inner in outermost.items() if len(outermost) > 1 else ():
        words = _prose(element) - sum(map(_prose, inner))
        heading = next(element.iter(*_HEADINGS), None)
        if words < WHOLE_WORDS or heading is None or is_beside(element):
            continue
        title = plain(heading.text_content(), _HEADING_LENGTH)
        if title and not any(above in inner for above in heading.iterancestors()):
            yield WholeArticle(element, heading, title, words, place_in(element, url))


def place_in(element: HtmlElement, url: str) -> Place | None:
    """Where the link of a heading or of a date leads, or the one that says what it is."""
    said: Any = _ADDRESSES(element)
    address = absolute(url, said[0]) if said else None
    return place_of(address) if address and is_same_site(url, address) else None


def _outermost(tree: HtmlElement) -> dict[HtmlElement, list[HtmlElement]]:
    """The elements that may be whole articles and lie in no other, each with those right in it."""
    known: set[HtmlElement] = set()
    found: dict[HtmlElement, list[HtmlElement]] = {}
    candidates = filter(_may_be, tree.iter(*_HOLDERS))  # XPath takes four times as long
    for element in islice(candidates, CANDIDATES_LIMIT):
        outer = next((above for above in element.iterancestors() if above in known), None)
        known.add(element)
        if outer is None:
            found[element] = []
        elif outer in found:
            found[outer].append(element)
    return found


def _may_be(element: HtmlElement) -> bool:
    if element.tag == "article":
        return True
    if "entry" in (names := element.get("class") or "") and not _ENTRIES.isdisjoint(names.split()):
        return True
    kind = element.get("itemtype")
    return kind is not None and kind.rstrip("/").rsplit("/", 1)[-1].lower() in _TYPES


def is_beside(element: HtmlElement) -> bool:
    """Whether an element is a comment, a teaser or a dialogue, or lies among such."""
    return any(
        one.tag in _ASIDE or is_furniture(f"{one.get('class') or ''} {one.get('id') or ''}")
        for one in (element, *element.iterancestors())
        if one.tag not in ("body", "html")
    )


def _own(
    tree: HtmlElement,
    metadata: Metadata,
    shown: Sequence[WholeArticle],
    here: set[Place],
) -> WholeArticle | None:
    """The article that the page's address, its title or its only h1 names."""
    said = [folded(one) for one in metadata.claims.values("title", "opengraph", "title-tag")]
    headlines = list(islice(tree.iter("h1"), 2))
    for one in shown:
        title = folded(one.title)
        if one.place in here or headlines == [one.heading]:
            return one
        if len(title) >= HEADLINE_CHARACTERS and any(text.startswith(title) for text in said):
            return one
    return None


def _follows(one: WholeArticle, own: WholeArticle, here: set[Place]) -> bool:
    """Whether an article is another than the page's: parts of one article have no address."""
    if one is own or folded(one.title) == folded(own.title):
        return False
    if one.place is None:
        return {one.heading.tag, own.heading.tag} == {"h1"}
    # the entries of a live blog have addresses beneath its own
    return not any(one.place[0].startswith(path) for path, _ in here)


def _is_one(metadata: Metadata, titles: set[str], url: str) -> bool:
    """Whether the page calls itself one article, by another headline than theirs."""
    headline = folded(next(iter(strings(metadata.schema.article.get("headline"))), ""))
    return (
        metadata.og_type == "article"
        or bool(metadata.claims.values("published", "opengraph"))
        or (metadata.schema.is_article and headline not in titles)
        or is_in_address(metadata, url)
    )


def place_of(url: str) -> Place:
    """The path and query of an address, without the slash at its path's end."""
    parts = urlsplit(url)
    return parts.path.rstrip("/"), parts.query


def _prose(element: HtmlElement) -> int:
    """Words in paragraphs of an element, without those of links."""
    return sum(
        words_in(p.text_content()) - sum(words_in(a.text_content()) for a in _outer(p, "a"))
        for p in _outer(element, "p", "a")
        if p.tag == "p"
    )


def _outer(element: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
    """The elements of these tags that lie in none of them: a hostile page nests what none does."""
    return (one for one in element.iter(*tags) if next(one.iterancestors(*tags), None) is None)
