"""What pages cost that were made to cost: a shape over and over, and twice as much of it.

    python bench/hostile.py                     every shape, at half a megabyte and at one
    python bench/hostile.py --size 200000 links one of them, at other sizes

`growth` is the CPU time of the page over that of half of it: 2 is linear, 4 quadratic; of less than
0.1 s it says nothing. A reader ends a page after the seconds that `crawler/limits.py` grants. Exit
code 1 if a page costs more than half of these.
"""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archive.records import Url  # noqa: E402
from crawler.answers.question import NO_BOUND  # noqa: E402
from crawler.extract.article import extract  # noqa: E402
from crawler.extract.errors import Unextractable  # noqa: E402
from crawler.extract.page import Page  # noqa: E402
from crawler.limits import CPU_SECONDS_A_PAGE  # noqa: E402

SENTENCE = b"The town will build a second quay, the council said on Monday after a debate. "
ARTICLE = b"<article><h1>Harbour to grow</h1>" + (b"<p>" + SENTENCE * 4 + b"</p>") * 5
HEADLINE = b"<h1>Harbour to grow</h1>"


def _page(body: bytes, head: bytes = b"") -> bytes:
    return (
        b'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour to grow - The'
        b" Paper</title>" + head + b"</head><body>" + body + b"</body></html>"
    )


