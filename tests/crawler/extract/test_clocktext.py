from datetime import timedelta

import pytest

from crawler.extract.clocktext import clock_beside

DATE = "19 Juni 2024"


@pytest.mark.parametrize(
    ("line", "minutes", "offset"),
    [
        (f"{DATE} | 14:05 WIB", 845, 7),
        (f"{DATE} pukul 14.05", 845, None),
        (f"{DATE} 8:00 malam MYT", 1200, 8),
        (f"{DATE}T10:15+09:00", 615, 9),
        (f"{DATE}, 12:15 a.m. EDT", 15, -4),
        (f"{DATE} jam 11.00 siang", 660, None),
        (f"{DATE} 오후 1:05", 785, None),
        (f"22:00 GMT, {DATE}", 1320, 0),
    ],
)
def test_a_clock_beside_a_date_is_read(line: str, minutes: int, offset: int | None) -> None:
    start = line.index(DATE)
    clock = clock_beside(line, start, start + len(DATE))
    assert clock is not None
    assert clock.after_midnight == timedelta(minutes=minutes)
    zone = clock.zone.utcoffset(None) if clock.zone else None
    assert zone == (None if offset is None else timedelta(hours=offset))


@pytest.mark.parametrize("line", [DATE, f"{DATE} 25:00", f"{DATE} 10:75", f"{DATE} halaman 10"])
def test_what_is_no_clock_is_none(line: str) -> None:
    assert clock_beside(line, 0, len(DATE)) is None
