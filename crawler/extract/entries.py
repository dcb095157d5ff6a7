"""The entries of a live blog, read as the parts of one text that they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from lxml.html import HtmlElement

from crawler.extract.metadata import Metadata
from crawler.extract.natures import live_sign
from crawler.extract.page import Page
from crawler.extract.several import is_beside, place_in, place_of

LEAST_ENTRIES = 3
"""With fewer, a live blog has hardly begun."""


@contextmanager
def entries_opened(tree: HtmlElement, metadata: Metadata, page: Page) -> Iterator[None]:
    """Call the entries of a live blog `div` while its text is read; other pages stay as they are.

    Of several `article` elements trafilatura reads the first, or the paragraphs of all without
    their headings. What looks for dates and images needs the entries as they were written. On the
    5 live blogs of 1,257 pages nothing changes: their entries are `div` elements.
    """
    entries = _entries(tree, metadata, page)
    for one in entries:
        one.tag = "div"
    try:
        yield
    finally:
        for one in entries:
            one.tag = "article"


def _entries(tree: HtmlElement, metadata: Metadata, page: Page) -> list[HtmlElement]:
    articles = list(tree.iter("article"))
    if len(articles) < LEAST_ENTRIES or (page.rule and page.rule.body):
        return []  # a rule's selector is for the page as it was written
    if not live_sign(tree, metadata, page.url):
        return []
    entries = [one for one in articles if _is_entry(one, page.url)]
    return entries if len(entries) >= LEAST_ENTRIES else []


def _is_entry(article: HtmlElement, url: str) -> bool:
    """Whether an `article` with a time holds no other, and is no teaser of another page."""
    if next(article.iterdescendants("article"), None) is not None or is_beside(article):
        return False
    place = place_in(article, url)
    is_here = place is None or place[0].startswith(place_of(url)[0])
    return is_here and next(article.iter("time"), None) is not None
