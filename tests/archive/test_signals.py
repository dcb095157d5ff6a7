"""Signals are kept within limits, and one statement has one digest."""

from datetime import datetime

import pytest

from archive.records import CaptureId
from archive.signals import (
    RightsFile,
    Signal,
    Statement,
    limited,
    signal,
    signals_as_json,
    signals_from_json,
)

ONE = Signal(name="content-signal:ai-train", value="no", agent="*", line="Content-Signal: …")
TWO = Signal(name="tdm-reservation", value="1", line="tdm-reservation: 1")


def test_signals_survive_being_kept():
    assert signals_from_json(signals_as_json([ONE, TWO])) == (ONE, TWO)


def test_the_digest_is_of_what_is_said_and_where_and_not_of_which_record_holds_it():
    first = Statement(source="http", said_by=CaptureId("r:1"), signals=(ONE, TWO))
    again = Statement(source="http", said_by=CaptureId("r:2"), signals=(ONE, TWO))
    page = Statement(source="html", said_by=CaptureId("r:1"), signals=(ONE, TWO))
    less = Statement(source="http", said_by=CaptureId("r:1"), signals=(ONE,))
    assert first.digest == again.digest
    assert len({first.digest, page.digest, less.digest}) == 3


def test_text_of_strangers_is_cut_and_made_plain():
    made = signal("n" * 999, "v\x00\ud800\n" * 999, "l" * 999, agent="a" * 999)
    assert [len(text) for text in (made.name, made.line, made.agent)] == [100, 300, 100]
    assert len(made.value) <= 500
    assert made.value.encode().isascii()


def test_a_statement_has_no_signal_twice_and_not_too_many():
    assert limited([ONE, TWO, ONE]) == (ONE, TWO)
    assert len(limited(Signal(name=str(n), value="") for n in range(999))) == 64


def test_a_file_is_of_an_instant():
    with pytest.raises(ValueError, match="aware"):
        RightsFile(
            origin="https://a.example", name="ai.txt", fetched_at=datetime(2026, 1, 1),  # noqa: DTZ001
            status=404, body=None,
        )  # fmt: skip
