import pytest

from crawler.extract.links import absolute, host_of, is_front_page, is_same_site, site_of


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/a b", "https://post.example/a%20b"),
        ('/q?x={"1"}|2', "https://post.example/q?x=%7B%221%22%7D%7C2"),
        ("/\tnew\nline", "https://post.example/newline"),
        ("HTTPS://Post.example/A", "https://Post.example/A"),
        ("ftp://post.example/", None),
        ("https://a b.example/", None),
        ("https://post.example/\x00", None),
        ("https://me@post.example/", None),
        (None, None),
    ],
)
def test_an_address_is_made_absolute_and_escaped_or_refused(
    href: str | None, url: str | None
) -> None:
    assert absolute("https://post.example/x/", href) == url


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.post.example/a", "post.example"),
        ("https://m.post.example:81/", "post.example"),
        ("https://amp.www.post.example/", "post.example"),
        ("https://m.example/", "m.example"),
        ("https://news.post.example./", "news.post.example"),
        ("nothing", ""),
        ("http://[", ""),
    ],
)
def test_a_site_is_its_host_without_the_variants_prefix(url: str, site: str) -> None:
    assert site_of(url) == site


def test_a_host_beneath_the_home_is_the_same_site_and_a_lookalike_is_not() -> None:
    home = "https://www.post.example/"
    assert is_same_site(home, "https://sport.post.example/a")
    assert not is_same_site(home, "https://post.example.evil.example/a")
    assert not is_same_site(home, "https://badpost.example/a")
    assert host_of("https://WWW.Post.example/") == "www.post.example"


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://post.example", True),
        ("https://post.example/#x", True),
        ("https://post.example/?p=7", False),
        ("https://post.example/a", False),
    ],
)
def test_a_front_page_has_no_path_and_no_query(url: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_front_page(url) is is_one
