"""Hostile pages: whatever the bytes are, a draft or a plain reason comes, and soon.

The kernel's limits (`crawler.limits`) are the net below; nothing here is meant to reach it.
"""

import gzip
import json
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.records import Draft, Url
from crawler.extract.article import extract
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page

SECONDS = 20
"""Of CPU; most of these take under one, and the budget of a page is 30."""
SHARED = Path(os.environ.get("KLIPING_SHARED", "/nonexistent")) / "quality/dev"
REAL_PAGES = 30
SETTINGS = settings(
    deadline=None, max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck)
)
TEXT = b"<p>The town will build a second quay, the council said on Monday after a debate.</p>" * 5
PAGE = (
    b'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour - The Paper</title>'
    b'<meta property="og:title" content="Harbour to grow"><meta name="author" content="Ann Lee">'
    b'<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Harbour'
    b' to grow", "datePublished": "2026-03-02T10:00:00+01:00", "author": [{"@type": "Person",'
    b' "name": "Ann Lee"}], "articleBody": "The town will build a second quay."}]}</script></head>'
    b'<body><nav><a href="/a">Home</a></nav><article><h1>Harbour to grow</h1><p class="byline">By '
    b'Ann Lee, <time datetime="2026-03-02T10:00:00+01:00">2 March 2026</time></p><figure><img src='
    b'"/a.jpg"><figcaption>The quay</figcaption></figure>' + TEXT + b"<ul><li>One</li></ul><table>"
    b"<tr><td>1</td></tr></table></article><footer>\xc2\xa9 2019</footer></body></html>"
)


def read(body: bytes, **facts: Any) -> Draft | str:
    page = Page(
        **{
            "url": Url("https://p.example/2026/03/02/harbour"),
            "body": body,
            "content_type": "text/html",
            "content_encoding": None,
            "captured_at": datetime(2026, 3, 2, 12, tzinfo=UTC),
            **facts,
        }
    )
    began = time.process_time()
    try:
        return extract(page)
    except Unextractable as error:
        return str(error)
    finally:
        assert time.process_time() - began < SECONDS


def with_json(said: bytes) -> bytes:
    script = b'<script type="application/ld+json">' + said + b"</script>"
    return b"<html><head><title>Harbour</title>" + script + b"<body><h1>Harbour</h1>" + TEXT


def head(more: bytes) -> bytes:
    return b"<!DOCTYPE html><html><head><title>Harbour</title>" + more


HOSTILE: dict[str, Callable[[], bytes]] = {
    "50 MB": lambda: head(b"<body><p>") + b"word " * 10_000_000,
    "19 MB of text": lambda: head(b"<body><p>") + b"word " * 3_800_000,
    "a flood of elements": lambda: head(b"<body>") + b"<p>" * 6_000_000,
    "a flood of half tags": lambda: head(b"<body>") + b"<a " * 6_000_000,
    "nested 100,000 deep": lambda: head(b"<body>") + b"<div>" * 100_000 + TEXT,
    "nested 40,000 deep": lambda: head(b"<body><p>") + b"<b>a " * 40_000 + TEXT,
    "tables in tables": lambda: head(b"<body>") + b"<table><tr><td>" * 13_000 + TEXT,
    "a huge attribute": lambda: (
        head(b'<meta property="og:title" content="' + b"a " * 9_000_000) + b'">' + TEXT
    ),
    "a huge class": lambda: head(b'<body><div class="' + b"date " * 200_000 + b'">') + TEXT,
    "200,000 attributes": lambda: (
        head(b"<body><div ") + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">" + TEXT
    ),
    "deep JSON": lambda: with_json(b'{"a":' * 200_000),
    "deep JSON lists": lambda: with_json(b"[" * 2_000_000),
    "wide JSON": lambda: with_json(b"[" + b'{"@type":"NewsArticle","headline":"x"},' * 200_000),
    "JSON of many authors": lambda: with_json(
        b'{"@type":"NewsArticle","author":[' + b'{"@type":"Person","name":"A"},' * 200_000 + b"1]}"
    ),
    "a huge JSON string": lambda: with_json(
        b'{"@type":"NewsArticle","headline":"' + b"x " * 4_000_000 + b'"}'
    ),
    "a huge JSON number": lambda: with_json(b'{"datePublished":' + b"1" * 1_000_000 + b"}"),
    "JSON that never ends": lambda: with_json(b'{"headline":"' + b'\\"' * 4_000_000),
    "a huge title": lambda: b"<html><head><title>" + b"a - " * 2_000_000 + b"</title>" + TEXT,
    "a huge h1": lambda: head(b"<body><h1>" + b"a | " * 2_000_000 + b"</h1>") + TEXT,
    "a huge byline": lambda: (
        head(b"<body><h1>Harbour</h1><p class=byline>By " + b"Ann and " * 400_000 + b"</p>") + TEXT
    ),
    "nothing but digits": lambda: head(b"<body><h1>Harbour</h1><p>" + b"1" * 1_000_000) + TEXT,
    "nothing but space": lambda: head(b"<body><p>" + b" \n" * 1_000_000) + TEXT,
    "comments that never end": lambda: b"<!-- " * 3_000_000,
    "declarations": lambda: b"<!doctype html /" * 1_000_000,
    "every byte": lambda: head(b"<body><p>" + bytes(range(256)) * 10_000) + TEXT,
    "NUL bytes": lambda: b"\0".join(bytes([c]) for c in PAGE),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_in_bounded_time(name: str) -> None:
    read(HOSTILE[name]())


@pytest.mark.parametrize("name", ["50 MB", "a flood of elements", "200,000 attributes"])
def test_what_would_cost_too_much_is_refused_before_it_is_parsed(name: str) -> None:
    body = HOSTILE[name]()
    began = time.process_time()
    assert str(read(body)).startswith("too large: ")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "charset",
    [
        "utf-16",
        "utf-7",
        "hz",
        "iso-2022-kr",
        "shift_jis",
        "gb2312",
        "x-user-defined",
        "rot13",
        "\0",
    ],
)
def test_a_lying_charset_costs_letters_at_most(charset: str) -> None:
    plain = read(PAGE.replace(b"utf-8", charset.encode()))
    assert isinstance(plain, Draft)
    assert plain.title == "Harbour to grow"
    torn = read(PAGE.replace(b"utf-8", charset.encode()).replace(b"quay", b"qu\xff\xfe\x81y"))
    assert isinstance(torn, Draft)


