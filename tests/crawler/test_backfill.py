"""The days that a person means, and the code of a plan."""

from dataclasses import replace
from datetime import date

import pytest

from archive.console import Failure
from archive.records import RunId
from crawler.backfill import exit_code, print_plan, span_of
from crawler.run.crawl import Report
from crawler.spiders.plan import PastPlan

TODAY = date(2026, 3, 2)
PLAN = PastPlan(
    outlet="post", first=date(2019, 1, 1), last=date(2019, 12, 31), listings=12,
    listings_missing=0, listings_failed=0, listings_left=0, found=61_204, held=412, asked=0,
    disallowed=1_950, refused={"print view": 3}, outside=7, undated=0, beyond=0,
    requests=58_842, delay_seconds=10.0, seconds=588_420.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        ("2019-03-02", "2019-03-02", (date(2019, 3, 2), date(2019, 3, 2))),
        ("2019-02", "2020-02", (date(2019, 2, 1), date(2020, 2, 29))),
        ("2019", "2019", (date(2019, 1, 1), date(2019, 12, 31))),
        ("2026", "2026", (date(2026, 1, 1), TODAY)),
    ],
)
def test_a_day_a_month_or_a_year_is_meant_whole(
    first: str, last: str, span: tuple[date, date]
) -> None:
    assert span_of(first, last, TODAY) == span


@pytest.mark.parametrize(
    ("first", "last"),
    [("2019-02-30", "2020"), ("0000", "2020"), ("2020", "2019"), ("2027", "2028"), ("x", "2019")],
)
def test_days_that_cannot_be_are_a_mistake_of_usage(first: str, last: str) -> None:
    with pytest.raises(Failure) as failure:
        span_of(first, last, TODAY)
    assert failure.value.code == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, 0),
        ({"listings_failed": 1}, 3),
        ({"listings_failed": 1, "listings": 0, "requests": 0}, 5),
        ({"requests": 0}, 5),
        ({"requests": 0, "disallowed": 0}, 4),
    ],
)
def test_a_plan_has_an_exit_code(changes: dict[str, int], code: int) -> None:
    report = Report(run=RunId("r"))
    assert exit_code(report, replace(PLAN, **changes), only_plan=True) == code


def test_a_plan_that_was_stopped_is_no_plan() -> None:
    assert exit_code(Report(run=RunId("r"), outcome="interrupted"), None, only_plan=True) == 130


def test_a_plan_is_shown_with_its_numbers_and_their_reasons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_plan(PLAN)
    said = capsys.readouterr().out
    assert "post, 2019-01-01 to 2019-12-31: a plan" in said
    assert "61,204  articles of these days" in said
    assert "412  of them held already" in said
    assert "1,950  disallowed by robots.txt" in said
    assert "3  more refused: print view" in said
    assert "58,842  requests left: 6.8 days at 10 s each, newest first" in said
    assert "undated" not in said
