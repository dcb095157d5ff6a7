"""An inquiry into a URL: spelling, rules, robots; and what is told of it."""

import json
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive.clock import SimulatedClock
from archive.errors import NotCaptured
from archive.records import Discovery, Url
from archive.robotstxt import RobotsFile
from archive.store import Archive
from crawler.cli import app
from crawler.outlets.catalogue import find_outlet
from crawler.visit import Plan, prepare
from crawler.why.inquiry import inquire, stripped
from crawler.why.story import HIDDEN, lines

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAPER = """
id = "paper"
name = "Paper"
home = "https://paper.example/"
[urls]
article = ['^/2026/']
deny = ['^/tag/', 'tag']
"""
STORY = "https://paper.example/2026/harbour"


@pytest.fixture
def archive(new_archive: Callable[..., Archive]) -> Archive:
    archive = new_archive(SimulatedClock(NOW))
    (archive.directory / "outlets" / "paper.toml").write_text(PAPER)
    paper = find_outlet(archive.directory, "paper")
    with archive.turn() as turn:
        prepare(turn, Plan(outlet=paper))
        said = Discovery(url=Url(STORY), listing=Url(paper.home), kind="section", title="Harbour")
        turn.discover(paper.oid, [said])
    return archive


def robots(archive: Archive, body: str | None, status: int | None = 200) -> None:
    file = RobotsFile(
        origin="https://paper.example", fetched_at=NOW, status=status, body=body, capture=None
    )
    with archive.turn() as turn:
        turn.hosts.keep_robots(file)


def told(archive: Archive, asked: str = STORY) -> str:
    return "\n".join(lines(inquire(archive, asked), NOW))


def test_it_tells_the_life_of_a_url_in_order(archive: Archive) -> None:
    said = told(archive, f"{STORY}?utm_source=x&id=2#top")
    assert "known as    example,paper)/2026/harbour?id=2" in said
    assert "left out    parameter utm_source=x, fragment #top" in said
    said = told(archive)
    assert "outlet      paper" in said
    assert "rule        urls.article matches" in said
    assert "robots      its robots.txt was never asked for" in said
    assert "pace        5 s between two requests to paper.example, by the outlet's file" in said
    assert (
        "sighted     2026-03-02T09:00:00+00:00 named by https://paper.example/: 'Harbour'" in said
    )
    assert "stands      article of paper, pending" in said
    assert "due         now, since 2026-03-02T09:00:00+00:00 (known for the first time)" in said


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (
            "User-agent: *\nDisallow: /2026/",
            200,
            "/robots.txt, as it was since 2026-03-02T09:00:00+00:00: line 2, 'Disallow: /2026/'",
        ),
        ("User-agent: *\nAllow: /", 200, "allowed by https://paper.example/robots.txt"),
        (None, 404, "there is none (HTTP 404)"),
        (None, 503, "cannot be had (HTTP 503)"),
        (None, None, "cannot be had (no answer)"),
        (None, 403, "left to the outlet's file ([robots] unauthorized)"),
    ],
)
def test_it_tells_what_robots_txt_says(
    archive: Archive, body: str | None, status: int | None, said: str
) -> None:
    robots(archive, body, status)
    assert said in told(archive)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("https://paper.example/2026/x", "paper would take it if one of its listings named it"),
        ("https://paper.example/tag/x", "its rules would leave it out"),
        ("https://moon.example/x", "`kliping crawl URL` would begin a new outlet for its host"),
        ("moon.example/x", "outlet      none: no outlet has this host"),
    ],
)
def test_of_what_is_unknown_it_tells_what_would_make_it_known(
    archive: Archive, asked: str, said: str
) -> None:
    shown = told(archive, asked)
    assert "unknown     no listing has named it" in shown
    assert said in shown


def test_every_rule_that_leaves_it_out_is_named(archive: Archive) -> None:
    assert inquire(archive, "https://paper.example/tag/x").deny == ("^/tag/", "tag")


def test_a_trap_is_told_as_one(archive: Archive) -> None:
    said = told(archive, "https://paper.example/calendar/2026-05")
    assert "trap        calendar" in said
    assert "it would be left out as a trap" in said


