from collections.abc import Callable

import pytest

from archive.records import Draft

DraftOf = Callable[..., Draft]
WORDS = "The harbour of the small town will be widened until the end of next year. "
TEASERS = "".join(
    f'<div><h3><a href="/news/{n}">Headline number {n} of the harbour news</a></h3></div>'
    for n in range(40)
)


def page(body: str, head: str = "", title: str = "Harbour") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("html", "url", "reason"),
    [
        (
            page(f"<h1>The Post</h1><p>{WORDS * 9}</p>"),
            "https://post.example/",
            "the front page of a site",
        ),
        (page(f"<h1>Coast</h1>{TEASERS}"), "https://post.example/coast", "40 links hold"),
        (
            page(
                "<h1>Coast</h1><p>Few words</p>",
                '<script type="application/ld+json">{"@type":"CollectionPage"}</script>',
            ),
            "https://post.example/coast",
            "declared as a collection",
        ),
    ],
)
def test_a_page_that_names_others_is_a_listing(
    draft_of: DraftOf, html: str, url: str, reason: str
) -> None:
    draft = draft_of(html, url=url)
    assert draft.kind == "listing"
    assert draft.reason is not None
    assert draft.reason.startswith(reason)


def test_a_long_text_among_many_links_is_an_article(draft_of: DraftOf) -> None:
    paragraphs = "".join(f"<p>{WORDS * 4} {n}</p>" for n in range(3))
    draft = draft_of(page(f"<h1>Harbour</h1>{paragraphs}{TEASERS}"))
    assert draft.kind == "article"


def test_a_page_that_calls_itself_an_article_is_one_whatever_its_links(draft_of: DraftOf) -> None:
    head = '<meta property="og:type" content="article">'
    draft = draft_of(page(f"<h1>Harbour</h1><article><p>{WORDS * 3}</p></article>{TEASERS}", head))
    assert draft.kind == "article"


def test_a_page_without_text_or_headline_is_something_else(draft_of: DraftOf) -> None:
    empty = draft_of(page("<h1>Harbour</h1><p>Only a line.</p>"))
    assert empty.kind == "other"
    assert empty.reason is not None
    assert "an article at least 25" in empty.reason
    nameless = draft_of(page(f"<p>{WORDS * 5}</p>", title=""))
    assert (nameless.kind, nameless.reason) == ("other", "the page has no headline")


def test_two_sentences_of_japanese_are_an_article(draft_of: DraftOf) -> None:
    text = "港は来年末までに拡張されると市議会が発表した。北側に新しい岸壁が二つ計画されている。"
    assert (
        draft_of(page(f"<h1>港を拡張</h1><article><p>{text * 2}</p></article>")).kind == "article"
    )


def product(words: int, mark: str = "", date: str = "") -> str:
    said = '<script type="application/ld+json">{"@type":"Product","name":"A mug"}</script>'
    return page(f"<h1>A mug of the harbour</h1>{date}<p>{WORDS * words}</p>", said + mark)


def test_a_page_that_declares_itself_a_product_is_no_article(draft_of: DraftOf) -> None:
    draft = draft_of(product(3))
    assert (draft.kind, draft.reason) == ("other", "declared as something else: product")


@pytest.mark.parametrize(
    "html",
    [
        product(12),
        product(3, '<meta property="og:type" content="article">'),
        product(3, date='<time datetime="2026-03-01T10:00:00Z">1 March</time>'),
    ],
    ids=["long-text", "marked", "dated"],
)
def test_a_product_beside_an_article_does_not_make_it_one(draft_of: DraftOf, html: str) -> None:
    assert draft_of(html).kind == "article"


def test_a_headline_spelt_in_the_address_is_no_sections(draft_of: DraftOf) -> None:
    title = "Council widens the harbour of the town"
    html = page(f"<h1>{title}</h1><article><p>{WORDS * 3}</p></article>{TEASERS}", title=title)
    there = "https://post.example/news/council-widens-the-harbour-of-the-town/"
    assert draft_of(html, url=there).kind == "article"
    assert draft_of(html, url="https://post.example/news/").kind == "listing"
