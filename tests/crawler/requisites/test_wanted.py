"""What an outlet wants of a page's requisites, and how much a page may bring."""

import pytest

from archive.records import Url
from crawler.outlets.spec import Requisites
from crawler.requisites.requisite import Requisite
from crawler.requisites.wanted import Allowance, wanted

PAGE = Url("https://www.paper.example/story")
FOUND = tuple(
    Requisite(Url(url), "image", "img src")
    for url in (
        "https://www.paper.example/a.png?utm_source=x",
        "https://img.paper.example/b.png",
        "https://elsewhere.example/c.png",
        "https://www.paper.example/a.png",
        "https://user:secret@www.paper.example/d.png",
    )
)


@pytest.mark.parametrize(
    ("policy", "urls"),
    [
        ("none", []),
        ("same-site", ["https://www.paper.example/a.png", "https://img.paper.example/b.png"]),
        (
            "all",
            [
                "https://www.paper.example/a.png",
                "https://img.paper.example/b.png",
                "https://elsewhere.example/c.png",
            ],
        ),
    ],
)
def test_the_policy_says_whose_files_are_wanted(policy, urls):
    assert wanted(FOUND, PAGE, Requisites(policy=policy)) == urls


def test_no_more_are_wanted_than_a_page_may_have():
    assert len(wanted(FOUND, PAGE, Requisites(policy="all", max_count=2))) == 2


@pytest.mark.parametrize(
    ("rules", "brought", "reason"),
    [
        ({"max_count": 1}, (10, 0.0), "1 requisites"),
        ({"max_bytes": 10}, (10, 0.0), "10 bytes"),
        ({"max_seconds": 2}, (10, 2.0), "2 seconds"),
    ],
)
def test_a_page_that_has_had_its_share_gets_no_more(rules, brought, reason):
    allowance = Allowance(Requisites(policy="all", **rules))
    assert allowance.refusal(PAGE) is None
    allowance.spend(PAGE, *brought)
    assert reason in allowance.refusal(PAGE)
    assert allowance.refusal(Url("https://www.paper.example/other")) is None


def test_what_is_left_bounds_the_next_file():
    allowance = Allowance(Requisites(policy="all", max_bytes=100))
    allowance.spend(PAGE, 90, 0.0)
    assert allowance.bytes_left(PAGE) == 10
    allowance.spend(PAGE, 90, -1.0)
    assert allowance.bytes_left(PAGE) == 1
