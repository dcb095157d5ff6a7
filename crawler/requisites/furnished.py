"""A page read with what it needs to look right: the draft and the requisites, in one go."""

from archive.records import Draft
from crawler.extract.article import extract
from crawler.extract.page import Page
from crawler.requisites.markup import found_in_page
from crawler.requisites.requisite import Requisite


def extract_furnished(page: Page) -> tuple[Draft, tuple[Requisite, ...]]:
    """What extraction claims about a page, and what the page refers to.

    Raises:
        Unextractable: if the page cannot be read.
    """
    return extract(page), found_in_page(page)
