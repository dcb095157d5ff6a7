import time
from collections.abc import Callable

import pytest

from archive.records import Draft, Url
from crawler.extract.metadata import read_metadata
from crawler.extract.page import Page
from crawler.extract.several import Several, several_in
from crawler.extract.tree import parse

DraftOf = Callable[..., Draft]
PageOf = Callable[..., Page]
URL = "https://post.example/blog"
NAMES = ("Ferries", "Bakers", "Painters", "Gardeners")
TITLES = tuple(f"{name} wait for the spring" for name in NAMES)


def prose(name: str, times: int = 5) -> str:
    """A text of 22 words a time that says whose it is."""
    told = f"{name} of the town have waited since December, and told the council on Monday that "
    return "".join(f"<p>{told} they will not wait longer than week {n}.</p>" for n in range(times))


def post(
    name: str, *, tag: str = "article", mark: str = "", heading: str = "h2", link: str = "/blog"
) -> str:
    """One whole article; without a link its heading has none."""
    title = f"{name} wait for the spring"
    title = f'<a href="{link}/{name.lower()}">{title}</a>' if link else title
    return f"<{tag} {mark}><{heading}>{title}</{heading}>{prose(name)}</{tag}>"


def page(body: str, head: str = "", title: str = "Notes from the town") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><main>{body}</main></body></html>"


def posts(**how: str) -> str:
    return "".join(post(name, **how) for name in NAMES)


def schema(kind: str, headline: str = "x") -> str:
    said = f'{{"@type": "{kind}", "headline": "{headline}"}}'
    return f'<script type="application/ld+json">{said}</script>'


@pytest.mark.parametrize(
    "html",
    [
        page(f"<h1>Notes</h1>{posts()}"),
        page(posts(heading="h1")),
        page(posts(tag="div", mark='class="post h-entry"')),
        page(posts(tag="section", mark='class="hentry"')),
        page(posts(tag="div", mark='itemscope itemtype="https://schema.org/BlogPosting"')),
        page(posts(), "".join(schema("BlogPosting", title) for title in TITLES)),
        page(posts(), schema("Blog")),
    ],
    ids=["article", "h1", "h-entry", "hentry", "microdata", "json-ld", "blog"],
)
def test_several_whole_articles_are_a_listing(draft_of: DraftOf, html: str) -> None:
    draft = draft_of(html, url=URL)
    assert draft.kind == "listing"
    assert (
        draft.reason
        == "4 whole articles one after the other, the first 'Ferries wait for the spring'"
    )


def teasers(mark: str = "", times: int = 2) -> str:
    return "".join(
        f'<article {mark}><h3><a href="/news/{n}">Headline of {name}</a></h3>'
        f"{prose(name, times)}</article>"
        for n, name in enumerate(NAMES)
    )


OWN = f"<h1>The council widens the harbour</h1>{prose('Fishermen', 12)}"


@pytest.mark.parametrize(
    "html",
    [
        page(f"<article>{OWN}</article>{teasers()}"),
        page(f"<div>{OWN}{prose('Fishermen', 30)}</div>{teasers(times=5)}"),
        page(f"<div>{OWN}</div>{teasers('class=comment', times=5)}"),
        page(f"<div>{OWN}</div><aside>{teasers(times=5)}</aside>"),
        page(f"<article>{OWN}{teasers(times=5)}</article>"),
        page(f"<h1>What waits</h1>{posts(link='')}"),
        page(f"<h1>What waits</h1>{posts()}", '<meta property="og:type" content="article">'),
        page(f"<h1>What waits</h1>{posts()}", schema("NewsArticle", "What waits")),
        page("".join(post(name) for name in NAMES[:2])),
    ],
    ids=["short", "longer", "comments", "aside", "nested", "no-address", "og", "declared", "two"],
)
def test_what_is_short_or_beside_or_a_part_makes_no_listing(draft_of: DraftOf, html: str) -> None:
    assert draft_of(html, url="https://post.example/news/1").kind == "article"


def test_parts_below_a_headline_that_the_address_spells_are_one_article(draft_of: DraftOf) -> None:
    title = "Four trades that wait for the spring"
    html = page(f"<h1>{title}</h1>{posts()}", title=title)
    there = "https://post.example/news/four-trades-that-wait-for-the-spring"
    assert draft_of(html, url=there).kind == "article"


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (page(posts(link="/news")), "https://post.example/news/ferries"),
        (
            page(posts(link="/news"), '<link rel="canonical" href="/news/ferries">'),
            "https://post.example/a?id=4",
        ),
        (page(posts(link="/news"), title=f"{TITLES[0]} | The Post"), "https://post.example/a/4"),
        (page(posts(link="", heading="h1"), title=TITLES[0]), "https://post.example/a/4"),
        (
            page(
                post("Ferries", heading="h1", link="")
                + posts(link="/news").split("</article>", 1)[1]
            ),
            "https://post.example/a/4",
        ),
    ],
    ids=["address", "canonical", "title", "h1s", "only-h1"],
)
def test_an_article_that_others_follow_is_its_own_text_alone(
    draft_of: DraftOf, html: str, url: str
) -> None:
    draft = draft_of(html, url=url)
    assert draft.kind == "article"
    assert draft.body is not None
    assert draft.body.count("Ferries of the town") == 5
    assert not any(name in draft.body for name in NAMES[1:])


def test_parts_of_an_article_without_addresses_of_their_own_stay(page_of: PageOf) -> None:
    html = page(post("Ferries", link="", heading="h1") + post("Bakers", link=""), title=TITLES[0])
    one = page_of(html, url=Url("https://post.example/a/4"))
    tree = parse(one)
    assert several_in(tree, read_metadata(tree, one), one.url) == Several()


def test_the_entries_of_a_live_blog_are_no_articles(draft_of: DraftOf) -> None:
    html = page(f"<h1>The town waits</h1>{posts()}", schema("LiveBlogPosting", "The town waits"))
    assert draft_of(html, url=URL).kind == "liveblog"


def test_the_front_page_of_a_site_stays_one(draft_of: DraftOf) -> None:
    draft = draft_of(page(posts()), url="https://post.example/")
    assert (draft.kind, draft.reason) == ("listing", "the front page of a site")


@pytest.mark.parametrize(
    "html",
    [
        "<article>" * 20_000,
        "<article><h2><a href=/x>y</a></h2><p>z" * 10_000,
        "<p><object>" * 15_000,
        "<a href=/x><div>" * 15_000 + "<article class=h-entry><p>x</p></article>" * 300,
        f"<article class='{'entry ' * 100_000}'><h2>x</h2></article>" * 2,
    ],
    ids=["nested", "torn", "objects", "links", "names"],
)
def test_a_hostile_page_of_articles_takes_no_longer(draft_of: DraftOf, html: str) -> None:
    begun = time.process_time()
    draft_of(html, url=URL)
    assert time.process_time() - begun < 10
