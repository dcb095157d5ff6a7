"""The past of the demo newspaper, and of a small site, over sockets."""

import json
import signal
import subprocess
import time
from datetime import date, timedelta

import pytest
from flow.parts import HARBOUR, Answer, Elsewhere, Press, Site, article, is_sound, paced, rows
from sqlalchemy import func, select

from archive.clock import SimulatedClock
from archive.db.crawling import frontier
from archive.db.schema import article as article_table
from archive.journal import acts_of
from archive.ledgers import Ledgers
from archive.query.remarks import remarks_lately
from archive.records import OutletId
from archive.reindex import reindex
from archive.store import Archive
from crawler.desk import Desk
from crawler.discovery.periods import Period
from crawler.outlets.catalogue import find_outlet
from crawler.readers import Readers
from crawler.run.backfill import backfill
from crawler.run.crawl import Report, open_desk
from crawler.run.days import midnight_after
from crawler.run.reactor import run
from crawler.spiders.plan import PastPlan

WINTER = Period(date(2025, 12, 1), date(2026, 1, 31))
DECEMBER = Period(date(2025, 12, 1), date(2025, 12, 31))


def filled(
    archive: Archive, readers: Readers, outlet: str, span: Period, **how: object
) -> tuple[Report, PastPlan]:
    """One backfill, in this process."""

    async def main() -> tuple[Report, PastPlan | None]:
        async with open_desk(archive, readers=readers) as desk:
            found = find_outlet(archive.directory, outlet)
            return await backfill(desk, found, span, **how)  # type: ignore[arg-type]

    report, plan = run(main())
    assert plan is not None
    return report, plan


def held(archive: Archive) -> list[str]:
    urls = rows(archive, select(article_table.c.url).order_by(article_table.c.url))
    return [row[0].rsplit("/", 1)[1] for row in urls]


def asked(press: Press) -> list[str]:
    return [visit.path for visit in press.server.log]


# the newspaper


def test_a_plan_reads_listings_alone_and_says_what_would_be_done(press: Press) -> None:
    report, plan = filled(press.archive, press.readers, HARBOUR, WINTER, only_plan=True)
    assert (plan.found, plan.held, plan.requests) == (8, 0, 8)
    assert (plan.delay_seconds, plan.seconds) == (5.0, 40.0)
    assert (plan.listings, plan.listings_missing, plan.listings_failed) == (12, 54, 0)
    assert not [path for path in asked(press) if path.startswith("/harbour/")]
    assert {"/sitemaps/2026-01.xml", "/sitemaps/2025-12.xml"} < set(asked(press))
    assert "/sitemaps/2025-11.xml" not in asked(press)
    assert held(press.archive) == []
    known = select(func.count()).select_from(frontier)
    assert rows(press.archive, known)[0][0] == 0
    assert report.outcome == "finished"


def test_the_past_is_fetched_newest_first_and_each_listing_once(press: Press) -> None:
    filled(press.archive, press.readers, HARBOUR, WINTER, only_plan=True)
    press.server.log.clear()
    report, plan = filled(press.archive, press.readers, HARBOUR, WINTER)
    assert report.counts["articles/new"] == plan.requests == len(held(press.archive)) == 8
    fetched = [path for path in asked(press) if path.startswith("/harbour/")]
    assert [path[9:16] for path in fetched] == ["2026/01"] * 4 + ["2025/12"] * 4
    assert [path[-2:] for path in fetched] == ["27", "16", "11", "04"] * 2
    assert not [path for path in asked(press) if "sitemap" in path or "/archive/" in path]
    again, plan = filled(press.archive, press.readers, HARBOUR, WINTER)
    assert (plan.held, plan.requests) == (8, 0)
    assert again.counts["articles/new"] == 0


def test_what_is_old_is_seldom_rechecked(press: Press) -> None:
    filled(press.archive, press.readers, HARBOUR, DECEMBER)
    due = rows(
        press.archive,
        select(frontier.c.next_due_at).where(
            frontier.c.state == "new", frontier.c.kind == "article"
        ),
    )
    assert all(at > press.clock.now() + timedelta(days=2) for (at,) in due)


