"""The kind of an element, by which pages of one outlet are compared: `div.story-body`."""

import re

from lxml.html import HtmlElement

_NAMES_LIMIT = 200
_NAMES = 3
"""Names that make a kind; more of them only tell one layout's columns from another's."""
_UNSTEADY = re.compile(
    r"\d{3}|^(?:css|sc|jsx?|svelte|is|has|active|first|last|odd|even)-|^_|[:\[\]/]"
)
"""Names that a page or a build gives: numbers, hashes, states, utility classes."""


def kind_of(element: HtmlElement) -> str | None:
    """Tag and class names, or id; None if the element has no name of its own."""
    names = (element.get("class") or "")[:_NAMES_LIMIT].split()
    steady = sorted({name for name in names if not _UNSTEADY.search(name)})[:_NAMES]
    if steady:
        return f"{element.tag}.{'.'.join(steady)}"
    name = (element.get("id") or "")[:_NAMES_LIMIT]
    return f"{element.tag}#{name}" if name and not _UNSTEADY.search(name) else None
