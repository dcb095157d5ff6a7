"""Every file that a page of the demo needs is there, and is found by those who look for it."""

import http.client
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from archive.records import Url
from crawler.demo import pages
from crawler.demo.content import DemoOutlet, load
from crawler.demo.furniture import furniture, is_furniture, photograph
from crawler.demo.newspaper import OPENS_AT
from crawler.demo.timeline import stories_at
from crawler.extract.page import Page
from crawler.requisites.markup import found_in_page
from crawler.requisites.requisite import Requisite
from crawler.requisites.sheets import found_in_css

CLOSES = OPENS_AT + timedelta(days=5)
OUTLETS = {outlet.id: outlet for outlet in load()}
GAZETTE, FARO = OUTLETS["harbour-gazette"], OUTLETS["faro-de-puntaclara"]


def base_of(outlet: DemoOutlet) -> str:
    return f"http://{outlet.host}"


def found_in(outlet: DemoOutlet, html: str) -> tuple[Requisite, ...]:
    """What the page and its style sheets need, the sheets' own included."""
    page = Page(
        url=Url(f"{base_of(outlet)}/x"),
        body=html.encode(),
        content_type="text/html; charset=utf-8",
        content_encoding=None,
        captured_at=CLOSES,
    )
    found = list(found_in_page(page))
    for one in found:  # grows while it is read
        if one.kind == "style" and (file := furniture(outlet, urlsplit(one.url).path, CLOSES)):
            found += found_in_css(one.url, file.body, file.media)
    return tuple(found)


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=OUTLETS)
def test_all_that_an_article_needs_is_there(outlet: DemoOutlet) -> None:
    for story in stories_at(outlet, CLOSES):
        found = found_in(outlet, pages.article(outlet, base_of(outlet), CLOSES, story))
        assert {one.kind for one in found} == {"style", "icon", "image"}
        assert {"@import", "background", "background-image"} <= {one.why for one in found}
        for one in found:
            path = urlsplit(one.url).path
            assert one.url.startswith(base_of(outlet))
            assert is_furniture(path)
            assert furniture(outlet, path, CLOSES), one.url


def test_one_outlet_has_sets_and_one_is_lazy() -> None:
    ways = {}
    for outlet in (GAZETTE, FARO):
        story = stories_at(outlet, CLOSES)[0]
        found = found_in(outlet, pages.article(outlet, base_of(outlet), CLOSES, story))
        ways[outlet.id] = {one.why: one.url.rpartition("-")[2] for one in found}
    assert ways["harbour-gazette"]["img src"] == "960.png"
    assert ways["harbour-gazette"]["img srcset"] == "1280.png"
    assert ways["faro-de-puntaclara"]["img data-src"] == "960.png"


def test_an_agency_sends_everyone_the_same_photograph() -> None:
    printed = [
        {a.wire: furniture(o, photograph(a), CLOSES) for a in o.articles if a.wire}
        for o in (GAZETTE, FARO)
    ]
    assert len(printed[0]) == 3
    for wire, reply in printed[0].items():
        other = printed[1][wire]
        assert reply
        assert other
        assert reply.body == other.body
    papers = {f.body for o in OUTLETS.values() if (f := furniture(o, "/images/paper.png", CLOSES))}
    assert len(papers) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/images/none.svg",
        "/images/4101-641.png",
        "/images/9999-960.png",
        "/images/wire-none-960.png",
        "/images/",
        "/images/../style.css",
        "/print.css",
    ],
)
def test_what_nobody_made_is_not_there(path: str) -> None:
    assert furniture(GAZETTE, path, CLOSES) is None


def test_a_photograph_is_printed_with_its_article() -> None:
    late = photograph(GAZETTE.articles[-1])
    assert furniture(GAZETTE, late, OPENS_AT) is None
    assert furniture(GAZETTE, late, CLOSES)


@pytest.mark.parametrize("outlet", OUTLETS)
@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/style.css", "text/css"),
        ("/colours.css", "text/css"),
        ("/images/icon.png", "image/png"),
        ("/images/masthead.svg", "image/svg+xml"),
    ],
)
def test_files_are_served_as_files_are(
    ask: Callable[..., tuple[int, http.client.HTTPMessage, bytes]],
    outlet: str,
    path: str,
    media: str,
) -> None:
    status, headers, body = ask(outlet, path, accept_encoding="gzip, br, zstd")
    assert (status, headers["Content-Type"]) == (200, media)
    assert "max-age" in headers["Cache-Control"]
    assert (headers["Content-Encoding"] is None) or media != "image/png"
    assert body
    again = ask(outlet, path, if_none_match=headers["ETag"], accept_encoding="gzip, br, zstd")
    assert (again[0], again[2]) == (304, b"")
    assert ask(outlet, "/images/none.png")[0] == 404


def test_robots_may_have_them(
    ask: Callable[..., tuple[int, http.client.HTTPMessage, bytes]],
) -> None:
    for outlet in OUTLETS.values():
        said = ask(outlet.id, "/robots.txt")[2].decode()
        lines = said.partition("\n\n")[0].splitlines()  # after it, what is said to others
        denied = [line.partition(": ")[2] for line in lines if line.startswith("Disallow")]
        assert denied
        assert not any(path.startswith(d) for d in denied for path in ("/images/", "/style.css"))
