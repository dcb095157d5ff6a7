"""Pages: the images, style sheets, fonts and icons that their elements name."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.extract.errors import Unextractable
from crawler.extract.links import absolute
from crawler.extract.page import Page
from crawler.extract.srcset import chosen
from crawler.extract.tree import parse
from crawler.requisites.requisite import LIMIT, Basket, Kind, Requisite
from crawler.requisites.sheets import SHEET_LIMIT, read_css

_LAZY = (
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-original",
    "data-original-src",
    "data-hi-res-src",
    "data-full-src",
)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set")
_ADDRESSES = {
    "img": ("src", *_LAZY),
    "video": ("poster", "data-poster"),
    "input": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    **dict.fromkeys(("body", "table", "td", "th"), ("background",)),
}
"""Attributes with one address each, by element; `image` and `use` are SVG's."""
_SETS = {"img": ("srcset", *_LAZY_SETS), "source": ("srcset", *_LAZY_SETS)}
_BACKGROUNDS = ("data-bg", "data-background", "data-background-image")
"""Of any element; a script would move them into its style."""

_RELATIONS: dict[str, Kind] = {
    "stylesheet": "style",
    "icon": "icon",
    "apple-touch-icon": "icon",
    "apple-touch-icon-precomposed": "icon",
    "mask-icon": "icon",
}
_PRELOADED: dict[str, Kind] = {"style": "style", "image": "image", "font": "font"}
_PREVIEWS = frozenset({"og:image", "og:image:url", "og:image:secure_url"})
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|ico)$", re.IGNORECASE)
_ONE_PIXEL = re.compile(r"\s*[01](?:\.0*)?\s*(?:px)?\s*")
_TINY_STYLE = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.IGNORECASE)
_BOTH = 2


class _Named(NamedTuple):
    """An address as written, of what, and where."""

    href: str | None
    kind: Kind
    why: str


def found_in_page(page: Page, limit: int = LIMIT) -> tuple[Requisite, ...]:
    """What a page needs to look right, in document order, each once.

    Pure, and nothing is raised: a page that cannot be read needs nothing. Absolute http and https
    URLs without fragments; scripts, video, audio and frames are left out, and so are trackers.
    A `srcset` gives its best candidate, and `src` as well: which of them the browser that replays
    the page will ask for depends on its screen.
    """
    try:
        tree = parse(page)
    except Unextractable:
        return ()
    first = next((one.get("href") for one in tree.iter("base") if one.get("href")), None)
    base = absolute(page.url, first) or page.url
    basket = Basket(page.url, limit)
    css_left = SHEET_LIMIT
    for element in tree.iter():
        if basket.is_full:
            break
        for href, kind, why in _named(element):
            basket.add(base, href, kind, why)
        for text in _styles(element):
            read_css(text[:css_left], base, basket)
            css_left -= min(len(text), css_left)
    return basket.found()


def _named(element: HtmlElement) -> Iterator[_Named]:
    tag = element.tag
    if tag == "link":
        yield from _linked(element)
    elif tag == "meta":
        if (element.get("property") or element.get("name") or "").lower() in _PREVIEWS:
            yield _Named(element.get("content"), "image", "meta og:image")
    elif _is_seen(element):
        for name in _ADDRESSES.get(tag, ()):
            yield _Named(element.get(name), "image", f"{tag} {name}")
        for name in _SETS.get(tag, ()):
            if srcset := element.get(name):
                yield _Named(chosen(srcset), "image", f"{tag} {name}")
    for name in _BACKGROUNDS:
        if (href := element.get(name)) and "(" not in href:
            yield _Named(href, "image", f"{tag} {name}")


def _linked(link: HtmlElement) -> Iterator[_Named]:
    relations = (link.get("rel") or "").lower().split()
    if "alternate" in relations:  # a sheet that a reader would have to choose; or a feed
        return
    for relation in relations:
        if kind := _RELATIONS.get(relation):
            yield _Named(link.get("href"), kind, f"link {relation}")
    preloaded = _PRELOADED.get((link.get("as") or "").strip().lower())
    if preloaded and "preload" in relations:
        yield _Named(link.get("href"), preloaded, "link preload")
        if preloaded == "image" and (srcset := link.get("imagesrcset")):
            yield _Named(chosen(srcset), "image", "link imagesrcset")


def _is_seen(element: HtmlElement) -> bool:
    """Whether what the element names is a picture, and not one of a single pixel."""
    kind = (element.get("type") or "").strip().lower()
    match element.tag:
        case "img":
            return not _is_pixel(element)
        case "input":
            return kind == "image"
        case "object":
            path = (element.get("data") or "").partition("?")[0].partition("#")[0]
            return kind.startswith("image/") or (not kind and bool(_IMAGE_NAME.search(path)))
    return True


def _is_pixel(image: HtmlElement) -> bool:
    sizes = (image.get("width") or "", image.get("height") or "")
    if all(_ONE_PIXEL.fullmatch(size) for size in sizes):
        return True
    return len({one.lower() for one in _TINY_STYLE.findall(image.get("style") or "")}) == _BOTH


def _styles(element: HtmlElement) -> Iterator[str]:
    """The CSS that an element holds or carries."""
    if element.tag == "style" and element.text:
        yield element.text
    if style := element.get("style"):
        yield style
    for name in _BACKGROUNDS:
        if "(" in (value := element.get(name) or ""):
            yield f"{name}:{value}"
