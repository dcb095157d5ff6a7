"""The run ledger: at the end of every visit, everything that was begun has ended, once."""

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
        """Give back what is still borrowed, and check that the account balances."""
        visit: Visit = self._crawler.spider.visit  # type: ignore[union-attr]
        if not visit.desk.fatal:
            await visit.give_back()
        if reason == "finished" and not visit.is_balanced:
            visit.note("ledger/unbalanced")
            logger.error("%s: the ledger does not balance: %s", visit.outlet.id, dict(visit.counts))
        for name, number in visit.counts.items():
            self._crawler.stats.set_value(f"kliping/{name}", number)
