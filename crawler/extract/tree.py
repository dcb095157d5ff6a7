"""A page's bytes as one lxml tree, or the plain reason why they are none."""

import re
from collections.abc import Iterator
from string import ascii_letters

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archive.coding import decode
from archive.errors import BodyTooLarge, UndecodableBody
from crawler.extract.charset import text_of
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page

HTML_LIMIT = 20 * 1024 * 1024
"""Bytes of HTML; trafilatura's own limit. The largest of 1,200 real pages has 2.2 million."""
ELEMENTS_LIMIT = 50_000
"""trafilatura takes 80 µs for each, up to thrice; the largest of 1,200 real pages has 10,106."""

TAGS_LIMIT = 10 * ELEMENTS_LIMIT
"""`<` in a page, scripts included; 20 MB of them would be a tree of 800 MB."""
ATTRIBUTES_LIMIT = 2000
"""Of one element: libxml2 compares each with all others, and 200,000 take minutes."""
_LARGE = 200_000
"""Characters below which a page has no room for attributes that cost more than two seconds."""

_SNIFFED = 4096
_LONG_TAG = 4 * ATTRIBUTES_LIMIT
"""Characters; a shorter tag has no room for too many attributes."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_PARSER = HTMLParser(
    encoding="utf-8",
    collect_ids=False,
    remove_comments=True,
    remove_pis=True,
    no_network=True,
    huge_tree=False,
)
# lxml.html asks Python for the class of each element; nobody here needs those of forms
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
_MAGIC = {
    b"%PDF": "PDF",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"PK\x03\x04": "a ZIP archive",
    b"\x00\x00\x00\x18ftyp": "video",
    b"\x00\x00\x00 ftyp": "video",
    b"OggS": "audio",
    b"ID3": "audio",
    b"\x1aE\xdf\xa3": "video",
}
_RIFF = {b"WEBP": "an image", b"WAVE": "audio", b"AVI ": "video"}
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|article|main|h1|script|a)\b",
    re.IGNORECASE,
)
_XML = re.compile(
    r"(?>\s+|<\?[^>]*>|<!--.*?-->)*+<(rss|feed|urlset|sitemapindex|rdf:RDF|svg)\b",
    re.DOTALL,
)
_BROKEN_DOCTYPE = re.compile(r"<!\s*doctype[^>]*/[^<>]*>", re.IGNORECASE)


def entity_text(page: Page, limit: int = HTML_LIMIT) -> str:
    """The page's text, content coding and charset undone.

    Raises:
        Unextractable: if the coding cannot be undone within `limit`, or these are not text.
    """
    body = decoded(page, limit)
    if not body.strip():
        raise Unextractable("empty body")
    if binary := _binary(body):
        raise Unextractable(f"{binary}, not HTML")
    return text_of(body, page.content_type, page.languages)


def decoded(page: Page, limit: int) -> bytes:
    """The entity with its content coding undone, also a gzip that no header names.

    Raises:
        Unextractable: if the coding cannot be undone within `limit`.
    """
    try:
        body = decode(page.body, page.content_encoding, limit)
        while body.startswith(b"\x1f\x8b\x08"):  # servers pack twice, or forget the header
            body = decode(body, "gzip", limit)
    except BodyTooLarge as error:
        raise Unextractable(f"too large: {error}") from error
    except UndecodableBody as error:
        raise Unextractable(str(error)) from error
    return body


def parse(page: Page) -> HtmlElement:
    """The page's tree, parsed once for everything that reads it.

    Raises:
        Unextractable: if it is no HTML, cannot be decoded or is too large.
    """
    text = entity_text(page)
    if wrong := not_html(text, page.content_type):
        raise Unextractable(wrong)
    tree = html_tree(text)
    if (elements := int(tree.xpath("count(//*)"))) > ELEMENTS_LIMIT:
        raise Unextractable(f"too large: {elements} elements, limit {ELEMENTS_LIMIT}")
    return tree


def html_tree(text: str) -> HtmlElement:
    """The tree of an HTML text, however broken.

    Raises:
        Unextractable: if lxml finds no element in it, or it would cost too much.
    """
    # libxml2 loses the page after a doctype with a slash (launchpad.net/bugs/1955915)
    text = _BROKEN_DOCTYPE.sub("", text[:_SNIFFED], count=1) + text[_SNIFFED:]
    if wrong := _too_costly(text):
        raise Unextractable(f"too large: {wrong}")
    try:
        return document_fromstring(
            text.encode("utf-8", "ignore").translate(None, _CONTROLS), parser=_PARSER
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unextractable(f"no tree can be built: {error}") from error


def _too_costly(text: str) -> str | None:
    """Why a tree of this text would take too long or too much memory, or None; linear."""
    if (tags := text.count("<")) > TAGS_LIMIT:
        return f"{tags} tags, limit {TAGS_LIMIT}"
    for tag in _long_tags(text) if len(text) > _LARGE else ():
        attributes = len(_QUOTED.sub("", tag).split()) - 1
        if attributes > ATTRIBUTES_LIMIT:
            return f"{attributes} attributes of one element, limit {ATTRIBUTES_LIMIT}"
    return None


def _long_tags(text: str) -> Iterator[str]:
    for piece in text.split("<"):  # half as costly as a regular expression
        if len(piece) > _LONG_TAG and piece[0] in ascii_letters:
            tag = piece.partition(">")[0]
            if len(tag) > _LONG_TAG:
                yield tag


def not_html(text: str, content_type: str | None) -> str | None:
    """Why this text is no HTML page, or None if it is one; content outranks the header."""
    start = text[:_SNIFFED].lstrip("\ufeff \t\r\n\x00")
    if start[:1] in ("{", "[") and not re.match(
        r".{0,200}<(?:!doctype|html)", start, re.IGNORECASE | re.DOTALL
    ):
        return "JSON, not HTML"
    if found := _XML.match(start):
        return f"XML ({found[1]}), not HTML"
    if _MARKUP.search(start):
        return None
    mime = (content_type or "").partition(";")[0].strip().lower()
    if "html" in mime and _MARKUP.search(text):
        return None
    return f"{mime or 'unknown type'} without HTML mark-up"


def _binary(body: bytes) -> str | None:
    if body.startswith(b"RIFF"):
        return _RIFF.get(body[8:12], "binary")
    return next((name for magic, name in _MAGIC.items() if body.startswith(magic)), None)
