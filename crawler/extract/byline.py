"""The byline: names that stand beside the headline in an element made for them."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from crawler.extract.claims import Claims
from crawler.extract.nearby import line_of

NAME_LIMIT = 120
"""Characters of a byline; a longer one is a biography."""

_MADE_FOR_NAMES = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|writer|reporter|penulis|autore?s?|auteur|autor(?:en|in)?)(?:$|[\s_-])|"
    r"author-?name|article-?author|entry-?author|post-?author",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"bio|image|avatar|photo|social|share|comment|count|date|time", re.IGNORECASE
)


def hear_bylines(claims: Claims, near: Iterable[HtmlElement]) -> None:
    """Note the names in elements beside the headline that call themselves author or byline."""
    for element in near:
        inner = [e for e in element.iter() if isinstance(e.tag, str) and _is_byline(e)]
        for one in _innermost(inner):
            if (line := line_of(one)) and len(line) <= NAME_LIMIT:
                claims.add("authors", "text", line)


def _is_byline(element: HtmlElement) -> bool:
    if "author" in (element.get("rel") or "").lower().split():
        return True
    names = element.get("class") or ""
    return bool(_MADE_FOR_NAMES.search(names)) and not _NOT_NAMES.search(names)


def _innermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    known = set(elements)
    return [e for e in elements if not any(inner in known for inner in e.iterdescendants())]
