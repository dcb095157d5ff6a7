"""`kliping coverage`: a table, a picture, an exit code."""

import json
from datetime import date, timedelta

import pytest
from support.archives import FEED, NOW, OUTLET, RUN, declaration, discovery, opened
from typer.testing import CliRunner

from archive.coverage import NEVER, PLAIN, SHADES, cell, picture
from archive.query.coverage import Coverage, Day
from archive.settlements import Poll, Settlement
from archive.store import Archive
from crawler.cli import app

DAY = timedelta(days=1)
runner = CliRunner()


def day(n=0, *, complete=None, polls=1, gaps=0):
    figures = dict.fromkeys(("announced", "captured", "refused", "failed", "pending"), 0)
    return Day(
        day=date(2026, 3, 2) + n * DAY,
        **figures,
        walled=0,
        backlog=0,
        why={},
        denied=0,
        failed_polls=0,
        complete=complete,
        polls=polls,
        gaps=gaps,
    )


def covered(days, name="lantern"):
    return Coverage(id=name, name=name, days=tuple(days), gaps=(), retired=())


@pytest.mark.parametrize(
    ("days", "mark"),
    [
        ([day(complete=1.0)], "#"),
        ([day(complete=0.95)], "+"),
        ([day(complete=0.5)], "="),
        ([day(complete=0.01)], "-"),
        ([day(complete=0.0)], "x"),
        ([day()], "."),
        ([day(polls=0)], NEVER),
        ([day(complete=1.0, gaps=1)], "!"),
        ([day(complete=1.0), day(complete=0.5)], "="),
        ([day(polls=0), day(complete=1.0)], "#"),
    ],
)
def test_a_cell_shows_the_worst_of_its_days(days, mark):
    assert cell(tuple(days), PLAIN) == mark


def test_a_picture_has_a_row_for_each_outlet_and_says_what_its_marks_mean():
    one, other = covered([day(complete=1.0), day(1)]), covered([day(), day(1, gaps=1)], "moon")
    *rows, legend = picture((one, other), 80, shades=True)
    assert rows == ["lantern  █·", "moon     ·!"]
    assert all(f"'{mark}'" in legend for mark in (*SHADES, NEVER))
    assert legend.endswith("(a cell is a day)")


def test_a_picture_is_no_wider_than_its_terminal():
    many = covered([day(n, complete=1.0) for n in range(365)])
    row, legend = picture((many,), 60, shades=False)
    assert len(row) <= 60
    assert "a cell is 8 days, the worst of them shown" in legend


@pytest.fixture
def gapped(sqlite_directory, clock):
    with opened(sqlite_directory, clock) as archive, archive.turn() as turn:
        turn.sync_outlet(declaration(), [("feed", FEED)])
        [one] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN)
        turn.discover(OUTLET, [discovery("/a")])
        poll = Poll(items=1, gap=(NOW - DAY, NOW))
        turn.settle(Settlement(token=one.token, outcome="polled", next_due_at=NOW, poll=poll))
    return sqlite_directory


def ask(directory, *words):
    return runner.invoke(app, ["coverage", "-A", str(directory), *words])


WHEN = ("--from", "2026-03-01", "--to", "2026-03-03")


def test_a_gap_is_shown_and_is_the_exit_code(gapped):
    done = ask(gapped, "lantern", *WHEN)
    assert done.exit_code == 6
    assert "2026-03-02  1          0" in done.stdout
    assert "lantern  !!?" in done.stdout
    assert f"GAP  lantern: 2026-03-01T06:00+00:00 .. 2026-03-02T06:00+00:00, {FEED}" in done.stdout


def test_the_backlog_makes_no_day_incomplete(gapped, clock):
    with Archive.open(gapped, clock=clock) as archive, archive.turn() as turn:
        turn.backlog.note(OUTLET, [(discovery(f"/{n}"), NOW - 90 * DAY) for n in range(9)])
        [one] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN, only=None)
        turn.settle(Settlement(token=one.token, outcome="polled", next_due_at=NOW + DAY))
        [one] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN)
        turn.settle(Settlement(token=one.token, outcome="not-article", reason="short"))
    row = next(line for line in ask(gapped, *WHEN).stdout.splitlines() if "lantern  " in line)
    assert row.split()[:8] == ["lantern", "10", "1", "0", "0", "0", "9", "100.0%"]


def test_without_a_gap_all_is_well(gapped):
    done = ask(gapped, "--from", "2026-03-03", "--to", "2026-03-04")
    assert done.exit_code == 0
    assert "GAP" not in done.stdout
    assert "Nobody looked in these days" in done.stdout


def test_programs_get_every_figure(gapped):
    done = ask(gapped, "--json", *WHEN)
    assert done.exit_code == 6
    [one] = json.loads(done.stdout)["outlets"]
    assert one["days"][1]["announced"] == one["days"][1]["pending"] == 1
    assert one["gaps"][0]["items"] == 1


@pytest.mark.parametrize(
    "words",
    [("nobody",), ("--from", "yesterday"), ("--from", "2026-03-02", "--to", "2026-03-01")],
)
def test_what_makes_no_sense_is_said(gapped, words):
    done = ask(gapped, *words)
    assert done.exit_code != 0
    assert done.exception.code == 2
