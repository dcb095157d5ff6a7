"""A rescue: a run over all of one outlet's past, and its account at the end.

    survey -> articles, newest and oldest first -> once more what is held or failed -> certificate

Each stretch is a visit; a host that wants to be left alone is waited for. What was begun stands in
the archive until it has ended, so that the same command goes on after a stop, a kill or a week.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scrapy.crawler import Crawler

from archive.certificate import content_of, issue
from archive.counting import many
from archive.query.rescue import Accounted, accounted
from archive.records import Url
from archive.rescues import Rescue
from archive.store import Archive
from archive.turn import Turn
from crawler.desk import Desk
from crawler.discovery.survey import Reach
from crawler.outlets.spec import Outlet, Pace
from crawler.run.crawl import Report, graceful, make_visit, note, scrapy_settings
from crawler.run.mishap import note_mishap
from crawler.spiders.backfill import BackfillSpider
from crawler.spiders.plan import PastPlan
from crawler.spiders.rescue import FAR, Headway, RescueVisit
from crawler.visit import Plan, Visit

PATIENCE, ROUNDS = timedelta(hours=2), 4
"""What failed and is tried again within this is waited for, so often: a server that is busy for an
hour costs nothing. What fails for days does, and the certificate says so."""
NAP = timedelta(seconds=2)


@dataclass(slots=True, kw_only=True)
class Rescued:
    """How a rescue went: its run, its plan, and what can be certified once it has ended.

    Attributes:
        plan: None if it was stopped before there was one.
        surveyed: the listings that were read, and how many addresses each named.
        left_out: addresses that listings named and that were no articles, by reason.
        unknown: what could not be known, in sentences.
        is_over: whether it came to its end, and not only this run of it.
    """

    rescue: Rescue | None
    report: Report
    plan: PastPlan | None = None
    surveyed: Counter[Url]
    left_out: Counter[str]
    unknown: list[str]
    is_over: bool = False


def at_rescue(outlet: Outlet, requisites: str | None = None) -> Outlet:
    """An outlet as it is rescued: at the pace its file grants for that, with these requisites."""
    changes: dict[str, object] = {}
    if outlet.rescue.delay_seconds is not None:
        changes["pace"] = Pace(delay_seconds=outlet.rescue.delay_seconds)
    if requisites is not None:
        changes["requisites"] = outlet.requisites.model_copy(update={"policy": requisites})
    return outlet.model_copy(update=changes)


async def rescue(
    desk: Desk,
    outlet: Outlet,
    *,
    closes_on: date | None = None,
    only_plan: bool = False,
    tell: Callable[[PastPlan], None] = lambda _: None,
    tell_headway: Callable[[Headway], None] = lambda _: None,
    reach: Reach = FAR,
) -> Rescued:
    """Fetch all that an outlet ever printed, as far as listings tell of it.

    Args:
        desk: the run's desk.
        outlet: whose past, as `at_rescue` gives it.
        closes_on: the last day on which it can be asked, if that is known.
        only_plan: read listings, and fetch no article.
        tell: told the plan before the first article is asked for.
        tell_headway: told now and then how far it is.
        reach: how far the survey goes.
    """
    await note(desk, lambda turn: turn.open_run(desk.run, [outlet.oid]))
    done = Rescued(
        rescue=None,
        report=Report(run=desk.run, counts=desk.counts),
        surveyed=Counter(),
        left_out=Counter(),
        unknown=[],
    )
    with graceful(desk):
        try:
            await note(desk, lambda turn: turn.sync_outlet(outlet.declaration, None))
            since = desk.clock.now()
            if not only_plan:
                done.rescue = await desk.lane.do(
                    lambda turn: turn.backlog.rescue(outlet.oid, closes_on)
                )
                since = done.rescue.begun_at
            await _fetch_past(desk, outlet, done, since, only_plan, tell, tell_headway, reach)
            if _goes_on(desk, done) and not only_plan:
                await _look_again(desk, outlet, done, since)
        except Exception as error:  # noqa: BLE001 - said in the report, as a crawl says it
            if not desk.fatal:
                failure = await note_mishap(desk, outlet.oid, error, "rescue")
                done.report.failed_outlets[outlet.oid] = failure
    report = done.report
    done.is_over = _goes_on(desk, done) and not only_plan
    if desk.stopping:
        report.outcome = "interrupted"
    await note(
        desk, lambda turn: turn.close_run(desk.run, outcome=report.outcome, counts=report.counts)
    )
    await note(desk, _close_files)
    report.remarks = sorted(desk.robots.remarks.values())
    if desk.fatal:
        report.outcome, report.reason = "failed", desk.fatal
    return done


async def _fetch_past(
    desk: Desk,
    outlet: Outlet,
    done: Rescued,
    since: datetime,
    only_plan: bool,  # noqa: FBT001 - passed on
    tell: Callable[[PastPlan], None],
    tell_headway: Callable[[Headway], None],
    reach: Reach,
) -> None:
    """All that was never asked for, from both ends."""

    def tell_once(plan: PastPlan) -> None:
        if done.plan is None:
            done.plan = plan
            tell(plan)

    async def once() -> tuple[Visit, str | None]:
        today = desk.clock.now().astimezone(outlet.tz or UTC).date()
        visit = RescueVisit(
            desk,
            outlet,
            today,
            since=since,
            only_plan=only_plan,
            tell=tell_once,
            reach=reach,
            tell_headway=tell_headway,
        )
        desk.visits.append(visit)
        await Crawler(BackfillSpider, scrapy_settings(desk.archive)).crawl_async(visit=visit)
        done.unknown, survey = unknown(visit), visit.survey
        done.surveyed, done.left_out = survey.named, survey.refused
        return visit, None

    await _until_free(desk, done.report, once)


async def _look_again(desk: Desk, outlet: Outlet, done: Rescued, since: datetime) -> None:
    """All that was asked for before the rescue, what listings of the day name, and what failed."""
    oid = outlet.oid
    await desk.lane.do(lambda turn: turn.backlog.look_again(oid, since))
    for number in range(ROUNDS):
        plan = Plan(outlet=outlet, makes_due=number == 0)
        await _until_free(desk, done.report, lambda plan=plan: make_visit(desk, plan))  # type: ignore[misc]
        latest = desk.clock.now() + PATIENCE
        again = await desk.lane.do(lambda turn, at=latest: turn.backlog.failed_until(oid, at))  # type: ignore[misc]
        if again is None or not _goes_on(desk, done):
            return
        await _wait(desk, again)


async def _until_free(
    desk: Desk, report: Report, once: Callable[[], Awaitable[tuple[Visit, str | None]]]
) -> None:
    """Visit again and again until the host did not ask to be left alone meanwhile."""
    while not desk.stopping:
        visit, failure = await once()
        report.take(visit, failure)
        report.misses += visit.misses
        if failure or visit.held_until is None:
            return
        await _wait(desk, visit.held_until)
        if not desk.stopping:
            report.held.pop(visit.outlet.oid, None)


def _close_files(turn: Turn) -> None:
    turn.rotate()
    turn.root_days()


async def _wait(desk: Desk, until: datetime) -> None:
    while not desk.stopping and (now := desk.clock.now()) < until:
        await desk.clock.wait_until(min(until, now + NAP))


def _goes_on(desk: Desk, done: Rescued) -> bool:
    return not (desk.stopping or desk.fatal or done.report.failed_outlets)


def unknown(visit: RescueVisit) -> list[str]:
    """What a survey could not know, in sentences."""
    survey = visit.survey
    listings = [
        f"{outcome}: {reason}: {url}"
        for url, outcome, reason in visit.misses
        if url in visit.listings_asked
    ]
    said = [f"A listing could not be read ({one})." for one in listings]
    if survey.quiet_since:
        said.append(
            f"Archive pages up to {survey.quiet_since} were not asked for: "
            f"none of the {survey.reach.quiet_days} days after it listed anything."
        )
    if not visit.outlet.archive.pages:
        said.append("No archive pages are declared in the outlet's file: sitemaps alone were read.")
    if survey.found:
        first = min(at for _, at in survey.found.values()).astimezone(visit.outlet.tz or UTC)
        # of some the year alone is known, and they count as printed on its last day
        said.append(f"No listing names anything printed before {first.year}.")
    else:
        said.append("No listing of the past names any article.")
    counts = (
        (survey.undated, "article is", "articles are", "named without a day"),
        (
            survey.beyond,
            "article is",
            "articles are",
            "beyond what a survey holds: not asked for",
        ),
        (survey.left, "listing is", "listings are", "beyond what a survey reads: not read"),
    )
    return said + [
        f"{many(number, one, all_)} {what}." for number, one, all_, what in counts if number
    ]


def certify(archive: Archive, done: Rescued) -> tuple[Path, Accounted]:
    """Write the certificate of a rescue that is over, and end it.

    Raises:
        ArchiveError: if the archive's key is none.
        OSError: if it cannot be written.
    """
    if done.rescue is None or not done.is_over:
        raise ValueError("only a rescue that is over is certified")
    now, oid = archive.clock.now(), done.rescue.outlet
    with archive.reading() as connection:
        account = accounted(connection, oid, now)
    content = content_of(
        account,
        done.rescue,
        now,
        surveyed=done.surveyed,
        left_out=done.left_out,
        unknown=done.unknown,
    )
    path, digest = issue(archive, content)
    with archive.turn() as turn:
        turn.backlog.end_rescue(oid, certificate=path.name, digest=digest)
    return path, account
