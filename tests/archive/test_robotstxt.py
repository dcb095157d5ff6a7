"""robots.txt as RFC 9309 has it: golden rulings, each with the rule and the line that made it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from archive.robotstxt import PARSED_BYTES, RobotsTxt, Ruling, read_text, rule_for

AGENT = "kliping"
SITE = "https://paper.example"

# RFC 9309 §5.1, to the letter
SIMPLE = """\
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""
# §5.2
LONGEST = """\
User-Agent: foobot
Allow: /example/page/
Disallow: /example/page/disallowed.gif
"""


def allowed(body: str, path: str, agent: str = AGENT) -> bool:
    return rule_for(body, agent, SITE + path).is_allowed


@pytest.mark.parametrize(
    ("agent", "path", "line"),
    [
        ("anybot", "/example/", -3),
        ("anybot", "/a/b.gif", -2),
        ("anybot", "/a/b.gif?x=1", 0),
        ("anybot", "/publications/x.gif", 4),
        ("anybot", "/", 0),
        ("foobot", "/", -7),
        ("foobot", "/publications/", -7),
        ("foobot", "/example/page.html", 8),
        ("foobot", "/example/allowed.gif", 9),
        ("barbot", "/example/page.html", -13),
        ("bazbot", "/example/page.html", -13),
        ("bazbot", "/example/", 0),
        ("quxbot", "/example/", 0),  # a group without rules allows all
    ],
)
def test_the_simple_example_of_the_rfc(agent: str, path: str, line: int) -> None:
    ruling = rule_for(SIMPLE, agent, SITE + path)
    assert (ruling.is_allowed, ruling.line) == (line >= 0, abs(line) or None)


def test_the_longest_match_of_the_rfc() -> None:
    url = f"{SITE}/example/page/disallowed.gif"
    assert rule_for(LONGEST, "foobot", url) == Ruling(
        is_allowed=False, rule="Disallow: /example/page/disallowed.gif", line=3, group="foobot"
    )
    assert allowed(LONGEST, "/example/page/allowed.gif", "foobot")


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        # the table of §2.2.2
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"),
        ("/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar"),
        ("/foo/bar/\u30c4", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%e3%83%84", "/foo/bar/\u30c4"),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
        ("/foo/bar/baz", "/foo/bar/%62%61%7a"),
        # special characters, §2.2.3
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html"),
        ("/path/foo-%24", "/path/foo-$"),
        ("/a$b", "/a$b"),
        # and what else is one path in two spellings
        ("/a:b", "/a%3Ab"),
        ("/x?a=b", "/x?a%3Db"),
        ("/100%", "/100%25"),
        ("/a b", "/a%20b"),
    ],
)
def test_one_path_in_two_spellings_is_one(written: str, asked: str) -> None:
    assert not allowed(f"User-agent: *\nDisallow: {written}\n", asked)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("/a/b", "/a%2Fb"), ("/a%2Fb", "/a/b"), ("/News/", "/news/"), ("/a$b", "/a"),
        ("/a?b", "/a%3Fb"), ("/%2A", "/anything"), ("/fish/", "/fish"), ("/fish$", "/fish/"),
        ("/*.php$", "/x.php?y"), ("/*.php$", "/x.php5"), ("/a*b*c", "/acb"), ("/*x$", "/"),
    ],
)  # fmt: skip
def test_two_paths_are_two(written: str, asked: str) -> None:
    assert allowed(f"User-agent: *\nDisallow: {written}\n", asked)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("/fish", "/fishheads/yummy.html"), ("/fish*", "/fish.html"), ("/*.php", "/a/b.php?x"),
        ("/*.php$", "/a.php/b.php"), ("/fish*.php", "/fishheads/catfish.php?p"), ("*", "/"),
        ("/", "/"), ("/$", "/"), ("/*/private", "/x?then=/private"), ("/***a", "/b/a"),
        ("/a?x=*&y=/z", "/a?x=1&y=/z"), ("/*?id=", "/page?id=3"), ("/*?", "/page?"[:-1] + "?q"),
        ("private", "/private/x"), ("/a*$", "/abc"), ("/ab*b$", "/abb"),
    ],
)  # fmt: skip
def test_wildcards_and_ends(written: str, asked: str) -> None:
    assert not allowed(f"User-agent: *\nDisallow: {written}\n", asked)


@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        ("Allow: /p\nDisallow: /", "/page", True),
        ("Disallow: /\nAllow: /p", "/page", True),
        ("Allow: /folder\nDisallow: /folder", "/folder/page", True),
        ("Disallow: /folder\nAllow: /folder", "/folder/page", True),
        ("Allow: /page\nDisallow: /*.htm", "/page.htm", False),
        ("Allow: /page\nDisallow: /*.ph", "/page.php5", True),
        ("Allow: /$\nDisallow: /", "/", True),
        ("Allow: /$\nDisallow: /", "/page.htm", False),
        ("Disallow: /%E3%83%84\nAllow: /\u30c4", "/\u30c4", True),  # as long, however spelled
    ],
)
def test_the_most_octets_win_and_allow_wins_a_tie(rules: str, path: str, is_allowed: bool) -> None:  # noqa: FBT001
    assert allowed(f"User-agent: *\n{rules}\n", path) is is_allowed


