"""Outlet files: what they may say, and what is said of those that say something else."""

from datetime import date
from pathlib import Path

import pytest

from archive.errors import ConfigError
from crawler.outlets.spec import Outlet, read_outlet

LEAST = 'id = "paper"\nname = "Paper"\nhome = "https://paper.example/news/"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "paper.toml"


def outlet(path: Path, text: str) -> Outlet:
    path.write_text(text, "utf-8")
    return read_outlet(path)


def test_three_lines_make_an_outlet(path: Path) -> None:
    made = outlet(path, LEAST)
    assert made.oid == "paper"
    assert made.listing_urls() == [("section", "https://paper.example/news/")]
    assert made.pace.delay_seconds == 5.0
    assert made.tz is None
    assert made.requisites.policy == "none"
    assert (made.robots.ignore, made.robots.unauthorized) == (False, "refuse")
    assert made.is_article("https://paper.example/1") is None


FAULTS = {
    "unknown": ('nam = "x"', ["unknown key `nam`; did you mean `name`?"]),
    "unknown-far": ("zzz = 1", ["unknown key `zzz`"]),
    "unknown-inside": ("[listings]\nfeed = []", ["unknown key `listings.feed`", "`feeds`"]),
    "archive-part": ('[archive]\npages = "/{yy}/"', ["unknown {yy}", "{yyyy}"]),
    "archive-date": ('[archive]\npages = "/archive"', ["has a date in its URL"]),
    "archive-month": ('[archive]\npages = "/{yyyy}/{dd}"', ["has a month, too"]),
    "unknown-pace": ("[pace]\ndelay = 1", ["unknown key `pace.delay`"]),
    "unknown-rule": ('[[extract]]\ntitel = "h1"', ["unknown key `extract.0.titel`", "`title`"]),
    "country": ('country = "Indonesia"', ["`country`", "two lower-case letters", "'Indonesia'"]),
    "country-case": ('country = "ID"', ["`country`", "'ID'"]),
    "zone": ('zone = "Asia/Jakrata"', ["`zone`", "did you mean 'Asia/Jakarta'?"]),
    "zone-far": ('zone = "!"', ["`zone`: no such time zone"]),
    "language": ('languages = ["Indonesian"]', ["`languages.0`", "'Indonesian'"]),
    "pattern": ("[urls]\ndeny = ['(']", ["`urls.deny.0`: not a regular expression", "'('"]),
    "selector": ('[[extract]]\nbody = "div["', ["`extract.0.body`: not a CSS selector", "'div['"]),
    "drop": ('[[extract]]\ndrop = [">"]', ["`extract.0.drop.0`: not a CSS selector"]),
    "delay": ("[pace]\ndelay_seconds = -1", ["`pace.delay_seconds`", "-1"]),
    "delay-long": ("[pace]\ndelay_seconds = 601", ["`pace.delay_seconds`", "601"]),
    "delay-word": ('[pace]\ndelay_seconds = "slow"', ["`pace.delay_seconds`", "'slow'"]),
    "ignore": ("[robots]\nignore = true", ["`robots`", "a right that is named", "deposit law"]),
    "basis": ('[robots]\nbasis = "a law"', ["`robots`", "and it is not"]),
    "basis-blank": ('[robots]\nignore = true\nbasis = "  "', ["`robots.basis`"]),
    "basis-lines": ('[robots]\nignore = true\nbasis = "a\\nb: c"', ["`robots.basis`"]),
    "unauthorized": ('[robots]\nunauthorized = "ask"', ["`robots.unauthorized`", "'ask'"]),
    "type": ('[listings]\nfeeds = "one"', ["`listings.feeds`"]),
    "policy": ('[requisites]\npolicy = "some"', ["`requisites.policy`", "'some'"]),
    "requisites": ("[requisites]\nmax_counts = 1", ["`requisites.max_counts`", "`max_count`"]),
    "max-count": ("[requisites]\nmax_count = 0", ["`requisites.max_count`", "0"]),
    "max-bytes": ("[requisites]\nmax_bytes = -1", ["`requisites.max_bytes`", "-1"]),
    "max-seconds": ("[requisites]\nmax_seconds = 601", ["`requisites.max_seconds`", "601"]),
    "fresh-days": ('[requisites]\nfresh_days = "ever"', ["`requisites.fresh_days`", "'ever'"]),
    "expect": ("[expect]\narticles_per_day = [1]", ["`expect.articles_per_day"]),
    "since": (
        "[[extract]]\nsince = 2024-05-01\n[[extract]]\nsince = 2024-05-01",
        ["two [[extract]] rules have the same `since`"],
    ),
    "not-toml": ("feeds = [", ["not TOML"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_file_its_key_and_its_value(path: Path, name: str) -> None:
    text, says = FAULTS[name]
    with pytest.raises(ConfigError) as told:
        outlet(path, LEAST + text)
    message = str(told.value)
    assert message.startswith(f"{path}: ")
    for words in says:
        assert words in message
    assert "\n" not in message
    assert "pydantic" not in message
    assert told.value.exit_code == 2


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('id = "paper"\n', "", "`id`"),
        ('name = "Paper"\n', "", "`name`"),
        ('name = "Paper"', 'name = ""', "`name`"),
        ('id = "paper"', 'id = "Paper News"', "`id`"),
        ('id = "paper"', 'id = "../paper"', "`id`"),
        ('id = "paper"', 'id = "-paper"', "`id`"),
        ("https://paper.example/news/", "/news", "home must be an absolute"),
        ("https://paper.example/news/", "ftp://paper.example/", "home must be an absolute"),
        ("https://paper.example/news/", "https://", "home must be an absolute"),
    ],
)
def test_what_every_outlet_needs_must_be_there(
    path: Path, before: str, after: str, says: str
) -> None:
    assert before in LEAST
    with pytest.raises(ConfigError) as told:
        outlet(path, LEAST.replace(before, after))
    assert says in str(told.value)


def test_a_file_that_is_not_utf_8_is_told(path: Path) -> None:
    path.write_bytes(LEAST.replace("Paper", "Zeitung für alle").encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_outlet(path)


def test_listings_are_absolute_or_relative_to_home(path: Path) -> None:
    text = (
        '[listings]\nfeeds = ["/rss.xml", "atom.xml"]\nsitemaps = ["https://cdn.example/s.xml"]\n'
    )
    made = outlet(path, LEAST + text + 'sections = ["/"]\n')
    assert made.listing_urls() == [
        ("feed", "https://paper.example/rss.xml"),
        ("feed", "https://paper.example/news/atom.xml"),
        ("sitemap", "https://cdn.example/s.xml"),
        ("section", "https://paper.example/"),
    ]


@pytest.mark.parametrize(
    ("url", "article", "denied"),
    [
        ("https://paper.example/2026/03/a", True, False),
        ("https://other.example/2026/03/a", True, False),
        ("https://paper.example/about?old=/2026/", False, False),
        ("https://paper.example/tag/a", False, True),
        ("https://paper.example/x?print=1", False, True),
        ("https://paper.example", False, False),
    ],
)
def test_patterns_are_searched_in_path_and_query(
    path: Path,
    url: str,
    article: bool,  # noqa: FBT001
    denied: bool,  # noqa: FBT001
) -> None:
    rules = "[urls]\narticle = ['^/\\d{4}/']\ndeny = ['^/tag/', '[?&]print=']\n"
    made = outlet(path, LEAST + rules)
    assert made.is_article(url) is article
    assert made.is_denied(url) is denied


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (date(2020, 1, 1), "h1.first"),
        (date(2024, 4, 30), "h1.first"),
        (date(2024, 5, 1), "h1.second"),
        (date(2026, 1, 1), "h1.third"),
    ],
)
def test_the_latest_rule_that_is_not_after_the_day_counts(
    path: Path, day: date, title: str
) -> None:
    rules = "".join(
        f'[[extract]]\n{since}title = "h1.{name}"\n'
        for since, name in (
            ("since = 2025-01-01\n", "third"),
            ("", "first"),
            ("since = 2024-05-01\n", "second"),
        )
    )
    rule = outlet(path, LEAST + rules).rule_at(day)
    assert rule is not None
    assert rule.title == title


def test_without_a_rule_there_is_none(path: Path) -> None:
    made = outlet(path, LEAST + "[[extract]]\nsince = 2024-05-01\n")
    assert made.rule_at(date(2024, 4, 30)) is None


def test_the_same_declaration_has_the_same_digest_however_it_is_written(path: Path) -> None:
    one = outlet(path, LEAST)
    other = outlet(path, "# a comment\n" + "\n".join(reversed(LEAST.splitlines())) + "\n[pace]\n")
    assert one.digest == other.digest
    assert outlet(path, LEAST + 'country = "id"\n').digest != one.digest
    assert Outlet.model_validate_json(one.canonical()) == one
