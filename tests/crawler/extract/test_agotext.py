from datetime import UTC, datetime

import pytest

from crawler.extract.agotext import relative_day

CAPTURED_AT = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "language", "day"),
    [
        ("2 jam yang lalu", "id", "2026-03-03"),
        ("3 hari lalu", "id", "2026-02-28"),
        ("5 hours ago", "en", "2026-03-02"),
        ("vor 2 Tagen", "de", "2026-02-28"),
        ("hace 3 días", "es", "2026-02-27"),
        ("il y a 2 jours", "fr", "2026-02-28"),
        ("3日前", "ja", "2026-02-27"),
        ("לפני שעתיים", "he", "2026-03-02"),
        ("לפני יומיים", "he", "2026-02-28"),
        ("לפני 3 ימים", "he", "2026-02-27"),
        ("kemarin, 10:15 WIB", "id", "2026-03-02"),
        ("Gestern, 10:15 Uhr", "de", "2026-03-01"),
        ("Today at 5:00 am", "en", "2026-03-02"),
    ],
)
def test_a_relative_form_is_a_day_seen_from_the_capture(line: str, language: str, day: str) -> None:
    zone = "Asia/Jakarta" if language == "id" else None
    moment = relative_day(line, (language,), zone, CAPTURED_AT)
    assert moment is not None
    assert (moment.isoformat(), moment.precision) == (day, "day")


@pytest.mark.parametrize(
    "line",
    ["5 min read", "2 comments", "in 3 days", "ago", "3 days ago " * 9, "Today", "yesterday"],
)
def test_a_span_that_is_not_past_is_no_date(line: str) -> None:
    assert relative_day(line, ("en",), None, CAPTURED_AT) is None
