"""What people read: text from pages can neither drive the terminal nor style our own words."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support.archives import NOW, OUTLET, RUN, captured, keep

from archive import console
from archive.query import history
from archive.query.particulars import Particulars
from archive.query.search import search
from archive.query.status import reasons, status
from archive.records import Claim, Moment
from archive.remarks import Remark

EVIL = "\x1b[31mred\x07 [bold]loud[/bold] [/] \u202eevil\u200b \x9b2J"
CONTROLS = {"\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\r", "\x02", "\x03"}


@pytest.fixture
def printed(monkeypatch):
    """Runs a printing function; gives what a terminal was sent."""

    def run(function, *arguments):
        with console.out.capture() as capture:
            function(*arguments)
        return capture.get()

    return run


def test_clean_text_has_no_controls_and_keeps_the_rest():
    assert console.clean(EVIL) == "[31mred [bold]loud[/bold] [/] evil 2J"
    assert console.clean("Köln 東京\nनमस्ते 🎉") == "Köln 東京\nनमस्ते 🎉"


def test_matches_are_bold_and_their_marks_are_gone():
    text = console.marked("the \x02harbour\x03 grows")
    assert text.plain == "the harbour grows"
    [span] = text.spans
    assert (text.plain[span.start : span.end], str(span.style)) == ("harbour", "bold yellow")


def ask(archive, query):
    with archive.reading() as connection:
        return search(connection, query, now=NOW)


def show(archive, saved):
    with archive.reading() as connection:
        one = history.find_article(connection, saved.article, NOW)
        held = history.captures_of(connection, one, NOW)
        return one, held, history.claims_of(connection, one.current.last_capture)


def test_a_hostile_page_cannot_drive_the_terminal(sqlite_archive, printed):
    claims = {"title": (Claim(origin="h1", value=EVIL),)}
    said = {"authors": (EVIL,), "section": EVIL, "claims": claims}
    keep(sqlite_archive, title=EVIL, body=f"{EVIL} harbour.", **said)
    saved = keep(sqlite_archive, title=f"{EVIL}!", body=f"{EVIL} port.", **said)
    one, held, found = show(sqlite_archive, saved)
    texts = [
        printed(console.print_hits, ask(sqlite_archive, "port"), EVIL),
        printed(console.print_hits, ask(sqlite_archive, "nothing"), EVIL),
        printed(
            console.print_article,
            one,
            held,
            found,
            (),
            Particulars(tags=(EVIL,), wire=EVIL, correction=EVIL),
        ),
        printed(console.print_versions, one),
    ]
    for text in texts:
        assert not CONTROLS & set(text)
        assert "[bold]loud[/bold] [/]" in text


def test_hits_say_how_many_there_are(sqlite_archive, printed):
    for number in range(3):
        saved = keep(sqlite_archive, f"/{number}")
    with sqlite_archive.reading() as connection:
        answer = search(connection, "harbour", now=NOW, limit=1)
    text = printed(console.print_hits, answer, "harbour")
    assert "3 articles, 1 shown (-n 3 shows all)" in text
    assert "2026-03-02  Harbour to grow" in text
    assert saved.article in text or "kliping show a:" in text


def test_versions_show_what_was_removed_and_added(sqlite_archive, printed):
    keep(sqlite_archive, body="It grows. It rains.")
    saved = keep(sqlite_archive, title="Harbour to shrink", body="It shrinks. It rains.")
    text = printed(console.print_versions, show(sqlite_archive, saved)[0])
    assert "- headline: Harbour to grow" in text
    assert "+ headline: Harbour to shrink" in text
    assert "- It grows." in text
    assert "+ It shrinks." in text
    assert "1 sentence is the same" in text
    assert text.count("It rains") == 0


def test_an_article_without_edits_says_so(sqlite_archive, printed):
    one, *_ = show(sqlite_archive, keep(sqlite_archive))
    assert "One version: no edit has been seen." in printed(console.print_versions, one)


def test_an_article_shows_its_evidence(sqlite_archive, printed):
    capture, saved = captured(sqlite_archive)
    text = printed(console.print_article, *show(sqlite_archive, saved))
    assert capture.id in text
    assert "HTTP 200" in text
    assert "version 1 of 1" in text


def test_an_archive_that_has_crawled_nothing_says_how_to_begin(sqlite_directory, clock, printed):
    from archive.store import Archive

    with Archive.open(sqlite_directory, clock=clock) as opened, opened.reading() as connection:
        found = status(connection, NOW)
    assert "Nothing crawled yet" in printed(console.print_status, found, {}, Path("x"))


def test_a_ledger_has_a_line_for_each_outlet(sqlite_archive, printed):
    keep(sqlite_archive)
    with sqlite_archive.reading() as connection:
        found = status(connection, NOW)
        why = {one.id: reasons(connection, one.id, NOW) for one in found.outlets}
    text = printed(console.print_status, found, why, Path("x"))
    assert "lantern" in text
    assert "1 capture, " in text
    assert "Last run run-1: not closed, ended never." in text


@dataclass
class Thing:
    at: datetime
    on: date
    moment: Moment
    many: tuple[str, ...]
    path: Path


def test_anything_of_ours_becomes_json():
    thing = Thing(NOW, NOW.date(), Moment(at=NOW, precision="day"), ("a\x02b\x03",), Path("/x"))
    assert json.loads(console.as_json({"thing": thing, 3: None})) == {
        "thing": {
            "at": "2026-03-02T06:00:00+00:00",
            "on": "2026-03-02",
            "moment": "2026-03-02",
            "many": ["a[b]"],
            "path": "/x",
        },
        "3": None,
    }


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (2.5e6, "2.5 MB"),
        (1e13, "10000.0 GB"),
    ],
)
def test_bytes_are_said_as_people_say_them(size, said):
    assert console.human(int(size)) == said


def test_a_day_without_a_date_is_undated():
    assert console.when(None) == "undated"
    assert console.when(Moment(at=datetime(2024, 6, 19, tzinfo=UTC))) == "2024-06-19"


def test_what_a_page_said_beside_its_text_is_one_line(printed):
    said = Particulars(kind="liveblog", wire="Antara", is_free=False, tags=("Harbour", "Coast"))
    assert printed(console.print_particulars, said).split("\n")[0] == (
        "liveblog  by Antara  not free  Harbour, Coast"
    )
    assert printed(console.print_particulars, Particulars()) == ""
    assert "Ralat: …" in printed(console.print_particulars, Particulars(correction="Ralat: …"))


def test_the_status_says_what_does_not_balance_and_how_much_was_not_had(sqlite_archive, printed):
    keep(sqlite_archive)
    fault = Remark(outlet=OUTLET, kind="ledger", said="lantern on some day: nothing fits")
    miss = Remark(outlet=OUTLET, kind="miss", said="failed: HTTP 500")
    mishap = Remark(outlet=OUTLET, kind="visit", said="KeyError: 'x'", number=2)
    with sqlite_archive.turn() as turn:
        turn.ledgers.remark(RUN, OUTLET, [fault, miss, mishap])
    with sqlite_archive.reading() as connection:
        found = status(connection, NOW)
    text = printed(console.print_status, found, {}, Path("x"))
    assert "THE LEDGER DOES NOT BALANCE  lantern on some day: nothing fits" in text
    assert "within a day: 1 page was not had, 2 visits failed: kliping today -A x" in text
