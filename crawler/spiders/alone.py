"""The news spider under Scrapy's own command, for people who know Scrapy.

    cd my-archive && scrapy crawl news -a outlet=ID

`kliping crawl` gives the spider its visit; here it opens the archive in this directory itself.
"""

from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from archive.colophon import user_agent
from archive.config import CONFIG_NAME, read_config
from archive.store import Archive
from crawler.desk import is_over, new_desk
from crawler.outlets.catalogue import find_outlet
from crawler.readers import Readers
from crawler.visit import Plan, Visit, prepare


def prepare_settings(settings: BaseSettings) -> None:
    """Say who asks, if nobody has yet and there is an archive here that tells."""
    here = Path.cwd()
    if settings.getpriority("USER_AGENT") or not (here / CONFIG_NAME).exists():
        return
    settings.set("USER_AGENT", user_agent(read_config(here)), priority="spider")


def open_visit(crawler: Crawler, outlet_id: str | None) -> Visit:
    """A visit to one outlet with a desk of its own, closed when the engine stops.

    Raises:
        ConfigError: if the outlet is unknown, or not named.
        ContactMissing: if the archive does not say who can be reached.
    """
    here = Path.cwd()
    archive = Archive.open(here)
    outlet = find_outlet(here, outlet_id or "")
    archive.require_contact([outlet.home])
    desk = new_desk(archive, Readers())
    visit = Visit(desk, outlet)

    async def open_run() -> None:
        await desk.lane.do(lambda turn: turn.hosts.free(is_over))
        await desk.lane.do(lambda turn: turn.open_run(desk.run, [outlet.oid]))
        await desk.lane.do(lambda turn: prepare(turn, Plan(outlet=outlet)))

    async def close_run() -> None:
        outcome = "failed" if desk.fatal else "finished"
        await desk.lane.do(
            lambda turn: turn.close_run(desk.run, outcome=outcome, counts=desk.counts)
        )
        desk.lane.close()
        desk.readers.close()
        archive.close()

    crawler.signals.connect(open_run, signal=signals.engine_started, weak=False)
    crawler.signals.connect(close_run, signal=signals.engine_stopped, weak=False)
    return visit