def test_a_daily_crawl_passes_the_past_by_and_leaves_its_own_listings_alone(press: Press) -> None:
    filled(press.archive, press.readers, HARBOUR, WINTER, limit=2)
    assert len(held(press.archive)) == 2
    daily = press.crawl(HARBOUR)
    assert sum("at-berth" in name for name in held(press.archive)) == 2
    assert daily.counts["articles/new"] > 3
    report, plan = filled(press.archive, press.readers, HARBOUR, WINTER)
    assert (plan.held, report.counts["articles/new"]) == (2, 6)


def test_a_backfill_that_is_stopped_goes_on_where_it_was(press: Press) -> None:
    first, _ = stopped_after(press, articles=3)
    assert first.outcome == "interrupted"
    lent = select(frontier.c.url).where(frontier.c.lease_token.is_not(None))
    assert rows(press.archive, lent) == []
    before = len(held(press.archive))
    assert 0 < before < 8
    second, plan = filled(press.archive, press.readers, HARBOUR, WINTER)
    assert (plan.held, second.counts["articles/new"]) == (before, 8 - before)
    fetched = [path for path in asked(press) if path.startswith("/harbour/")]
    assert len(fetched) == len(set(fetched)) == 8


def stopped_after(press: Press, articles: int) -> tuple[Report, PastPlan | None]:
    async def main() -> tuple[Report, PastPlan | None]:
        async with open_desk(press.archive, readers=press.readers) as desk:
            stop_at(desk, press, articles)
            return await backfill(desk, find_outlet(press.directory, HARBOUR), WINTER)

    return run(main())


def stop_at(desk: Desk, press: Press, articles: int) -> None:
    heed = desk.pace.heed

    async def heeding(url: str, status: int | None, retry_after: str | None) -> None:
        await heed(url, status, retry_after)
        if sum(path.startswith("/harbour/") for path in asked(press)) == articles:
            desk.stop()

    desk.pace.heed = heeding  # type: ignore[method-assign]


def test_a_reindex_brings_the_backlog_back(press: Press) -> None:
    filled(press.archive, press.readers, HARBOUR, WINTER, limit=2)
    columns = (
        frontier.c.url, frontier.c.state, frontier.c.sort_at, frontier.c.next_due_at,
        frontier.c.article_id,
    )  # fmt: skip
    statement = select(*columns).where(frontier.c.kind == "article").order_by(frontier.c.url)
    before = rows(press.archive, statement)
    press.archive.close()
    reindex(press.directory, clock=press.clock)
    with Archive.open(press.directory, clock=press.clock) as archive:
        assert rows(archive, statement) == before
    (begun,) = [a for a in acts_of(press.directory / "journal") if a["act"] == "backfill-begun"]
    assert (begun["first"], begun["last"]) == ("2025-12-01", "2026-01-31")
    assert begun["counts"] == {"found": 8, "held": 0, "requests": 8}
    assert is_sound(press.directory)


# a small site


@pytest.fixture
def past(site: Site) -> Site:
    """A site with two dated sitemaps and a rule for everything that can stand in the way."""
    site.has("/robots.txt", "User-agent: *\nDisallow: /closed/\n", media="text/plain")
    site.has("/index.xml", index("/2020-05.xml", "/2020-06.xml", "/2021-01.xml", "/other.xml"))
    for day in (3, 9):
        site.has(f"/2020/05/{day:02}/story", article(f"A story of day {day} of May"))
    may = ["/2020/05/03/story", "/2020/05/09/story", "/2020/05/09/story?print=1"]
    may += [
        "/closed/2020/05/04/story",
        "/2020/05/05/denied",
        "/2020/04/30/early",
        "/2020/05/31/late",
    ]
    site.has("/2020-05.xml", urlset(*may))
    site.has("/other.xml", urlset("/2020/05/09/story", "/no-day"))
    site.declare(sitemaps=["/index.xml"])
    path = site.directory / "outlets" / "site.toml"
    path.write_text(path.read_text() + "[urls]\ndeny = ['denied$']\n")
    return site


def index(*paths: str) -> str:
    rows = "".join(f"<sitemap><loc>{path}</loc></sitemap>" for path in paths)
    return f"<sitemapindex>{rows}</sitemapindex>"


