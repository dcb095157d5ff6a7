"""trafilatura's passes over a page: the quick one of a pruned tree, and the thorough ones."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from lxml.etree import XPath, _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.htmlprocessing import convert_tags, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Extractor
from trafilatura.xml import xmltotxt

from crawler.extract.blocks import Block, blocks_of, paragraphs_of

Focus = Literal["precision", "balanced", "recall"]

THOROUGH_LIMIT = 12_000
"""Elements of a page up to which trafilatura asks its own fallbacks: readability reads the text of
each element with that of all within. The largest of 1,200 real pages has 10,106."""
PIECES_LIMIT = 4_000
"""Pieces of text up to which it does: jusText looks past all paragraphs for each, 9 s for 12,000.
Real pages that need its fallbacks have up to 2,640, the next 1,053; no answer is another."""
DEPTH_LIMIT = 100
"""Elements in one another up to which it does; real pages have up to 50."""
_HAS_MORE_PIECES = XPath(f"count(/descendant::text()[normalize-space()]) > {PIECES_LIMIT}")
_IS_DEEPER = XPath("boolean(/*" + "/*" * DEPTH_LIMIT + ")")

_QUICK = Extractor(output_format="python", fast=True, precision=True, comments=False)
_NAMED = ("div", "section", "aside", "details", "ul", "ol", "dl", "form", "table")
_PRUNED_BY = re.compile(
    r"^(?:[Cc]omment|comol|disqus_thread|dsq-comments)|-comments|mvp-post-add|infinite-?scroll|"
    r"elementor-share-buttons",
    re.MULTILINE,
)
"""Names of elements that trafilatura prunes before it begins, comments and the like."""


def read_quickly(pruned: HtmlElement) -> list[Block]:
    """The blocks of a pruned tree, which is taken apart: precise, by trafilatura's own rules alone.

    The same as its `fast` extraction with `favor_precision`, step by step, but without copies of
    the tree, its text made twice, and a search for comments that asks each element through Python.
    """
    if _PRUNED_BY.search("\n".join(_names(pruned))):
        return read_thoroughly(pruned, "precision", fast=True)
    try:
        body, text = extract_content(convert_tags(tree_cleaning(pruned, _QUICK), _QUICK), _QUICK)
        return _blocks_in(body) if text else []
    except Exception:  # noqa: BLE001 -- hostile pages raise anything in it; the fallbacks are asked
        return []


def _names(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter(*_NAMED):
        yield element.get("class") or ""
        yield element.get("id") or ""


def read_thoroughly(tree: HtmlElement, focus: Focus, *, fast: bool = False) -> list[Block]:
    """The blocks of a tree, which is left as it was, by trafilatura and what it falls back on."""
    try:
        # It copies the tree itself. Its deduplication stays off: it remembers other pages of the
        # process, so the same bytes would give different texts.
        found: Any = bare_extraction(
            tree,
            fast=fast or is_made_to_cost(tree),
            include_comments=False,
            favor_precision=focus == "precision",
            favor_recall=focus == "recall",
        )
        return _blocks_in(found.body) if found else []
    except Exception:  # noqa: BLE001 -- as above
        return []


def is_made_to_cost(tree: HtmlElement) -> bool:
    """Whether a page is larger or deeper than real ones, so that only the quick reading is had."""
    return (
        int(tree.xpath("count(//*)")) > THOROUGH_LIMIT
        or bool(_IS_DEEPER(tree))
        or bool(_HAS_MORE_PIECES(tree))
    )


def _blocks_in(body: _Element) -> list[Block]:
    if len(body) == 1:  # its last resort: one paragraph of many lines
        return paragraphs_of(xmltotxt(body, include_formatting=False).splitlines())
    return blocks_of(body)