def _nested(opening: bytes, closing: bytes, n: int, core: bytes = SENTENCE) -> bytes:
    """Towers of 200 elements in one another: libxml2 goes no deeper than 256."""
    tower = opening * 200 + core + closing * 200
    return tower * (n // 200)


def _script(said: bytes) -> bytes:
    return b'<script type="application/ld+json">' + said + b"</script>"


def _numbered(piece: bytes, n: int) -> bytes:
    return b"".join(piece.replace(b"#", b"%d" % number) for number in range(n))


SHAPES: dict[str, Callable[[int], bytes]] = {
    # in one another
    "deep": lambda n: _page(ARTICLE + _nested(b"<div>", b"</div>", n)),
    "deep names": lambda n: _page(ARTICLE + _nested(b'<div class="story body">a ', b"</div>", n)),
    "deep emphasis": lambda n: _page(ARTICLE + b"<p>" + _nested(b"<em>a ", b"</em>", n)),
    "lists in lists": lambda n: _page(ARTICLE + _nested(b"<ul><li>a", b"</li></ul>", n // 2)),
    "tables in tables": lambda n: _page(
        ARTICLE + _nested(b"<table><tr><td>a", b"</td></tr></table>", n // 3)
    ),
    "figures in figures": lambda n: _page(
        ARTICLE + _nested(b"<figure>a ", b"</figure>", n, b"<table><tr><td>1</table>")
    ),
    "links in closed links": lambda n: _page(
        ARTICLE + _nested(b'<object><a href="/a">quay ', b"</a></object>", n // 2)
    ),
    "quotes in quotes": lambda n: _page(
        ARTICLE + _nested(b"<blockquote>" + SENTENCE, b"</blockquote>", n)
    ),
    "bylines in bylines": lambda n: _page(
        HEADLINE + _nested(b'<div class="byline">By Ann Lee ', b"</div>", n) + ARTICLE
    ),
    # beside one another
    "wide": lambda n: _page(ARTICLE + b"<div></div>" * n),
    "tails of furniture": lambda n: _page(
        ARTICLE + b"<div class=related>x</div>and more of the quay " * n
    ),
    "tails of scripts": lambda n: _page(ARTICLE + b"<script>x</script>and more of the quay " * n),
    "tails of links": lambda n: _page(
        ARTICLE + b"<p>" + SENTENCE * n + b"<a href=/a>x</a>and more of the quay " * n
    ),
    "kinds of furniture": lambda n: _page(
        ARTICLE + _numbered(b'<div class="related a#">a quay</div>', n)
    ),
    "breaks": lambda n: _page(ARTICLE + b"<p>" + b"a quay<br>" * n),
    "dates": lambda n: _page(b'<div class="date">2 March 2026</div>' * n + ARTICLE),
    "bylines": lambda n: _page(HEADLINE + b'<div class="byline">By Ann Lee</div>' * n + ARTICLE),
    "links": lambda n: _page(ARTICLE + _numbered(b'<a href="/a/#">A quay for #</a> ', n)),
    "linked lists": lambda n: _page(
        ARTICLE + b"<ul>" + b'<li><a href="/a">A quay for the town, at last</a></li>' * n
    ),
    "the same paragraph": lambda n: _page(b"<article>" + (b"<p>" + SENTENCE + b"</p>") * n),
    "cells": lambda n: _page(ARTICLE + b"<table><tr>" + _numbered(b"<td>#", n)),
    "headings": lambda n: _page(_numbered(b"<h2>Harbour to grow by #</h2>", n) + ARTICLE),
    "figures": lambda n: _page(
        ARTICLE
        + _numbered(b"<figure><img src=/a#.jpg><figcaption>The quay</figcaption></figure>", n)
    ),
    "itemprops": lambda n: _page(ARTICLE + b'<b itemprop="author">Ann Lee</b>' * n),
    # data of scripts
    "broken scripts of JSON-LD": lambda n: _page(ARTICLE, _script(b'{"headline" "Quay","') * n),
    "deep JSON-LD": lambda n: _page(ARTICLE, _script(b'{"a":' * n + b"1" + b"}" * n)),
    "JSON-LD of ids": lambda n: _page(
        ARTICLE, _script(b"[" + b",".join([b'{"@id":"a","name":"b","@type":"Person"}'] * n) + b"]")
    ),
    "hydration of marked-up texts": lambda n: _page(
        HEADLINE
        + b'<script>x={"html":"'
        + b'","html":"'.join([b"<p>" + SENTENCE * 2] * n)
        + b'"}</script>'
    ),
    # letters
    "one paragraph": lambda n: _page(b"<article><p>" + SENTENCE * n),
    "brackets": lambda n: _page(ARTICLE + b"<p>" + b"(" * 10 * n),
    "digits in the headline": lambda n: _page(b"<h1>" + b"2026 " * 2 * n + b"</h1>" + ARTICLE),
    "spaces in lines": lambda n: _page(ARTICLE + (b"<p>" + b" " * 500 + b"x") * (n // 40)),
    "half tags in JSON-LD": lambda n: _page(
        ARTICLE, _script(b'{"@type":"Article","articleBody":"' + b"<a" * 6 * n + b'"}')
    ),
    "a huge class": lambda n: _page(ARTICLE + b'<div class="' + b"date " * 3 * n + b'">x</div>'),
    "a huge author": lambda n: _page(
        ARTICLE, b'<meta name="author" content="' + b"Ann and " * 2 * n + b'">'
    ),
}


def cost(body: bytes) -> float:
    """Seconds of CPU to read a page, or to refuse it."""
    page = Page(
        url=Url("https://p.example/2026/03/02/harbour"),
        body=body,
        content_type="text/html",
        content_encoding=None,
        captured_at=NO_BOUND,
        is_dated=False,
    )
    began = time.process_time()
    with suppress(Unextractable):
        extract(page)
    return time.process_time() - began


def pieces_of(size: int, shape: Callable[[int], bytes]) -> int:
    """How many pieces of a shape make so many bytes, a multiple of its towers."""
    return max(size * 2_000 // (len(shape(4_000)) - len(shape(2_000))) // 400, 1) * 400


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shapes", nargs="*", default=list(SHAPES), metavar="SHAPE")
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes")
    options = parser.parse_args()
    if unknown := set(options.shapes) - set(SHAPES):
        parser.error(f"no such shape: {', '.join(sorted(unknown))}; there are {', '.join(SHAPES)}")
    cost(SHAPES["deep"](400))  # loads models, compiles patterns
    print(f"{'shape':30} {'bytes':>9} {'half, s':>8} {'whole, s':>8} {'growth':>6}")
    worst = 0.0
    for name in options.shapes:
        pieces = pieces_of(options.size, SHAPES[name])
        half, whole = cost(SHAPES[name](pieces // 2)), cost(page := SHAPES[name](pieces))
        worst = max(worst, half, whole)
        print(f"{name:30} {len(page):9} {half:8.2f} {whole:8.2f} {whole / half:6.1f}", flush=True)
    print(f"Dearest: {worst:.1f} s, where a reader grants {CPU_SECONDS_A_PAGE:g}.")
    return int(worst > CPU_SECONDS_A_PAGE / 2)


if __name__ == "__main__":
    sys.exit(main())
