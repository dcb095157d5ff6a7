"""What is asked for is pictured once, and what was not done is said with its reason."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.archives import OUTLET, captured, exchange, provenance, request, url
from support.pngs import png
from typer.testing import CliRunner

from archive.clock import SimulatedClock
from archive.errors import ArchiveError, NotCaptured
from archive.records import CaptureId
from archive.store import Archive
from archive.verify import verify
from crawler.account import screenshot_code
from crawler.cli import app
from crawler.run.screenshots import Pictured, Wanted, pages_wanted, take_screenshots
from crawler.screenshots.browser import Answer, Browser, Shot, Supply
from crawler.screenshots.devtools import NoPicture


class Drawn(Browser):
    """A browser's stand-in for what is around it: the same picture of all, or what is raised."""

    def __init__(self) -> None:
        super().__init__("none")
        self.software = "Chrome/1"
        self.raises: BaseException | None = None
        self.content = png()
        self.pages: list[str] = []

    def picture(self, url: str, page: Answer, supply: Supply) -> Shot:
        self.pages.append(url)
        supply("https://lantern.example/style.css")
        if self.raises:
            raise self.raises
        return Shot(png=self.content, is_cut=False)


@pytest.fixture
def drawn() -> Iterator[Drawn]:
    with Drawn() as one:
        yield one


@pytest.fixture
def edited(sqlite_archive: Archive, clock: SimulatedClock) -> tuple[str, list[str]]:
    """An article, and the captures of its two versions; another article beside it."""
    first, saved = captured(sqlite_archive)
    clock.advance(timedelta(hours=1))
    second, _ = captured(sqlite_archive, body="The harbour shrinks.")
    captured(sqlite_archive, "/fish", "Fish", "Fish is dear.")
    return saved.article, [first.id, second.id]


def test_an_article_is_its_current_text_unless_another_is_named(
    sqlite_archive: Archive, edited: tuple[str, list[str]]
) -> None:
    article, (first, second) = edited
    assert pages_wanted(sqlite_archive, Wanted(articles=(article,))) == [second]
    assert pages_wanted(sqlite_archive, Wanted(articles=(url(),))) == [second]
    assert pages_wanted(sqlite_archive, Wanted(articles=(first, article))) == [first, second]
    every = Wanted(articles=(article,), all_versions=True)
    assert pages_wanted(sqlite_archive, every) == [first, second]
    assert pages_wanted(sqlite_archive, Wanted(query="harbour")) == [second]
    assert len(pages_wanted(sqlite_archive, Wanted(outlets=(OUTLET,), query="harbour"))) == 2
    with pytest.raises(NotCaptured):
        pages_wanted(sqlite_archive, Wanted(articles=("a:none",)))


def test_each_page_is_pictured_once_unless_again(
    sqlite_archive: Archive, edited: tuple[str, list[str]], drawn: Drawn
) -> None:
    pages = [CaptureId(one) for one in edited[1]]
    told: list[str] = []
    done = take_screenshots(sqlite_archive, pages, drawn, tell=told.append)
    assert [one.capture for one in done.taken] == pages
    assert (done.left, done.failed, screenshot_code(done)) == ([], [], 0)
    assert told[1] == "page 2: 1 screenshot taken, 0 failed"
    done = take_screenshots(sqlite_archive, pages, drawn)
    assert [one.reason for one in done.left] == ["has one already"] * 2
    assert screenshot_code(done) == 4
    done = take_screenshots(sqlite_archive, pages, drawn, again=True)
    assert len(done.taken) == 2
    assert verify(sqlite_archive).is_sound


def test_a_takedown_leaves_an_article_without(
    sqlite_archive: Archive, edited: tuple[str, list[str]], drawn: Drawn
) -> None:
    article, pages = edited
    with sqlite_archive.turn() as turn:
        turn.restrict("article", article, reason="a court", actor="Anna")
    with pytest.raises(NotCaptured):
        pages_wanted(sqlite_archive, Wanted(articles=(article,)))
    done = take_screenshots(sqlite_archive, [CaptureId(pages[0])], drawn)
    assert [(one.url, one.reason) for one in done.left] == [(None, "not here, or not to be seen")]
    assert drawn.pages == []


