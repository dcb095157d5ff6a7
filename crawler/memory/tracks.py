"""A page read for its tracks: what a reader process does to learn from it."""

from dataclasses import replace

from crawler.extract.article import extract
from crawler.extract.page import Page
from crawler.extract.tree import parse
from crawler.memory.trace import Trace, trace


def tracks_of(page: Page) -> Trace:
    """The tracks of a page, read as if nothing were known of its outlet.

    Raises:
        Unextractable: if the page cannot be read.
    """
    draft = extract(replace(page, memory=None))
    return trace(parse(page), draft, page.url)  # parsed again: extraction took the tree apart
