"""The same job as a newcomer would write it in an afternoon: Scrapy, trafilatura, warcio, an ORM.

    python bench/naive/spider.py DIRECTORY FEED [FEED …]

Extraction runs in the pipeline, the WARC record is written in it too, and each article is added
and committed by itself. It is here to be measured against, not to be copied.
"""

import hashlib
import sys
from io import BytesIO
from pathlib import Path

import scrapy
import trafilatura
from scrapy.crawler import AsyncCrawlerProcess
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


class Base(DeclarativeBase):
    pass


class Article(Base):
    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str | None]
    date: Mapped[str | None]
    body: Mapped[str | None]
    digest: Mapped[str]


class NewsSpider(scrapy.Spider):
    name = "naive"

    async def start(self):
        for feed in self.feeds:
            yield scrapy.Request(feed, self.parse_feed)

    def parse_feed(self, response):
        for url in response.xpath("//item/link/text()").getall():
            yield scrapy.Request(url, self.parse_article)

    def parse_article(self, response):
        yield {"response": response}


class StorePipeline:
    def open_spider(self):
        self.warc = WARCWriter((DIRECTORY / "naive.warc.gz").open("wb"), gzip=True)
        self.engine = create_engine(f"sqlite:///{DIRECTORY / 'naive.db'}")
        Base.metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            connection.execute(text("CREATE VIRTUAL TABLE fts USING fts5(title, body)"))

    def process_item(self, item):
        response = item["response"]
        headers = [(k.decode(), v[0].decode("latin-1")) for k, v in response.headers.items()]
        record = self.warc.create_warc_record(
            response.url,
            "response",
            payload=BytesIO(response.body),
            http_headers=StatusAndHeaders(f"{response.status} OK", headers, protocol="HTTP/1.1"),
        )
        self.warc.write_record(record)
        found = trafilatura.bare_extraction(
            response.text, url=response.url, with_metadata=True, favor_precision=True
        )  # the settings that kliping uses, too
        with Session(self.engine) as session:
            article = Article(
                url=response.url,
                title=found.title if found else None,
                date=found.date if found else None,
                body=found.text if found else None,
                digest=hashlib.sha256(response.body).hexdigest(),
            )
            session.add(article)
            session.flush()
            values = {"id": article.id, "title": article.title, "body": article.body}
            session.execute(
                text("INSERT INTO fts(rowid, title, body) VALUES (:id, :title, :body)"), values
            )
            session.commit()
        return {"url": response.url}


DIRECTORY = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
SETTINGS = {
    "ITEM_PIPELINES": {StorePipeline: 100},
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}

if __name__ == "__main__":
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(NewsSpider, feeds=sys.argv[2:])
    process.start()
