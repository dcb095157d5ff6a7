"""The account of a run: its exit code, and what is printed."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.records import OutletId, RunId, Url
from crawler.account import exit_code, print_pictured, print_report
from crawler.run.crawl import Report
from crawler.run.screenshots import Pictured


def report(counts: dict[str, int] | None = None, **said: Any) -> Report:
    return Report(run=RunId("run-1"), counts=Counter(counts or {}), **said)


@pytest.mark.parametrize(
    ("code", "counts", "said"),
    [
        (4, {}, {}),
        (0, {"articles/new": 1}, {}),
        (0, {"articles/changed": 1}, {}),
        (0, {"articles/new": 1, "articles/failed": 9, "articles/refused": 9}, {}),
        (4, {"articles/same": 9, "listings/unchanged": 3}, {}),
        (4, {"listings/polled": 1, "articles/refused": 3}, {}),
        (5, {"listings/refused": 3}, {}),
        (5, {"articles/refused": 1}, {}),
        (3, {"articles/new": 1, "listings/failed": 1}, {}),
        (3, {"articles/new": 1}, {"failed_outlets": {OutletId("a"): "why"}}),
        (130, {"articles/new": 1}, {"outcome": "interrupted"}),
        (130, {}, {"outcome": "interrupted", "failed_outlets": {OutletId("a"): "why"}}),
        (1, {"articles/new": 9}, {"outcome": "failed", "reason": "The disk is full."}),
    ],
)
def test_the_exit_code_says_how_it_went(
    code: int, counts: dict[str, int], said: dict[str, Any]
) -> None:
    assert exit_code(report(counts, **said)) == code


def printed(capsys: pytest.CaptureFixture[str], one: Report, where: Path = Path()) -> str:
    print_report(one, where)
    return " ".join(capsys.readouterr().out.split())


def test_each_outlet_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    visits = {
        OutletId("paper"): Counter({"announced": 7, "articles/new": 5, "articles/walled": 2}),
        OutletId("gazette"): Counter(),
    }
    said = printed(capsys, report({"captures": 9, "bytes": 2048, "articles/new": 5}, visits=visits))
    assert "paper 7 5 0 0 0 2 0 0" in said
    assert said.index("gazette") < said.index("paper")
    assert "9 captures" in said
    assert "5 new articles" in said


def test_misses_are_grouped_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    misses = [(Url(f"https://p.example/{n}"), "walled", "paywall") for n in range(3)]
    misses += [(Url("https://p.example/x"), "failed", "HTTP 500")]
    said = printed(capsys, report(misses=misses))
    assert "3 walled: paywall" in said
    assert "1 failed: HTTP 500" in said


def test_of_many_reasons_only_the_first_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    misses = [(Url("https://p.example/"), "failed", f"HTTP {500 + n}") for n in range(30)]
    assert "and 20 other reasons" in printed(capsys, report(misses=misses))


def test_a_host_that_is_held_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    until = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    said = printed(capsys, report(held={OutletId("paper"): until}))
    assert "paper: asked to be left alone until 2026-03-02T07:00:00+00:00" in said


def test_a_stopped_run_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert "the same command goes on" in printed(capsys, report(outcome="interrupted"))


def test_the_next_command_names_the_archive(capsys: pytest.CaptureFixture[str]) -> None:
    assert "kliping verify -A there" in printed(capsys, report(), Path("there"))
    assert "-A" not in printed(capsys, report())


def test_what_a_page_says_cannot_write_to_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    misses = [(Url("https://p.example/\x1b[2J[red]"), "failed", "\x1b]0;evil\x07[bold]boom[/]")]
    print_report(report(misses=misses, failed_outlets={OutletId("p"): "\x1b[2J[/]"}), Path())
    said = capsys.readouterr().out
    assert "\x1b[2J" not in said
    assert "\x07" not in said
    assert "[bold]boom[/]" in said


def test_links_that_were_left_out_are_said_with_their_reasons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts = {"sightings/trap/print view": 3, "sightings/trap/login": 1, "sightings/denied": 2}
    print_report(report(counts), Path())
    said = capsys.readouterr().out
    assert "4 links are traps, left out: 3 print view, 1 login" in said
    assert "2 links are denied by their outlet's own file" in said


def test_a_run_that_visited_nobody_has_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(report(), Path())
    assert "announced" not in capsys.readouterr().out


def test_when_no_article_fits_a_picture_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_pictured(Pictured(), Path("kept"))
    assert "No article fits. Next:  kliping status -A kept" in capsys.readouterr().out
