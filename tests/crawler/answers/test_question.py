"""A line of a batch: what it must say, what it may say, and how it is refused."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.records import Url
from crawler.answers.question import LINE_LIMIT, BadLine, bytes_of, question_of, witness_of


def line(**said: Any) -> bytes:
    return json.dumps(
        {"id": "a", "url": "https://p.example/x", "html_path": "x.html", **said}
    ).encode()


def test_a_line_names_a_page() -> None:
    asked = question_of(line())
    assert (asked.id, asked.url, asked.path) == ("a", "https://p.example/x", Path("x.html"))
    assert asked.captured_at is None
    assert witness_of(asked.feed, asked.url) is None


def test_an_id_may_be_a_number() -> None:
    assert question_of(line(id=17)).id == 17


def test_a_time_without_a_zone_is_utc() -> None:
    asked = question_of(line(captured_at="2026-03-02T10:00:00"))
    assert asked.captured_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_what_a_feed_said_is_a_witness() -> None:
    feed = {
        "title": "Harbour to grow",
        "published": "Mon, 02 Mar 2026 10:00:00 +0100",
        "authors": ["Ann Lee", 3],
        "summary": 17,
    }
    said = witness_of(question_of(line(feed=feed)).feed, Url("https://p.example/x"))
    assert said
    assert (said.kind, said.title, said.authors) == ("feed", "Harbour to grow", ("Ann Lee",))
    assert said.published
    assert said.published.isoformat() == "2026-03-02T10:00:00+01:00"
    assert said.summary is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "no JSON"),
        (b"page.html", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1]", "no JSON object"),
        (b"{}", "no id"),
        (b'{"id": null, "html_path": "x"}', "no id"),
        (b'{"id": true, "html_path": "x"}', "no id"),
        (b'{"id": [1], "html_path": "x"}', "no id"),
        (b'{"id": "a"}', "no html_path"),
        (b'{"id": "a", "html_path": ""}', "no html_path"),
        (line(html_path="a\0b"), "no html_path"),
        (line(html_path=7), "no html_path"),
        (line(url=7), "url is no string"),
        (line(feed=[1]), "feed is no object"),
        (line(captured_at="yesterday"), "captured_at is no ISO time"),
        (line(captured_at=17), "captured_at is no ISO time"),
        (b'{"id": "' + b"a" * LINE_LIMIT + b'"}', "longer than"),
    ],
)
def test_a_line_that_asks_for_nothing_is_refused(said: bytes, reason: str) -> None:
    with pytest.raises(BadLine, match=reason):
        question_of(said)


def test_a_refused_line_keeps_its_id() -> None:
    with pytest.raises(BadLine) as caught:
        question_of(b'{"id": "a"}')
    assert caught.value.id == "a"


def test_no_more_is_read_of_a_file_than_the_limit_and_a_byte(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(b"a" * 100)
    assert bytes_of(tmp_path / "x.html", 10) == b"a" * 11


def test_a_pipe_is_no_page(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadLine, match="is no file"):
        bytes_of(tmp_path / "pipe", 10)
    with pytest.raises(BadLine, match="is no file"):
        bytes_of(Path("/dev/zero"), 10)
