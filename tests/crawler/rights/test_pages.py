"""What a page states of itself, and what a feed states of its items."""

from datetime import UTC, datetime

import pytest

from archive.records import Url
from crawler.extract.metadata import read_metadata
from crawler.extract.page import Page
from crawler.extract.tree import parse
from crawler.furnished import read_page
from crawler.rights.licences import feed_signals, signals_of_feed
from crawler.rights.pages import page_signals

FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:rsl="https://rslstandard.org/rsl"><channel>
<item><title>One</title>
<rsl:content url="https://paper.example/one" server="https://rsl.example/api">
  <rsl:license><rsl:prohibits type="usage">ai-train</rsl:prohibits></rsl:license>
</rsl:content></item>
</channel></rss>"""


def page(head: str, body: str = "<p>Fish.") -> Page:
    html = f"<!doctype html><html><head><title>T</title>{head}</head><body>{body}</body></html>"
    return Page(
        url=Url("https://paper.example/one"),
        body=html.encode(),
        content_type="text/html; charset=utf-8",
        content_encoding=None,
        captured_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


def said(head: str, body: str = "<p>Fish.") -> list[tuple[str, str, str | None]]:
    one = page(head, body)
    tree = parse(one)
    found = page_signals(tree, read_metadata(tree, one), one.url)
    return [(signal.name, signal.value, signal.agent) for signal in found]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="robots" content="noarchive,noai">',
         [("robots:noarchive", "yes", None), ("robots:noai", "yes", None)]),
        ('<META NAME="GoogleBot" CONTENT="NOSNIPPET">', [("robots:nosnippet", "yes", "googlebot")]),
        ('<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="/p.json">',
         [("tdm-reservation", "1", None), ("tdm-policy", "https://paper.example/p.json", None)]),
        ('<link rel="license" type="application/rsl+xml" href="/l.xml">',
         [("rsl:license", "https://paper.example/l.xml", None)]),
        ('<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">',
         [("license", "https://creativecommons.org/licenses/by/4.0/", None)]),
        ('<meta name="robots" content="index, follow"><meta name="robots">', []),
        ('<meta property="robots" content="noai">', []),
        ("", []),
    ],
)  # fmt: skip
def test_elements_of_the_head(head: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert said(head) == expected


def test_a_readers_comment_states_nothing() -> None:
    assert said("", '<div class="comment"><meta name="robots" content="noai"></div>') == []


def test_schema_org_names_licence_and_holder() -> None:
    script = """<script type="application/ld+json">{"@graph": [
      {"@type": "NewsArticle", "headline": "T", "isAccessibleForFree": false,
       "license": "https://paper.example/terms", "copyrightHolder": {"@id": "#us"},
       "copyrightNotice": "© 2026 The Paper"},
      {"@type": "Organization", "@id": "#us", "name": "The Paper"}]}</script>"""
    assert said(script) == [
        ("accessible-for-free", "no", None),
        ("license", "https://paper.example/terms", None),
        ("copyright-holder", "The Paper", None),
        ("copyright-notice", "© 2026 The Paper", None),
    ]


def test_it_is_read_with_the_draft_in_one_go() -> None:
    found = read_page(page('<meta name="robots" content="noarchive">'))
    assert [one.name for one in found.stated] == ["robots:noarchive"]
    assert found.draft.title == "T"


def test_a_head_of_thousands_of_elements_is_read_within_bounds() -> None:
    many = "".join(f'<meta name="robots" content="unavailable_after: {n}">' for n in range(9000))
    assert len(said(many)) == 64


def test_rsl_in_a_feed() -> None:
    [one] = feed_signals(FEED)
    assert (one.name, one.value) == ("rsl:content", "https://paper.example/one")
    [same] = signals_of_feed(page("").__class__(
        url=Url("https://paper.example/feed"), body=FEED.encode(), content_type=None,
        content_encoding=None, captured_at=datetime(2026, 3, 2, tzinfo=UTC),
    ))  # fmt: skip
    assert same == one


@pytest.mark.parametrize(
    "text",
    [
        "", FEED.replace("https://rslstandard.org/rsl", "https://else.example/"),
        FEED.replace("<rsl:license>", "<rsl:other>"), FEED.replace("url=", "uri="),
        'xmlns:rsl="https://rslstandard.org/rsl"' + "<rsl:content " * 30_000,
        'xmlns:rsl="https://rslstandard.org/rsl"<rsl:content url="x">' + " " * 400_000,
    ],
)  # fmt: skip
def test_a_feed_that_says_nothing_of_rsl(text: str) -> None:
    assert feed_signals(text) == ()
