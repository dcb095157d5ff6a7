"""Only fetching: Scrapy's own handler with its lean middlewares. Prints pages and CPU seconds."""

import sys
import time

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

BASE = "scrapy.downloadermiddlewares."
OFF = (
    "offsite.OffsiteMiddleware",
    "httpauth.HttpAuthMiddleware",
    "retry.RetryMiddleware",
    "redirect.MetaRefreshMiddleware",
    "httpcompression.HttpCompressionMiddleware",
    "cookies.CookiesMiddleware",
    "httpcache.HttpCacheMiddleware",
)


class FetchSpider(scrapy.Spider):
    name = "fetch"
    pages = 0
    began = 0.0

    async def start(self):
        FetchSpider.began = time.process_time()
        for feed in self.feeds:
            yield scrapy.Request(feed, self.parse_feed, headers={"Accept-Encoding": "identity"})

    def parse_feed(self, response):
        for url in response.xpath("//item/link/text()").getall():
            yield scrapy.Request(url, self.parse_page, headers={"Accept-Encoding": "gzip"})

    def parse_page(self, response):
        FetchSpider.pages += 1


if __name__ == "__main__":
    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "DOWNLOADER_MIDDLEWARES": dict.fromkeys((BASE + name for name in OFF), None),
            "LOG_LEVEL": "ERROR",
        }
    )
    process.crawl(FetchSpider, feeds=sys.argv[1:])
    process.start()
    print(FetchSpider.pages, time.process_time() - FetchSpider.began)
