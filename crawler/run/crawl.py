"""A run: due outlets crawled side by side in one reactor, from open to close."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self

from scrapy.crawler import Crawler
from scrapy.settings import Settings

from archive.records import OutletId, RunId, Url
from archive.store import Archive
from archive.turn import Turn
from archive.urls import urlkey
from crawler import settings as project_settings
from crawler.desk import Desk, is_over, new_desk
from crawler.learning import known_of, learn_after
from crawler.quota import Quota
from crawler.readers import PRELOAD, Readers
from crawler.run.mishap import note_mishap
from crawler.run.screenshots import Pictured
from crawler.spiders.news import NewsSpider
from crawler.visit import Plan, Visit, prepare

OUTLETS_AT_ONCE = 32

Outcome = Literal["finished", "interrupted", "failed"]


@dataclass(slots=True, kw_only=True)
class Report:
    """How a run went. `misses` are URL, outcome and reason."""

    run: RunId
    outcome: Outcome = "finished"
    reason: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    visits: dict[OutletId, Counter[str]] = field(default_factory=dict)
    misses: list[tuple[Url, str, str]] = field(default_factory=list)
    held: dict[OutletId, datetime] = field(default_factory=dict)
    failed_outlets: dict[OutletId, str] = field(default_factory=dict)
    quotas: dict[OutletId, str] = field(default_factory=dict)
    """Outlets of which a visit ended early, and the quota that it reached."""

    def take(self, visit: Visit, failure: str | None) -> None:
        """Account for a visit that has ended; an outlet's visits are counted together."""
        outlet = visit.outlet.oid
        self.visits.setdefault(outlet, Counter()).update(visit.counts)
        self.faults += visit.faults
        if failure:
            self.failed_outlets[outlet] = failure
        if visit.held_until:
            self.held[outlet] = visit.held_until
        if visit.quota_reached:
            self.quotas[outlet] = visit.quota_reached

    faults: list[str] = field(default_factory=list)
    """What does not balance in a ledger; nothing, ever."""
    remarks: list[str] = field(default_factory=list)
    """What a person should know of a host's wishes, in sentences."""
    screenshots: Pictured | None = None
    """Of the articles that came, if they were asked for."""


@contextlib.asynccontextmanager
async def open_desk(archive: Archive, *, readers: Readers | None = None) -> AsyncIterator[Desk]:
    """A desk for one run of this archive; closed with everything it did durable."""
    desk = new_desk(archive, readers or Readers(preload=PRELOAD))
    desk.readers.warm()
    try:
        await note(desk, lambda turn: turn.free_leases(is_over))
        await note(desk, lambda turn: turn.hosts.free(is_over))
        yield desk
    finally:
        await asyncio.to_thread(desk.lane.close)
        if readers is None:
            desk.readers.close()


async def crawl(
    desk: Desk,
    plans: Sequence[Plan],
    *,
    limit: int | None = None,
    watch: Callable[[Visit], None] | None = None,
) -> Report:
    """Crawl outlets until nothing of theirs is due, and account for it.

    Args:
        desk: the run's desk.
        plans: what to crawl.
        limit: articles to store of each outlet; none is no limit.
        watch: told of each visit as it begins.
    """
    outlets = [plan.outlet.oid for plan in plans]
    await note(desk, lambda turn: turn.open_run(desk.run, outlets))
    report = Report(run=desk.run, counts=desk.counts)
    gate = asyncio.Semaphore(OUTLETS_AT_ONCE)

    async def one(plan: Plan) -> None:
        async with gate:
            if not desk.stopping:
                visit, failure = await make_visit(desk, plan, limit=limit, watch=watch)
                report.take(visit, failure)
                report.misses += visit.misses

    with graceful(desk):
        await asyncio.gather(*(one(plan) for plan in plans))
    if desk.stopping:
        report.outcome = "interrupted"
    await note(
        desk, lambda turn: turn.close_run(desk.run, outcome=report.outcome, counts=report.counts)
    )
    await note(desk, lambda turn: turn.root_days())
    report.remarks = sorted(desk.robots.remarks.values())
    if desk.fatal:
        report.outcome, report.reason = "failed", desk.fatal
    return report


async def note(desk: Desk, act: Callable[[Turn], object]) -> None:
    """Have an act done; if nothing can be written any more, the report says why."""
    if desk.fatal:
        return
    try:
        await desk.lane.do(act)
    except Exception:
        if not desk.fatal:
            raise


async def make_visit(
    desk: Desk,
    plan: Plan,
    *,
    limit: int | None = None,
    quota: Quota | None = None,
    watch: Callable[[Visit], None] | None = None,
) -> tuple[Visit, str | None]:
    """Visit one outlet until nothing of it is due; the visit, and why it failed if it did.

    Args:
        desk: the run's desk.
        plan: which outlet, and what of it.
        limit: articles to store, newest first; none is no limit.
        quota: what else may end it early.
        watch: told of the visit as it begins.
    """
    outlet = plan.outlet
    only = urlkey(plan.only) if plan.only else None
    visit = Visit(desk, outlet, limit=limit, only=only, quota=quota, tempo=plan.tempo)
    try:
        await desk.lane.do(lambda turn: prepare(turn, plan))
        visit.memory = known_of(desk.archive, outlet.oid)
        if watch:
            watch(visit)
        desk.visits.append(visit)
        # not by a runner, which copies the settings again and looks through all spiders
        settings = scrapy_settings(desk.archive, VisitSettings)
        await Crawler(NewsSpider, settings).crawl_async(visit=visit)
        await learn_after(visit)
    except Exception as error:  # noqa: BLE001 - one outlet never ends a run; its reason is shown
        if not desk.fatal:
            return visit, await note_mishap(desk, outlet.oid, error)
    return visit, None


class VisitSettings(Settings):
    """Of one visit and nobody else's: Scrapy's copy of them takes a tenth of a short one's CPU."""

    def copy(self) -> Self:
        """Itself."""
        return self


def scrapy_settings(archive: Archive, made: type[Settings] = Settings) -> Settings:
    """Scrapy's settings for a visit: the project's, and who asks."""
    settings = made()
    settings.setmodule(project_settings, priority="project")
    settings.set("USER_AGENT", archive.user_agent)
    if "@" in archive.config.contact:
        headers = {**project_settings.DEFAULT_REQUEST_HEADERS, "From": archive.config.contact}
        settings.set("DEFAULT_REQUEST_HEADERS", headers)
    return settings


@contextlib.contextmanager
def graceful(desk: Desk) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the run cleanly: the rest of what was borrowed is given back."""
    with stopped_by_signals(lambda _: desk.stop()):
        yield


@contextlib.contextmanager
def stopped_by_signals(stop: Callable[[str], None]) -> Iterator[None]:
    """Ctrl-C and SIGTERM call `stop` with the signal's name, as often as they come."""
    loop = asyncio.get_running_loop()
    handled = []
    for kind in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
            loop.add_signal_handler(kind, stop, kind.name)
            handled.append(kind)
    try:
        yield
    finally:
        for kind in handled:
            loop.remove_signal_handler(kind)
