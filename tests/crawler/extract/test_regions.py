from datetime import UTC, date, datetime

import pytest

from crawler.extract.regions import read_on, region_of


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://post.example.co.uk/x", "gb"),
        ("https://harian.example.id/x", "id"),
        ("https://news.example.it", "it"),
        ("https://news.example.com/it", None),
        ("https://start.example.io/", None),
        ("nonsense", None),
    ],
)
def test_a_country_is_known_by_the_address(url: str, region: str | None) -> None:
    assert region_of(url) == region


def test_an_instant_is_read_on_the_one_clock_that_shows_the_day() -> None:
    at = datetime(2020, 12, 5, 23, 15, tzinfo=UTC)
    local = read_on(at, date(2020, 12, 6), "it")
    assert local is not None
    assert local.isoformat() == "2020-12-06T00:15:00+01:00"


@pytest.mark.parametrize(
    ("day", "region"), [((2024, 6, 20), "id"), ((2024, 6, 25), "it"), ((2024, 6, 20), "zz")]
)
def test_where_no_clock_or_several_show_the_day_none_is_taken(
    day: tuple[int, int, int], region: str
) -> None:
    assert read_on(datetime(2024, 6, 19, 17, 30, tzinfo=UTC), date(*day), region) is None
