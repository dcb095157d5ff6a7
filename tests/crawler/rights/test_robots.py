"""What a robots.txt says of rights at one path."""

import pytest

from crawler.rights.agents import purpose_of
from crawler.rights.robots import RobotsRights

ORIGIN = "https://paper.example"
CLOUDFLARE = """\
# As a condition of accessing this website, you agree to abide by the following
User-agent: *
Content-Signal: search=yes,ai-train=no,use=reference
Allow: /

User-agent: Bytespider
Disallow: /
User-agent: meta-externalagent
Disallow: /
"""
AIPREF = """\
User-Agent: *
Allow: /
Disallow: /never/
Content-Usage: train-ai=n
Content-Usage: /ai-ok/ train-ai=y

User-Agent: ClaudeBot
Allow: /
Content-Usage: train-ai=y
"""
"""After the example of draft-ietf-aipref-attach-05 §3.4, with another crawler."""


def said(text: str, path: str = "/news/one") -> set[tuple[str, str, str | None]]:
    found = RobotsRights(text, ORIGIN).at(ORIGIN + path)
    return {(one.name, one.value, one.agent) for one in found}


def test_a_managed_file_of_cloudflare() -> None:
    assert said(CLOUDFLARE) == {
        ("content-signal:search", "yes", "*"),
        ("content-signal:ai-train", "no", "*"),
        ("content-signal:use", "reference", "*"),
        ("disallow:training", "/", "bytespider"),
        ("disallow:training", "/", "meta-externalagent"),
    }


@pytest.mark.parametrize(
    ("path", "everybody"),
    [("/test", "n"), ("/never/test", None), ("/ai-ok/test", "y")],
)
def test_content_usage_goes_by_the_longest_path_that_may_be_fetched(
    path: str, everybody: str | None
) -> None:
    expected = {("content-usage:train-ai", "y", "claudebot")}
    if everybody:
        expected.add(("content-usage:train-ai", everybody, "*"))
    assert said(AIPREF, path) == expected


def test_equal_paths_are_all_stated() -> None:
    text = "User-agent: *\nContent-Usage: /a train-ai=y\nContent-Usage: /a train-ai=n\n"
    assert len(said(text, "/a/b")) == 2


def test_an_agent_is_refused_only_where_its_longest_rule_says_so() -> None:
    text = "User-agent: GPTBot\nDisallow: /\nAllow: /free/\n"
    assert said(text) == {("disallow:training", "/", "gptbot")}
    assert said(text, "/free/one") == set()


def test_groups_of_one_agent_count_together_and_case_does_not() -> None:
    text = "user-AGENT: gptbot\nDisallow: /a\n\nUSER-agent: GPTBOT\ndisallow: /b\n"
    assert said(text, "/a")
    assert said(text, "/b")


def test_agents_named_together_are_all_refused_with_the_line_that_says_so() -> None:
    text = "User-agent: CCBot\nUser-agent: PerplexityBot # both\nDisallow: /news\n"
    found = RobotsRights(text, ORIGIN).at(f"{ORIGIN}/news/one")
    assert [(one.name, one.line) for one in found] == [
        ("disallow:dataset", "User-agent: CCBot / Disallow: /news"),
        ("disallow:input", "User-agent: PerplexityBot / Disallow: /news"),
    ]


def test_what_everybody_is_refused_is_no_signal_of_its_own() -> None:
    assert said("User-agent: *\nDisallow: /\n\nUser-agent: Googlebot\nDisallow: /x\n") == set()


def test_an_empty_disallow_refuses_nothing() -> None:
    assert said("User-agent: GPTBot\nDisallow:\n") == set()


def test_a_content_signal_is_said_of_paths_that_are_closed_to_everybody_else() -> None:
    text = (
        "User-agent: kliping\nAllow: /\n\nUser-agent: *\nDisallow: /\nContent-Signal: ai-train=no\n"
    )
    assert said(text) == {("content-signal:ai-train", "no", "*")}


def test_a_licence_is_said_to_everybody_wherever_it_stands() -> None:
    text = "User-agent: GPTBot\nLicense: https://paper.example/license.xml\nDisallow: /\n"
    assert said(text) == {
        ("rsl:license", "https://paper.example/license.xml", None),
        ("disallow:training", "/", "gptbot"),
    }


@pytest.mark.parametrize("line", ["License: javascript:alert(1)", "License:", "License: ftp://x/"])
def test_a_licence_is_an_address(line: str) -> None:
    assert said(line) == set()


@pytest.mark.parametrize(
    "text",
    [
        "", "\ufeff", "\x00" * 500, "<!doctype html><title>Not found</title>", ":" * 1000,
        "User-agent\n" * 50, "Content-Signal: =,=,=,\n", "Content-Usage: ,,;=\n",
        "User-agent: *\nContent-Signal: ai-train=maybe\n",
    ],
)  # fmt: skip
def test_what_says_nothing_of_rights_is_no_signal(text: str) -> None:
    assert said(text) == set()


def test_a_huge_file_is_read_within_bounds() -> None:
    many = "".join(
        f"User-agent: GPTBot\nDisallow: /{n}\nContent-Usage: a{n}=n\n" for n in range(99_999)
    )
    found = RobotsRights(many, ORIGIN).at(f"{ORIGIN}/zzz")
    assert len(found) <= 64


@pytest.mark.parametrize(
    "agent",
    [
        "GPTBot", "CCBot", "Google-Extended", "ClaudeBot", "anthropic-ai", "PerplexityBot",
        "Bytespider", "Applebot-Extended", "meta-externalagent",
    ],
)  # fmt: skip
def test_the_usual_crawlers_are_known(agent: str) -> None:
    assert purpose_of(agent)
    assert purpose_of("Googlebot") is None
