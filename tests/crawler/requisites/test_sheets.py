import gzip
import time

import pytest

from archive.records import Url
from crawler.requisites.requisite import LIMIT
from crawler.requisites.sheets import found_in_css

URL = Url("https://paper.example/css/main.css")
HOST = "https://paper.example"


def short(css: str) -> list[tuple[str, str, str]]:
    return [
        (one.url.removeprefix(HOST), one.kind, one.why) for one in found_in_css(URL, css.encode())
    ]


SHEETS = {
    "imports": (
        '@charset "utf-8"; @import "a.css"; @IMPORT url(/b.css) layer(x) screen; @import url("c");',
        [(f"/css/{n}", "style", "@import") for n in ("a.css",)]
        + [("/b.css", "style", "@import"), ("/css/c", "style", "@import")],
    ),
    "url": (
        "a:hover { color: red; background: #fff url( a.png ) no-repeat, url('../b.png') }",
        [("/css/a.png", "image", "background"), ("/b.png", "image", "background")],
    ),
    "escaped": (r"p{background:u\72l(a\2e png)}", [("/css/a.png", "image", "background")]),
    "image-set": (
        'p{background-image:-webkit-image-set("a.png" 1x, url(b.png) 2x type("image/png"))}',
        [("/css/a.png", "image", "background-image"), ("/css/b.png", "image", "background-image")],
    ),
    "string": (
        'p{content:"a.png"} p::after{content:url(b.png)}',
        [("/css/b.png", "image", "content")],
    ),
    "nested": (
        "@layer x{@supports (display:grid){@media screen{p{&:hover{cursor:url(a.cur),auto}}}}}",
        [("/css/a.cur", "image", "cursor")],
    ),
    "custom": (":root{--hero:url(/a.jpg)}", [("/a.jpg", "image", "--hero")]),
    "filter": ("p{filter:url(#blur);mask:url(m.svg#m)}", [("/css/m.svg", "image", "mask")]),
    "function": (
        "p{background:cross-fade(url(a.png), (url(b.png)), 50%)}",
        [
            ("/css/a.png", "image", "background"),
            ("/css/b.png", "image", "background"),
        ],
    ),
    "no-picture": (
        (
            "@namespace svg url(http://www.w3.org/2000/svg); p{behavior:url(x.htc);"
            "-moz-binding:url(y.xml);background:url(data:image/png;base64,AA)} @media url(z){}"
        ),
        [],
    ),
    "woff2": (
        (
            "@font-face{font-family:A;src:url(a.eot);src:local('A'),url(a.eot?#iefix) "
            "format('embedded-opentype'),url(a.woff2) format('woff2'),url(a.woff) format('woff')}"
        ),
        [("/css/a.woff2", "font", "@font-face src")],
    ),
    "woff2-variable": (
        "@font-face{src:url(a) format(woff2-variations),url(b.ttf)}",
        [("/css/a", "font", "@font-face src")],
    ),
    "older-fonts": (
        "@font-face{src:url(a.woff),url(a.ttf) tech(color-COLRv1)} @font-face{src:url(b.woff2?1)}",
        [(f"/css/{n}", "font", "@font-face src") for n in ("a.woff", "a.ttf", "b.woff2?1")],
    ),
    "html-comments": (
        "<!-- @import 'a.css'; --> p{c:url(b)}",
        [
            ("/css/a.css", "style", "@import"),
            ("/css/b", "image", "c"),
        ],
    ),
    "comments": ("/* url(no.png) */ p{/**/b/**/:/**/url(a.png)}", [("/css/a.png", "image", "b")]),
    "late-import": ("p{@import 'no.css';}", []),
    "itself": ("p{background:url()} q{background:url(main.css)} @import '';", []),
    "torn": ("p{background:url(a.png", [("/css/a.png", "image", "background")]),
    "broken": (
        "}}p{:;b:}; ;{} @ ; @import; @font-face; p{b:url(a.png)}",
        [
            ("/css/a.png", "image", "b"),
        ],
    ),
    "empty": ("", []),
}


@pytest.mark.parametrize("name", SHEETS)
def test_what_a_sheet_refers_to_is_found_in_order(name: str) -> None:
    css, expected = SHEETS[name]
    assert short(css) == expected


def test_a_sheet_that_imports_itself_in_a_circle_is_read_once() -> None:
    one, other = Url(f"{HOST}/one.css"), Url(f"{HOST}/other.css")
    assert [r.url for r in found_in_css(one, b"@import 'other.css'; @import 'one.css';")] == [other]
    assert [r.url for r in found_in_css(other, b"@import 'one.css'")] == [one]


def test_a_coded_sheet_is_read_and_a_torn_one_as_far_as_it_goes() -> None:
    packed = gzip.compress(b"@import 'a.css';" + bytes(range(256)) * 9)
    assert len(found_in_css(URL, packed, "text/css", "gzip")) == 1
    assert found_in_css(URL, b"\x1f\x8b\x08", "text/css", "gzip") == ()
    assert found_in_css(URL, b"@import 'a.css';", "text/css", "no-such-coding") == ()


def test_a_bomb_is_left_alone() -> None:
    bomb = gzip.compress(b"@import 'a.css';" + b" " * 30_000_000)
    assert found_in_css(URL, bomb, "text/css", "gzip") == ()


@pytest.mark.parametrize(
    ("charset", "label"), [("latin-1", "text/css; charset=latin1"), ("utf-16", None)]
)
def test_a_sheet_is_read_in_its_charset(charset: str, label: str | None) -> None:
    (found,) = found_in_css(URL, "p{b:url(ä.png)}".encode(charset), label)
    assert found.url == f"{HOST}/css/ä.png"


def test_an_error_page_in_place_of_a_sheet_needs_nothing() -> None:
    page = b"<style>@import 'a.css';</style>"
    assert found_in_css(URL, page, "text/html; charset=utf-8") == ()


def test_a_sheet_gives_no_more_than_its_limit() -> None:
    css = b"".join(b"@import '%d.css';" % n for n in range(400))
    assert len(found_in_css(URL, css)) == LIMIT
    assert len(found_in_css(URL, css, limit=3)) == 3


FIRST = b"p{b:url(a.png)}"
HOSTILE = {
    "rules": FIRST + b".a>b:hover{margin:0 1px 2em;background:url(a.png) no-repeat}\n" * 160_000,
    "blocks": FIRST + b"a{" * 150_000,
    "functions": FIRST + b"a{b:" + b"f(" * 150_000,
    "parentheses": FIRST + b"a{b:" + b"(" * 300_000,
    "quotes": FIRST + b'"\n' * 150_000,
    "digits": FIRST + b"1" * 10_000_000,
    "some-digits": FIRST + b"p{width:" + b"9" * 5_000 + b"px}",
    "urls": FIRST + b"url(" * 2_500_000,
    "comments": FIRST + b"/*" * 5_000_000,
    "backslashes": FIRST + b"\\" * 10_000_000,
    "nul": FIRST + b"\x00url(\x00" * 1_000_000,
    "commas": FIRST + b"p{b:image-set(" + b"," * 300_000,
    "surrogates": FIRST + rb"p{b:url(\d800\110000\0)}" + b"p{b:url(\xed\xa0\x80)}",
    "faces": FIRST + b"@font-face{src:" * 600_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_is_read_in_bounded_time(name: str) -> None:
    started = time.monotonic()
    found = found_in_css(URL, HOSTILE[name])
    assert time.monotonic() - started < 20
    assert found[0].url == f"{HOST}/css/a.png"
