"""The verdict whether a page is an article, a listing of others, or something else."""

from typing import Literal

from lxml.html import HtmlElement

from crawler.extract.body import words_in
from crawler.extract.links import is_front_page
from crawler.extract.metadata import Metadata

Kind = Literal["article", "listing", "other"]

ARTICLE_WORDS = 25
"""Words below which a body is none; short news of two sentences exist."""
LISTING_LINKS = 25
"""A section page names at least so many others."""
LINK_SHARE = 0.6
"""Share of a listing's visible text that lies in links; articles with wide menus reach a half."""
PARAGRAPH_WORDS = 30
"""A paragraph; the teasers of a section page are shorter."""
TOLD_WORDS = 120
"""Words in whole paragraphs that a section page does not have."""


def kind_of(
    tree: HtmlElement, metadata: Metadata, title: str | None, body: str | None, url: str
) -> tuple[Kind, str | None]:
    """The kind of a page and, unless it is an article, the reason in plain words."""
    counts = [words_in(paragraph) for paragraph in (body or "").split("\n\n")]
    told = sum(count for count in counts if count >= PARAGRAPH_WORDS)
    if not metadata.is_marked_article and (reason := _listing(tree, metadata, told, url)):
        return "listing", reason
    if not metadata.is_marked_article and (reason := _other(metadata, told)):
        return "other", reason
    if (words := sum(counts)) < ARTICLE_WORDS:
        return "other", f"the text has {words} words, an article at least {ARTICLE_WORDS}"
    if not title:
        return "other", "the page has no headline"
    return "article", None


def _listing(tree: HtmlElement, metadata: Metadata, told: int, url: str) -> str | None:
    if is_front_page(url):
        return "the front page of a site"
    if told >= TOLD_WORDS:
        return None
    if metadata.schema.is_listing:
        return "declared as a collection of other pages"
    links = int(tree.xpath("count(//a[@href])"))
    if links < LISTING_LINKS or metadata.claims.of("published"):
        return None
    share = _link_share(tree)
    return f"{links} links hold {share:.0%} of the page's text" if share >= LINK_SHARE else None


def _other(metadata: Metadata, told: int) -> str | None:
    """What a page declares itself to be; whole paragraphs, or a date, say otherwise."""
    if told >= TOLD_WORDS or metadata.claims.of("published") or not metadata.schema.other:
        return None
    return f"declared as something else: {metadata.schema.other}"


def _link_share(tree: HtmlElement) -> float:
    shown = tree.xpath("//body//text()[not(parent::script or parent::style or parent::noscript)]")
    whole = sum(len(text.strip()) for text in shown)
    linked = sum(len("".join(a.itertext()).strip()) for a in tree.iter("a"))
    return linked / whole if whole else 0.0
