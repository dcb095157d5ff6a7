"""The morning report on a terminal, as JSON, and sent."""

import json
import shlex
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console
from support.archives import OUTLET, RUN, declaration, discovery, keep, opened, url
from support.postboxes import hook, post_office
from typer.testing import CliRunner

from archive.clock import SystemClock
from archive.remarks import Remark
from archive.settlements import Poll, Settlement
from archive.store import Archive


@pytest.fixture
def run(monkeypatch):
    from crawler.cli import app

    monkeypatch.delenv("KLIPING_ARCHIVE", raising=False)
    monkeypatch.delenv("KLIPING_WEBHOOK", raising=False)
    return lambda *words: CliRunner().invoke(app, ["today", *map(str, words)])


@pytest.fixture
def bad_day(sqlite_directory):
    """One article came, one met a wall, one failed."""
    with opened(sqlite_directory, SystemClock()) as archive:
        with archive.turn() as turn:
            turn.discover(OUTLET, [discovery(f"/{name}") for name in ("new", "walled", "failed")])
            leases = turn.lease(OUTLET, limit=9, for_=timedelta(hours=1), holder="run-1")
        for lease in leases:
            name = lease.url.rsplit("/", 1)[1]
            article = keep(archive, "/new").article if name == "new" else None
            reason = {"walled": "bot wall", "failed": "timeout"}.get(name)
            settlement = Settlement(token=lease.token, outcome=name, reason=reason, article=article)
            with archive.turn() as turn:
                turn.settle(settlement)
    return sqlite_directory


def test_an_archive_that_was_never_crawled_says_so(run, sqlite_directory):
    done = run("-A", sqlite_directory)
    assert done.exit_code == 0
    assert "No outlet was crawled yet." in done.output
    assert f"Do next:  kliping crawl https://…/ -A {sqlite_directory}" in done.output


def test_when_nothing_was_announced_the_day_of_the_last_news_is_named(run, bad_day):
    done = run("-A", bad_day, "--on", "2026-01-01")
    [told] = [line for line in done.output.splitlines() if "last named" in line]
    day = told.split(":")[0].split()[-1]
    assert told.endswith(f"kliping today --on {day} -A {bad_day}")
    [row] = [
        line
        for line in run("-A", bad_day, "--on", day).output.splitlines()
        if line.startswith(" lantern ")
    ]
    assert row.split()[1] == "3"


def test_on_a_day_with_news_no_other_day_is_named(run, bad_day):
    assert "last named" not in run("-A", bad_day).output


def test_a_bad_day_is_told_with_what_to_do(run, bad_day):
    done = run("-A", bad_day)
    assert done.exit_code == 0
    [row] = [line for line in done.output.splitlines() if "lantern " in line and "%" in line]
    assert row.split()[:6] == ["lantern", "3", "2", "0", "0", "66.7%"]
    said = " ".join(done.output.split())
    assert "WALL since" in row
    assert "1 page (bot wall)" in said
    assert "INCOMPLETE: 1 failed, 0 pending" in said
    assert f"Do next:  kliping why https://lantern.example/walled -A {bad_day}" in done.output
    assert f"kliping coverage lantern -A {bad_day}" in done.output


def test_a_gap_leads_to_a_backfill(run, sqlite_directory):
    with opened(sqlite_directory, SystemClock()) as archive:
        now = archive.clock.now()
        gap = (now - timedelta(hours=3), now)
        with archive.turn() as turn:
            turn.sync_outlet(declaration(), [("feed", "https://lantern.example/feed.xml")])
            [lease] = turn.lease(OUTLET, limit=1, for_=timedelta(hours=1), holder="run-1")
            poll = Poll(items=9, known=0, every=timedelta(hours=1), gap=gap)
            turn.settle(Settlement(token=lease.token, outcome="polled", poll=poll))
    done = run("-A", sqlite_directory)
    days = f"--from {gap[0].date()} --to {gap[1].date()}"
    assert "GAP " in done.output
    assert f"kliping backfill lantern {days}" in done.output


def test_programs_get_the_same_facts(run, bad_day):
    done = run("-A", bad_day, "--json")
    said = json.loads(done.output)
    [one] = said["outlets"]
    assert (one["announced"], one["captured"], one["complete"]) == (3, 2, pytest.approx(2 / 3))
    assert one["walls"][0]["reason"] == "bot wall"
    assert said["next"][0].startswith("why ")
    assert said["storage"]["free"] > 0


