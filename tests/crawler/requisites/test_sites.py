import pytest

from crawler.requisites.sites import is_same_site


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.paper.example/a", "http://img.paper.example:8080/b", True),
        ("https://www.bbc.co.uk/", "https://ichef.bbc.co.uk/x", True),
        ("https://a.co.uk/", "https://b.co.uk/", False),
        ("https://paper.com/", "https://paper-cdn.com/", False),
        ("https://paper.com/", "https://notpaper.com/", False),
        ("https://one.github.io/", "https://two.github.io/", False),
        ("https://github.io/", "https://two.github.io/", False),
        ("https://PAPER.com./", "https://img.paper.com/", True),
        ("https://paper.example/", "https://other.example/", False),
        ("http://127.0.0.1:1/", "http://127.0.0.1:2/", True),
        ("http://127.0.0.1/", "http://10.0.0.1/", False),
        ("http://[::1]/", "http://[::1]:80/x", True),
        ("http://localhost/", "http://localhost:1/", True),
        ("http://[torn", "http://[torn", False),
        ("/path", "/path", False),
        ("http://bücher.de/", "http://img.bücher.de/", True),
    ],
)
def test_hosts_beneath_one_registrable_domain_are_one_site(
    one: str, other: str, *, same: bool
) -> None:
    assert is_same_site(one, other) is same
    assert is_same_site(other, one) is same
