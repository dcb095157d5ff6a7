"""What stands beside the headline: the only place where a byline may be read."""

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.plain import folded, plain

LINES_AFTER = 14
LINES_BEFORE = 4
LINE_LIMIT = 400
"""A text longer than this is a paragraph: the body has begun."""
ELEMENTS_LIMIT = 160
_LEVELS = 4
_SKIPPED = frozenset({"script", "style", "noscript", "template", "nav", "aside", "footer", "form", "svg",
                      "button", "select", "iframe", "picture", "video", "object"})  # fmt: skip
_LINES = frozenset({"p", "div", "span", "time", "li", "ul", "dl", "dt", "dd", "section", "header", "a", "em",
                    "strong", "b", "small", "address", "h2", "h3", "h4", "h5", "h6", "td", "tr",
                    "figcaption", "i", "font", "center", "article", "main", "cite"})  # fmt: skip


def headline_element(headings: list[HtmlElement], title: str | None) -> HtmlElement | None:
    """The h1 that shows the chosen title, else the first one that shows anything."""
    wanted = folded(title)
    shown = [h for h in headings if folded(h.text_content()[: LINE_LIMIT * 2])]
    same = (h for h in shown if wanted and folded(h.text_content()) == wanted)
    return next(same, shown[0] if shown else None)


def elements_near(headline: HtmlElement) -> list[HtmlElement]:
    """Short elements after the headline up to the first paragraph, then those just before it."""
    return [*islice(_after(headline), LINES_AFTER), *islice(_before(headline), LINES_BEFORE)]


def line_of(element: HtmlElement) -> str | None:
    """The element's text as one line, None if it is empty or longer than a byline."""
    text = plain(" ".join(element.itertext()), LINE_LIMIT + 1)
    return text if text and len(text) <= LINE_LIMIT else None


def _after(headline: HtmlElement) -> Iterator[HtmlElement]:
    passed: set[HtmlElement] = set()
    following = headline.iterancestors()
    for level, container in enumerate([headline, *following]):
        if level > _LEVELS or container.tag in ("body", "html"):
            return
        for sibling in islice(container.itersiblings(), ELEMENTS_LIMIT):
            for element in _lines_in(sibling, passed):
                yield element
                if _is_paragraph(element):
                    return


def _lines_in(element: HtmlElement, passed: set[HtmlElement]) -> Iterator[HtmlElement]:
    """The smallest elements that are whole lines, in document order."""
    if element in passed or element.tag in _SKIPPED or not isinstance(element.tag, str):
        return
    passed.add(element)
    inner = [child for child in element if child.tag in _LINES or len(child)]
    text = "".join(element.itertext()).strip()
    if not text and element.tag != "time":
        return
    if element.tag in _LINES and (len(text) <= LINE_LIMIT // 2 or not inner):
        yield element
        return
    for child in islice(element, ELEMENTS_LIMIT):
        yield from _lines_in(child, passed)


def _before(headline: HtmlElement) -> Iterator[HtmlElement]:
    for level, container in enumerate([headline, *headline.iterancestors()]):
        if level >= _LEVELS or container.tag in ("body", "html", "main"):
            return
        for sibling in islice(container.itersiblings(preceding=True), LINES_BEFORE):
            if sibling.tag in _LINES and line_of(sibling):
                yield sibling


def _is_paragraph(element: HtmlElement) -> bool:
    return sum(map(len, element.itertext())) > LINE_LIMIT