def urlset(*paths: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>"


SPAN = Period(date(2020, 5, 1), date(2020, 5, 20))


def test_everything_a_sitemap_names_ends_in_one_count(
    past: Site, site_archive: Archive, readers: Readers
) -> None:
    _, plan = filled(site_archive, readers, "site", SPAN, only_plan=True)
    assert (plan.listings, plan.found, plan.requests, plan.disallowed) == (3, 3, 2, 1)
    assert plan.refused == {"print view": 1, "denied": 1}
    assert (plan.outside, plan.undated) == (2, 1)
    assert past.asked == ["/robots.txt", "/index.xml", "/2020-05.xml", "/other.xml"]


def test_an_article_that_a_listing_of_the_day_names_is_of_today(
    past: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    filled(site_archive, readers, "site", SPAN, limit=1)
    (due,) = rows(site_archive, select(frontier.c.next_due_at).where(frontier.c.state == "pending"))
    assert due[0] is None
    with site_archive.turn() as turn:
        turn.discover("site", [named("http://site.example/2020/05/03/story")])  # type: ignore[arg-type]
    (due,) = rows(site_archive, select(frontier.c.next_due_at).where(frontier.c.state == "pending"))
    assert due[0] == clock.now()


def named(url: str):  # type: ignore[no-untyped-def]
    from archive.records import Discovery, Url

    return Discovery(url=Url(url), listing=Url("http://site.example/feed"), kind="feed")


def test_a_listing_that_fails_is_said_and_the_rest_is_planned(
    past: Site, site_archive: Archive, readers: Readers
) -> None:
    past.answers["/2020-05.xml"] = Answer(b"sorry", status=500)
    report, plan = filled(site_archive, readers, "site", SPAN, only_plan=True)
    assert (plan.listings, plan.listings_failed, plan.requests) == (2, 1, 1)
    assert [(outcome, reason) for _, outcome, reason in report.misses] == [("failed", "HTTP 500")]


def test_a_stale_listing_is_compared_and_read_from_the_archive_if_unchanged(
    past: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    etag = (("ETag", '"1"'),)
    past.has("/2020-05.xml", past.answers["/2020-05.xml"].body, headers=etag)
    filled(site_archive, readers, "site", SPAN, only_plan=True)
    clock.advance(timedelta(days=2))
    past.answers["/2020-05.xml"] = Answer(b"", status=304)
    _, plan = filled(site_archive, readers, "site", SPAN, only_plan=True)
    assert plan.requests == 2


def test_a_listing_that_was_not_there_a_day_ago_is_asked_for_again(
    past: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    _, plan = filled(site_archive, readers, "site", SPAN, only_plan=True)
    assert plan.requests == 2
    body = past.answers.pop("/2020-05.xml").body
    clock.advance(timedelta(days=2))
    _, plan = filled(site_archive, readers, "site", SPAN, only_plan=True)
    assert (plan.requests, plan.listings_failed) == (1, 1)
    past.has("/2020-05.xml", body)
    clock.advance(timedelta(minutes=1))
    _, plan = filled(site_archive, readers, "site", SPAN, only_plan=True)
    assert (plan.requests, plan.listings_failed) == (2, 0)


def test_archive_pages_are_asked_for_day_by_day(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    for day in (1, 2, 3):
        story = site.has(f"/news/story-of-the-day-{day}", article(f"A story of day {day}"))
        link = f'<main><a href="{story}">A story of the day number {day}</a></main>'
        site.has(f"/archive/2020-5-{day}", f"<html><body>{link}</body></html>")
    site.declare(sitemaps=["/index.xml"])
    path = site.directory / "outlets" / "site.toml"
    path.write_text(path.read_text() + '[archive]\npages = "/archive/{yyyy}-{m}-{d}"\n')
    report, plan = filled(site_archive, readers, "site", Period(date(2020, 5, 2), date(2020, 5, 3)))
    assert plan.requests == report.counts["articles/new"] == 2
    assert site.asked[2:] == [
        "/archive/2020-5-3", "/archive/2020-5-2", "/news/story-of-the-day-3",
        "/news/story-of-the-day-2",
    ]  # fmt: skip


def test_an_outlet_that_tells_nothing_of_its_past_is_asked_for_the_usual_sitemap(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    site.declare(feeds=["/feed"])
    _, plan = filled(site_archive, readers, "site", SPAN, only_plan=True)
    assert site.asked == ["/robots.txt", "/sitemap.xml"]
    assert (plan.listings, plan.listings_failed) == (0, 1)


# the ledger


def days_checked(monkeypatch: pytest.MonkeyPatch) -> set[date]:
    """The days whose ledgers are asked for their faults from now on."""
    asked: set[date] = set()
    faults = Ledgers.faults

    def noting(self: Ledgers, outlet: OutletId, days: set[date]) -> list[str]:
        asked.update(days)
        return faults(self, outlet, days)

    monkeypatch.setattr(Ledgers, "faults", noting)
    return asked


def test_the_ledger_is_that_of_the_day_on_which_the_past_was_noted(
    past: Site,
    site_archive: Archive,
    readers: Readers,
    clock: SimulatedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over midnight: noted before it, fetched after it, and printed years ago."""
    past.declare(delay_seconds=20, sitemaps=["/index.xml"])
    noted_on = clock.now().date()
    midnight = midnight_after(noted_on)
    asked = days_checked(monkeypatch)
    report, plan = filled(
        site_archive,
        readers,
        "site",
        SPAN,
        tell=lambda _: clock.advance_to(midnight - timedelta(seconds=10)),
    )
    assert clock.now() > midnight
    assert (plan.requests, report.counts["articles/new"]) == (3, 2)
    assert asked == {noted_on}
    assert report.faults == []


def test_a_backfill_says_what_does_not_balance(
    past: Site, site_archive: Archive, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledgers, "faults", lambda *_: ["site on some day: nothing fits"])
    report, _ = filled(site_archive, readers, "site", SPAN)
    assert report.faults == ["site on some day: nothing fits"]
    with site_archive.reading() as connection:
        assert remarks_lately(connection, site_archive.clock.now())["ledger"] == 1


# the command


def test_the_command_plans_and_then_fetches(elsewhere: Elsewhere) -> None:
    words = ("backfill", HARBOUR, "--from", "2025-12", "--to", "2025-12")
    planned = elsewhere.run(*words, "--plan")
    assert planned.returncode == 0, planned.stderr
    assert "4  requests left: 0 seconds at 0 s each, newest first" in planned.stdout
    assert "No article was fetched. Next:  kliping backfill harbour-gazette" in planned.stdout
    done = elsewhere.run(*words, "--json")
    assert done.returncode in (0, 3), done.stderr
    told = json.loads(done.stdout)
    assert told["plan"]["requests"] == told["report"]["counts"]["articles/new"] == 4
    again = elsewhere.run(*words, "--plan")
    assert again.returncode == 4
    assert "There is nothing to fetch." in again.stdout


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("--from", "2026-13", "--to", "2026-02"), "--from is a day, a month or a year"),
        (("--from", "2026-02-30", "--to", "2026-03"), "--from is a day, a month or a year"),
        (("--from", "yesterday", "--to", "2026-03"), "--from is a day, a month or a year"),
        (("--from", "2026-02", "--to", "2026-01"), "is after 2026-01-31"),
    ],
)
def test_days_that_cannot_be_are_refused(
    elsewhere: Elsewhere, days: tuple[str, ...], said: str
) -> None:
    done = elsewhere.run("backfill", HARBOUR, *days)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_backfill_that_is_ended_from_outside_goes_on(
    elsewhere: Elsewhere, how: signal.Signals
) -> None:
    paced(elsewhere.directory, 0.1, was=0.0)
    words = ("backfill", HARBOUR, "--from", "2025-12", "--to", "2025-12", "--json")
    process = elsewhere.start(*words)
    wait_for_articles(elsewhere, 2, process)
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGKILL)
    done = elsewhere.run(*words)
    told = json.loads(done.stdout)
    assert told["plan"]["found"] == 4
    with Archive.open(elsewhere.directory) as archive:
        assert len(held(archive)) == 4
    assert is_sound(elsewhere.directory)


def wait_for_articles(elsewhere: Elsewhere, number: int, process: "subprocess.Popen[str]") -> None:
    give_up = time.monotonic() + 60
    while sum(v.path.startswith("/harbour/") for v in elsewhere.server.log) < number:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up, "no article is asked for"
        time.sleep(0.01)
