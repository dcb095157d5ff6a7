"""schema.org data in scripts, read although it is broken, and the node that is this article."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawler.extract.brokenjson import parsed
from crawler.extract.links import site_of
from crawler.extract.plain import folded

Node = dict[str, Any]

NODES_LIMIT = 2_000
_DEPTH_LIMIT = 12
_VALUES_LIMIT = 20

ARTICLE_TYPES = {
    "newsarticle": 10,
    "reportagenewsarticle": 10,
    "analysisnewsarticle": 10,
    "opinionnewsarticle": 10,
    "backgroundnewsarticle": 10,
    "reviewnewsarticle": 10,
    "askpublicnewsarticle": 10,
    "satiricalarticle": 9,
    "liveblogposting": 9,
    "article": 9,
    "report": 8,
    "blogposting": 8,
    "advertisercontentarticle": 8,
    "techarticle": 8,
    "scholarlyarticle": 8,
    "medicalscholarlyarticle": 8,
    "socialmediaposting": 6,
    "discussionforumposting": 6,
    "review": 5,
    "criticreview": 5,
    "interview": 5,
    "recipe": 5,
    "newsmediaobject": 4,
    "videoobject": 3,
    "creativework": 3,
}
"""What an article may call itself, with how much the name says."""
PAGE_TYPES = {"webpage", "itempage", "aboutpage"}
LISTING_TYPES = {"collectionpage", "itemlist", "searchresultspage", "profilepage"}
OTHER_TYPES = {
    "product", "event", "jobposting", "faqpage", "contactpage", "checkoutpage", "realestatelisting",
}  # fmt: skip
"""What a page may be instead of an article, if nothing on it says that it is one."""
_ORGANIZATIONS = {"newsmediaorganization", "organization", "corporation", "localbusiness"}
_SURE_TYPE = 5  # below it, a node is about a part of the page: its video, an unnamed work

# Nodes under these keys are other pages, or parts of this one.
_ELSEWHERE = {
    "itemlistelement",
    "relatedlink",
    "liveblogupdate",
    "comment",
    "video",
    "about",
    "mentions",
    "citation",
    "hasparts",
    "isrelatedto",
    "review",
    "blogpost",
    "significantlink",
}


@dataclass(frozen=True, slots=True)
class Schema:
    """What the scripts of one page say."""

    article: Node = field(default_factory=dict)
    page: Node = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    by_id: dict[str, Node] = field(default_factory=dict)
    site_names: tuple[str, ...] = ()
    crumbs: tuple[str, ...] = ()
    """The names of the pages above this one, from the front page down."""

    @property
    def is_article(self) -> bool:
        """Whether a node says that it is an article."""
        return _rank(self.article) > _SURE_TYPE

    @property
    def is_listing(self) -> bool:
        """Whether the page calls itself a collection of others."""
        return bool(self.types & LISTING_TYPES)

    @property
    def other(self) -> str | None:
        """What the page calls itself that is neither an article nor a listing."""
        return min(self.types & OTHER_TYPES, default=None)

    def strings(self, key: str) -> list[str]:
        """The values of `key` of the article, else of its page, as strings."""
        return strings(self.article.get(key)) or strings(self.page.get(key))

    def people(self, key: str) -> list[tuple[str, bool]]:
        """Names under `key` of the article, each with whether it is a person's."""
        return list(self._people(self.article.get(key), 0))[:_VALUES_LIMIT]

    def _people(self, value: object, depth: int) -> Iterator[tuple[str, bool]]:
        if depth > _DEPTH_LIMIT:
            return
        if isinstance(value, str):
            yield value, True
        elif isinstance(value, list):
            for one in value[:_VALUES_LIMIT]:
                yield from self._people(one, depth + 1)
        elif isinstance(value, dict):
            if "name" not in value and isinstance(value.get("@id"), str):
                value = self.by_id.get(value["@id"], value)
            is_person = not types_of(value) & _ORGANIZATIONS
            name = value.get("name") or _parts_of_name(value)
            for one in name if isinstance(name, list) else [name]:
                if isinstance(one, str):
                    yield one, is_person


def _parts_of_name(person: Node) -> str | None:
    """`Ann Lee` of a node that has only `givenName` and `familyName`."""
    parts = (person.get("givenName"), person.get("familyName"))
    return " ".join(part for part in parts if isinstance(part, str)) or None


