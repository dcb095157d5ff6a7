"""What is refused is counted with its reason, and an outlet's own rules come first."""

from typing import Any

import pytest

from archive.records import Discovery, Url
from crawler.discovery.judged import DENIED, UNREADABLE, judge, label, refusal
from crawler.outlets.spec import Outlet

HOME = "https://post.example"


def outlet(**rules: Any) -> Outlet:
    return Outlet.model_validate({"id": "post", "name": "Post", "home": f"{HOME}/", "urls": rules})


def named(*paths: str) -> list[Discovery]:
    listing = Url(f"{HOME}/feed")
    return [Discovery(url=Url(HOME + path), listing=listing, kind="feed") for path in paths]


def test_what_is_wanted_is_parted_from_what_is_not() -> None:
    judged = judge(
        named("/a", "/a?print=1", "/b?print=1", "/login", "/tag/x", "/b"),
        outlet(deny=["^/tag/"]),
    )
    assert [d.url for d in judged.wanted] == [f"{HOME}/a", f"{HOME}/b"]
    assert judged.refused == {"print view": 2, "login": 1, DENIED: 1}
    assert judged.examples == (
        ("print view", f"{HOME}/a?print=1"),
        ("login", f"{HOME}/login"),
        (DENIED, f"{HOME}/tag/x"),
    )


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({}, "print view"),
        ({"allow": ["^/print/"]}, None),
        ({"article": ["^/print/"]}, None),
        ({"allow": ["^/print/"], "deny": ["/print/"]}, DENIED),
        ({"article": ["^/story/"]}, "print view"),
    ],
)
def test_the_outlets_rules_overrule_the_list(rules: dict[str, Any], reason: str | None) -> None:
    assert refusal(f"{HOME}/print/12", outlet(**rules)) == reason


def test_an_address_that_cannot_be_costs_itself_and_not_its_listing() -> None:
    judged = judge(named("/a", "/" + "é" * 900), outlet())
    assert len(judged.wanted) == 1
    assert judged.refused == {UNREADABLE: 1}


def test_refusals_are_counted_apart() -> None:
    assert label(DENIED) == "sightings/denied"
    assert label("print view") == "sightings/trap/print view"
