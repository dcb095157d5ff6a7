"""A backfill: a run over one outlet's past, from the survey to its last article."""

from collections.abc import Callable

from scrapy.crawler import AsyncCrawlerRunner

from crawler.desk import Desk
from crawler.discovery.periods import Period
from crawler.outlets.spec import Outlet
from crawler.run.crawl import Report, graceful, note, scrapy_settings
from crawler.run.mishap import note_mishap
from crawler.spiders.backfill import BackfillSpider
from crawler.spiders.past import PastVisit
from crawler.spiders.plan import PastPlan


async def backfill(
    desk: Desk,
    outlet: Outlet,
    span: Period,
    *,
    limit: int | None = None,
    only_plan: bool = False,
    tell: Callable[[PastPlan], None] = lambda _: None,
) -> tuple[Report, PastPlan | None]:
    """Fetch what an outlet printed on these days, newest first, and account for it.

    Args:
        desk: the run's desk.
        outlet: whose past.
        span: the days, in the outlet's zone.
        limit: articles to store; none is no limit.
        only_plan: read listings, and fetch no article.
        tell: told the plan before the first article is asked for.

    Returns:
        How it went, and the plan; no plan if it was stopped before there was one.
    """
    await note(desk, lambda turn: turn.open_run(desk.run, [outlet.oid]))
    report = Report(run=desk.run, counts=desk.counts)
    visit = PastVisit(desk, outlet, span, limit=limit, only_plan=only_plan, tell=tell)
    with graceful(desk):
        try:
            await note(desk, lambda turn: turn.sync_outlet(outlet.declaration, None))
            desk.visits.append(visit)
            await AsyncCrawlerRunner(scrapy_settings(desk.archive)).crawl(
                BackfillSpider, visit=visit
            )
        except Exception as error:  # noqa: BLE001 - said in the report, as a crawl says it
            if not desk.fatal:
                failure = await note_mishap(desk, outlet.oid, error, "backfill")
                report.failed_outlets[outlet.oid] = failure
    report.take(visit, report.failed_outlets.get(outlet.oid))
    report.misses += visit.misses
    if desk.stopping:
        report.outcome = "interrupted"
    await note(
        desk, lambda turn: turn.close_run(desk.run, outcome=report.outcome, counts=report.counts)
    )
    report.remarks = sorted(desk.robots.remarks.values())
    if desk.fatal:
        report.outcome, report.reason = "failed", desk.fatal
    return report, visit.plan