def read(scripts: Iterable[str], url: str, headings: Iterable[str] = ()) -> Schema:
    """Read the JSON-LD scripts of the page at `url`; `headings` help to know its own node."""
    found: list[Node] = []
    for script in scripts:
        for value in parsed(script):
            found.extend(_nodes(value, 0))
        if len(found) > NODES_LIMIT:
            break
    by_id = {n["@id"]: n for n in found if isinstance(n.get("@id"), str) and len(n) > 1}
    known = frozenset(t for n in found for t in types_of(n))
    wanted = {folded(h) for h in headings} - {""}
    articles = [n for n in found if _rank(n)]
    article = max(articles, key=lambda n: _fit(n, url, wanted), default={})
    page: Node = next((n for n in found if types_of(n) & PAGE_TYPES), {})
    return Schema(
        article,
        page,
        known,
        by_id,
        tuple(_site_names(found, article, by_id)),
        tuple(_crumbs(found)),
    )


def strings(value: object) -> list[str]:
    """The strings that a value of schema.org amounts to: text, a list, or a node's name or URL."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool | int | float):
        return [str(value)]
    if isinstance(value, dict):
        return strings(
            value.get("name") or value.get("url") or value.get("@value") or value.get("@id")
        )
    if isinstance(value, list):
        return [
            s for one in value[:_VALUES_LIMIT] if not isinstance(one, list) for s in strings(one)
        ]
    return []


def types_of(node: Node) -> set[str]:
    """The node's types in lower case, without a vocabulary's prefix."""
    kinds = node.get("@type")
    found = kinds if isinstance(kinds, list) else [kinds]
    return {re.split(r"[/:#]", k)[-1].strip().lower() for k in found if isinstance(k, str)}


def _nodes(value: object, depth: int) -> Iterator[Node]:
    if depth > _DEPTH_LIMIT:
        return
    if isinstance(value, list):
        for one in value[:NODES_LIMIT]:
            yield from _nodes(one, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key, inner in value.items():
            if isinstance(inner, dict | list) and key.lower() not in _ELSEWHERE:
                yield from _nodes(inner, depth + 1)


def _rank(node: Node) -> int:
    return max((ARTICLE_TYPES.get(t, 0) for t in types_of(node)), default=0)


def _fit(node: Node, url: str, headings: set[str]) -> tuple[bool, bool, int, int]:
    """How surely a node is this page: it says so or has our headline, its type, its fields."""
    rank = _rank(node)
    heading = folded(next(iter(strings(node.get("headline")) or strings(node.get("name"))), ""))
    own = any(
        _is_address(said, url)
        for key in ("url", "mainEntityOfPage", "@id")
        for said in strings(node.get(key))
    )
    fields = sum(key in node for key in ("headline", "datePublished", "author", "articleBody"))
    return rank >= _SURE_TYPE, own or bool(heading and heading in headings), rank, fields


def _is_address(said: str, url: str) -> bool:
    if site_of(said) != site_of(url):
        return False
    path = urlsplit(url).path.strip("/")
    return bool(path) and urlsplit(said).path.strip("/") == path


def _site_names(found: list[Node], article: Node, by_id: dict[str, Node]) -> Iterator[str]:
    publisher = article.get("publisher")
    if isinstance(publisher, dict) and "name" not in publisher:
        publisher = by_id.get(str(publisher.get("@id")), publisher)
    if isinstance(publisher, dict) and "name" not in publisher:
        publisher = None  # strings() would take its address for a name
    yield from strings(publisher)
    author = article.get("author")
    authors = author if isinstance(author, list) else [author]  # an agency signs, and is no site
    for node in found:
        if types_of(node) & (_ORGANIZATIONS | {"website"}) and not any(node is a for a in authors):
            yield from strings(node.get("name"))
            yield from strings(node.get("alternateName"))


def _crumbs(found: list[Node]) -> Iterator[str]:
    trail = next((n for n in found if "breadcrumblist" in types_of(n)), {})
    steps = trail.get("itemListElement")
    for step in steps[:_VALUES_LIMIT] if isinstance(steps, list) else ():
        if isinstance(step, dict):
            name = step.get("name") or step.get("item")
            yield next(iter(strings(name)), "")
