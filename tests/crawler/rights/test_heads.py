"""What a response's head states."""

import pytest

from crawler.rights.heads import head_signals
from crawler.rights.usage import preferences

URL = "https://paper.example/news/one"


def said(*headers: tuple[str, str]) -> list[tuple[str, str, str | None]]:
    return [(one.name, one.value, one.agent) for one in head_signals(headers, URL)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "noarchive, nosnippet",
            [("robots:noarchive", "yes", None), ("robots:nosnippet", "yes", None)],
        ),
        ("noai,NOIMAGEAI", [("robots:noai", "yes", None), ("robots:noimageai", "yes", None)]),
        ("otherbot: noindex, nofollow", [("robots:noindex", "yes", "otherbot")]),
        (
            "googlebot: nosnippet, bingbot: nocache",
            [("robots:nosnippet", "yes", "googlebot"), ("robots:noarchive", "yes", "bingbot")],
        ),
        ("none", [("robots:noindex", "yes", None)]),
        (
            "unavailable_after: 25 Jun 2026 15:00:00 PST, noarchive",
            [("robots:unavailable_after", "25 Jun 2026 15:00:00 PST", None),
             ("robots:noarchive", "yes", None)],
        ),
        (
            "googlebot: unavailable_after: Thursday, 25-Jun-26 15:00:00 GMT",
            [("robots:unavailable_after", "Thursday, 25-Jun-26 15:00:00 GMT", "googlebot")],
        ),
        ("max-snippet:-1, max-image-preview:large, index, follow", []),
        ("", []),
    ],
)  # fmt: skip
def test_x_robots_tag(value: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert said(("X-Robots-Tag", value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("train-ai=n", {"train-ai": "n"}),
        ("train-ai=y, search=n", {"train-ai": "y", "search": "n"}),
        ("train-ai=n;p=1;q", {"train-ai": "n"}),
        ("train-ai=y, train-ai=n", {"train-ai": "n"}),
        ("train-ai=n, train-ai=maybe", {}),
        ('note="a, train-ai=n", search=y', {"search": "y"}),
        ("train-ai", {}),
        ("train-ai=?0", {}),
        ("ai-train=no", {}),
        ("TRAIN-AI=n", {}),
        ('"' * 9000, {}),
        ("a=n," * 9000, {"a": "n"}),
    ],
)
def test_content_usage_is_a_dictionary_of_tokens(value: str, expected: dict[str, str]) -> None:
    assert preferences(value) == expected


def test_lines_of_content_usage_are_one_list() -> None:
    assert said(("Content-Usage", "train-ai=y"), ("content-usage", "train-ai=n")) == [
        ("content-usage:train-ai", "n", None)
    ]


def test_tdmrep_in_the_head() -> None:
    policy = ("TDM-Policy", "https://paper.example/policy.json")
    assert said(("tdm-reservation", " 1 "), policy) == [
        ("tdm-reservation", "1", None),
        ("tdm-policy", "https://paper.example/policy.json", None),
    ]
    assert said(("tdm-reservation", "0"), policy) == [("tdm-reservation", "0", None)]
    assert said(policy) == []


def test_licences_in_links() -> None:
    value = (
        '</style.css>; rel=preload, <https://rsl.example/l.xml>; rel="license"; '
        'type="application/rsl+xml", </terms>; rel="Copyright license"'
    )
    assert said(("Link", value)) == [
        ("rsl:license", "https://rsl.example/l.xml", None),
        ("license", "https://paper.example/terms", None),
    ]


@pytest.mark.parametrize("value", ["<" * 9000, "<a>;" * 4000, "<javascript:x>; rel=license", "<>"])
def test_links_that_are_none(value: str) -> None:
    assert said(("Link", value)) == []


def test_a_head_of_thousands_of_lines_is_read_within_bounds() -> None:
    assert len(said(*[("X-Robots-Tag", f"bot{n}: noai") for n in range(5000)])) == 64


def test_what_is_kept_is_short_and_plain() -> None:
    [one] = head_signals([("X-Robots-Tag", "noai, " + "x\x00\n" * 3000)], URL)
    assert len(one.line) <= 300
    assert "\x00" not in one.line
    assert "\n" not in one.line
