"""A text that lies in several containers beside one another is read whole."""

from datetime import UTC, datetime

import pytest

from archive.records import Url
from crawler.extract.article import extract
from crawler.extract.page import Page

LINES = [
    "The town will build a second quay, the council said on Monday after a long debate.",
    "Ships wait for days now, and the fishermen lose money with each tide they cannot use.",
    "The mayor wants to begin in May, when the ice has gone and the road is dry again.",
    "Nobody has said who will pay for it, though three banks were named in the papers.",
    "An older plan had been thrown out because the water there is not deep enough.",
    "Children of the school drew pictures of it, and the best will hang in the town hall.",
]
AD = '<div class="slot">Advertisement</div>'


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line} {LINES[0]}</p>" for line in lines)


def body_of(inner: str) -> str:
    html = f'<html lang="en"><head><title>Harbour to grow</title></head><body>{inner}</body></html>'
    page = Page(
        url=Url("https://p.example/2026/03/02/harbour-to-grow"),
        body=f"{html}".encode(),
        content_type="text/html",
        content_encoding=None,
        captured_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    )
    return extract(page).body or ""


def places(body: str) -> list[int]:
    """Which of the lines are in the body, in its order."""
    found = [(body.find(f"{line} {LINES[0]}"), number) for number, line in enumerate(LINES)]
    return [number for place, number in sorted(found) if place >= 0]


@pytest.mark.parametrize(
    ("opening", "second", "closing"),
    [
        ('<div class="article-body">', '<div class="article-body">', "</div>"),
        ('<div class="post-content page-1">', '<div class="post-content page-2">', "</div>"),
        ('<div itemprop="articleBody">', '<div itemprop="articleBody">', "</div>"),
        ('<section class="entry-content">', '<section class="entry-content">', "</section>"),
        ("<article>", "<article>", "</article>"),
    ],
)
def test_containers_of_one_name_are_read_as_one_text(
    opening: str, second: str, closing: str
) -> None:
    inner = "<h1>Harbour to grow</h1>" + AD.join(
        [
            f"{opening}{paragraphs(*LINES[:2])}{closing}",
            f"{second}{paragraphs(*LINES[2:4])}{closing}",
            f"{second}{paragraphs(*LINES[4:])}{closing}",
        ]
    )
    body = body_of(inner)
    assert places(body) == [0, 1, 2, 3, 4, 5]
    assert "Advertisement" not in body


def test_a_heading_between_containers_goes_along() -> None:
    inner = (
        f'<h1>Harbour to grow</h1><div class="article-body">{paragraphs(*LINES[:3])}</div>'
        f"<h2>Who will pay</h2>"
        f'<div class="article-body">{paragraphs(*LINES[3:])}</div>'
    )
    body = body_of(inner)
    assert body.index(LINES[2]) < body.index("Who will pay") < body.index(LINES[3])


@pytest.mark.parametrize(
    "beginning", ["<h1>Ferry to sail</h1>", '<h2><a href="/ferry">Ferry to sail</a></h2>']
)
def test_what_begins_as_a_text_of_its_own_is_not_joined(beginning: str) -> None:
    inner = (
        f'<h1>Harbour to grow</h1><div class="article-body">{paragraphs(*LINES[:3])}</div>'
        f'<div class="article-body">{beginning}{paragraphs(*LINES[3:])}</div>'
    )
    assert places(body_of(inner)) == [0, 1, 2]


def test_a_container_of_a_few_words_or_of_links_is_not_joined() -> None:
    links = "".join(f'<p><a href="/{n}">{line} {LINES[0]}</a></p>' for n, line in enumerate(LINES))
    inner = (
        f'<h1>Harbour to grow</h1><div class="article-body">{paragraphs(*LINES[:3])}</div>'
        '<div class="article-body"><p>Read us by mail.</p></div>'
        f'<div class="article-body">{links}</div>'
    )
    body = body_of(inner)
    assert "Read us by mail" not in body
    assert places(body) == [0, 1, 2]
