"""The ledger at the end of every visit: all that was begun has ended, and every day balances."""

import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

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
        return ledger

    async def item_error(self, item: Fetched | Extracted, failure: Failure) -> None:
        """A pipeline broke on a page; the visit goes on."""
        if failure.value is not None:
            await item.visit.broke(item.lease, failure.value)

    async def spider_closed(self, reason: str) -> None:
        """Give back what is still borrowed, check that the account balances, and close it."""
        visit: Visit = self._crawler.spider.visit  # type: ignore[union-attr]
        if not visit.desk.fatal:
            await visit.give_back()
            await visit.close_ledger()
        if reason == "finished" and not visit.is_balanced:
            visit.faults.append(f"{visit.outlet.id}: begun and not ended: {dict(visit.counts)}")
        for fault in visit.faults:
            visit.note("ledger/unbalanced")
            logger.error("the ledger does not balance: %s", fault)
        for name, number in visit.counts.items():
            self._crawler.stats.set_value(f"kliping/{name}", number)
