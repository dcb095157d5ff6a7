import pytest

from crawler.discovery.links import absolute, is_page

BASE = "https://post.example/news/index.html"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("a.html", "https://post.example/news/a.html"),
        (" /b#part ", "https://post.example/b"),
        ("//cdn.example/c", "https://cdn.example/c"),
        ("https://bücher.example/ä", "https://bücher.example/ä"),
        ("", None),
        (None, None),
        ("#top", "https://post.example/news/index.html"),
        ("javascript:void(0)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("mailto:a@post.example", None),
        ("tel:+62", None),
        ("https://post.example:0/", None),
        ("https://post.example:99999/", None),
        ("https://[::1", None),
        ("https://user:word@post.example/", None),
        ("two words", None),
        ("/" + "a" * 2000, None),
        ("https:///sport", "https://post.example/sport"),
    ],
)
def test_a_link_is_made_absolute_or_refused(link: str | None, url: str | None) -> None:
    assert absolute(link, BASE) == url


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://post.example/a", True),
        ("https://post.example/a.html", True),
        ("https://post.example/a.JPG", False),
        ("https://post.example/a.pdf?x=1", False),
    ],
)
def test_a_file_is_no_page(url: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_page(url) is is_one
