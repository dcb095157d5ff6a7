"""What a person types about time is read, or refused with its column and an example."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archive.schedules import Boost
from crawler.timewords import TimeSyntax, read_boost, read_cron, read_duration, read_every

JAKARTA = ZoneInfo("Asia/Jakarta")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("30m", 30), ("6h", 360), ("1d12h", 2160), ("2w", 20160), (" 90s ", 1.5), ("1h30m", 90)],
)
def test_durations_are_read(text: str, minutes: float) -> None:
    assert read_duration(text) == minutes * MINUTE


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "a duration is missing"),
        ("30", 1, "a duration is missing"),
        ("30 m", 1, "a duration is missing"),
        ("30m x", 5, "'x' is not understood"),
        ("30min", 4, "'in' is not understood"),
        ("5s", 1, "between a minute and a year"),
        ("0m", 1, "a duration is missing"),
        ("-5m", 1, "a duration is missing"),
        ("400d", 1, "between a minute and a year"),
        ("999999w999999w", 1, "between a minute and a year"),
        ("½h", 1, "a duration is missing"),
    ],
)
def test_what_is_no_duration_is_refused(text: str, column: int, says: str) -> None:
    with pytest.raises(TimeSyntax, match=says) as refused:
        read_duration(text)
    assert refused.value.column == column
    assert "30m, 6h or 1d12h" in str(refused.value)


@pytest.mark.parametrize("text", ["every 30m", "30m", "every  30m"])
def test_every_may_be_said_or_left_out(text: str) -> None:
    assert read_every(text) == 30 * MINUTE


@pytest.mark.parametrize(
    "text", ["0 6 * * *", "*/15 * * * 1-5", "0 6,18 * * MON", "0 0 L * *", "30 5 29 2 *"]
)
def test_cron_lines_are_read(text: str) -> None:
    assert read_cron(f"  {text.replace(' ', '  ')} ") == text


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("0 25 * * *", 3, "'25' is no hour"),
        ("60 6 * * *", 1, "'60' is no minute"),
        ("0 6 * * 8", 9, "'8' is no day-of-week"),
        ("0 6 32 * *", 5, "'32' is no day-of-month"),
        ("0 6 * JUNE *", 7, "'JUNE' is no month"),
        ("0 6 * *", 8, "has 4"),
        ("0 0 6 * * *", 11, "has 6"),
        ("", 1, "has 0"),
        ("0 6 30 2 *", 5, "is no day-of-month"),
        ("0 6 30 2 ?", 10, "is no day-of-week"),
    ],
)
def test_what_is_no_cron_line_is_refused(text: str, column: int, says: str) -> None:
    with pytest.raises(TimeSyntax, match=says) as refused:
        read_cron(text)
    assert refused.value.column == column
    assert str(refused.value).splitlines()[2].index("^") == column + 1


def test_a_boost_is_read_in_its_zone_and_its_last_day_is_a_part_of_it() -> None:
    text = "election 2026-11-28..2026-12-08: front-page every 10m, revisit x3"
    assert read_boost(text, JAKARTA) == Boost(
        name="election",
        begins_at=datetime(2026, 11, 27, 17, tzinfo=UTC),
        ends_at=datetime(2026, 12, 8, 17, tzinfo=UTC),
        front_page=10 * MINUTE,
        recheck_factor=3.0,
    )


def test_a_boost_may_name_hours_and_every_kind_of_thing() -> None:
    text = "match 2026-06-11T18:30..2026-06-12T01:00:  feeds every 5m,every 10m , rechecks x1.5"
    assert read_boost(text, JAKARTA) == Boost(
        name="match",
        begins_at=datetime(2026, 6, 11, 11, 30, tzinfo=UTC),
        ends_at=datetime(2026, 6, 11, 18, tzinfo=UTC),
        feeds=5 * MINUTE,
        every=10 * MINUTE,
        recheck_factor=1.5,
    )


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "a name for the boost is missing"),
        ("x", 2, "a space after the name"),
        ("x yesterday", 3, "a date such as"),
        ("x 2026-11-31..2026-12-08: revisit x3", 3, "there is no 2026-11-31"),
        ("x 2026-11-28T25:00..2026-12-08: revisit x3", 3, "there is no 2026-11-28T25:00"),
        ("x 2026-11-28-2026-12-08: revisit x3", 13, "`..` between"),
        ("x 2026-12-08..2026-11-28: revisit x3", 15, "ends before it begins"),
        ("x 2026-11-28..2026-12-08 revisit x3", 25, "a colon and a space"),
        ("x 2026-11-28..2026-12-08: ", 27, "is missing"),
        ("x 2026-11-28..2026-12-08: revisits", 27, "is missing"),
        ("x 2026-11-28..2026-12-08: revisit x1", 36, "above 1"),
        ("x 2026-11-28..2026-12-08: revisit x900", 36, "up to 20"),
        ("x 2026-11-28..2026-12-08: revisit x3, revisit x2", 39, "said twice"),
        ("x 2026-11-28..2026-12-08: front-page every", 27, "is missing"),
        ("x 2026-11-28..2026-12-08: front-page every x", 44, "a duration is missing"),
        ("x 2026-11-28..2026-12-08: revisit x3; drop", 37, "is not understood"),
        ("x 9999-12-31..9999-12-31: revisit x3", 15, "there is no"),
    ],
)
def test_what_is_no_boost_is_refused(text: str, column: int, says: str) -> None:
    with pytest.raises(TimeSyntax, match=says) as refused:
        read_boost(text, JAKARTA)
    assert refused.value.column == column
    assert "election 2026-11-28..2026-12-08" in str(refused.value)
