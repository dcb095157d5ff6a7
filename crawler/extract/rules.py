"""An outlet's own selectors, where they say more than the page does."""

from lxml.cssselect import SelectorError
from lxml.html import HtmlElement

from crawler.extract.claims import Claims
from crawler.outlets.spec import ExtractRule


def drop(tree: HtmlElement, rule: ExtractRule | None) -> None:
    """Take the elements that the rule drops out of the tree; text after them stays."""
    for selector in rule.drop if rule else ():
        for element in select(tree, selector):
            if element.getparent() is not None:
                element.drop_tree()


def hear_rule(claims: Claims, tree: HtmlElement, rule: ExtractRule | None) -> None:
    """Note what the rule's selectors show; the first element that says something counts."""
    if not rule:
        return
    for field, selector in (("title", rule.title), ("published", rule.published)):
        values = (value_of(element) for element in (select(tree, selector) if selector else ()))
        claims.add(field, "rule", next((value for value in values if value), None))
    if rule.author:
        claims.add_all("authors", "rule", map(value_of, select(tree, rule.author)))


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements that a CSS selector matches; none if lxml cannot translate it."""
    try:
        return list(tree.cssselect(selector))
    except SelectorError:
        return []


def value_of(element: HtmlElement) -> str:
    """What an element states: for machines if it does (`datetime`, `content`), else its text."""
    said = element.get("datetime") or element.get("content")
    return said or " ".join("".join(element.itertext()).split())
