"""The backfill spider: an outlet's past, with the same manners and through the same pipelines."""

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.errors import ConfigError
from archive.records import Capture, Lease
from crawler.spiders.news import NewsSpider
from crawler.spiders.past import PastVisit
from crawler.stages import Fetched

_NOT_MODIFIED = 304
_NO_PAGE = (404, 410)
"""A day on which nothing was printed has no archive page at many outlets; that is no failure."""


class BackfillSpider(NewsSpider):
    """Visits one outlet's past; its visit says what comes next."""

    name = "backfill"
    visit: PastVisit

    def __init__(self, visit: PastVisit, **kwargs: Any) -> None:
        super().__init__(visit, **kwargs)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """As Scrapy makes it, with its visit.

        Raises:
            ConfigError: without one; `scrapy crawl` knows no days.
        """
        if "visit" not in kwargs:
            raise ConfigError("The past has its own command: kliping backfill OUTLET --from --to")
        return super().from_crawler(crawler, *args, **kwargs)

    async def _settle_or_page(self, lease: Lease, response: Response) -> Fetched | None:
        if lease.is_listing and response.status == _NOT_MODIFIED:
            await self.visit.take_held(lease)
            return None
        if lease.kind == "section" and response.status in _NO_PAGE:
            await self.visit.take_none(lease)
            return None
        return await super()._settle_or_page(lease, response)

    async def _read_listing(self, lease: Lease, capture: Capture, response: Response) -> None:
        await self.visit.take(lease, self._page(response))
