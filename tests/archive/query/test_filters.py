from datetime import date

import pytest

from archive.query.filters import Misread, check_spelling, check_together, read_filter
from archive.query.nodes import Days


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-03-04", date(2026, 3, 4), date(2026, 3, 4)),
        ('"2026-03-04"', date(2026, 3, 4), date(2026, 3, 4)),
    ],
)
@pytest.mark.parametrize("name", ["since", "until", "date"])
def test_a_date_is_all_the_days_it_names(name, value, first, last):
    assert read_filter(f"{name}:{value}", 1).days == Days(first, last)


@pytest.mark.parametrize(
    "value", ["2026-13", "2026-02-30", "0000", "26", "2026-3", "2026-03-04T10", "٢٠٢٦", "today"]
)
def test_what_is_no_date_is_refused(value):
    with pytest.raises(Misread, match="is no day, month or year"):
        read_filter(f"since:{value}", 1)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("outlet:Tempo", "tempo"),
        ("LANG:zh-Hant", "zh-hant"),
        ("is:Gone", "gone"),
        ('author:"Siti Aminah"', "Siti Aminah"),
        ("author:“O'Brien”", "O'Brien"),
        ("section:A:B", "A:B"),
    ],
)
def test_a_value_is_what_was_typed_or_its_lower_case(written, value):
    found = read_filter(written, 7)
    assert (found.value, found.column, found.days) == (value, 7, None)


@pytest.mark.parametrize("written", ["outlet:", 'author:""', "lang:-", "title:"])
def test_an_empty_value_is_refused_with_an_example(written):
    with pytest.raises(Misread, match="right after the colon, as in") as refusal:
        read_filter(written, 3)
    assert refusal.value.column == 3


def test_since_may_be_the_day_of_until():
    check_together([read_filter("since:2026-03-04", 1), read_filter("until:2026-03-04", 2)])
    check_together([read_filter("since:2026-03-04", 1), read_filter("until:2026", 2)])


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("since:2026", "until:2025-12-31", "later than"),
        ("since:2026", "since:2025", "since: stands twice"),
        ("until:2026", "until:2026", "until: stands twice"),
    ],
)
def test_days_that_leave_nothing_are_refused(one, other, reason):
    with pytest.raises(Misread, match=reason) as refusal:
        check_together([read_filter(one, 1), read_filter(other, 12)])
    assert refusal.value.column == 12


@pytest.mark.parametrize(
    ("word", "meant"), [("outlets:x", "outlet"), ("Language:x", "lang"), ("before:2026", "until")]
)
def test_a_misspelt_filter_is_named(word, meant):
    with pytest.raises(Misread, match=f"did you mean {meant}:"):
        check_spelling(word, 1)


@pytest.mark.parametrize("word", ["word", "12:30", "http://x.example", "covid:", "data:x", "a:b"])
def test_other_words_with_a_colon_are_words(word):
    check_spelling(word, 1)
