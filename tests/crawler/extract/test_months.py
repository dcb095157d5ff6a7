import pytest

from crawler.extract.months import hijri_month, month_named, solar_month


@pytest.mark.parametrize(
    ("word", "language", "month"),
    [
        ("Juni", "id", 6),
        ("Ogos", "ms", 8),
        ("Disember", "ms", 12),
        ("Nop", "id", 11),
        ("jūnijā", "lv", 6),
        ("ekainaren", "eu", 6),
        ("kesäkuuta", "fi", 6),
        ("xuño", "gl", 6),
        ("مرداد", "ar", None),
        ("ม.ค.", "th", 1),
        ("marches", "en", None),
        ("juniorin", "fi", None),
        ("Sunset", "en", None),
        ("June", "xx", None),
        ("", "en", None),
    ],
)
def test_a_month_is_known_by_its_name_in_its_language(
    word: str, language: str, month: int | None
) -> None:
    assert month_named(word, (language,)) == month


def test_the_first_language_that_knows_the_word_is_believed() -> None:
    assert month_named("lipca", ("pl", "en")) == 7
    assert month_named("June", ("pl", "en")) == 6


def test_months_of_other_calendars_are_known_apart() -> None:
    assert solar_month("خرداد") == 3
    assert hijri_month("ذو الحجة") == 12
    assert hijri_month("June") is None
