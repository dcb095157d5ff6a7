import pytest

from crawler.extract.urldays import url_day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://p.example/2024/06/19/x", "2024-06-19"),
        ("https://p.example/2024/6/9/x", "2024-06-09"),
        ("https://p.example/news/20240619/x", "2024-06-19"),
        ("https://p.example/x-2024-06-19.html", "2024-06-19"),
        ("https://p.example/a/20240619123456-x", None),
        ("https://p.example/2024/jun/19/x", "2024-06-19"),
        ("https://p.example/2024/06/x", "2024-06"),
        ("https://p.example/2024/13/45/x", None),
        ("https://p.example/2024/02/30/x", "2024-02"),
        ("https://20240619.example/x", None),
        ("https://p.example/x?d=2024-06-19", None),
        ("https://p.example/id/120240619", None),
    ],
)
def test_a_day_is_read_from_a_path_only(url: str, day: str | None) -> None:
    moment = url_day(url, None)
    assert (moment.isoformat() if moment else None) == day
