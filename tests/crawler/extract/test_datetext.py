import pytest

from crawler.extract.datetext import Locale, dates_in


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
        ("28. 4. 2023, 18:41 Uhr", "de", "2023-04-28T18:41+00:00"),
        ("27.04.24 um 07:39 Uhr", "de", "2024-04-27T07:39+00:00"),
        ("29 / Dezember / 2022", "de", "2022-12-29"),
        ("22:00 GMT, 26 September 2020", "en", "2020-09-26T22:00+00:00"),
        ("2024-06-19T10:15:00+07:00", "id", "2024-06-19T10:15:00+07:00"),
        ("Rabu, 19 Juni 2024 10.15 WITA", "id", "2024-06-19T10:15+08:00"),
        ("19 Juni 2024 10.15 WIT", "id", "2024-06-19T10:15+09:00"),
        ("19 Disember 2024 | 8:00 malam MYT", "ms", "2024-12-19T20:00+08:00"),
        ("19. kesäkuuta 2024 klo 10.15", "fi", "2024-06-19T10:15+00:00"),
        ("2024 m. birželio 19 d. 10:15", "lt", "2024-06-19T10:15+00:00"),
        ("2024. június 19. 10:15", "hu", "2024-06-19T10:15+00:00"),
        ("2024. gada 19. jūnijā, 10:15", "lv", "2024-06-19T10:15+00:00"),
        ("19. jūnijs, 2024", "lv", "2024-06-19"),
        ("2024 оны 6-р сарын 19", "mn", "2024-06-19"),
        ("2024 оны зургаадугаар сарын 19", "mn", "2024-06-19"),
        ("2024ko ekainaren 19a", "eu", "2024-06-19"),
        ("Mércores, 19 de xuño do 2024, 10:15", "gl", "2024-06-19T10:15+00:00"),
        ("2024 жылғы 19 маусым", "kk", "2024-06-19"),
        ("2024-yil 19-iyun", "uz", "2024-06-19"),
        ("19 ივნისი, 2024", "ka", "2024-06-19"),
        ("১৯ জুন ২০২৪, ১০:১৫", "bn", "2024-06-19T10:15+00:00"),
        ("19 जून 2024", "hi", "2024-06-19"),
        ("ngày 19 tháng 6 năm 2024", "vi", "2024-06-19"),
        ("19 tháng 6, 2024", "vi", "2024-06-19"),
        ("19 حزيران/يونيو 2024", "ar", "2024-06-19"),
        ("19 كانون الأول 2024", "ar", "2024-12-19"),
    ],
)
def test_a_date_in_a_byline_is_read_in_its_language(line: str, language: str, kept: str) -> None:
    (seen,) = dates_in(line, Locale((language,)))
    assert seen.moment.isoformat() == kept


@pytest.mark.parametrize(
    ("line", "language", "kept"),
    [
        ("19 มิ.ย. 67 10:15 น.", "th", "2024-06-19T10:15+00:00"),
        ("19 มิถุนายน พ.ศ. 2567 เวลา 10.15 น.", "th", "2024-06-19T10:15+00:00"),
        ("19 มิถุนายน ค.ศ. 2024", "th", "2024-06-19"),
        ("19/06/2567", "th", "2024-06-19"),
        ("۳۰ خرداد ۱۴۰۳ - ۱۰:۱۵", "fa", "2024-06-19T10:15+00:00"),
        ("چهارشنبه 30 خرداد 1403 ساعت 10:15", "fa", "2024-06-19T10:15+00:00"),
        ("۱۴۰۳/۰۳/۳۰", "fa", "2024-06-19"),
        ("13 ذو الحجة 1445", "ar", "2024-06-19"),
        ("13 Zulhijjah 1445", "ms", "2024-06-19"),
        ("平成30年6月19日", "ja", "2018-06-19"),
        ("令和元年6月1日", "ja", "2019-06-01"),
        ("民國113年6月19日", "zh", "2024-06-19"),
    ],
)
def test_a_date_of_another_calendar_is_its_gregorian_day(
    line: str, language: str, kept: str
) -> None:
    (seen,) = dates_in(line, Locale((language,)))
    assert seen.moment.isoformat() == kept


def test_beside_a_gregorian_date_the_islamic_one_is_not_read() -> None:
    (seen,) = dates_in("14 ذو الحجة 1445 هـ - 19 يونيو 2024", Locale(("ar",)))
    assert seen.moment.isoformat() == "2024-06-19"


def test_the_month_in_the_address_settles_a_numeric_date() -> None:
    (seen,) = dates_in("11/08/23 5:19pm", Locale(("en",), month=(2023, 11)))
    assert seen.moment.isoformat() == "2023-11-08T17:19+00:00"


@pytest.mark.parametrize(("region", "month"), [("us", 6), ("gb", 5), ("in", 5)])
def test_a_numeric_date_in_plain_english_is_settled_by_the_region(region: str, month: int) -> None:
    (seen,) = dates_in("6/5/2024", Locale(("en",), region=region))
    assert seen.moment.on.month == month


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
        "1403/03/30",
        "32 خرداد 1403",
        "24.13.06",
        "marches 5 2024",
        "1 " * 90,
        "9" * 200,
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
