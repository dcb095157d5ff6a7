"""A batch: as many answers as lines, in their order, whatever becomes of single pages."""

import contextlib
import json
import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.answerers import work

from crawler.answers import batch as module
from crawler.answers.answer import answer_line
from crawler.answers.batch import Count, Lines, answer_all
from crawler.answers.hands import Hands
from crawler.answers.question import LINE_LIMIT

TEXT = "The town will build a second quay, the council said on Monday after a long debate. "


@pytest.fixture(scope="module")
def hands() -> Iterator[Hands]:
    with Hands(work, 2, seconds=1) as made:
        yield made


@contextlib.contextmanager
def source(said: bytes) -> Iterator[Lines]:
    """Lines that come through a pipe, from whoever writes when he likes."""
    ours, theirs = os.pipe()

    def write() -> None:
        with os.fdopen(theirs, "wb") as pipe, contextlib.suppress(BrokenPipeError):
            pipe.write(said)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield Lines(ours)
    finally:
        os.close(ours)
        writer.join()


def answered(said: bytes, hands: Hands) -> tuple[list[bytes], Count]:
    found: list[bytes] = []
    with source(said) as lines:
        count = answer_all(lines, found.append, hands)
    return found, count


def test_answers_come_in_the_order_of_the_lines(hands: Hands) -> None:
    found, count = answered(b"slow\n" + b"a\n" * 20 + b"slow\nlast", hands)
    assert found == [
        b"1:slow\n",
        *(b"%d:a\n" % n for n in range(2, 22)),
        b"22:slow\n",
        b"23:last\n",
    ]
    assert (count.pages, count.failed) == (23, 0)


def test_no_line_no_answer(hands: Hands) -> None:
    assert answered(b"", hands) == ([], Count())
    assert answered(b"\n \n\r\n", hands)[0] == []


def test_empty_lines_are_passed_over_and_counted(hands: Hands) -> None:
    assert answered(b"a\n\nb\r\n", hands)[0] == [b"1:a\n", b"3:b\n"]


def test_what_failed_is_counted(hands: Hands) -> None:
    found, count = answered(b'a\ndie\n{"id": "x", "html_path": 1} die\nbad\n', hands)
    assert json.loads(found[1]) == {"id": None, "error": "the process that read it died (code 9)"}
    assert (count.pages, count.failed) == (4, 2)


def test_a_lost_page_keeps_its_id(tmp_path: Path, hands: Hands) -> None:
    line = b'{"id": "x", "html_path": "p.html"}'
    done = module.Done(1, line, None, "not read within 30 seconds of CPU")
    assert json.loads(module._answer(done).line) == {
        "id": "x",
        "error": "not read within 30 seconds of CPU",
    }


def test_a_line_without_end_takes_no_memory(hands: Hands) -> None:
    found, _ = answered(b"x" * (3 * LINE_LIMIT) + b"\nnext\n", hands)
    assert len(found[0]) < LINE_LIMIT + 100
    assert found[1] == b"2:next\n"


def test_no_more_than_a_window_is_under_way(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 4)
    given: list[int] = []
    written: list[bytes] = []
    give = hands.give

    def watched(number: int, line: bytes) -> None:
        given.append(number)
        assert number - len(written) <= 4
        give(number, line)

    monkeypatch.setattr(hands, "give", watched)
    with source(b"slow\n" + b"a\n" * 30) as lines:
        answer_all(lines, written.append, hands)
    assert given == list(range(1, 32))
    assert len(written) == 31


def test_who_waits_for_each_answer_before_asking_on_is_not_kept_waiting(hands: Hands) -> None:
    ours, theirs = os.pipe()
    found: list[bytes] = []

    def ask() -> None:
        with os.fdopen(theirs, "wb", buffering=0) as pipe:
            for number in range(3):
                pipe.write(b"a\n")
                until = time.monotonic() + 30
                while len(found) <= number and time.monotonic() < until:
                    time.sleep(0.01)

    writer = threading.Thread(target=ask)
    writer.start()
    answer_all(Lines(ours), found.append, hands)
    writer.join()
    os.close(ours)
    assert found == [b"1:a\n", b"2:a\n", b"3:a\n"]


def test_shuffled_and_split_the_same_lines_have_the_same_answers(tmp_path: Path) -> None:
    lines = []
    for number in range(24):
        page = (
            f"<html lang=en><head><title>Quay {number} - The Paper</title></head><body><article>"
            f"<h1>Quay {number}</h1><p class=byline>By Ann Lee, 2 March 2026, 1{number % 10}:15</p>"
            f"<p>{TEXT * (1 + number % 4)}</p><p>{number} {TEXT}</p></article></body></html>"
        )
        (tmp_path / f"{number}.html").write_text(page)
        said = {
            "id": number,
            "url": "https://p.example/x",
            "html_path": f"{tmp_path}/{number}.html",
        }
        lines.append(json.dumps(said).encode() + b"\n")
    lines.append(b'{"id": "gone", "html_path": "/nowhere"}\n')
    with Hands(answer_line, 2, preload=("crawler.answers.answer",)) as hands:
        whole, _ = answered(b"".join(lines), hands)
        mixed = random.Random(7).sample(lines, len(lines))
        parts = [answered(b"".join(part), hands)[0] for part in (mixed[:5], mixed[5:6], mixed[6:])]
    assert [json.loads(line)["id"] for line in whole] == [*range(24), "gone"]
    assert sorted(whole) == sorted(line for part in parts for line in part)
