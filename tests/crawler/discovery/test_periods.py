"""The day, month or year that an address names."""

from datetime import date

import pytest

from crawler.discovery.periods import Period, dated, period_in

HOME = "https://post.example"


def text(period: Period | None) -> str | None:
    return f"{period.first}..{period.last}" if period else None


@pytest.mark.parametrize(
    ("path", "period"),
    [
        ("/sitemap-2019-03.xml", "2019-03-01..2019-03-31"),
        ("/sitemap_201903.xml.gz", "2019-03-01..2019-03-31"),
        ("/sitemaps/2019/03/02/map.xml", "2019-03-02..2019-03-02"),
        ("/sitemap-20190302.xml", "2019-03-02..2019-03-02"),
        ("/sitemap2019.xml", "2019-01-01..2019-12-31"),
        ("/sitemap/2020/feb/", "2020-02-01..2020-02-29"),
        ("/sitemap/2020/february/29", "2020-02-29..2020-02-29"),
        ("/sitemap.xml?yyyy=2019&mm=03&dd=02", "2019-03-02..2019-03-02"),
        ("/sitemap.xml?yyyy=2019&mm=3", "2019-03-01..2019-03-31"),
        ("/sitemap-2019-02-30.xml", "2019-02-01..2019-02-28"),
        ("/sitemap-12.xml", None),
        ("/sitemap-123201903.xml", None),
        ("/sitemap-1850.xml", None),
        ("/sitemap-2019-13.xml", "2019-01-01..2019-12-31"),
        ("/", None),
    ],
)
def test_a_listings_name_tells_its_period(path: str, period: str | None) -> None:
    assert text(period_in(HOME + path)) == period


@pytest.mark.parametrize(
    ("path", "period"),
    [
        ("/2019/03/02/a-story", "2019-03-02..2019-03-02"),
        ("/2019/mar/02/a-story", "2019-03-02..2019-03-02"),
        ("/a-story-20190302.html", "2019-03-02..2019-03-02"),
        ("/2019/03/a-story", "2019-03-01..2019-03-31"),
        ("/2019/a-story", "2019-01-01..2019-12-31"),
        ("/2019-in-pictures", None),
        ("/a-story-201903", None),
        ("/story?id=20190302", "2019-03-02..2019-03-02"),
        ("/story/2019030212", None),
        ("/news/a-story", None),
    ],
)
def test_an_articles_address_may_tell_when_it_was_printed(path: str, period: str | None) -> None:
    assert text(dated(HOME + path)) == period


def test_days_are_told_newest_first() -> None:
    period = Period(date(2019, 2, 27), date(2019, 3, 1))
    assert [day.isoformat() for day in period.days()] == ["2019-03-01", "2019-02-28", "2019-02-27"]


def test_periods_meet_if_they_share_a_day() -> None:
    march = Period(date(2019, 3, 1), date(2019, 3, 31))
    assert march.meets(Period(date(2019, 3, 31), date(2019, 4, 30)))
    assert not march.meets(Period(date(2019, 4, 1), date(2019, 4, 30)))


def test_a_period_that_ends_before_it_begins_cannot_be() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        Period(date(2019, 3, 2), date(2019, 3, 1))