def test_what_is_no_page_is_left_with_its_reason(sqlite_archive: Archive, drawn: Drawn) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\n\r\n"
    with sqlite_archive.turn() as turn:
        gif = turn.record(exchange("/x.gif", response=head + b"GIF89a"), provenance())
        unanswered = turn.record(
            exchange("/c", response=b"", request=request("/c"), error="reset"), provenance()
        )
    done = take_screenshots(sqlite_archive, [gif.id, unanswered.id], drawn)
    assert [one.reason for one in done.left] == ["no page, but image/gif", "no answer came"]


@pytest.mark.parametrize(
    ("raises", "content", "reason"),
    [
        (NoPicture("Chromium crashed on the page"), png(), "Chromium crashed on the page"),
        (None, b"GIF89a", "gave no picture"),
    ],
)
def test_a_failure_is_said_and_the_next_page_goes_on(
    sqlite_archive: Archive,
    edited: tuple[str, list[str]],
    drawn: Drawn,
    raises: Exception | None,
    content: bytes,
    reason: str,
) -> None:
    drawn.raises, drawn.content = raises, content
    done = take_screenshots(sqlite_archive, map(CaptureId, edited[1]), drawn)
    assert len(drawn.pages) == len(done.failed) == 2
    assert reason in done.failed[0].reason
    assert screenshot_code(done) == 3


def test_ctrl_c_keeps_what_was_taken(
    sqlite_archive: Archive, edited: tuple[str, list[str]], drawn: Drawn
) -> None:
    first, second = map(CaptureId, edited[1])
    take_screenshots(sqlite_archive, [first], drawn)
    drawn.raises = KeyboardInterrupt()
    done = take_screenshots(sqlite_archive, [first, second], drawn)
    assert (done.outcome, len(done.left), screenshot_code(done)) == ("interrupted", 1, 130)


def test_a_body_that_cannot_be_unpacked_is_a_failure(sqlite_archive: Archive, drawn: Drawn) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    with sqlite_archive.turn() as turn:
        page = turn.record(exchange("/x", response=head + b"no gzip"), provenance())
    done = take_screenshots(sqlite_archive, [page.id], drawn)
    assert [one.capture for one in done.failed] == [page.id]


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    if isinstance(result.exception, ArchiveError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    "words", [["screenshot", "--outlet", "lantern"], ["crawl", "--screenshot"]]
)
def test_without_chromium_nothing_is_begun_and_the_next_step_said(
    sqlite_archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("KLIPING_CHROMIUM", raising=False)
    code, said = run(*words, "-A", str(sqlite_archive.directory))
    assert code == 1
    assert "apt-get install chromium" in said


def test_show_lists_and_writes_a_screenshot(
    sqlite_archive: Archive, edited: tuple[str, list[str]], drawn: Drawn, tmp_path: Path
) -> None:
    article, pages = edited
    at = ("-A", str(sqlite_archive.directory))
    code, said = run("show", article, "--screenshot", str(tmp_path / "x.png"), *at)
    assert (code, "Make one: kliping screenshot" in said) == (1, True)
    take_screenshots(sqlite_archive, [CaptureId(pages[1])], drawn)
    assert "screenshot 4x3, of r:" in run("show", article, *at)[1]
    (shot,) = json.loads(run("show", article, "--json", *at)[1])["screenshots"]
    assert (shot["capture"], shot["width"], shot["made_of"]) == (pages[1], 4, [pages[1]])
    assert run("show", article, "--screenshot", str(tmp_path / "x.png"), *at)[0] == 0
    assert (tmp_path / "x.png").read_bytes() == png()
    result = CliRunner().invoke(
        app, ["show", article, "--screenshot", str(tmp_path / "x.png"), *at]
    )
    assert "is there already" in str(result.exception)
    result = CliRunner().invoke(app, ["show", article, "--screenshot", "-", *at])
    assert result.stdout_bytes == png()


def test_nothing_named_is_a_mistake(sqlite_archive: Archive) -> None:
    result = CliRunner().invoke(app, ["screenshot", "-A", str(sqlite_archive.directory)])
    assert "Say what to picture" in str(result.exception)


def test_an_account_of_nothing_is_nothing_new() -> None:
    assert screenshot_code(Pictured()) == 4
