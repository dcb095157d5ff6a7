from collections.abc import Callable

import pytest
from lxml.html import tostring

from archive.records import Draft, Url
from crawler.extract.entries import entries_opened
from crawler.extract.metadata import read_metadata
from crawler.extract.page import Page
from crawler.extract.tree import parse
from crawler.outlets.spec import ExtractRule

DraftOf = Callable[..., Draft]
PageOf = Callable[..., Page]
URL = Url("https://post.example/news/storm")
HEAD = (
    '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Storm over the '
    'bay", "datePublished": "2026-03-02T06:00:00Z"}</script>'
)
LEAD = "<p>A storm has reached the bay, and the people of the town are asked to stay at home.</p>"
ENTRIES = (
    ("Ferries stop", "Rain moved over the bay at noon, and the ferries stopped for the whole day."),
    ("Trees fall", "The first trees fell in the park behind the station, and two cars were hit."),
    ("Schools close", "The mayor said that the schools would stay closed, as no buses can run."),
    ("Bridge opens", "Lorries may cross the bridge again, the police said late in the evening."),
)


def entries(heading: str = "h2", link: str = "", mark: str = "") -> str:
    return "".join(
        f'<article id="e{n}" {mark}><time datetime="2026-03-02T1{n}:00:00Z">1{n}:00</time>'
        f"<{heading}>{f'<a href={link}{n}>{title}</a>' if link else title}</{heading}>"
        f"<p>{text}</p></article>"
        for n, (title, text) in enumerate(ENTRIES)
    )


def page(inner: str, head: str = HEAD) -> str:
    return (
        f"<html><head><title>Storm over the bay</title>{head}</head><body><main>"
        f"{inner}</main></body></html>"
    )


TOP = f"<h1>Storm over the bay</h1>{LEAD}"


@pytest.mark.parametrize(
    ("inner", "level"),
    [
        (TOP + entries(), "h2"),
        (TOP + entries("h3"), "h3"),
        (TOP + entries("h4"), "h4"),
        (f"<article>{TOP}{entries()}</article>", "h2"),
        (TOP + entries(link="#e"), "h2"),
        (TOP + entries(link="/news/storm/entry-"), "h2"),
    ],
    ids=["h2", "h3", "h4", "nested", "fragments", "beneath"],
)
def test_each_entry_of_a_live_blog_is_a_section(draft_of: DraftOf, inner: str, level: str) -> None:
    draft = draft_of(page(inner), url=URL)
    assert draft.kind == "liveblog"
    assert draft.outline == ("p", *[level, "p"] * 4)
    assert (draft.body or "").split("\n\n")[1:] == [line for one in ENTRIES for line in one]


def opened(one: Page) -> tuple[str, str, str]:
    """The tree before, while and after its entries are open."""
    tree = parse(one)
    before = tostring(tree, encoding="unicode")
    with entries_opened(tree, read_metadata(tree, one), one):
        inside = tostring(tree, encoding="unicode")
    return before, inside, tostring(tree, encoding="unicode")


def test_the_tree_is_as_it_was_after_the_text_is_read(page_of: PageOf) -> None:
    before, inside, after = opened(page_of(page(TOP + entries()), url=URL))
    assert "<article" not in inside
    assert after == before


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        (page(TOP + entries(), head=""), None),
        (page(TOP + entries(link="/news/other-")), None),
        (page(TOP + entries(mark='class="teaser"')), None),
        (page(f"{TOP}<aside>{entries()}</aside>"), None),
        (page(TOP + entries()), ExtractRule(body="article p")),
    ],
    ids=["no-live-blog", "others", "teasers", "aside", "rule"],
)
def test_other_articles_stay_articles(page_of: PageOf, html: str, rule: ExtractRule | None) -> None:
    before, inside, _ = opened(page_of(html, url=URL, rule=rule))
    assert inside == before