# groups


@pytest.mark.parametrize(
    "line",
    [
        "User-agent: kliping", "USER-AGENT: KLIPING", "user-agent:kliping", "User-agent : Kliping",
        "User-agent: kliping/1.0", "User-agent: kliping # us", "  User-agent: kliping  ",
        "User-agent kliping", "Useragent: kliping", "User agent: kliping",
    ],
)  # fmt: skip
def test_a_group_is_ours_however_it_is_written(line: str) -> None:
    assert not allowed(f"{line}\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "/x")


@pytest.mark.parametrize("name", ["kli", "klipingbot", "my-kliping", "k", "kliping-news", "ping"])
def test_a_group_of_somebody_like_us_is_not_ours(name: str) -> None:
    assert allowed(f"User-agent: {name}\nDisallow: /\n", "/x")


def test_groups_of_one_agent_are_one_group() -> None:
    body = (
        "User-agent: kliping\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\n"
        "User-agent: Kliping\nUser-agent: other\nDisallow: /b\n"
    )
    assert [allowed(body, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_our_own_group_counts_instead_of_everybodys() -> None:
    body = "User-agent: *\nDisallow: /\n\nUser-agent: kliping\nDisallow:\n"
    assert rule_for(body, AGENT, f"{SITE}/x") == Ruling(is_allowed=True, group="kliping")
    assert rule_for(body, "other", f"{SITE}/x").group == "*"


OTHERS = (
    "",
    "# a comment",
    "Crawl-delay: 10",
    "Content-Signal: ai-train=no",
    "Host: paper.example",
)


@pytest.mark.parametrize("between", [*OTHERS, "Sitemap: https://paper.example/sitemap.xml"])
def test_other_lines_do_not_part_a_group(between: str) -> None:
    body = f"User-agent: kliping\n{between}\nUser-agent: other\n{between}\nDisallow: /\n"
    assert not allowed(body, "/x")
    assert not allowed(body, "/x", "other")


def test_rules_of_nobody_are_nobodys() -> None:
    assert allowed("Disallow: /\nUser-agent: other\nDisallow: /\n", "/x")


def test_robots_txt_itself_may_always_be_fetched() -> None:
    assert allowed("User-agent: *\nDisallow: /\n", "/robots.txt")
    assert not allowed("User-agent: *\nDisallow: /\n", "/robots.txt.bak")


@pytest.mark.parametrize("spelling", ["Dissallow", "Dissalow", "Disalow", "Diasllow", "Disallaw",
                                      "DISALLOW", "disallow "])  # fmt: skip
def test_a_misspelt_disallow_is_meant(spelling: str) -> None:
    assert not allowed(f"User-agent: *\n{spelling}: /x\n", "/x")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line(end: str) -> None:
    body = end.join(["# ours", "User-agent: *", "", "Disallow: /x", ""])
    assert rule_for(body, AGENT, f"{SITE}/x").line == 4


@pytest.mark.parametrize("character", ["\u2028", "\x0b", "\x0c", "\x85", "\x1c"])
def test_nothing_else_does(character: str) -> None:
    body = f"# one{character}two\nUser-agent: *\nDisallow: /x\n"
    assert rule_for(body, AGENT, f"{SITE}/x").line == 3


# Crawl-delay


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("10", 10), ("0.5", 0.5), *((bad, None) for bad in ("-1", "soon", "inf", "nan", ""))],
)
def test_a_crawl_delay_is_the_groups(said: str, seconds: float | None) -> None:
    read = RobotsTxt(
        f"User-agent: *\nCrawl-delay: 99\n\nUser-agent: kliping\nCrawl-delay: {said}\n"
    )
    assert read.crawl_delay(AGENT) == seconds
    assert read.crawl_delay("other") == 99


def test_of_two_crawl_delays_the_longer_counts() -> None:
    body = "User-agent: *\nCrawl-delay: 20\nDisallow: /a\nUser-agent: *\nCrawl-delay: 10\n"
    assert RobotsTxt(body).crawl_delay(AGENT) == 20


# bytes

REFUSES = b"User-agent: *\nDisallow: /plain\n"


@pytest.mark.parametrize(
    "body",
    [
        REFUSES, b"\xef\xbb\xbf" + REFUSES, REFUSES.decode().encode("utf-16"),
        REFUSES.decode().encode("utf-16-le"), b"\xfe\xff" + REFUSES.decode().encode("utf-16-be"),
        b"\0\n" + REFUSES, b"\xff\xfe\xfa\n" + REFUSES, b"<html>\n" + REFUSES,
        REFUSES + b"#" * 1_000_000,
    ],
    ids=["plain", "bom", "utf-16", "le", "be", "nul", "no-utf-8", "html", "a-megabyte"],
)  # fmt: skip
def test_it_is_read_whatever_it_is_encoded_in(body: bytes) -> None:
    text = read_text(body)
    assert not allowed(text, "/plain")
    assert text.encode()  # no lone surrogate, and no NUL, so that any database keeps it
    assert "\0" not in text


def test_a_path_in_latin_1_is_the_octets_that_it_is() -> None:
    text = read_text("User-agent: *\nDisallow: /caf\xe9\n".encode("latin-1"))
    assert not allowed(text, "/caf%E9")
    assert allowed(text, "/caf%C3%A9")


@pytest.mark.parametrize("size", [500 * 1024, PARSED_BYTES])
def test_500_kib_are_read(size: int) -> None:
    body = b"#" * (size - len(REFUSES) - 1) + b"\n" + REFUSES
    assert not allowed(read_text(body), "/plain")


def test_what_is_cut_at_the_limit_ends_with_a_whole_line() -> None:
    cut = b"User-agent: *\nDisallow: /\n" + b"#" * (PARSED_BYTES - 35) + b"\nAllow: /private-press/"
    assert read_text(cut).endswith("#\n")
    assert not allowed(read_text(cut), "/private")


@given(st.binary(max_size=400), st.text(max_size=40))
def test_no_bytes_and_no_url_break_it(body: bytes, path: str) -> None:
    rule_for(read_text(body), AGENT, f"{SITE}/{path}")
    rule_for("User-agent: *\nDisallow: /" + read_text(body), AGENT, f"{SITE}/{path}")


def test_no_file_makes_it_slow() -> None:
    lines = "".join(f"Disallow: /{'*a' * 20}{n}$\n" for n in range(8_000))
    began = time.process_time()
    assert allowed(f"User-agent: *\n{lines}", "/" + "a" * 1_900)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "piece", [b"\r", b"a:\n", b"User-agent: *\nDisallow: /x\n", b"\xff", b"\0"]
)
def test_fifty_megabytes_cost_what_the_limit_costs(piece: bytes) -> None:
    body = piece * (50_000_000 // len(piece))
    began = time.process_time()
    assert allowed(read_text(body), "/a")
    assert time.process_time() - began < 5


def test_many_agents_who_share_many_rules_cost_what_the_file_is_long() -> None:
    agents = "".join(
        f"User-agent: bot{'abcdefghij'[n % 10] * (n // 10 + 1)}\n" for n in range(1500)
    )
    body = f"{agents}User-agent: *\nCrawl-delay: 7\n" + "Disallow: /x\n" * 20_000
    began = time.process_time()
    file = RobotsTxt(body)
    assert time.process_time() - began < 5  # 20 s for 12,000 agents when each had a copy
    assert file.ruling("bota", SITE + "/x").line == 1503
    assert file.crawl_delay("bota") == 7


def test_a_delay_is_for_the_agents_that_were_named_before_it() -> None:
    body = "User-agent: a\nCrawl-delay: 9\nUser-agent: b\nCrawl-delay: 3\nDisallow: /x\n"
    file = RobotsTxt(body)
    assert (file.crawl_delay("a"), file.crawl_delay("b")) == (9, 3)
    assert not file.ruling("a", SITE + "/x").is_allowed


# beside Protego, which Scrapy would ask

PLAIN = st.sampled_from(["/", "/a", "/ab", "/a/b", "/a/b/", "/b*", "/*b", "/a$", "/a/*/c", "/a/b$"])
RULES = st.lists(st.tuples(st.sampled_from(["Allow", "Disallow"]), PLAIN), max_size=6)
PATHS = st.sampled_from(["/", "/a", "/ab", "/a/b", "/a/b/", "/a/x/c", "/b", "/xb", "/a/b/c", "/c"])


@given(RULES, PATHS)
def test_plain_rules_mean_to_us_what_they_mean_to_protego(
    rules: list[tuple[str, str]], path: str
) -> None:
    body = "User-agent: *\n" + "".join(f"{name}: {value}\n" for name, value in rules)
    assert allowed(body, path) is Protego.parse(body).can_fetch(SITE + path, AGENT)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("User-agent: kli\nDisallow: /\n", "/x"),  # the group of a shorter name
        ("User-agent: kliping/1.0\nDisallow: /\n", "/x"),
        ("User-agent: kliping\nCrawl-delay: 9\nUser-agent: a\nDisallow: /\n", "/x"),
        ("User-agent: *\nDisallow: /a\nAllow: /a/index.html\n", "/a/"),  # Google's, not the RFC's
    ],
)
def test_where_protego_differs_we_keep_to_the_rfc(body: str, path: str) -> None:
    """If one of these fails, Protego has changed: see docs/decisions/0017."""
    assert allowed(body, path) is not Protego.parse(body).can_fetch(SITE + path, AGENT)
