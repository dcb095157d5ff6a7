"""What a robots.txt says of rights at one path."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.robotstxt import RobotsTxt
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


AGENTS = st.sampled_from(
    ["GPTBot", "gptbot/1.2", "GPTBot # ours", "CCBot", "*", "AI2Bot", "kliping", "", "GPTBot 2"]
)
PIECE = st.sampled_from(
    ["/", "a", "b", "%61", "%2f", "/%2F", "*", "$", "?", "%3F", "%24", "%2A", "ö", "=", "&",
     "%C3%B6", ":", "%3a", "%", " ", "~", "%7e", "|", "'", "A", ".html", "private", "/robots.txt"]
)  # fmt: skip
PATTERN = st.lists(PIECE, max_size=6).map("".join)
LINES = st.one_of(
    st.builds("{}: {}".format, st.sampled_from(["User-agent", "useragent", "User agent"]), AGENTS),
    st.builds(
        "{}: {}".format,
        st.sampled_from(["Allow", "Disallow", "DISALLOW", "Disalow", "Disallow "]),
        st.one_of(PATTERN, PATTERN.map("/{}".format)),
    ),
    st.sampled_from(
        ["", "# no", "Crawl-delay: 9", "Content-Signal: ai-train=no", "Sitemap: /s.xml", "a\u2028b",
         "License: /l.xml", "Content-Usage: train-ai=n", "User-agent GPTBot", "Disallow /b"]
    ),
)  # fmt: skip


@given(
    lines=st.lists(LINES, max_size=14),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    path=st.lists(PIECE, max_size=6).map(lambda pieces: "/" + "".join(pieces)),
)
@example(["User-agent: GPTBot", "Crawl-delay: 9", "User-agent: CCBot", "Disallow: /"], "\n", "/a")
@example(["User-agent: GPTBot", "Disallow: /x?y=a%2Fb"], "\n", "/x?y=a/b")
@example(["User-agent: GPTBot", "Disallow: private"], "\n", "/private")
def test_what_is_told_of_another_crawler_is_what_it_would_be_told(
    lines: list[str], end: str, path: str
) -> None:
    text, url = end.join(lines), ORIGIN + path
    told = {
        one.agent: one.line for one in RobotsRights(text, ORIGIN).at(url) if "disallow" in one.name
    }
    for agent in ("gptbot", "ccbot", "ai2bot"):
        ruling = RobotsTxt(text).ruling(agent, url)
        is_refused = ruling.group == agent and not ruling.is_allowed
        assert (agent in told) is is_refused
        if is_refused:
            assert told[agent].endswith(f" / {ruling.rule}")


def test_who_is_named_in_a_version_or_with_digits_is_who_is_meant() -> None:
    text = "User-agent: GPTBot/1.2\nUser-agent: AI2Bot\nDisallow: /\n"
    assert {agent for _, _, agent in said(text)} == {"gptbot", "ai2bot"}


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
    began = time.process_time()
    found = RobotsRights(many, ORIGIN).at(f"{ORIGIN}/zzz")
    assert len(found) <= 64
    assert time.process_time() - began < 5


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