def test_packed_twice_or_torn_it_is_read_as_far_as_it_goes() -> None:
    packed = gzip.compress(PAGE)
    for body in (packed, gzip.compress(packed), packed[:-12]):
        assert isinstance(read(body), Draft)
    assert "too large" in str(read(gzip.compress(b"<html>" + b"a" * 60_000_000)))


@SETTINGS
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    read(body)
    read(b"<html><body>" + body)


@SETTINGS
@given(st.data())
def test_a_page_with_anything_in_the_wrong_place_is_read_or_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(PAGE)))
    upto = data.draw(st.integers(at, min(len(PAGE), at + 200)))
    read(PAGE[:at] + data.draw(st.binary(max_size=60)) + PAGE[upto:])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=30)
    | st.sampled_from(["NewsArticle", "Person", "2026-03-02T10:00:00+01:00", "9999-99-99T99:99"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@graph",
                    "@id",
                    "headline",
                    "author",
                    "name",
                    "datePublished",
                    "image",
                    "dateModified",
                    "articleBody",
                    "isAccessibleForFree",
                    "publisher",
                    "keywords",
                    "url",
                    "mainEntity",
                    "articleSection",
                    "inLanguage",
                    "description",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@SETTINGS
@given(JSON)
def test_any_json_may_stand_where_json_ld_is_expected(said: Any) -> None:
    assert isinstance(read(with_json(json.dumps(said).encode())), Draft)


@SETTINGS
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_may_stand_where_a_date_or_a_name_is_expected(date: str, name: str) -> None:
    page = PAGE.decode()
    page = page.replace("2 March 2026", date).replace("2026-03-02T10:00:00+01:00", date)
    read(page.replace("Ann Lee", name).encode("utf-8", "surrogatepass"))


@SETTINGS
@given(st.text(max_size=60))
def test_any_text_may_stand_where_a_url_is_expected(url: str) -> None:
    read(PAGE, url=Url(url))
    read(PAGE, url=Url("https://" + url))
    read(PAGE.replace(b"/a.jpg", url.encode("utf-8", "surrogatepass")))


@pytest.mark.skipif(not SHARED.is_dir(), reason="real pages are not part of it: KLIPING_SHARED")
def test_real_pages_broken_at_random_are_read_or_refused() -> None:
    chance = random.Random(5)
    pages = sorted((SHARED / "html").glob("*.gz"))
    for path in chance.sample(pages, REAL_PAGES):
        read(broken(gzip.decompress(path.read_bytes()), chance))


def broken(page: bytes, chance: random.Random) -> bytes:
    """The page with bytes flipped, pieces lost, doubled and moved, and the rest cut off."""
    damaged = bytearray(page)
    for _ in range(200):
        damaged[chance.randrange(len(damaged))] = chance.choice(b"<>\"'=&/\0\xff{}[]")
    for _ in range(10):
        at, size = chance.randrange(len(damaged)), chance.randrange(500)
        piece = damaged[at : at + size]
        if chance.random() < 0.5:
            del damaged[at : at + size]
        else:
            where = chance.randrange(len(damaged))
            damaged[where:where] = piece
    return bytes(damaged[: int(len(damaged) * chance.uniform(0.5, 1))])
