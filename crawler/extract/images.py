"""The images of an article: those between its headline and its end, with captions and credits."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from archive.records import Url
from archive.structure import Image
from crawler.extract.links import absolute
from crawler.extract.plain import plain
from crawler.extract.srcset import widths

IMAGES_LIMIT = 40
"""Images kept of a page; galleries have more, articles do not."""
CANDIDATES_LIMIT = 300
"""Elements that are looked at."""
VARIANTS_LIMIT = 8
SMALLEST = 100
"""Pixels; a smaller one is a portrait of the author or an icon."""
_BEGINNING = 40
LEVELS = 4
"""How far above an image the article's own text must stand."""
_ELSEWHERE = frozenset({"nav", "aside", "footer", "form", "button"})
_WRAPPERS = frozenset({"picture", "source", "figure", "a", "amp-img"})
_CREDIT_NAMES = re.compile(r"credit|copyright|source|photographer|fotograf|urheber|auteur|crédit")
_CREDIT = re.compile(
    r"(?:^|[\s(|/.])(?:photo(?:graph)?s?|foto|image|imagen|bild|picture|crédit(?: photo)?|credit|"
    r"quelle|source|sumber|写真|사진|图片来源)\s*(?:by|von|de|di|oleh|par)?\s*[:：]\s*([^()|]{2,120})",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©\s*([^()|©]{2,120})")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{2,80}/[^()\[\]]{2,80})[)\]]\s*$")
_LAZY = ("src", "data-src", "data-original", "data-lazy-src", "data-url")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_DRAWN = re.compile(r"\.(?:svg|gif)(?:$|[?#])|^data:", re.IGNORECASE)


def images_of(tree: HtmlElement, body: str | None, url: Url, lead: Url | None) -> tuple[Image, ...]:
    """The article's images in order; `lead` is the one that the page declares as its own.

    An image counts if it stands close to text of the body, or to the headline.
    """
    holders = _holders(tree, body)
    found: list[Image] = []
    known: set[str] = set()
    for element in islice(tree.iter("img"), CANDIDATES_LIMIT):
        if not _is_near(element, holders):  # cheaper than its addresses, and true of few
            continue
        image = _image(element, url)
        if image is None or _name_of(image.url) in known:
            continue
        known.add(_name_of(image.url))
        found.append(image)
        if len(found) == IMAGES_LIMIT:
            break
    if lead and _name_of(lead) not in known and not any(_is_variant(lead, i) for i in found):
        found.insert(0, Image(url=lead))
    return tuple(found)


def _image(element: HtmlElement, page: Url) -> Image | None:
    sized = [one for source in _sources(element) for name in _SETS for one in _widths(source, name)]
    variants = {absolute(page, address): width for address, width in sized}
    said = (element.get(name) for name in _LAZY)
    address = next((a for a in said if a and not _DRAWN.search(a[:2000])), None)
    shown = absolute(page, address) if address else None
    if shown is None:
        shown = max(variants, key=lambda one: variants[one], default=None)
    if shown is None:
        return None
    width, height = _pixels(element, "width"), _pixels(element, "height")
    if min(width or SMALLEST, height or SMALLEST) < SMALLEST:
        return None
    caption, credit = _caption(element)
    return Image(
        url=shown,
        caption=caption,
        credit=credit,
        alt=plain(element.get("alt"), 500),
        width=width,
        height=height,
        variants=tuple(sorted(((a, w) for a, w in variants.items() if a), key=lambda one: one[1]))[
            -VARIANTS_LIMIT:
        ],
    )


def _widths(element: HtmlElement, name: str) -> list[tuple[str, int]]:
    return widths(element.get(name, "")[:20_000])


def _sources(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    above = islice(element.iterancestors(), VARIANTS_LIMIT)  # a source that is not ended holds it
    picture = next((one for one in above if one.tag == "picture"), None)
    if picture is not None:
        yield from islice(picture.iter("source"), VARIANTS_LIMIT)


def _pixels(element: HtmlElement, name: str) -> int | None:
    said = (element.get(name) or "").strip().removesuffix("px")
    return int(said) if said.isdecimal() and len(said) < 6 else None  # noqa: PLR2004


def _is_near(element: HtmlElement, holders: set[HtmlElement]) -> bool:
    above_it = (one for one in element.iterancestors() if one.tag not in _WRAPPERS)
    is_near = False
    for level, above in enumerate(above_it):
        if above.tag in _ELSEWHERE:
            return False
        is_near = is_near or (level < LEVELS and above in holders)
    return is_near


def _holders(tree: HtmlElement, body: str | None) -> set[HtmlElement]:
    """The elements that hold the headline or text of the body, at most one element between."""
    begun = {" ".join(line.split())[:_BEGINNING] for line in (body or "").split("\n\n")} - {""}
    found: set[HtmlElement] = set()
    for element in tree.iter("p", "h1"):
        if element.tag == "h1" or _beginning(element) in begun:
            found.update(islice(element.iterancestors(), 2))
    return found


def _beginning(element: HtmlElement) -> str:
    return " ".join(element.text_content()[: 2 * _BEGINNING].split())[:_BEGINNING]


def _caption(element: HtmlElement) -> tuple[str | None, str | None]:
    figure = next((a for a in islice(element.iterancestors(), LEVELS) if a.tag == "figure"), None)
    if figure is None:
        return None, None
    caption = next(figure.iter("figcaption"), None)
    inside = figure if caption is None else caption
    marked = next((e for e in islice(inside.iter(), 100) if _is_credit(e)), None)
    credit = plain(marked.text_content(), 200) if marked is not None else None
    text = plain(caption.text_content(), 2000) if caption is not None else None
    if text and credit and text.endswith(credit):
        text = text[: -len(credit)].rstrip(" |·-–—(/") or None
    if text and not credit:
        credit = credit_in(text)
    return text, _bare(credit)


def _is_credit(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"[:200]
    return element.tag != "figure" and bool(_CREDIT_NAMES.search(names.casefold()))


def credit_in(caption: str) -> str | None:
    """Who made an image, by what its caption says: `Photo: A. Writer`, `© dpa`, `(Name/AFP)`."""
    for pattern in (_CREDIT, _COPYRIGHT, _IN_BRACKETS):
        if found := pattern.search(caption):
            return found[1].strip(" .")
    return None


def _bare(credit: str | None) -> str | None:
    if credit and (found := _CREDIT.match(credit) or _COPYRIGHT.match(credit)):
        return found[1].strip(" .")
    return credit


def _name_of(url: str) -> str:
    return url.partition("?")[0].rsplit("/", 1)[-1] or url


def _is_variant(url: Url, image: Image) -> bool:
    return url == image.url or any(url == one for one, _ in image.variants)
