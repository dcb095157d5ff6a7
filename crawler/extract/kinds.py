"""The verdict whether a page is an article, a listing of others, or something else."""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.records import Nature
from crawler.extract.body import words_in
from crawler.extract.links import is_front_page
from crawler.extract.metadata import Metadata
from crawler.extract.natures import missing_sign, nature_of

ARTICLE_WORDS = 25
"""Words below which a body is none; short news of two sentences exist."""
LISTING_LINKS = 25
"""A section page names at least so many others."""
LINK_SHARE = 0.6
"""Share of a listing's visible text that lies in links; articles with wide menus reach a half."""
PARAGRAPH_WORDS = 30
"""A paragraph; the teasers of a section page are shorter."""
SLUG_WORDS = 4
"""So many words of the headline in the last part of an address are no section's."""
TOLD_WORDS = 120
"""Words in whole paragraphs that a section page does not have."""
_WORD = re.compile(r"[^\W_]+")


def kind_of(
    tree: HtmlElement, metadata: Metadata, title: str | None, body: str | None, url: str
) -> tuple[Nature, str | None]:
    """The kind of a page and, unless it is a plain article, the sign of it in plain words.

    On 1,257 pages of which nearly all are articles, none was taken for missing; the 17 listings
    are front pages (12) or have 70 to 93 % of their text in links.
    """
    counts = [words_in(paragraph) for paragraph in (body or "").split("\n\n")]
    told = sum(count for count in counts if count >= PARAGRAPH_WORDS)
    if reason := missing_sign(metadata, sum(counts)):
        return "missing", reason
    if not metadata.is_marked_article and (reason := _listing(tree, metadata, told, url)):
        return "listing", reason
    if not metadata.is_marked_article and (reason := _other(metadata, told)):
        return "other", reason
    if (words := sum(counts)) < ARTICLE_WORDS:
        return "other", f"the text has {words} words, an article at least {ARTICLE_WORDS}"
    if not title:
        return "other", "the page has no headline"
    return nature_of(tree, metadata, words, url)


def _listing(tree: HtmlElement, metadata: Metadata, told: int, url: str) -> str | None:
    if is_front_page(url):
        return "the front page of a site"
    if told >= TOLD_WORDS or is_in_address(metadata, url):
        return None
    if metadata.schema.is_listing:
        return "declared as a collection of other pages"
    links = int(tree.xpath("count(//a[@href])"))
    if links < LISTING_LINKS or metadata.claims.of("published"):
        return None
    share = _link_share(tree)
    return f"{links} links hold {share:.0%} of the page's text" if share >= LINK_SHARE else None


def is_in_address(metadata: Metadata, url: str) -> bool:
    """Whether the address spells a headline of the page; that of a section is a word or two."""
    slug = {
        w
        for w in _WORD.findall(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1].lower())
        if len(w) > 1
    }
    titles = (set(_WORD.findall(title.lower())) for title in metadata.claims.values("title"))
    return any(len(slug & title) >= max(SLUG_WORDS, len(slug) / 2) for title in titles)


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
