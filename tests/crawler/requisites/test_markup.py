import gzip
import time
from collections.abc import Callable

import pytest

from crawler.extract.page import Page
from crawler.requisites.markup import found_in_page
from crawler.requisites.requisite import LIMIT, Requisite

PageOf = Callable[..., Page]
HOST = "https://paper.example"


def whole(markup: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>x</title>{head}</head><body>{markup}</body></html>"


def short(found: tuple[Requisite, ...]) -> list[tuple[str, str, str]]:
    return [(one.url.removeprefix(HOST), one.kind, one.why) for one in found]


BODIES = {
    "img": ('<img src="/a.jpg">', [("/a.jpg", "image", "img src")]),
    "img-relative": ('<img src="a.jpg#x">', [("/2026/03/a.jpg", "image", "img src")]),
    "img-space": ('<img src=" /a b.jpg ">', [("/a%20b.jpg", "image", "img src")]),
    "img-scheme": ('<img src="//cdn.example/a">', [("https://cdn.example/a", "image", "img src")]),
    "both": (
        '<img src="/a.jpg" srcset="/a-800.jpg 800w, /a-1600.jpg 1600w, /a-3200.jpg 3200w">',
        [("/a.jpg", "image", "img src"), ("/a-1600.jpg", "image", "img srcset")],
    ),
    "picture": (
        (
            '<picture><source srcset="/a.avif 1x, /b.avif 2x" type="image/avif">'
            '<source data-srcset="/a.webp 900w"><img src="/a.jpg"></picture>'
        ),
        [
            ("/b.avif", "image", "source srcset"),
            ("/a.webp", "image", "source data-srcset"),
            ("/a.jpg", "image", "img src"),
        ],
    ),
    "lazy": (
        (
            '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/a.jpg" '
            'data-lazy-srcset="/a-2.jpg 2x"><noscript><img src="/a.jpg">'
            '<img src="/b.jpg"></noscript>'
        ),
        [
            ("/a.jpg", "image", "img data-src"),
            ("/a-2.jpg", "image", "img data-lazy-srcset"),
            ("/b.jpg", "image", "img src"),
        ],
    ),
    "template": ('<img data-src="/a-{width}.jpg"><img src="{{ photo }}">', []),
    "style-attribute": (
        "<div style=\"color:red; background-image:url('/a.png')\">x</div>",
        [("/a.png", "image", "background-image")],
    ),
    "style-element": (
        '<style>@import "/b.css"; p{background:url(/a.png)}</style>',
        [("/b.css", "style", "@import"), ("/a.png", "image", "background")],
    ),
    "data-bg": (
        '<div data-bg="/a.png">x</div><div data-background="url(/b.png)">x</div>',
        [("/a.png", "image", "div data-bg"), ("/b.png", "image", "data-background")],
    ),
    "svg": (
        '<svg><image xlink:href="/a.png"/><use href="/icons.svg#play"/><use href="#here"/></svg>',
        [("/a.png", "image", "image xlink:href"), ("/icons.svg", "image", "use href")],
    ),
    "poster": (
        '<video poster="/a.jpg" src="/v.mp4"><source src="/v.webm"></video>',
        [("/a.jpg", "image", "video poster")],
    ),
    "object": (
        (
            '<object data="/a.svg?v=1"></object><object type="image/png" data="/b"></object>'
            '<object data="/c.swf"></object><object type="text/html" data="/d.png"></object>'
        ),
        [("/a.svg?v=1", "image", "object data"), ("/b", "image", "object data")],
    ),
    "input": (
        '<input type="IMAGE" src="/go.png"><input type="text" src="/no.png">',
        [("/go.png", "image", "input src")],
    ),
    "pixels": (
        (
            '<img src="/p.gif" width="1" height="1"><img src="/q.gif" width=0 height=1px>'
            '<img src="/r.gif" style="width:1px; height:1px"><img src="/line.gif" width="1">'
            '<img src="https://www.facebook.com/tr?id=1"><img src="https://x.doubleclick.net/a.gif">'
        ),
        [("/line.gif", "image", "img src")],
    ),
    "no-file": (
        (
            '<img src="javascript:alert(1)"><img src="mailto:a@paper.example"><img src=""><img>'
            '<img src="#"><img src="/2026/03/harbour#top"><img src="http://[torn">'
            '<img src="ftp://paper.example/a.jpg"><img src="blob:https://paper.example/1">'
        ),
        [],
    ),
    "no-requisite": (
        (
            '<script src="/a.js"></script><iframe src="/b.html"></iframe>'
            '<audio src="/c.mp3"></audio>'
            '<video src="/d.mp4"></video><embed src="/e.swf"><a href="/f.jpg">x</a>'
        ),
        [],
    ),
    "twice": ('<img src="/a.jpg"><img src="/a.jpg#2">', [("/a.jpg", "image", "img src")]),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_a_body_needs_is_found_in_order(page_of: PageOf, name: str) -> None:
    markup, expected = BODIES[name]
    assert short(found_in_page(page_of(whole(markup)))) == expected


HEADS = {
    "sheet": ('<link rel="stylesheet" href="/a.css">', [("/a.css", "style", "link stylesheet")]),
    "late-sheet": (
        '<link rel=stylesheet media=print onload="this.media=\'all\'" href="/a.css">',
        [("/a.css", "style", "link stylesheet")],
    ),
    "other-sheet": ('<link rel="alternate stylesheet" href="/a.css">', []),
    "feed": ('<link rel="alternate" type="application/rss+xml" href="/feed">', []),
    "icon": ('<link rel="shortcut icon" href="/i.ico">', [("/i.ico", "icon", "link icon")]),
    "touch": (
        '<link rel="apple-touch-icon" sizes="180x180" href="/t.png">',
        [("/t.png", "icon", "link apple-touch-icon")],
    ),
    "preload": (
        (
            '<link rel=preload as=style href="/a.css"><link rel=preload as=font href="/a.woff2">'
            '<link rel=preload as=script href="/a.js"><link rel=modulepreload href="/b.js">'
            '<link rel=preload as=image href="/a.jpg" imagesrcset="/b.jpg 900w, /c.jpg 1800w">'
        ),
        [
            ("/a.css", "style", "link preload"),
            ("/a.woff2", "font", "link preload"),
            ("/a.jpg", "image", "link preload"),
            ("/b.jpg", "image", "link imagesrcset"),
        ],
    ),
    "preview": (
        '<meta property="og:image" content="/a.jpg"><meta property="og:video" content="/a.mp4">',
        [("/a.jpg", "image", "meta og:image")],
    ),
    "noscript": (
        '<noscript><link rel="stylesheet" href="/a.css"></noscript>',
        [("/a.css", "style", "link stylesheet")],
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_what_a_head_names_is_found_in_order(page_of: PageOf, name: str) -> None:
    head, expected = HEADS[name]
    assert short(found_in_page(page_of(whole("", head)))) == expected


def test_an_old_page_has_its_background(page_of: PageOf) -> None:
    found = found_in_page(page_of('<body background="/b.gif"><table background="t.gif"></table>'))
    assert [one.why for one in found] == ["body background", "table background"]


def test_the_base_element_moves_all_addresses_of_the_page(page_of: PageOf) -> None:
    head = '<base href="https://cdn.example/x/"><base href="/no/"><style>p{src:url(b.png)}</style>'
    found = found_in_page(page_of(whole('<img src="a.png" style="cursor:url(c.cur)">', head)))
    assert [one.url for one in found] == [f"https://cdn.example/x/{n}.png" for n in "ba"] + [
        "https://cdn.example/x/c.cur"
    ]


@pytest.mark.parametrize("base", ["javascript:x", "http://[", "", "data:,", "//:0/"])
def test_a_base_that_is_no_address_is_ignored(page_of: PageOf, base: str) -> None:
    found = found_in_page(page_of(whole('<img src="a.png">', f'<base href="{base}">')))
    assert [one.url for one in found] == [f"{HOST}/2026/03/a.png"]


def test_a_page_gives_no_more_than_its_limit(page_of: PageOf) -> None:
    page = page_of(whole("".join(f'<img src="/{n}.png">' for n in range(500))))
    assert len(found_in_page(page)) == LIMIT
    assert short(found_in_page(page, 1)) == [("/0.png", "image", "img src")]
    assert found_in_page(page, 0) == ()


def test_an_address_of_more_than_2000_characters_is_left_out(page_of: PageOf) -> None:
    assert found_in_page(page_of(whole(f'<img src="/{"a" * 2000}.png">'))) == ()


def test_a_coded_page_is_read(page_of: PageOf) -> None:
    body = gzip.compress(whole('<img src="/ä.png">').encode("latin-1"))
    page = page_of(body, content_encoding="gzip", content_type="text/html; charset=iso-8859-1")
    assert short(found_in_page(page)) == [("/ä.png", "image", "img src")]


@pytest.mark.parametrize("body", [b"", b"\x00", b"%PDF-1.7", b"{}", b"\x1f\x8b\x08torn", b"<rss/>"])
def test_what_is_no_page_needs_nothing(page_of: PageOf, body: bytes) -> None:
    assert found_in_page(page_of(body)) == ()


IMAGE = b'<html><img src="/a.png">'
HOSTILE = {
    "nested": IMAGE + b"<div>" * 100_000,
    "pictures": IMAGE + b'<picture><source srcset="x">' * 30_000,
    "srcset": IMAGE + b'<img srcset="' + b"a.png 1x, " * 500_000 + b'">',
    "commas": IMAGE + b'<img srcset="' + b"," * 5_000_000 + b'">',
    "parentheses": IMAGE + b'<img srcset="a ' + b"(" * 5_000_000 + b'">',
    "spaces": IMAGE + b'<img width="' + b" " * 5_000_000 + b'" style="width' + b" " * 5_000_000,
    "styles": IMAGE + b'<p style="background:url(mailto:x)">' * 20_000,
    "sheet": IMAGE + b"<style>" + b"p{b:url(data:,)}" * 600_000 + b"</style>",
    "nul": b'<html>\x00<img \x00src="/a\x00.png"\x00>',
    "torn": b'<html><img src="/a.png"><img srcset="x 1x, <style>url(',
    "not-utf-8": b'<html><img src="/a.png"><img src="/\xff\xfe.png" srcset="\xed\xa0\x80 1x">',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_in_bounded_time(page_of: PageOf, name: str) -> None:
    started = time.monotonic()
    found = found_in_page(page_of(HOSTILE[name]))
    assert time.monotonic() - started < 20
    assert found[0].url == f"{HOST}/a.png"
