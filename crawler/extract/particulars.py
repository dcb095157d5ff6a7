"""What else a page says of its article: tags, the wire it came over, a correction."""

import re
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from archive.records import Claim
from crawler.extract.claims import Claims
from crawler.extract.corrections import correction_in
from crawler.extract.metadata import Metadata
from crawler.extract.plain import folded
from crawler.extract.wire import wire_of

TAGS_LIMIT = 40
TAG_WORDS = 8
"""A longer tag is a sentence."""
_COMMA = re.compile(r"\s?[,;،、|]\s?")


def particulars_of(
    tree: HtmlElement, metadata: Metadata, title: str | None, body: str | None
) -> dict[str, Any]:
    """Tags, wire, correction and section for a draft; each is noted among the claims."""
    claims = metadata.claims
    _hear_tags(claims, tree)
    if not claims.of("section"):
        crumbs = [c for c in metadata.schema.crumbs[1:] if folded(c) != folded(title)]
        claims.add("section", "json-ld", crumbs[0] if crumbs else None)
    wire = wire_of(claims.values("authors"), body)
    if wire:
        claims.add("wire", "text", wire[1])
    claims.add("correction", "text", correction_in(body))
    return {
        "tags": tags_of(claims.of("tags")),
        "wire": wire[0] if wire else None,
        "correction": next(iter(claims.values("correction")), None),
    }


def tags_of(said: tuple[Claim, ...]) -> tuple[str, ...]:
    """The tags of all places, each once, as first written; lists are parted at their commas."""
    tags: dict[str, str] = {}
    for claim in said:
        for tag in _COMMA.split(claim.value):
            if folded(tag) and len(tag.split()) <= TAG_WORDS:
                tags.setdefault(folded(tag), tag.strip(" #"))
    return tuple(tags.values())[:TAGS_LIMIT]


def _hear_tags(claims: Claims, tree: HtmlElement) -> None:
    tagged = (a for a in tree.iter("a") if " tag " in f" {a.get('rel')} ")
    for element in islice(tagged, TAGS_LIMIT):
        claims.add("tags", "text", "".join(element.itertext()))
