"""Pages made poorer on purpose: *bare*, without metadata, and *dateless*, without any date at all.

*bare*: JSON-LD, meta elements, `<time>` (its text stays) and attributes that hold a date are gone,
as on a page that was never made for machines. A visible date may still be read.

*dateless*: moreover no script, no comment, no `link`, and no visible date: numerals, month names,
relative words, © years, in any script. The URL loses every digit of its path. Dates stay where a
reader of pages must not look: in the links to other pages. Whatever date is given here is made up.
"""

import importlib
import pkgutil
import re
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import dateparser.data.date_translation_data as words_by_language
from lxml import etree, html

from crawler.extract.charset import text_of

SHORT = 80
"""Characters of a text without any sentence: bylines, datelines, labels. All digits go there."""
WINDOW = 18
"""Characters around a number in a sentence in which a month or a unit of time makes it a date."""

_ADDRESSES = frozenset({"href", "src", "srcset", "data-src", "class", "style"})
_DATE_NAME = re.compile(r"date|time|publish|modif|updated|epoch|stamp|created", re.IGNORECASE)
_DATE_VALUE = re.compile(
    r"(?:19|20)\d\d[-/.]?\d\d[-/.]?\d\d|\b1[0-9]{9}(?:\d{3})?\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_UNITS = ["week", "day", "hour", "minute", "second"]
_NUMERIC = re.compile(
    r"\d{1,4}\s?[-./٫،]\s?\d{1,2}(?:\s?[-./٫،]\s?\d{1,4})?"  # 19.6.2024, 2024-06-19, 6/19
    r"|\d{1,2}\s?[:h.]\s?\d{2}(?!\d)"  # 10:15, 10h15
    r"|\d+\s?(?=[年月日时時分秒号年월일시분초주])"
    r"|(?:令和|平成|昭和|民國|民国)\s?(?:元|[\d一二三四五六七八九十]+)"
    r"|[〇零一二三四五六七八九十]{1,4}(?=[年月日])"
    r"|(?<!\d)(?:1[349]\d\d|2[05]\d\d)(?!\d)"  # years: also Solar-Hijri, Hijri and B.E.
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")


def bare(page: bytes) -> bytes:
    """The page without what it declares for machines."""
    tree = _tree(page)
    _make_bare(tree)
    return _bytes(tree)


def dateless(page: bytes) -> bytes:
    """The bare page without its visible dates."""
    tree = _tree(page)
    _make_bare(tree)
    etree.strip_elements(tree, etree.Comment, "script", "link", "template", with_tail=False)
    for element in tree.iter(etree.Element):
        for name in list(element.attrib):
            if name not in ("href", "src", "class", "id"):
                del element.attrib[name]
        element.text = undated(element.text)
        element.tail = undated(element.tail)
    return _bytes(tree)


def dateless_url(url: str) -> str:
    """The address without the digits of its path, and without its query."""
    parts = urlsplit(url)
    path = re.sub(r"/(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?=/)", "", parts.path)
    return urlunsplit((parts.scheme, parts.netloc, re.sub(r"\d+", "x", path), "", ""))


def undated(text: str | None) -> str | None:
    """The text without what reads as a date."""
    if not text or not text.strip():
        return text
    text = _CONTROLS.sub("", text)  # lxml gives them, and takes none
    if len(text.strip()) <= SHORT:
        kept = re.sub(r"[\d〇零一二三四五六七八九十]+", "", text)
        return _WORD.sub(lambda w: "" if w[0].casefold() in _day_words() else w[0], _unsaid(kept))
    text = _NUMERIC.sub("", _unsaid(text))
    return _NUMBER.sub(lambda found: "" if _is_dated(text, found) else found[0], text)


def _make_bare(tree):
    for element in list(tree.iter("meta", "script")):
        if element.tag == "meta" or "ld+json" in (element.get("type") or "").lower():
            element.drop_tree()
    for element in tree.iter("time"):
        element.tag = "span"
        element.attrib.pop("datetime", None)
    for element in tree.iter(etree.Element):
        for name, value in list(element.attrib.items()):
            if name in _ADDRESSES:
                continue
            says_what = _DATE_NAME.search(value) if name == "itemprop" else None
            if says_what or _DATE_VALUE.search(value) or _DATE_NAME.search(name):
                del element.attrib[name]


def _is_dated(text, found):
    start = max(0, found.start() - WINDOW)
    near = text[start : found.end() + WINDOW].casefold()
    if any(word in _time_words() for word in _WORD.findall(near)):
        return True
    return any(name in near for name in _dotted())


def _unsaid(text):
    """The text without `yesterday` and the like where they are written without spaces."""
    return re.sub(r"昨[天日]|今[天日]|前天|어제|오늘|เมื่อวาน|วันนี้", "", text)


@cache
def _languages():
    names = (module.name for module in pkgutil.iter_modules(words_by_language.__path__))
    return [importlib.import_module(f"{words_by_language.__name__}.{name}").info for name in names]


@cache
def _time_words():
    """Names of months and of short units of time, of all languages."""
    found = {w for info in _languages() for key in (*_MONTHS, *_UNITS) for w in info.get(key, ())}
    return {word.casefold() for word in found if _WORD.fullmatch(word) and len(word) > 1}


@cache
def _dotted():
    """Names of months that are not one word, such as Thai abbreviations; Han needs no list."""
    found = {w.casefold() for info in _languages() for key in _MONTHS for w in info.get(key, ())}
    return sorted(
        w for w in found if not _WORD.fullmatch(w) and len(w) > 3 and not re.search(r"\d", w)
    )


@cache
def _day_words():
    """`Yesterday`, `gestern`: words that are a day by themselves."""
    found = {
        word.casefold()
        for info in _languages()
        for key, words in info.get("relative-type", {}).items()
        if key in ("0 day ago", "1 day ago", "2 day ago", "in 1 day", "0 second ago")
        for word in words
    }
    return {word for word in found if _WORD.fullmatch(word)}


def _tree(page):
    text = text_of(page, "text/html")
    return html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))


def _bytes(tree):
    return b"<!doctype html>\n" + html.tostring(tree, encoding="utf-8")
