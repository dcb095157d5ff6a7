"""Which use is reserved by which words."""

import pytest

from archive.records import CaptureId
from archive.signals import Signal, Statement
from archive.uses import reserved

RECORD = CaptureId("r:1")


def stated(source, *pairs):
    signals = tuple(Signal(name=name, value=value) for name, value in pairs)
    return Statement(source=source, said_by=RECORD, signals=signals)


@pytest.mark.parametrize(
    ("name", "value", "use"),
    [
        ("content-signal:ai-train", "no", "ai-training"),
        ("content-signal:ai-train", "yes", None),
        ("content-signal:ai-input", "no", "ai-input"),
        ("content-signal:search", "no", "search"),
        ("content-signal:use", "reference", None),
        ("content-usage:train-ai", "n", "ai-training"),
        ("content-usage:train-ai", "y", None),
        ("content-usage:tdm", "n", "tdm"),
        ("content-usage:x", "n", None),
        ("disallow:training", "/", "ai-training"),
        ("disallow:dataset", "/", "ai-training"),
        ("disallow:input", "/", "ai-input"),
        ("ai.txt:disallow", "*", "ai-training"),
        ("ai.txt:allow", "*", None),
        ("robots:noai", "yes", "ai-training"),
        ("robots:noarchive", "yes", "archiving"),
        ("robots:noindex", "yes", "indexing"),
        ("robots:unavailable_after", "2026-01-01", None),
        ("tdm-reservation", "1", "tdm"),
        ("tdm-reservation", "0", None),
        ("rsl:license", "https://x.example/", None),
        ("accessible-for-free", "no", None),
    ],
)
def test_a_signal_reserves_a_use_or_none(name, value, use):
    found = reserved([stated("http", (name, value))])
    assert [one.use for one in found] == ([use] if use else [])
    assert all(one.said_by == RECORD for one in found)


@pytest.mark.parametrize(
    ("file", "head", "page", "expected"),
    [
        ("1", None, None, "tdmrep.json"), ("1", "0", None, None), ("0", "1", None, "http"),
        ("1", "1", "0", None), ("0", "0", "1", "html"), (None, None, None, None),
    ],
)  # fmt: skip
def test_the_page_counts_before_the_head_and_the_head_before_the_file(file, head, page, expected):
    values = {"tdmrep.json": file, "http": head, "html": page}
    statements = [stated(s, ("tdm-reservation", v)) for s, v in values.items() if v]
    found = reserved(statements)
    assert [one.source for one in found] == ([expected] if expected else [])


def test_a_grant_elsewhere_takes_no_reservation_away():
    statements = [
        stated("robots.txt", ("content-usage:train-ai", "n")),
        stated("http", ("content-usage:train-ai", "y")),
    ]
    assert [one.source for one in reserved(statements)] == ["robots.txt"]
