"""What `kliping schedule` answers: what will happen, when, at what cost, and how it ends."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive.console import Failure
from archive.errors import ArchiveError
from crawler import cli

PAPER = """\
id = "paper"
name = "Paper"
home = "https://paper.example/"
zone = "Asia/Jakarta"
[listings]
feeds = ["/feed.xml"]
sections = ["/"]
[pace]
delay_seconds = 10.0
[expect]
articles_per_day = [100, 280]
"""


@pytest.fixture
def there(sqlite_directory: Path) -> Path:
    (sqlite_directory / "outlets" / "paper.toml").write_text(PAPER, "utf-8")
    return sqlite_directory


def run(there: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, ["schedule", "-A", str(there), *words])
    if isinstance(done.exception, ArchiveError | Failure):
        error = done.exception
        code = error.code if isinstance(error, Failure) else error.exit_code
        return code, str(error)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_a_profile_is_told_with_its_boost_its_budget_and_its_end(there: Path) -> None:
    code, said = run(
        there,
        "paper",
        "--profile",
        "daily-news",
        "--front-page",
        "every 30m",
        "--boost",
        "election 2099-11-28..2099-12-08: front-page every 10m, revisit x3",
    )
    assert code == 0
    lines = said.splitlines()
    assert lines[0] == (
        "paper: daily-news: feeds and sitemaps adaptive (15m .. 6h), front page every 30m, "
        "rechecks by age"
    )
    assert lines[1].startswith("next:  20")
    assert lines[1].endswith("+07:00")
    assert "% of what one each 10 s allows" in lines[2]
    assert "overlap: skipped" in said
    assert "2099-11-28T00:00+07:00 .. 2099-12-09T00:00+07:00 (to come), ends by itself" in said
    assert f"kliping schedule -A {there} remove paper" in said
    assert f"Next:  kliping run -A {there}" in said


def test_a_cron_line_is_told_with_its_next_instants_in_the_outlets_zone(there: Path) -> None:
    code, said = run(there, "paper", "--cron", "0 6 * * *", "--json")
    told = json.loads(said)
    assert code == 0
    assert told["zone"] == "Asia/Jakarta"
    assert [at[10:] for at in told["next"]] == ["T06:00:00+07:00"] * 3


def test_a_zone_may_be_named(there: Path) -> None:
    _, said = run(there, "paper", "--cron", "0 6 * * *", "--tz", "Europe/Berlin", "--json")
    assert json.loads(said)["zone"] == "Europe/Berlin"


def test_the_list_has_every_schedule_and_removing_ends_it(there: Path) -> None:
    assert "Nothing is scheduled. Next:  kliping schedule" in run(there, "list")[1]
    run(there, "paper", "--every", "6h")
    code, said = run(there, "list", "--json")
    assert [(one["outlet"], one["every"]) for one in json.loads(said)] == [("paper", 21600.0)]
    assert "visited every 6h" in run(there, "list")[1]
    assert run(there, "remove", "paper") == (
        0,
        "paper: visited no more by itself; what is held stays.\n",
    )
    code, said = run(there, "remove", "paper")
    assert code == 1
    assert "had no schedule" in said


def test_a_boost_alone_is_added_to_what_is_scheduled_and_may_be_ended(there: Path) -> None:
    run(there, "paper", "--profile", "event")
    code, said = run(there, "paper", "--boost", "x 2020-01-01..2099-01-01: revisit x2", "--json")
    told = json.loads(said)
    assert told["profile"] == "event"
    assert [one["state"] for one in told["boosts"]] == ["on"]
    code, said = run(there, "paper", "--end-boost", "x", "--json")
    assert (code, [one["state"] for one in json.loads(said)["boosts"]]) == (0, ["over"])
    code, said = run(there, "paper", "--end-boost", "x")
    assert (code, said) == (1, "paper has no boost 'x' that is not over.")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["paper"], "paper has no schedule yet"),
        (["paper", "--profile", "daily"], "--profile is one of daily-news, front-page, event"),
        (["paper", "--profile", "event", "--every", "6h"], "are two schedules"),
        (["paper", "--every", "6h", "--front-page", "30m"], "--front-page goes with --profile"),
        (["paper", "--front-page", "30m"], "Say a schedule"),
        (["paper", "--cron", "0 6 * * *", "--tz", "Asia/Jakrta"], "Did you mean Asia/Jakarta"),
        (["paper", "--cron", "0 66 * * *"], "column 3"),
        (["paper", "--every", "soon"], "column 1"),
        (
            ["paper", "--every", "6h", "--boost", "x 2099-01-01..2099-01-02: feeds every 5m"],
            "say `every 10m`",
        ),
        (
            ["paper", "--profile", "event", "--boost", "x 2099-01-01..2099-01-02: every 5m"],
            "`every` is for",
        ),
        (["papr", "--every", "6h"], "No outlet is called 'papr'"),
        (["paper", "other"], "One outlet at a time"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    there: Path, words: list[str], says: str
) -> None:
    code, said = run(there, *words)
    assert code == 2
    assert says in said
    assert json.loads(run(there, "list", "--json")[1]) == []


def test_an_outlet_whose_file_is_gone_is_named_and_the_others_are_listed(there: Path) -> None:
    other = there / "outlets" / "other.toml"
    other.write_text(PAPER.replace("paper", "other"), "utf-8")
    for outlet in ("paper", "other"):
        assert run(there, outlet, "--profile", "daily-news")[0] == 0
    other.unlink()
    code, said = run(there, "list")
    assert code == 0
    assert "daily-news" in said
    assert "other: is not visited: No outlet is called 'other'" in said
    told = json.loads(run(there, "list", "--json")[1])
    assert [one["outlet"] for one in told] == ["paper", "other"]
    assert "problem" in told[1]


@pytest.mark.parametrize(
    ("words", "says", "not_"),
    [
        (("list", "--help"), "Show every schedule", "--cron"),
        (("remove", "--help"), "Visit these outlets no more", "--cron"),
        (("--help", "list"), "Show every schedule", "--cron"),
        (("--help",), "Visit an outlet again and again", "Show every schedule"),
        (("paper", "--help"), "--cron", "Show every schedule"),
    ],
)
def test_each_word_has_a_help_of_its_own(
    there: Path, words: tuple[str, ...], says: str, not_: str
) -> None:
    code, said = run(there, *words)
    assert code == 0
    assert says in said
    assert not_ not in said
