"""The answer to a line: all fields of a page, or why there are none."""

import gzip
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from archive.records import Moment
from crawler.answers.answer import answer_line, written
from crawler.extract import article

TEXT = "The town will build a second quay, the council said on Monday after a long debate. " * 4
PAGE = (
    "<!doctype html><html lang=en><head><title>Harbour to grow - The Paper</title>"
    '<meta property="og:title" content="Harbour to grow">'
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour to grow",'
    '"datePublished": "2026-03-02T10:00:00+01:00",'
    '"author": {"@type": "Person", "name": "Ann Lee"}}'
    f"</script></head><body><article><h1>Harbour to grow</h1><p>{TEXT}</p><p>{TEXT}</p></article>"
)


def asked(directory: Path, page: bytes, **said: Any) -> dict[str, Any]:
    (directory / "x.html").write_bytes(page)
    line = {"id": "a", "url": "https://p.example/x", "html_path": str(directory / "x.html"), **said}
    answer = answer_line(1, json.dumps(line).encode())
    assert answer.line.endswith(b"\n")
    assert answer.line.count(b"\n") == 1
    found: dict[str, Any] = json.loads(answer.line)
    assert answer.is_failure == ("error" in found)
    return found


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_page_is_answered_field_by_field(tmp_path: Path, pack: Any) -> None:
    said = asked(tmp_path, pack(PAGE.encode()))
    assert list(said)[:6] == ["id", "title", "date", "authors", "body", "language"]
    assert said["id"] == "a"
    assert said["title"] == "Harbour to grow"
    assert said["date"] == "2026-03-02T10:00:00+01:00"
    assert said["authors"] == ["Ann Lee"]
    assert said["body"].startswith("The town will build")
    assert said["language"] == "en"
    assert said["kind"] == "article"
    assert said["origins"]["published"] == "json-ld"


def test_a_feed_is_heard(tmp_path: Path) -> None:
    page = (
        f"<html><head><title>Harbour to grow</title></head><body><h1>Harbour to grow</h1><p>{TEXT}"
    )
    feed = {"published": "2026-03-02T10:00:00+01:00"}
    assert asked(tmp_path, page.encode())["date"] is None
    assert asked(tmp_path, page.encode(), feed=feed)["date"] == "2026-03-02T10:00:00+01:00"


def test_without_a_capture_time_no_date_is_too_late_and_none_is_relative(tmp_path: Path) -> None:
    late = PAGE.replace("2026-03-02", "2099-03-02").encode()
    assert asked(tmp_path, late)["date"] == "2099-03-02T10:00:00+01:00"
    assert asked(tmp_path, late, captured_at="2026-03-02T12:00:00Z")["date"] is None
    ago = (
        "<html><head><title>Harbour to grow</title></head><body><article><h1>Harbour to grow</h1>"
        f"<p class=date>2 hours ago</p><p>{TEXT}</p></article>"
    ).encode()
    assert asked(tmp_path, ago)["date"] is None
    assert asked(tmp_path, ago, captured_at="2026-03-02T12:00:00Z")["date"] == "2026-03-02"


def test_an_offset_that_nobody_stated_is_not_made_up() -> None:
    at = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
    assert written(Moment(at=at, precision="minute", zone="unknown")) == "2026-03-02T10:15"
    assert written(Moment(at=at, precision="minute")) == "2026-03-02T10:15+00:00"
    west = at.replace(tzinfo=timezone(timedelta(hours=-3)))
    assert written(Moment(at=west, precision="minute")) == "2026-03-02T10:15-03:00"
    assert written(Moment(at=at, precision="day", zone="unknown")) == "2026-03-02"
    assert written(None) is None


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"", "empty body"),
        (b"%PDF-1.7", "PDF, not HTML"),
        (b'{"a": 1}', "JSON, not HTML"),
        (b"\x1f\x8b\x08broken", "not a gzip body"),
        (b"<html>" + b"a" * 21_000_000, "limit"),
        (gzip.compress(b"<html>" + b"a" * 21_000_000), "unpacks to more than"),
    ],
    ids=["empty", "pdf", "json", "torn", "large", "bomb"],
)
def test_a_page_that_is_none_is_an_error(tmp_path: Path, page: bytes, reason: str) -> None:
    said = asked(tmp_path, page)
    assert said["id"] == "a"
    assert reason in said["error"]


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    said = asked(tmp_path, b"", html_path=str(tmp_path / "nowhere.html"))
    assert said == {"id": "a", "error": f"No such file or directory: {tmp_path}/nowhere.html"}


def test_a_bad_line_is_told_by_its_number() -> None:
    answer = answer_line(7, b"page.html")
    said = json.loads(answer.line)
    assert answer.is_failure
    assert (said["id"], said["line"]) == (None, 7)
    assert said["error"].startswith("line 7: no JSON")


def test_whatever_extraction_raises_the_next_page_has_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[Exception] = [ValueError("odd"), MemoryError(), RecursionError("deep")]

    def fail(page: object) -> None:
        raise raised.pop(0)

    monkeypatch.setattr(article, "extract", fail)
    for said in ("ValueError: odd", "it takes too much memory", "RecursionError: deep"):
        assert asked(tmp_path, PAGE.encode()) == {"id": "a", "error": said}


def test_half_a_surrogate_pair_does_not_end_a_batch(tmp_path: Path) -> None:
    assert asked(tmp_path, b"", id="\ud800")["id"] == "\ud800"


def test_the_cost_is_told_if_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(PAGE)
    line = json.dumps({"id": "a", "html_path": str(tmp_path / "x.html")}).encode()
    assert json.loads(answer_line(1, line, is_timed=True).line)["ms"] > 0
    assert "ms" not in json.loads(answer_line(1, line).line)
