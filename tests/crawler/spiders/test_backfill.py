"""The backfill spider is nothing that Scrapy's own command can start."""

import pytest
from scrapy.crawler import Crawler

from archive.errors import ConfigError
from crawler.spiders.backfill import BackfillSpider


def test_scrapy_crawl_is_told_which_command_to_use() -> None:
    with pytest.raises(ConfigError, match="kliping backfill OUTLET"):
        BackfillSpider.from_crawler(Crawler(BackfillSpider), outlet="post")
