"""A page read in one go: the draft, the requisites, and what the page states of rights."""

from dataclasses import dataclass

from archive.records import Draft
from archive.signals import Signal
from crawler.extract.article import draft_of
from crawler.extract.metadata import read_metadata
from crawler.extract.page import Page
from crawler.extract.tree import parse
from crawler.requisites.markup import found_in_page
from crawler.requisites.requisite import Requisite
from crawler.rights.pages import page_signals


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """All that is found while a page is read."""

    draft: Draft
    stated: tuple[Signal, ...] = ()
    requisites: tuple[Requisite, ...] = ()


def read_page(page: Page) -> PageRead:
    """What extraction claims about a page, and what the page states of rights; parsed once.

    Raises:
        Unextractable: if the page cannot be read.
    """
    tree = parse(page)
    metadata = read_metadata(tree, page)
    stated = page_signals(tree, metadata, page.url)  # before extraction takes parts of it away
    return PageRead(draft=draft_of(tree, metadata, page), stated=stated)


def read_furnished(page: Page) -> PageRead:
    """As `read_page`, and what the page refers to.

    Raises:
        Unextractable: if the page cannot be read.
    """
    read = read_page(page)
    return PageRead(draft=read.draft, stated=read.stated, requisites=found_in_page(page))
