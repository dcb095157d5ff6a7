"""The byline: names that stand beside the headline in an element made for them."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

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
_NAME = r"[A-ZÀ-ÞĀ-ŽА-Я][\w.'’-]+"
_PIECES = "Kommentar|Kolumne|Analyse|Interview|Reportage|Bericht|Beitrag|Gastbeitrag|Essay|Text"
_BETWEEN = "and|und|et|y|e|dan|en|og|och|i|&|de|da|di|del|van|von|der|den|la|le|bin|v\\."
_SIGNED = re.compile(
    rf"\W*(?:(?:[Ee]ine?\s)?(?:{_PIECES})\s)?"
    r"(?:[Bb]y|BY|[Oo]leh|OLEH|[Vv]on|VON|[Pp]ar|[Pp]or|POR|[Dd]oor|[Aa]v|[Aa]f|[Pp]enulis|"
    rf"[Aa]utore?|[Aa]utorin|[Аа]втор)(?:\s*:\s*|\s+){_NAME}"
    rf"(?:(?:,\s*|\s+)(?:(?:{_BETWEEN})\s+){{0,2}}{_NAME}){{1,9}}[\s,]*"
)
_LABEL = re.compile(
    r"\W*(?:By|Von|Autor(?:in|en)?|Author|Authors|Text|Auteur|Autore|Autora|Penulis|Автор|作者|記者|记者)"
    r"\s*[:：]\s*",
    re.IGNORECASE,
)
"""What stands before a name in an element of its own: `<b>Autor:</b> Jana Muster`."""

_OTHER_PLACES = re.compile(
    r"comment|kommentar|related|recommend|teaser|sidebar|footer|widget|most-?read|popular|card|"
    r"reply|search|menu|news-?list|caption|copyright|credit|figure|image|gallery|slider",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"u(?:th|t)or|yline|uteur|riter")
"""Parts of class names worth a closer look."""
_NAME_ALONE = re.compile(r"\(?(?:[A-ZÀ-ÞĀ-ŽА-Я][\w’'-]+\s?){2,4}\)?")
"""A text that ends with its writer's name: `Lê Phương`."""
_ABOUT = re.compile(
    r"^(?:about|über|à propos de|acerca de|sobre|tentang|over|om)\s+", re.IGNORECASE
)
_NOBODY = re.compile(r"\b(?:the|this|our|us|authors?|writers?)\b", re.IGNORECASE)
_SIGNED_IN_BRACKETS = re.compile(
    r"【([\u3040-\u30ff\u3400-\u9fff]{2,6}(?:[、・,][\u3040-\u30ff\u3400-\u9fff]{2,6}){0,3})】$"
)
"""How Japanese papers sign below a text."""
_LIMIT = 60
_NAMES = 500
"""Characters of a class that are read; an attribute may hold megabytes."""
_DIGIT = re.compile(r"\d")
_DEPTH = 60
_PARTS_LIMIT = 24


def hear_bylines(claims: Claims, near: Iterable[HtmlElement]) -> None:
    """Note the names in elements beside the headline that are made for names, or are signed."""
    for element in near:
        for line in _bylines(element):
            if len(line) <= NAME_LIMIT:
                claims.add("authors", "text", line)


def hear_signatures(claims: Claims, tree: HtmlElement, body: str | None) -> None:
    """Note who signs elsewhere on a page that names no person: marked, or above or under the text.

    On 402 pages with authors 9 better and none worse; without their metadata it is most of the gain
    from 61 to 67 % F1 in both halves.
    """
    for element in islice(filter(_is_perhaps_made, tree.iter()), _LIMIT):
        if _is_made_for_names(element) and not _is_elsewhere(element):
            line = _in_box(element) or line_of(element)
            if line and len(line) <= NAME_LIMIT and not _DIGIT.search(line):
                claims.add("authors", "text", line)
                return
    lines = [line for line in (body or "").split("\n\n") if len(line) <= NAME_LIMIT]
    for line in [*lines[:2], *lines[-2:]]:
        if _SIGNED.fullmatch(line):
            claims.add("authors", "text", line)
            return
    if signed := _SIGNED_IN_BRACKETS.search((body or "")[-NAME_LIMIT:]):
        claims.add("authors", "text", signed[1])
        return
    if len(lines) > 1 and _NAME_ALONE.fullmatch(lines[-1]) and (body or "").endswith(lines[-1]):
        claims.add("authors", "text", lines[-1])


def _is_perhaps_made(element: HtmlElement) -> bool:
    """Whether an element is worth a closer look; asked of each, so it is quick."""
    if (names := element.get("class")) and _PERHAPS.search(names):
        return True
    if element.tag == "a" and (address := element.get("href")):
        return "/aut" in address or "/penulis/" in address or "author" in (element.get("rel") or "")
    return "author" in (element.get("rel") or "")


def _in_box(element: HtmlElement) -> str | None:
    """The name over a box about the author: `About Ann Lee`."""
    heading = next(element.iter("h2", "h3", "h4", "h5", "h6"), None)
    line = line_of(heading) if heading is not None else None
    name = _ABOUT.sub("", line) if line else ""
    return name if _NAME_ALONE.fullmatch(name) and not _NOBODY.search(name) else None


def _is_elsewhere(element: HtmlElement) -> bool:
    return any(
        a.tag in ("aside", "footer", "nav", "form", "figure", "figcaption")
        or _OTHER_PLACES.search(f"{a.get('class', '')[:_NAMES]} {a.get('id', '')[:_NAMES]}")
        for a in islice(element.iterancestors(), _DEPTH)
        if a.tag not in ("body", "html")
    )


def _bylines(element: HtmlElement) -> Iterator[str]:
    made = [e for e in element.iter() if isinstance(e.tag, str) and _is_made_for_names(e)]
    known = set(made)
    innermost = [e for e in made if not any(inner in known for inner in e.iterdescendants())]
    yield from filter(None, (_in_box(e) or line_of(e) for e in innermost))
    if not made:
        yield from _signed(element)


def _signed(element: HtmlElement) -> Iterator[str]:
    """What is signed in words: the element, or something in it, or what follows a label.

    Of 402 pages with authors 3 better; of 1 the truth was not parted into its two names.
    """
    inner = [e for e in islice(element.iter(), _PARTS_LIMIT) if isinstance(e.tag, str)]
    lines = (line for e in inner if (line := line_of(e)) and _SIGNED.fullmatch(line))
    told = (e.tail for e in inner if e.tail and _LABEL.fullmatch(e.text or ""))
    yield from islice(chain(lines, told), 1)


def _is_made_for_names(element: HtmlElement) -> bool:
    if "author" in (element.get("rel") or "").lower().split():
        return True
    if element.tag == "a" and _THEIR_PAGES.search((element.get("href") or "")[:_NAMES]):
        return True
    names = (element.get("class") or "")[:_NAMES]
    return bool(_MADE_FOR_NAMES.search(names)) and not _NOT_NAMES.search(names)
