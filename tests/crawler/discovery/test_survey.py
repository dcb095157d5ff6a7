"""Which listings of the past are read, and where each address that they name ends."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from archive.records import Discovery, Moment, Url
from crawler.discovery.listing import Reading
from crawler.discovery.periods import Period
from crawler.discovery.survey import (
    PastListing,
    Reach,
    Survey,
    children_in,
    printed,
    sitemaps_in,
)
from crawler.outlets.spec import Outlet

HOME = "https://post.example"
MARCH = Period(date(2019, 3, 1), date(2019, 3, 31))
USUAL = Reach()
MAP = PastListing("sitemap", Url(f"{HOME}/map.xml"))


def outlet(**said: Any) -> Outlet:
    return Outlet.model_validate({"id": "post", "name": "Post", "home": f"{HOME}/", **said})


def day(year: int, month: int, number: int) -> Moment:
    return Moment(at=datetime(year, month, number, tzinfo=UTC), precision="day")


def named(path: str, **said: Any) -> Discovery:
    return Discovery(url=Url(HOME + path), listing=MAP.url, kind="sitemap", **said)


def index(*children: tuple[str, Moment | None]) -> Reading:
    found = tuple(("sitemap", Url(HOME + path), said) for path, said in children)
    return Reading(kind="sitemap", discoveries=(), children=found)  # type: ignore[arg-type]


def read(
    *discoveries: Discovery, listing: PastListing = MAP, reach: Reach = USUAL, **said: Any
) -> Survey:
    made = Survey(outlet(**said), MARCH, reach)
    made.take(listing, Reading(kind="sitemap", discoveries=discoveries))
    return made


def test_children_are_chosen_by_name_then_by_lastmod_the_newest_first() -> None:
    children = index(
        ("/2019-02.xml", day(2026, 1, 1)),
        ("/2019-03-a.xml", None),
        ("/2019-03-14.xml", None),
        ("/2019.xml", None),
        ("/posts-1.xml", day(2019, 2, 28)),
        ("/posts-2.xml", day(2019, 3, 1)),
        ("/posts-3.xml", day(2024, 1, 1)),
        ("/posts-4.xml", None),
    )
    assert [one.url.rsplit("/", 1)[1] for one in children_in(children, MARCH, None)] == [
        "posts-3.xml", "2019.xml", "2019-03-a.xml", "2019-03-14.xml", "posts-2.xml", "posts-4.xml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "listing", "when"),
    [
        (named("/2019/03/02/a", published=day(2020, 1, 1)), None, "2019-03-02"),
        (named("/2019/03/a", published=day(2019, 3, 9)), None, "2019-03-09"),
        (named("/2019/03/a", modified=day(2019, 3, 9)), None, "2019-03-01"),
        (named("/a"), Period(date(2019, 3, 7), date(2019, 3, 7)), "2019-03-07"),
        (named("/a", modified=day(2019, 3, 8)), None, "2019-03-08"),
        (named("/a"), None, None),
    ],
)
def test_when_an_article_was_printed_is_told_by_the_most_exact(
    one: Discovery, listing: Period | None, when: str | None
) -> None:
    found = printed(one, listing)
    assert (found.first.isoformat() if found else None) == when


def test_every_address_ends_in_one_count() -> None:
    made = read(
        named("/2019/03/02/a"),
        named("/2019/03/02/a/?utm_source=x"),
        named("/2019/03/03/b"),
        named("/2019/03/04/c"),
        named("/2019/04/01/d"),
        named("/2019/03/02/e?print=1"),
        named("/2019/03/02/no"),
        named("/undated"),
        reach=Reach(found=2),
        urls={"deny": ["/no$"]},
    )
    assert [made.found[key][0].url[-1] for key in made.newest_first()] == ["b", "a"]
    assert made.refused == {"print view": 1, "denied": 1}
    assert (made.outside, made.undated, made.beyond, made.read) == (1, 1, 1, 1)


def test_what_is_known_by_its_month_alone_is_taken_and_stands_within_the_days() -> None:
    made = Survey(outlet(zone="Asia/Jakarta"), Period(date(2019, 3, 10), date(2019, 3, 20)))
    late, early = (
        named("/2019/03/a", modified=day(2019, 3, 30)),
        named("/2019/03/b", modified=day(2019, 3, 2)),
    )
    made.take(MAP, Reading(kind="sitemap", discoveries=(late, early)))
    days = [
        made.found[key][1].astimezone(ZoneInfo("Asia/Jakarta")).date()
        for key in made.newest_first()
    ]
    assert days == [date(2019, 3, 20), date(2019, 3, 10)]


@pytest.mark.parametrize(
    ("shape", "pages"),
    [
        ("/a/{yyyy}/{mm}/{dd}", ["/a/2019/03/02", "/a/2019/03/01", "/a/2019/02/28"]),
        ("/a?d={d}.{m}.{yyyy}", ["/a?d=2.3.2019", "/a?d=1.3.2019", "/a?d=28.2.2019"]),
        ("/a/{yyyy}-{mm}", ["/a/2019-03", "/a/2019-02"]),
        ("/a/{yyyy}", ["/a/2019"]),
    ],
)
def test_an_archive_page_is_asked_for_each_day_month_or_year(shape: str, pages: list[str]) -> None:
    span = Period(date(2019, 2, 28), date(2019, 3, 2))
    made = Survey(outlet(archive={"pages": shape}), span)
    found = []
    while listing := made.next():
        found.append(listing)
    assert [one.url.removeprefix(HOME) for one in found] == pages
    assert all(one.period and one.period.meets(span) for one in found)


def test_a_listing_is_read_once_and_too_many_are_said() -> None:
    declared = outlet(listings={"sitemaps": ["/map.xml", "/map.xml"]})
    made = Survey(declared, MARCH, Reach(listings=3))
    made.take(MAP, index(*((f"/{n}.xml", None) for n in range(5)), ("/map.xml", None)))
    found = []
    while listing := made.next():
        found.append(listing.url)
    assert (len(found), len(set(found)), made.left) == (3, 3, 3)


def test_robots_txt_names_sitemaps_of_the_outlet_alone() -> None:
    robots = (
        "User-agent: *\nSITEMAP : https://post.example/a.xml\nSitemap: https://evil.example/b.xml\n"
    )
    assert [one.url for one in sitemaps_in(robots, outlet())] == [f"{HOME}/a.xml"]


def walked(reach: Reach, *, listed: dict[str, str], days: int = 40) -> list[str]:
    """The archive pages that a survey asks for, when these list these."""
    made = Survey(outlet(archive={"pages": "/{yyyy}/{mm}/{dd}"}), MARCH, reach)
    asked = []
    while (page := made.next()) and len(asked) < days:
        asked.append(page.url.removeprefix(HOME))
        if path := listed.get(asked[-1]):
            reading = Reading(kind="section", discoveries=(named(path),))
            made.take(page, reading)
    return asked


def test_archive_pages_are_walked_back_until_they_list_nothing_for_long() -> None:
    listed = {"/2019/03/28": "/news/one", "/2019/03/25": "/news/two"}
    assert walked(Reach(quiet_days=3), listed=listed)[-1] == "/2019/03/22"
    assert walked(Reach(), listed=listed)[-1] == "/2019/03/01"


def test_what_every_page_shows_is_not_listed_by_it() -> None:
    """Nor is a page that answers 200 whatever day it is asked for a page of that day."""
    same = {f"/2019/03/{number:02}": "/news/one" for number in range(1, 32)}
    assert walked(Reach(quiet_days=3), listed=same)[-1] == "/2019/03/28"


def test_a_survey_that_has_read_more_goes_on_walking() -> None:
    made = Survey(outlet(archive={"pages": "/{yyyy}/{mm}/{dd}"}), MARCH, Reach(quiet_days=2))
    pages = []
    while page := made.next():
        pages.append(page)
    assert made.quiet_since == date(2019, 3, 28)
    made.take(pages[-1], Reading(kind="section", discoveries=(named("/news/late"),)))
    assert made.next() is not None
    assert made.quiet_since is None


def test_what_has_no_day_is_taken_as_of_the_last_if_all_is_wanted() -> None:
    made = Survey(outlet(), MARCH, Reach(takes_undated=True))
    made.take(MAP, Reading(kind="sitemap", discoveries=(named("/news/one"),)))
    ((_, at),) = made.found.values()
    assert (made.undated, at.date()) == (1, date(2019, 3, 31))
    assert made.named == {MAP.url: 1}
