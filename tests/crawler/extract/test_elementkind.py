"""The kind of an element is what its outlet calls it, without what a build or a page adds."""

import pytest

from crawler.extract.elementkind import kind_of
from crawler.extract.tree import html_tree


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ('<div class="story-body">x</div>', "div.story-body"),
        ('<div class="b a">x</div>', "div.a.b"),
        ('<div class="css-1x2y3z story">x</div>', "div.story"),
        ('<div class="post post-123456">x</div>', "div.post"),
        ('<div class="is-open box">x</div>', "div.box"),
        ('<div id="main">x</div>', "div#main"),
        ('<div id="post-4711">x</div>', None),
        ('<div class="md:flex">x</div>', None),
        ("<div>x</div>", None),
    ],
)
def test_kinds(markup, kind):
    assert kind_of(html_tree(markup).find(".//div")) == kind


def test_a_huge_class_is_read_only_at_its_beginning():
    assert kind_of(html_tree(f'<div class="a {"b" * 1_000_000}">x</div>').find(".//div"))
