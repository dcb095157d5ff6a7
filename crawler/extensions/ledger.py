"""The run ledger: at the end of every visit, everything that was begun has ended, once."""

import logging
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.records import Lease
from crawler.stages import Extracted, Fetched
from crawler.visit import Visit

logger = logging.getLogger(__name__)


class Ledger:
    """Closes the account of a visit when its spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        ledger = cls(crawler)
        crawler.signals.connect(ledger.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(ledger.item_error, signal=signals.item_error)
        crawler.signals.connect(ledger.spider_error, signal=signals.spider_error)
        return ledger

    async def item_error(self, item: Fetched | Extracted, failure: Failure) -> None:
        """A pipeline broke: the lease ends as failed, the visit goes on."""
        await self._failed(item.visit, item.lease, failure)

    async def spider_error(self, failure: Failure, response: Response, spider: Any) -> None:
        """A callback broke: the lease ends as failed, the visit goes on."""
        await self._failed(spider.visit, response.meta["lease"], failure)

    async def _failed(self, visit: Visit, lease: Lease, failure: Failure) -> None:
        if visit.desk.fatal:
            visit.ended(lease, "released", visit.desk.fatal)
            return
        logger.error("%s: %s", lease.url, failure.getTraceback())
        reason = f"broke: {type(failure.value).__name__}"
        await visit.settle(lease, "failed", reason=f"{reason} ({failure.value})"[:200])

    async def spider_closed(self, reason: str) -> None:
        """Give back what is still borrowed, and check that the account balances."""
        visit: Visit = self._crawler.spider.visit  # type: ignore[union-attr]
        if not visit.desk.fatal:
            await visit.give_back()
        if reason == "finished" and not visit.is_balanced:
            visit.note("ledger/unbalanced")
            logger.error("%s: the ledger does not balance: %s", visit.outlet.id, dict(visit.counts))
        for name, number in visit.counts.items():
            self._crawler.stats.set_value(f"kliping/{name}", number)