def test_a_day_that_is_none_is_a_usage_error(run, bad_day):
    from archive.console import Failure

    done = run("-A", bad_day, "--on", "yesterday")
    assert isinstance(done.exception, Failure)
    assert done.exception.code == 2


def test_it_is_sent_by_mail_and_to_a_webhook(run, bad_day):
    with post_office() as (box, config), hook() as (url, posted):
        settings = bad_day / "kliping.toml"
        settings.write_text(
            settings.read_text()
            + f'\n[notify]\nsmtp = "{config.smtp}"\nsecurity = "none"\nsender = "k@lib.example"\n'
        )
        done = run("-A", bad_day, "--mail", "anna@lib.example", "--webhook", url)
    assert done.exit_code == 0
    [mail] = box.mails
    assert "2 of 3 captured, 2 to look at" in mail["Subject"]
    assert "INCOMPLETE" in mail.get_payload(decode=True).decode()
    [(_, _, message)] = posted
    assert "WALL since" in message["text"]
    assert message["report"]["outlets"][0]["id"] == "lantern"


def test_what_could_not_be_sent_is_said_and_the_report_shown_all_the_same(run, bad_day):
    done = run("-A", bad_day, "--mail", "anna@lib.example")
    assert done.exit_code == 3
    assert "lantern" in done.stdout
    assert "[notify]" in done.stderr


def test_a_url_in_a_command_is_quoted_for_the_shell(run, sqlite_directory):
    with opened(sqlite_directory, SystemClock()) as archive, archive.turn() as turn:
        turn.discover(OUTLET, [discovery("/$(touch${IFS}x)';y")])
        [lease] = turn.lease(OUTLET, limit=1, for_=timedelta(hours=1), holder="run-1")
        turn.settle(Settlement(token=lease.token, outcome="walled", reason="bot"))
    step = json.loads(run("-A", sqlite_directory, "--json").output)["next"][0]
    assert shlex.split(step) == ["why", lease.url]


@pytest.fixture
def many_days(sqlite_directory):
    """Five outlets of which nothing came, and one that has more to say than that."""
    with opened(sqlite_directory, SystemClock()) as archive, archive.turn() as turn:
        for number in range(5):
            turn.sync_outlet(declaration(f"quiet-{number}"), None)
        turn.sync_outlet(declaration(), None)
        fault = Remark(outlet=OUTLET, kind="ledger", said="lantern on some day: nothing fits")
        odd = Remark(outlet=OUTLET, kind="robots", said="it asks for 90 s", url=url(""))
        miss = Remark(outlet=OUTLET, kind="miss", said="failed: HTTP 500", number=3, url=url("/x"))
        turn.ledgers.remark(RUN, OUTLET, [fault, odd, miss])
    return sqlite_directory


def test_outlets_that_are_silent_for_one_reason_are_one_line(run, many_days):
    said = run("-A", many_days).output
    assert (
        "5 outlets announced nothing, no listing was asked for: "
        "quiet-0, quiet-1, quiet-2, quiet-3 and 1 other\n"
    ) in said
    assert "coverage quiet" not in said
    assert f"kliping coverage -A {many_days}" in said
    assert " lantern " in said
    assert len(json.loads(run("-A", many_days, "--json").output)["outlets"]) == 6


def test_what_runs_remarked_is_told(run, many_days):
    said = " ".join(run("-A", many_days).output.split())
    assert "THE LEDGER DOES NOT BALANCE: lantern on some day: nothing fits" in said
    assert "ROBOTS: it asks for 90 s" in said
    assert f"not had: 3 failed: HTTP 500 (lantern, such as {url('/x')})" in said


def test_it_can_be_read_on_a_narrow_terminal(many_days):
    from archive.briefing import show
    from archive.query.morning import morning

    with Archive.open(many_days) as archive, archive.reading() as connection:
        found = morning(connection, archive.directory, archive.clock.now())
    page = StringIO()
    show(found, many_days, Console(file=page, width=60, color_system=None, soft_wrap=True))
    lines = page.getvalue().splitlines()
    until = lines.index("  nothing under: announced, captured, edits, deleted")
    assert all(len(line) <= 60 for line in lines[:until])
    said = " ".join(" ".join(lines[1:until]).split())
    assert "THE LEDGER DOES NOT BALANCE: lantern on some day: nothing fits" in said
