"""Path patterns of RFC 9309, which robots.txt, ai.txt, TDMRep and Content-Usage share."""

import time

import pytest

from archive.pathrules import path_of, read_pattern


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/", "/anything", True),
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish", False),
        ("/fish/", "/fish", False),
        ("/fish*", "/fish-heads/yummy", True),
        ("/*.php", "/folder/any.php?x=1", True),
        ("/*.php$", "/folder/any.php?x=1", False),
        ("/*.php$", "/folder/any.php", True),
        ("*.html$", "/a.html.html", True),
        ("/a*b*c$", "/aXbXcX", False),
        ("/a*a$", "/a", False),
        ("/$", "/", True),
        ("/$", "/x", False),
        ("*", "/x", True),
        ("/a/%7euser", "/a/~user", True),
        ("/harbour/ö", "/harbour/%C3%B6", True),
        ("/a%2fb", "/a/b", False),
    ],
)
def test_a_pattern_matches_as_robots_txt_has_it(pattern: str, path: str, fits: object) -> None:
    assert read_pattern(pattern).matches(path_of(f"http://paper.example{path}")) is fits


def test_many_stars_cost_no_time() -> None:
    began = time.perf_counter()
    assert not read_pattern("/" + "*a" * 900 + "$").matches(
        path_of("http://x.example/" + "a" * 1900 + "b")
    )
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize("url", ["http://[::1", "", "http://x.example", "no url"])
def test_what_is_no_url_has_a_path_all_the_same(url: str) -> None:
    assert path_of(url)
