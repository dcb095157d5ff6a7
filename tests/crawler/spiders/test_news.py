"""Which sitemaps of an index a daily visit reads."""

from datetime import UTC, datetime, timedelta

from archive.records import Moment, Url
from crawler.spiders.news import CHILD_FRESH, recent_children

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def read(*named: tuple[str, Moment | None]) -> list[str]:
    children = [("sitemap", Url(f"https://post.example/{name}"), said) for name, said in named]
    return [url.rsplit("/", 1)[1] for url, _ in recent_children(children, NOW)]  # type: ignore[arg-type]


def test_what_changed_lately_is_read_whatever_its_name_says() -> None:
    assert read(
        ("fresh.xml", Moment(at=NOW - DAY)),
        ("map-2008-03.xml", Moment(at=NOW - DAY)),
        ("old.xml", Moment(at=NOW - CHILD_FRESH - DAY)),
        ("map-2026-03.xml", Moment(at=NOW - CHILD_FRESH - DAY)),
    ) == ["fresh.xml", "map-2008-03.xml"]


def test_a_lastmod_without_an_hour_lasts_until_midnight() -> None:
    day = (NOW - CHILD_FRESH).replace(hour=0)
    assert read(("a.xml", Moment(at=day, precision="day"))) == ["a.xml"]
    assert read(("a.xml", Moment(at=day - DAY, precision="day"))) == []
    assert read(("a.xml", Moment(at=NOW.replace(month=3, day=1), precision="month"))) == ["a.xml"]


def test_what_is_not_dated_is_dated_by_its_name() -> None:
    named = ("posts.xml", "map-2008.xml", "map-2026-01.xml", "map-2026-03.xml", "2026-02-28.xml")
    assert read(*((name, None) for name in named)) == [
        "posts.xml",
        "map-2026-03.xml",
        "2026-02-28.xml",
    ]
