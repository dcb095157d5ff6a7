"""Requests sent through Scrapy's whole downloader to a hostile origin, and their records."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from twisted.python.failure import Failure
from warcio.archiveiterator import ArchiveIterator

from archive.config import DedupConfig, Guard
from archive.digests import sha256
from archive.records import Capture, OutletId
from archive.store import Archive
from crawler.desk import new_desk
from crawler.errand import Errand
from crawler.readers import Readers
from crawler.run.crawl import scrapy_settings
from crawler.run.reactor import run

sys.path.append(str(Path(__file__).parent))  # for `hostile`; tests/crawler is no package

import endings  # noqa: F401 - so that the origin knows every behaviour
from authority import Authority, Certified, new_authority
from hostile import Origin

NAME = "origin.example"
WHOLE = DedupConfig(scope="off")
"""The origin says the same page in many ways, and each way is to be kept."""
TLS_NAME = "tls.example"


@dataclass
class Told:
    """How one request ended."""

    url: str
    response: Response | None
    error: BaseException | None
    capture: Capture | None


@dataclass
class Kept:
    """A record as it lies in the file."""

    type: str
    headers: list[tuple[str, str]]
    block: bytes = field(repr=False)

    def get(self, name: str) -> str | None:
        found = self.all(name)
        assert len(found) < 2
        return found[0] if found else None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def fields(self) -> dict[str, str]:
        """Of a metadata record."""
        lines = self.block.decode().splitlines()
        return dict(line.split(": ", 1) for line in lines if line)


class Asking(Spider):
    """Asks for what it is given, in that order."""

    name = "asking"

    def __init__(self, desk: Any, wanted: list[Request], told: list[Told], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.desk, self.wanted, self.told = desk, wanted, told

    async def start(self) -> Any:
        for number, one in enumerate(self.wanted):
            yield one.replace(
                callback=self.answered, errback=self.failed, priority=-number, dont_filter=True
            )

    def answered(self, response: Response) -> None:
        capture = response.meta.get("capture")
        self.told.append(Told(response.request.url, response, None, capture))  # type: ignore[union-attr]

    def failed(self, failure: Failure) -> None:
        request = failure.request  # type: ignore[attr-defined]
        self.told.append(Told(request.url, None, failure.value, request.meta.get("capture")))


@dataclass
class Recorder:
    """An archive, and a way to fill it."""

    archive: Archive
    environment: pytest.MonkeyPatch

    def ask(
        self,
        *urls: str | Request,
        headers: dict[str, str] | None = None,
        proxy: str | None = None,
        **settings: Any,
    ) -> list[Told]:
        errand = Errand(outlet=OutletId("origin"), config_digest=sha256(b""), delay_seconds=0)
        wanted = [Request(one, headers=headers) if isinstance(one, str) else one for one in urls]
        for one in wanted:
            one.meta.setdefault("errand", errand)
        told: list[Told] = []
        said = scrapy_settings(self.archive)
        said.setdict(
            {"EXTENSIONS": {}, "ITEM_PIPELINES": {}, "DOWNLOAD_TIMEOUT": 10, **settings},
            priority="cmdline",
        )

        if proxy:
            for scheme in ("http", "https"):
                self.environment.setenv(f"{scheme}_proxy", proxy)

        async def main() -> None:
            desk = new_desk(self.archive, Readers(1))
            try:
                runner = AsyncCrawlerRunner(said)
                await runner.crawl(Asking, desk=desk, wanted=wanted, told=told)
            finally:
                desk.lane.close()

        run(main())
        return told

    def records(self) -> list[Kept]:
        """Every record, as warcio reads it back; its own check of digests included."""
        found = []
        for path in sorted(self.archive.warc_directory.iterdir()):
            with path.open("rb") as stream:
                for record in ArchiveIterator(stream, no_record_parse=True):
                    block = record.raw_stream.read()
                    found.append(Kept(record.rec_type, list(record.rec_headers.headers), block))
        return found

    def of(self, url: str) -> dict[str, Kept]:
        """The records of the last exchange for a URL, by their types."""
        return {r.type: r for r in self.records() if r.get("WARC-Target-URI") == url}


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as opened:
        yield opened


@pytest.fixture
def recorder(
    new_archive: Callable[..., Archive], origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> Recorder:
    """Knows the origin as `origin.example`."""
    known = {NAME: origin.address}
    archive = new_archive(guard=Guard(allow=(origin.address,)), resolve=known, dedup=WHOLE)
    return Recorder(archive, monkeypatch)


# over TLS


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def certified(authority: Authority, tmp_path: Path) -> Certified:
    return authority.signed(tmp_path, TLS_NAME)


@pytest.fixture
def tls_origin(certified: Certified) -> Iterator[Origin]:
    with Origin(certified.context) as opened:
        yield opened


@pytest.fixture
def tls_recorder(
    new_archive: Callable[..., Archive], tls_origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> Recorder:
    names = dict.fromkeys((TLS_NAME, "other.example"), tls_origin.address)
    archive = new_archive(guard=Guard(allow=(tls_origin.address,)), resolve=names, dedup=WHOLE)
    return Recorder(archive, monkeypatch)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
