"""The byline: names that stand beside the headline in an element made for them."""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from crawler.extract.claims import Claims
from crawler.extract.nearby import line_of

NAME_LIMIT = 120
"""Characters of a byline; a longer one is a biography."""

_MADE_FOR_NAMES = re.compile(
    r"by-?line|author|writer|reporter|penulis|autor|auteur|creator|person-?link|journalist",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"bio|image|avatar|photo|social|share|comment|count|date|time|follow|desc", re.IGNORECASE
)
_THEIR_PAGES = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|penulis|auteurs?|byline)/[^/?#]", re.IGNORECASE
)
_SIGNED = re.compile(
    r"\W*(?:[Bb]y|BY|[Oo]leh|OLEH|[Vv]on|VON|[Pp]ar|[Pp]or|POR|[Dd]oor|[Aa]v|[Aa]f|[Pp]enulis|"
    r"[Aa]utore?|[Аа]втор)(?:\s*:\s*|\s+)(?:[A-ZÀ-ÞĀ-ŽА-Я][\w.'’-]+[\s,]*){2,4}"
)


def hear_bylines(claims: Claims, near: Iterable[HtmlElement]) -> None:
    """Note the names in elements beside the headline that are made for names, or are signed."""
    for element in near:
        for line in _bylines(element):
            if len(line) <= NAME_LIMIT:
                claims.add("authors", "text", line)


def _bylines(element: HtmlElement) -> Iterator[str]:
    made = [e for e in element.iter() if isinstance(e.tag, str) and _is_made_for_names(e)]
    known = set(made)
    innermost = [e for e in made if not any(inner in known for inner in e.iterdescendants())]
    yield from filter(None, map(line_of, innermost))
    if not made and (line := line_of(element)) and _SIGNED.fullmatch(line):
        yield line


def _is_made_for_names(element: HtmlElement) -> bool:
    if "author" in (element.get("rel") or "").lower().split():
        return True
    if element.tag == "a" and _THEIR_PAGES.search(element.get("href") or ""):
        return True
    names = element.get("class") or ""
    return bool(_MADE_FOR_NAMES.search(names)) and not _NOT_NAMES.search(names)
