"""The verdict whether a page is an article, a listing of others, or something else."""

from typing import Literal

from lxml.html import HtmlElement

from crawler.extract.links import is_front_page
from crawler.extract.metadata import Metadata

Kind = Literal["article", "listing", "other"]

ARTICLE_WORDS = 25
"""Words below which a body is none; short news of two sentences exist."""
LISTING_LINKS = 25
"""A section page names at least so many others."""
LINK_SHARE = 0.6
"""Share of a listing's visible text that lies in links; articles with wide menus reach a half."""
FEW_WORDS = 150
_LISTING_TYPES = frozenset({"website", "blog", "profile"})


def kind_of(
    tree: HtmlElement, metadata: Metadata, title: str | None, words: int, url: str
) -> tuple[Kind, str | None]:
    """The kind of a page and, unless it is an article, the reason in plain words."""
    if not metadata.is_marked_article and (reason := _listing(tree, metadata, words, url)):
        return "listing", reason
    if words < ARTICLE_WORDS:
        return "other", f"the text has {words} words, an article at least {ARTICLE_WORDS}"
    if not title:
        return "other", "the page has no headline"
    return "article", None


def _listing(tree: HtmlElement, metadata: Metadata, words: int, url: str) -> str | None:
    if is_front_page(url):
        return "the front page of a site"
    is_said = metadata.og_type in _LISTING_TYPES or metadata.schema.is_listing
    if words >= FEW_WORDS and not is_said:
        return None
    if metadata.schema.is_listing and words < FEW_WORDS:
        return "declared as a collection of other pages"
    links = int(tree.xpath("count(//a[@href])"))
    share = _link_share(tree)
    if links >= LISTING_LINKS and share >= LINK_SHARE and not metadata.claims.of("published"):
        return f"{links} links hold {share:.0%} of the page's text"
    return None


def _link_share(tree: HtmlElement) -> float:
    whole = sum(
        len(text.strip())
        for text in tree.xpath(
            "//body//text()[not(parent::script or parent::style or parent::noscript)]"
        )
    )
    linked = sum(len("".join(a.itertext()).strip()) for a in tree.iter("a"))
    return linked / whole if whole else 0.0
