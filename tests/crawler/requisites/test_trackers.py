import pytest

from crawler.requisites.trackers import HOSTS, PATHS, is_tracker


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://www.google-analytics.com/collect?v=1", True),
        ("https://doubleclick.net/a", True),
        ("https://notdoubleclick.net/a", False),
        ("https://www.facebook.com/tr?id=1&noscript=1", True),
        ("https://www.facebook.com/tr/", True),
        ("https://www.facebook.com/travel.jpg", False),
        ("https://px.ads.linkedin.com/collect?pid=1", True),
        ("https://pixel.wp.com/g.gif", True),
        ("https://i0.wp.com/a.jpg", False),
        ("https://paper.example/a.jpg", False),
        ("", False),
    ],
)
def test_counters_are_known_by_host_and_path(url: str, *, is_one: bool) -> None:
    assert is_tracker(url) is is_one


def test_the_list_is_of_bare_hosts() -> None:
    for host in (*HOSTS, *(host for host, _ in PATHS)):
        assert host == host.lower().strip("./")
        assert "." in host