def test_robots_txt_is_asked_of_the_unknown_as_well(archive: Archive) -> None:
    robots(archive, "User-agent: *\nDisallow: /")
    assert "robots.txt would refuse it" in told(archive, "https://paper.example/2026/x")


def test_an_outlet_whose_file_is_gone_is_found_by_the_host(archive: Archive) -> None:
    (archive.directory / "outlets" / "paper.toml").rename(archive.directory / "outlets" / "p.toml")
    text = PAPER.replace('"paper"', '"p"')
    (archive.directory / "outlets" / "p.toml").write_text(text)
    assert inquire(archive, STORY).outlet == "p"


def test_of_what_is_restricted_it_says_that_and_no_more(archive: Archive) -> None:
    with archive.turn() as turn:
        turn.restrict("urlkey", "example,paper)/2026", reason="a court order", actor="Anna")
    assert told(archive) == HIDDEN


def test_an_id_that_no_article_has_is_an_error(archive: Archive) -> None:
    with pytest.raises(NotCaptured, match="No article, or several"):
        inquire(archive, "a:nothing")


@pytest.mark.parametrize(
    ("asked", "url", "left"),
    [
        ("https://x.example/?a=1&fbclid=2", "https://x.example/?a=1", ("parameter fbclid=2",)),
        ("https://x.example/#", "https://x.example/", ()),
        ("https://x.example/", "https://x.example/", ()),
    ],
)
def test_what_the_canonical_form_leaves_out_is_named(
    asked: str, url: str, left: tuple[str, ...]
) -> None:
    assert stripped(asked, Url(url)) == left


# the command


def run(archive: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["why", "-A", str(archive), *words])
    return done.exit_code, done.stdout


def test_the_command_tells_it_and_what_to_do_next(archive: Archive) -> None:
    code, said = run(archive.directory, STORY)
    assert code == 0
    assert said.startswith(STORY)
    assert f"Next:  kliping crawl -A {archive.directory} {STORY}" in said.replace("\n", " ")


def test_programs_get_all_of_it(archive: Archive) -> None:
    code, said = run(archive.directory, STORY, "--json")
    assert code == 0
    found = json.loads(said)
    assert found["life"]["standings"][0]["due_reason"] == "known for the first time"


def test_programs_get_nothing_of_what_is_restricted(archive: Archive) -> None:
    with archive.turn() as turn:
        turn.restrict("urlkey", "example,paper)/2026", reason="a court order", actor="Anna")
    code, said = run(archive.directory, STORY, "--json")
    assert code == 0
    assert json.loads(said)["is_restricted"] is True
    assert "Harbour" not in said
    assert "court" not in said


def test_the_next_command_is_quoted_for_the_shell(archive: Archive) -> None:
    url = "https://paper.example/2026/$(x)';y"
    done = CliRunner().invoke(app, ["why", "-A", str(archive.directory), url])
    following = " ".join(done.output.split("Next:")[1].split())
    assert shlex.split(following)[-1] == url


def test_what_was_never_heard_of_has_an_exit_code_of_its_own(archive: Archive) -> None:
    assert run(archive.directory, "https://moon.example/")[0] == 4


def test_what_is_no_url_is_said(archive: Archive) -> None:
    done = CliRunner().invoke(app, ["why", "-A", str(archive.directory), "ftp://x/"])
    assert done.exception is not None
    assert done.exception.code == 2  # type: ignore[attr-defined]


def test_a_url_that_waits_is_told_until_when(archive: Archive) -> None:
    with archive.turn() as turn:
        turn.hosts.hold("paper.example", until=NOW + timedelta(hours=1), reason="HTTP 429")
    assert "paper.example: left alone until 2026-03-02T10:00:00+00:00: HTTP 429" in told(archive)


def test_a_word_that_is_no_url_is_not_taken_for_a_host(archive: Archive) -> None:
    with pytest.raises(ValueError, match="kliping coverage"):
        inquire(archive, "paper")
    done = CliRunner().invoke(app, ["why", "-A", str(archive.directory), "paper"])
    assert getattr(done.exception, "code", None) == 2
