from datetime import UTC, datetime

import pytest

from crawler.extract.datetext import Locale, dates_in, relative_day

CAPTURED_AT = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "language", "kept"),
    [
        ("HARIAN CONTOH, 19 Juni 2024 –", "id", "2024-06-19"),
        ("Jakarta, 19/06/2024", "id", "2024-06-19"),
        ("Senin, 2 Maret 2026 | 14:05 WIB", "id", "2026-03-02T14:05+07:00"),
        ("Kamis, 9 Ogos 2025 | 8:00 pagi", "ms", "2025-08-09T08:00+00:00"),
        ("9 Ogos 2025, 8.05 malam", "ms", "2025-08-09T20:05+00:00"),
        ("2024年6月19日 10時30分", "ja", "2024-06-19T10:30+00:00"),
        ("2024年6月19日 午後3時5分", "ja", "2024-06-19T15:05+00:00"),
        ("令和6年6月19日", "ja", "2024-06-19"),
        ("2024年06月19日", "zh", "2024-06-19"),
        ("입력 2024.06.19. 오전 10:12", "ko", "2024-06-19T10:12+00:00"),
        ("2024년 6월 19일", "ko", "2024-06-19"),
        ("19. Juni 2024, 10:15 Uhr", "de", "2024-06-19T10:15+00:00"),
        ("Stand: 19.06.2024 10:15 Uhr", "de", "2024-06-19T10:15+00:00"),
        ("Do 25.04.24 | 14:07 Uhr", "de", "2024-04-25T14:07+00:00"),
        ("Publié le 19 juin 2024 à 10h15", "fr", "2024-06-19T10:15+00:00"),
        ("19 de junio de 2024, 10:15 CEST", "es", "2024-06-19T10:15+02:00"),
        ("19 de março de 2024 às 10h15", "pt", "2024-03-19T10:15+00:00"),
        ("19 giugno 2024", "it", "2024-06-19"),
        ("19 июня 2024, 10:15", "ru", "2024-06-19T10:15+00:00"),
        ("19 czerwca 2024", "pl", "2024-06-19"),
        ("19 Haziran 2024 10:15", "tr", "2024-06-19T10:15+00:00"),
        ("19 มิถุนายน 2567", "th", "2024-06-19"),
        ("June 19, 2024 at 3:15 p.m. EDT", "en", "2024-06-19T15:15-04:00"),
        ("Updated 10:15 am, 19 June 2024", "en", "2024-06-19T10:15+00:00"),
        ("19th June 2024", "en", "2024-06-19"),
        ("Jun. 19, 2024", "en", "2024-06-19"),
        ("12/25/2024", "en", "2024-12-25"),
        ("06/05/2024", "en-us", "2024-06-05"),
        ("06/05/2024", "en-gb", "2024-05-06"),
        ("06/05/2024", "fr", "2024-05-06"),
        ("١٩ يونيو ٢٠٢٤", "ar", "2024-06-19"),
        ("19 ביוני 2024", "he", "2024-06-19"),
    ],
)
def test_a_date_in_a_byline_is_read_in_its_language(line: str, language: str, kept: str) -> None:
    (seen,) = dates_in(line, Locale((language,)))
    assert seen.moment.isoformat() == kept


@pytest.mark.parametrize(
    "line",
    [
        "6/5/2024",
        "June 2024",
        "19 Juni",
        "dalam 24 tahun",
        "5 min read",
        "32 Juni 2024",
        "1.2.3.2024.5",
        "Room 19, Sunset 2024",
        "+62 21 2024 2025",
        "",
        "2024",
    ],
)
def test_what_is_no_full_date_gives_none(line: str) -> None:
    assert dates_in(line, Locale(("en",))) == []


def test_a_numeric_date_in_plain_english_is_settled_by_the_outlets_zone() -> None:
    (american,) = dates_in("6/5/2024", Locale(("en",), "America/New_York"))
    (british,) = dates_in("6/5/2024", Locale(("en",), "Europe/London"))
    assert (american.moment.on.month, british.moment.on.month) == (6, 5)


def test_a_time_without_zone_is_the_outlets() -> None:
    (seen,) = dates_in("2 Maret 2026 14:05", Locale(("id",), "Asia/Jakarta"))
    assert (seen.moment.utc.hour, seen.moment.zone) == (7, "outlet")


def test_several_dates_are_seen_in_their_order() -> None:
    seen = dates_in("Terbit 1 Maret 2026, diperbarui 2 Maret 2026", Locale(("id",)))
    assert [s.moment.on.day for s in seen] == [1, 2]


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
    ],
)
def test_a_relative_form_is_a_day_seen_from_the_capture(line: str, language: str, day: str) -> None:
    zone = "Asia/Jakarta" if language == "id" else None
    moment = relative_day(line, Locale((language,), zone), CAPTURED_AT)
    assert moment is not None
    assert (moment.isoformat(), moment.precision) == (day, "day")


@pytest.mark.parametrize(
    "line", ["5 min read", "2 comments", "in 3 days", "ago", "3 days ago " * 9]
)
def test_a_span_that_is_not_past_is_no_date(line: str) -> None:
    assert relative_day(line, Locale(("en",)), CAPTURED_AT) is None
