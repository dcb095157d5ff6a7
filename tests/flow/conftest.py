"""The newspaper, a site of scripted answers, and archives that know them."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

import pytest
from flow.parts import NOWHERE, Answer, Elsewhere, Heard, Press, Site, paced

from archive.clock import SimulatedClock
from archive.config import ArchiveConfig, Guard
from archive.store import Archive
from crawler.demo.newspaper import OPENS_AT, Newspaper
from crawler.demo.serve import STEADY_AT
from crawler.demo.server import Server
from crawler.demo.tour import make_archive
from crawler.readers import PRELOAD, Readers


@pytest.fixture(scope="session")
def readers() -> Iterator[Readers]:
    """One pool for all crawls: starting one takes as long as a crawl."""
    pool = Readers(2, preload=PRELOAD)
    yield pool
    pool.close()


@pytest.fixture
def press(tmp_path: Path, readers: Readers) -> Iterator[Press]:
    """The newspaper on its first morning, an archive beside it, nothing crawled."""
    clock = SimulatedClock(OPENS_AT.replace(hour=6))
    paper = Newspaper(clock)
    directory = tmp_path / "archive"
    with Server(paper) as server, make_archive(directory, paper, server.port, clock) as archive:
        yield Press(directory, clock, server, archive, readers)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    clock = SimulatedClock(STEADY_AT)
    paper = Newspaper(clock)
    directory = tmp_path / "archive"
    with Server(paper, steady=True) as server:
        make_archive(directory, paper, server.port, clock).close()
        paced(directory, 0.0)
        yield Elsewhere(directory, server)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    answers: dict[str, Answer] = {}
    asked: list[str] = []
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                site.in_flight += 1
                site.most_in_flight = max(site.most_in_flight, site.in_flight)
                asked.append(self.path)
                said = dict(self.headers)
                site.heard.append(Heard(self.path, said["Host"], time.monotonic(), said))
            answer = answers.get(f"//{said['Host']}{self.path}") or answers.get(self.path, NOWHERE)
            time.sleep(answer.pause)
            is_held = answer.unless and said.get("If-None-Match") == answer.unless
            if is_held or (answer.is_dated and "If-Modified-Since" in said):
                answer = replace(answer, status=304, body=b"")
            with lock:
                site.in_flight -= 1
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Type", answer.media)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    port = server.server_address[1]
    directory = tmp_path / "site-archive"
    config = ArchiveConfig(
        contact="tests@kliping.example",
        guard=Guard(allow=(f"127.0.0.1:{port}",)),
        resolve={"site.example": f"127.0.0.1:{port}"},
    )
    Archive.create(directory, config).close()
    site = Site(directory, port, answers, asked)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(OPENS_AT.replace(hour=9))


@pytest.fixture
def site_archive(site: Site, clock: SimulatedClock) -> Iterator[Archive]:
    with Archive.open(site.directory, clock=clock) as archive:
        yield archive
