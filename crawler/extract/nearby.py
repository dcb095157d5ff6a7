"""What stands beside the headline: the only place where a byline may be read."""

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.plain import folded, plain
from crawler.extract.stamps import stamped

LINES_AFTER = 16
LINES_BEFORE = 4
LINE_LIMIT = 220
"""Characters; a longer text is a paragraph, and with it the body has begun."""
SIBLINGS_LIMIT = 160
SURE_CHARACTERS = 16
"""A headline this long does not end another heading by chance."""
_LEVELS = 5
_DEPTH_LIMIT = 60
_SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "aside",
        "footer",
        "form",
        "svg",
        "button",
        "select",
        "iframe",
        "picture",
        "video",
        "object",
        "img",
    }
)
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "section",
        "header",
        "address",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "tbody",
        "td",
        "tr",
        "figure",
        "article",
        "main",
        "center",
        "blockquote",
    }
)


def headline_element(
    tree: HtmlElement, headings: list[HtmlElement], title: str | None
) -> HtmlElement | None:
    """The heading that shows the chosen title, else the first h1 that shows anything."""
    wanted = folded(title)
    shown = [h for h in headings if folded(_start(h))]
    same = next((h for h in shown if folded(_start(h)) == wanted), None)
    if same is None and wanted:  # where the h1 is the logo, or there is none
        lower = islice(tree.iter("h2", "h3", "h4"), SIBLINGS_LIMIT)
        same = next((h for h in [*shown, *lower] if _shows(h, wanted)), None)
    return same if same is not None else next(iter(shown), None)


def elements_near(headline: HtmlElement) -> list[HtmlElement]:
    """Short elements after the headline up to the first paragraph, then those just before it."""
    return [*islice(_after(headline), LINES_AFTER), *islice(_before(headline), LINES_BEFORE)]


def line_of(element: HtmlElement) -> str | None:
    """The element's text as one line, None if it is empty or longer than a byline."""
    if _length(element) > LINE_LIMIT:
        return None
    text = plain(" ".join(_texts(element)), LINE_LIMIT + 1)
    return text if text and len(text) <= LINE_LIMIT else None


def _shows(heading: HtmlElement, wanted: str) -> bool:
    """Whether a heading is the headline, perhaps with a kicker before it."""
    text = folded(_start(heading))
    return text == wanted or (
        len(wanted) >= SURE_CHARACTERS and text.endswith(wanted) and len(text) <= 2 * len(wanted)
    )


def _start(element: HtmlElement) -> str:
    return "".join(element.itertext())[: 4 * LINE_LIMIT]


def _after(headline: HtmlElement) -> Iterator[HtmlElement]:
    """Lines that follow, in document order, until one of them is a paragraph."""
    for level, container in enumerate([headline, *headline.iterancestors()]):
        if level > _LEVELS or container.tag in ("body", "html"):
            return
        for sibling in islice(container.itersiblings(), SIBLINGS_LIMIT):
            for element in _lines_in(sibling, 0):
                if _length(element) <= LINE_LIMIT:
                    yield element
                elif element.tag not in _HEADINGS:  # a long summary is no body yet
                    return


def _lines_in(element: HtmlElement, depth: int) -> Iterator[HtmlElement]:
    """The largest elements that are one short line, or a paragraph."""
    if element.tag in _SKIPPED or not isinstance(element.tag, str) or depth > _DEPTH_LIMIT:
        return
    length = _length(element)
    inner = [child for child in element if child.tag in _BLOCKS]
    is_line = length and (length <= LINE_LIMIT or not inner)
    if is_line or element.tag == "time" or (not length and stamped(element)):
        yield element
    elif length:
        for child in islice(element, SIBLINGS_LIMIT):
            yield from _lines_in(child, depth + 1)


def _before(headline: HtmlElement) -> Iterator[HtmlElement]:
    for level, container in enumerate([headline, *headline.iterancestors()]):
        if level >= _LEVELS or container.tag in ("body", "html", "main"):
            return
        for sibling in islice(container.itersiblings(preceding=True), LINES_BEFORE):
            if sibling.tag not in _SKIPPED and isinstance(sibling.tag, str) and line_of(sibling):
                yield sibling


def _length(element: HtmlElement) -> int:
    """Characters of text, counted no further than the limit: a container may hold the page."""
    length = 0
    for inner in element.iter():
        if inner.tag not in ("script", "style"):
            length += len((inner.text or "").strip())
        if inner is not element:
            length += len((inner.tail or "").strip())
        if length > LINE_LIMIT:
            break
    return length


def _texts(element: HtmlElement) -> Iterator[str]:
    """The pieces of text that a reader sees; share buttons come with scripts of their own."""
    if element.find(".//script") is None and element.find(".//style") is None:
        yield from element.itertext()
    else:
        yield from element.xpath(".//text()[not(parent::script or parent::style)]")
