"""`kliping rights` and the line of `kliping show`: what a person reads, and a program."""

import json

import pytest
from support.archives import captured, opened
from typer.testing import CliRunner

from archive.clock import SystemClock
from archive.signals import Signal, Statement

TRAINING = Signal(
    name="disallow:training", value="/", agent="gptbot", line="User-agent: GPTBot / Disallow: /"
)
HOSTILE = Signal(name="license", value="[red]x\x1b[31m", line="\x1b]0;owned\x07")


@pytest.fixture
def run(monkeypatch):
    from crawler.cli import app

    monkeypatch.delenv("KLIPING_ARCHIVE", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def kept(sqlite_directory):
    """An archive with one article of which something is stated, and its capture."""
    with opened(sqlite_directory, SystemClock()) as archive:
        capture, saved = captured(archive)
        with archive.turn() as turn:
            said = [("robots.txt", TRAINING), ("html", HOSTILE)]
            statements = [
                Statement(source=source, said_by=capture.id, signals=(one,)) for source, one in said
            ]
            turn.rights.keep(capture.id, statements)
    return sqlite_directory, capture, saved


def test_the_report_says_what_is_reserved_and_by_which_words(run, kept):
    done = run("rights", "-A", kept[0], "lantern")
    assert done.exit_code == 0
    assert "ai-training  reserved in 1 of 1 capture" in done.output
    assert "User-agent: GPTBot / Disallow: /" in done.output
    assert "no legal advice" in done.output
    assert "kliping rights -A" in done.output


def test_what_a_page_says_does_nothing_to_the_terminal(run, kept):
    done = run("rights", "-A", kept[0], "lantern")
    assert "\x1b]0" not in done.output
    assert "[red]x" in done.output


def test_the_report_as_json_names_the_record(run, kept):
    told = json.loads(run("rights", "-A", kept[0], "lantern", "--json").output)
    assert told["reserving"] == {"ai-training": 1}
    [training] = [one for one in told["signals"] if one["source"] == "robots.txt"]
    assert training["said_by"] == kept[1].id
    assert training["signal"]["agent"] == "gptbot"


def test_an_outlet_that_states_nothing_is_exit_code_4(run, sqlite_directory):
    opened(sqlite_directory, SystemClock()).close()
    done = run("rights", "-A", sqlite_directory, "lantern")
    assert done.exit_code == 4
    assert "nothing is granted or reserved" in done.output


def test_an_outlet_that_is_not_here_is_one_sentence(run, kept):
    done = run("rights", "-A", kept[0], "nowhere")
    assert done.exception.code == 2
    assert "No outlet 'nowhere' here" in str(done.exception)


def test_show_has_a_line_on_rights(run, kept):
    done = run("show", "-A", kept[0], kept[2].article)
    assert "rights at the last capture: reserved: ai-training (robots.txt)" in done.output
    shown = json.loads(run("show", "-A", kept[0], kept[2].article, "--json").output)
    assert shown["rights"]["reserved"][0]["use"] == "ai-training"


def test_show_says_that_nothing_was_stated(run, sqlite_directory):
    with opened(sqlite_directory, SystemClock()) as archive:
        _, saved = captured(archive)
    done = run("show", "-A", sqlite_directory, saved.article)
    assert "nothing stated" in done.output
