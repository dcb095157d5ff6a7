from lxml.html import document_fromstring

from crawler.extract import rules
from crawler.extract.claims import Claims
from crawler.outlets.spec import ExtractRule

PAGE = (
    "<html><body><h2 class=t></h2><h2 class=t>Second</h2>"
    "<span class=a>Ann</span><span class=a>Bo</span>"
    "<time datetime=2026-03-01>x</time><meta class=m content=Held>"
    "<p>kept<i class=ad>bought</i> tail</p></body></html>"
)


def test_selectors_are_heard_with_the_first_that_says_something() -> None:
    claims = Claims()
    rule = ExtractRule(title="h2.t", author="span.a", published="time")
    rules.hear_rule(claims, document_fromstring(PAGE), rule)
    assert claims.values("title", "rule") == ["Second"]
    assert claims.values("authors", "rule") == ["Ann", "Bo"]
    assert claims.values("published", "rule") == ["2026-03-01"]


def test_an_element_states_for_machines_if_it_does() -> None:
    (meta,) = rules.select(document_fromstring(PAGE), "meta.m")
    assert rules.value_of(meta) == "Held"


def test_what_is_dropped_leaves_the_text_after_it() -> None:
    tree = document_fromstring(PAGE)
    rules.drop(tree, ExtractRule(drop=("i.ad", "i.ad")))
    assert tree.findtext(".//p") == "kept tail"


def test_without_a_rule_nothing_happens() -> None:
    claims = Claims()
    rules.hear_rule(claims, document_fromstring(PAGE), None)
    rules.drop(document_fromstring(PAGE), None)
    assert claims.as_mapping() == {}
