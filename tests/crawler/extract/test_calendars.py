from datetime import datetime

import pytest

from crawler.extract.calendars import of_buddhist, of_hijri, of_solar_hijri


@pytest.mark.parametrize(
    ("solar", "day"),
    [
        ((1357, 11, 22), "1979-02-11"),
        ((1399, 12, 30), "2021-03-20"),
        ((1400, 1, 1), "2021-03-21"),
        ((1403, 3, 30), "2024-06-19"),
        ((1403, 12, 30), "2025-03-20"),
    ],
)
def test_a_solar_hijri_day_is_the_gregorian_one(solar: tuple[int, int, int], day: str) -> None:
    assert of_solar_hijri(*solar) == datetime.fromisoformat(day)


@pytest.mark.parametrize(
    ("hijri", "day"),
    [
        ((1400, 1, 1), "1979-11-20"),
        ((1445, 9, 1), "2024-03-11"),
        ((1445, 12, 13), "2024-06-19"),
        ((1460, 1, 1), "2038-02-05"),
    ],
)
def test_an_islamic_day_is_that_of_umm_al_qura(hijri: tuple[int, int, int], day: str) -> None:
    assert of_hijri(*hijri) == datetime.fromisoformat(day)


def test_a_buddhist_year_is_543_ahead() -> None:
    assert of_buddhist(2567, 6, 19) == datetime(2024, 6, 19)  # noqa: DTZ001


@pytest.mark.parametrize("day", [(1404, 12, 30), (1403, 13, 1), (1403, 7, 31), (1200, 1, 1)])
def test_a_solar_day_that_is_none_is_refused(day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no such"):
        of_solar_hijri(*day)


@pytest.mark.parametrize("day", [(1445, 13, 1), (1445, 12, 31), (1399, 1, 1), (1461, 1, 1)])
def test_an_islamic_day_that_is_none_is_refused(day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no such"):
        of_hijri(*day)
