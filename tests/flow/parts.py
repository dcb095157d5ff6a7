"""Whole crawls over real sockets: the demo newspaper, and a site of a few scripted answers."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, select
from support.ledgers import faults_of

from archive.clock import Clock, SimulatedClock
from archive.db.crawling import frontier
from archive.store import Archive
from archive.urls import urlkey
from archive.verify import verify
from crawler.demo.server import Server
from crawler.outlets.catalogue import find_outlet, own_outlets
from crawler.readers import Readers
from crawler.run.crawl import Report, crawl, open_desk
from crawler.run.reactor import run
from crawler.visit import Plan, Visit

HARBOUR = "harbour-gazette"


def crawled(
    archive: Archive,
    readers: Readers,
    *ids: str,
    only: str | None = None,
    limit: int | None = None,
    watch: Callable[[Visit], None] | None = None,
) -> Report:
    """One crawl, in this process: of these outlets, or of all that the archive declares."""
    found = [find_outlet(archive.directory, one) for one in ids] or own_outlets(archive.directory)

    async def main() -> Report:
        async with open_desk(archive, readers=readers) as desk:
            plans = [Plan(outlet=outlet, only=only) for outlet in found]
            return await crawl(desk, plans, limit=limit, watch=watch)

    report = run(main())
    assert report.faults == []
    assert faults_of(archive) == []
    return report


def rows(archive: Archive, statement: Select[Any]) -> Sequence[Row[Any]]:
    with archive.reading() as connection:
        return connection.execute(statement).all()


def state_of(archive: Archive, url: str) -> tuple[str, str | None]:
    """How an article's URL stands in the ledger, and why."""
    found = rows(
        archive,
        select(frontier.c.state, frontier.c.reason).where(
            frontier.c.kind == "article", frontier.c.urlkey == urlkey(url)
        ),
    )
    assert len(found) == 1, f"{url} stands {len(found)} times in the frontier"
    return found[0][0], found[0][1]


def is_sound(directory: Path) -> bool:
    with Archive.open(directory) as archive:
        archive.recover()
        verdict = verify(archive)
        assert faults_of(archive) == []
    assert verdict.faults == []
    assert verdict.digests
    return verdict.is_sound


@dataclass
class Press:
    """The newspaper on its socket, and an archive that knows it."""

    directory: Path
    clock: SimulatedClock
    server: Server
    archive: Archive
    readers: Readers

    def crawl(self, *ids: str, **how: Any) -> Report:
        return crawled(self.archive, self.readers, *ids, **how)


def paced(directory: Path, seconds: float, *, was: float = 5.0) -> None:
    """Give every outlet of an archive another delay between two requests."""
    for path in (directory / "outlets").glob("*.toml"):
        text = path.read_text("utf-8")
        assert f"delay_seconds = {was}" in text
        path.write_text(
            text.replace(f"delay_seconds = {was}", f"delay_seconds = {seconds}"), "utf-8"
        )


@dataclass
class Elsewhere:
    """The newspaper, standing still, for crawls by other processes, in real time."""

    directory: Path
    server: Server

    def start(self, *words: str, **how: Any) -> "subprocess.Popen[str]":
        return start(self.directory, *words, **how)

    def run(self, *words: str, **how: Any) -> "subprocess.CompletedProcess[str]":
        process = self.start(*words, **how)
        said, complained = process.communicate(timeout=60)
        return subprocess.CompletedProcess(words, process.returncode, said, complained)

    def until(self, requests: int, process: "subprocess.Popen[str]") -> None:
        """Wait until the newspaper has been asked so often."""
        give_up = time.monotonic() + 30
        while len(self.server.log) < requests:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < give_up, "the crawl asks for nothing"
            time.sleep(0.01)


def start(
    directory: Path,
    *words: str,
    program: Sequence[str] = ("-m", "crawler.cli"),
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    **how: Any,
) -> "subprocess.Popen[str]":
    """Begin `kliping WORDS` in the archive's directory."""
    clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return subprocess.Popen(
        [sys.executable, *program, *words],
        cwd=cwd or directory,
        env={**clean, "NO_COLOR": "1", "COLUMNS": "200", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **how,
    )


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    media: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    unless: str | None = None
    """Answered 304 if this is its If-None-Match."""
    is_dated: bool = False
    """Answered 304 to any If-Modified-Since."""
    pause: float = 0.0
    """Seconds until it is answered."""


@dataclass(frozen=True)
class Heard:
    path: str
    host: str
    at: float
    headers: dict[str, str]


@dataclass
class Site:
    """A site of scripted answers under the name `site.example`."""

    directory: Path
    port: int
    answers: dict[str, Answer]
    """By path, or by host and path as `//host/path`."""
    asked: list[str] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    def has(self, path: str, body: bytes | str, **said: Any) -> str:
        body = body.encode() if isinstance(body, str) else body
        self.answers[path] = Answer(body, **said)
        return f"http://site.example{path}"

    def declare(
        self, *, delay_seconds: float = 0, asks: bool = False, **listings: Sequence[str]
    ) -> None:
        lines = "".join(f"{kind} = {list(paths)!r}\n" for kind, paths in listings.items())
        (self.directory / "outlets" / "site.toml").write_text(
            'id = "site"\nname = "Site"\nhome = "http://site.example/"\nlanguages = ["en"]\n'
            f"[listings]\n{lines}\n[pace]\ndelay_seconds = {delay_seconds}\n\n"
            f"[rights]\nask = {str(asks).lower()}\n",
            "utf-8",
        )

    def until(self, requests: int, process: "subprocess.Popen[str]") -> None:
        """Wait until the site has been asked so often."""
        give_up = time.monotonic() + 30
        while len(self.asked) < requests:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < give_up, "the crawl asks for nothing"
            time.sleep(0.01)

    @contextlib.contextmanager
    def opened(self, clock: Clock | None = None) -> Iterator[Archive]:
        with Archive.open(self.directory, clock=clock) as archive:
            yield archive


NOWHERE = Answer(b"<title>Nothing here</title><p>Nothing here.", status=404)


def article(title: str, sentences: int = 12, *, comment: bytes = b"") -> bytes:
    """A page with an article, and whatever else."""
    body = "".join(
        f"<p>The council of the town met for the {n}th time about {title.lower()} and listened "
        f"to what number {n} of its members had to say about the matter.</p>"
        for n in range(sentences)
    )
    return (
        (
            f'<!doctype html><html lang="en"><head><title>{title}</title>'
            f'<meta property="og:type" content="article"><meta property="article:published_time" '
            f'content="2026-03-02T08:00:00+00:00"></head><body><article><h1>{title}</h1>{body}'
            "</article>"
        ).encode()
        + b"<!--"
        + comment
        + b"--></body></html>"
    )


def feed(*urls: str) -> bytes:
    items = "".join(f"<item><title>News</title><link>{url}</link></item>" for url in urls)
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>'
    return f"{head}{items}</channel></rss>".encode()
