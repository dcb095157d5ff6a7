"""tdmrep.json and ai.txt."""

import json
import time

import pytest

from crawler.rights.aitxt import AiFile
from crawler.rights.tdmrep import TdmFile

ORIGIN = "https://paper.example"
RULES = [
    {"location": "/images/*.jpg$", "tdm-reservation": 0},
    {"location": "/free/", "tdm-reservation": 0, "tdm-policy": "https://paper.example/p"},
    {"location": "/", "tdm-reservation": 1, "tdm-policy": "/policy.json"},
    {"location": "/free/late", "tdm-reservation": 1},
]


def tdm(rules: object, path: str = "/news") -> list[tuple[str, str]]:
    text = rules if isinstance(rules, str) else json.dumps(rules)
    return [(one.name, one.value) for one in TdmFile(text, ORIGIN).at(ORIGIN + path)]


def test_the_first_rule_that_matches_counts() -> None:
    assert tdm(RULES, "/images/a.jpg") == [("tdm-reservation", "0")]
    assert tdm(RULES, "/free/late") == [("tdm-reservation", "0")]
    assert tdm(RULES, "/Free/late") == [
        ("tdm-reservation", "1"), ("tdm-policy", "https://paper.example/policy.json"),
    ]  # fmt: skip


def test_a_path_that_no_rule_matches_is_not_spoken_of() -> None:
    assert tdm([{"location": "/a/", "tdm-reservation": 1}]) == []


@pytest.mark.parametrize("value", [True, 2, -1, None, "yes", [1], {"a": 1}, 1.0, "¹"])
def test_anything_but_1_and_0_means_nothing(value: object) -> None:
    assert tdm([{"location": "/", "tdm-reservation": value}]) == []


def test_a_number_in_quotes_is_meant_as_one() -> None:
    assert tdm([{"location": "/", "tdm-reservation": "1"}]) == [("tdm-reservation", "1")]


def test_one_rule_without_brackets_is_read() -> None:
    assert tdm({"location": "/", "tdm-reservation": 1}) == [("tdm-reservation", "1")]


@pytest.mark.parametrize(
    "text",
    [
        "", "<html>", "[" * 50_000, "[null, 1, [], {}]", '[{"location": 1, "tdm-reservation": 1}]',
        '[{"location": "/"', "[" + '{"location":"/","tdm-reservation":1},' * 20_000,
    ],
)  # fmt: skip
def test_what_is_no_rule_is_passed_over(text: str) -> None:
    assert tdm(text) == []


def test_a_policy_that_is_no_address_is_left_out() -> None:
    rule = {"location": "/", "tdm-reservation": 1, "tdm-policy": "javascript:alert(1)"}
    assert tdm([rule]) == [("tdm-reservation", "1")]


def ai(text: str, path: str) -> list[tuple[str, str, str | None]]:
    return [(one.name, one.value, one.agent) for one in AiFile(text).at(ORIGIN + path)]


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("User-Agent: *\nDisallow: *.html", "/a.html", [("ai.txt:disallow", "*.html$", "*")]),
        (
            "User-Agent: *\nDisallow: *.html",
            "/2026/03/story",
            [("ai.txt:disallow", "*.html$", "*")],
        ),
        ("User-Agent: *\nDisallow: *.jpg\nAllow: *.html", "/a", [("ai.txt:allow", "*.html$", "*")]),
        ("User-Agent: *\nDisallow: *.htm", "/a.html", []),
        ("User-Agent: *\nDisallow: /", "/", [("ai.txt:disallow", "/", "*")]),
        ("Disallow: *", "/a", [("ai.txt:disallow", "*", "*")]),
        ("User-Agent: *\nDisallow: *.jpg", "/a", []),
        ("<!doctype html><p>a: b", "/a", []),
    ],
)
def test_ai_txt_goes_by_endings(
    text: str, path: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert ai(text, path) == expected


def test_many_agents_who_share_many_lines_hold_nobody_up() -> None:
    agents = "".join(f"User-agent: bot{n}\n" for n in range(9_000))
    began = time.process_time()
    file = AiFile(agents + "Disallow: /x\n" * 10_000)
    assert file.at(f"{ORIGIN}/a") == ()
    assert time.process_time() - began < 3  # it was minutes


@pytest.mark.parametrize(
    "piece",
    ["User-agent: a\nDisallow: /x\n", "User-agent: a\n", "Disallow: /*a*a*a\n", "[", '{"a":', "\r"],
)
def test_a_file_of_fifty_megabytes_is_read_no_further_than_its_limit(piece: str) -> None:
    text = "User-agent: *\n" + piece * (50_000_000 // len(piece))
    began = time.process_time()
    assert AiFile(text).at(f"{ORIGIN}/a") == ()
    assert TdmFile(text, ORIGIN).at(f"{ORIGIN}/a") == ()
    assert TdmFile(text[15:], ORIGIN).at(f"{ORIGIN}/a") == ()
    assert time.process_time() - began < 8
