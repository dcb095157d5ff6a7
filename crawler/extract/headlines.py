"""The headline elements of a page that has no h1: headings that its title element begins with."""

from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.claims import Claims
from crawler.extract.plain import folded, plain

HEADLINE_CHARACTERS = 8
"""Letters and digits of a heading that begins the title element not by chance."""
_HEADINGS_LIMIT = 60
_LENGTH = 500


def hear_headlines(claims: Claims, tree: HtmlElement) -> None:
    """Note the heading that the title element repeats, where the page declares no headline."""
    said = claims.of("title")
    if len(said) != 1 or said[0].origin != "title-tag":
        return
    title = folded(said[0].value)
    for element in islice(tree.iter("h2", "h3", "h4"), _HEADINGS_LIMIT):
        text = plain("".join(islice(element.itertext(), 20)), _LENGTH)
        if len(folded(text)) >= HEADLINE_CHARACTERS and title.startswith(folded(text)):
            claims.add("title", "text", text)
            return
