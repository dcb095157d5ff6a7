"""A simulated month of the running service, and what it caught beside what was announced.

The service is the real one, over real sockets; only its clock is set. What polling at a fixed
interval would have caught and asked for is reckoned from the timeline.
"""

import contextlib
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from support.papers import Paper, Papers, Piece
from support.reckoning import Reckoned, every, judged, reckon

from archive.clock import SimulatedClock
from archive.db.crawling import frontier
from archive.schedules import Schedule
from archive.store import Archive
from crawler import lane, timetable
from crawler.demo.server import Server
from crawler.demo.tour import make_archive
from crawler.outlets.catalogue import own_outlets
from crawler.readers import PRELOAD, Readers
from crawler.run.reactor import run
from crawler.run.service import Service

FEED = "/feed.xml"
PROFILE = "daily-news"
LATE = timedelta(minutes=1)
"""A poll that comes so much later than it was due is late: others were being visited."""


@dataclass(frozen=True, slots=True)
class Miss:
    """An article that was not caught.

    Attributes:
        announced: for how long the feed named it.
        every: the interval in force, as settled by the poll before it was printed.
        polled_after: how long after that poll the next one came.
        was_named: whether a poll read the feed while it named the article.
    """

    url: str
    announced: timedelta
    every: timedelta
    polled_after: timedelta
    was_named: bool

    @property
    def is_excused(self) -> bool:
        """Whether it was announced for less than one poll interval, and no poll saw it."""
        return not self.was_named and self.announced < self.every


@dataclass(slots=True, kw_only=True)
class Month:
    """How it went."""

    outlets: int
    days: float
    caught: int = 0
    misses: list[Miss] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    late: int = 0
    latest: timedelta = timedelta()
    visits: int = 0
    cpu: float = 0.0
    seconds: float = 0.0
    reckoned: list[Reckoned] = field(default_factory=list)
    """Polling at fixed intervals, beside it."""

    @property
    def to_catch(self) -> int:
        """Requests, those that look for edits aside."""
        return self.requests.total() - self.requests["rechecks"]


@dataclass(slots=True)
class Polls:
    """When a feed was asked for, and the interval that each poll settled."""

    at: list[datetime] = field(default_factory=list)
    every: list[timedelta] = field(default_factory=list)


def live(
    work: Path,
    begin: datetime,
    *,
    outlets: int,
    days: float,
    seed: int = 2026,
    rechecks: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> Month:
    """Run the service for so many simulated days, and judge what it caught.

    Without `rechecks`, nobody looks whether an article was edited: nothing that is caught depends
    on it, and most of a month's requests are for that.
    """
    clock = SimulatedClock(begin)
    end = begin + timedelta(days=days)
    papers = Papers(clock, outlets, begin, int(days + 1), seed)
    month = Month(outlets=outlets, days=days)
    polls: defaultdict[str, Polls] = defaultdict(Polls)
    with Server(papers) as server, make_archive(work, papers, server.port, clock) as archive:  # type: ignore[arg-type]
        _schedule(archive)
        began, cpu = time.monotonic(), time.process_time()
        told_on = begin.date()

        def visited(sentence: str) -> None:
            nonlocal told_on
            outlet, colon, _ = sentence.partition(":")
            if not colon or f"{outlet}.example" not in papers.by_host:
                return
            month.visits += 1
            _note_poll(archive, outlet, polls[f"{outlet}.example"])
            if clock.now().date() != told_on:
                told_on = clock.now().date()
                wall = time.monotonic() - began
                tell(f"{told_on}: {month.visits} visits, {len(server.log)} requests, {wall:.0f} s")

        service = Service(
            archive, tell=visited, free=lambda _: 10**12, look_every=timedelta(hours=1)
        )
        readers = Readers(preload=PRELOAD)
        try:
            with _profile(rechecks=rechecks), _haste():
                run(service.serve(until=end, readers=readers))
        finally:
            readers.close()
        month.seconds = time.monotonic() - began
        month.cpu = time.process_time() - cpu
        end = min(end, clock.now())  # somebody may have stopped it
        _judge(month, papers, server, polls, begin, end)
    month.reckoned = fixed(papers.by_host.values(), begin, end)
    return month


def fixed(papers: Iterable[Paper], begin: datetime, end: datetime) -> list[Reckoned]:
    """Polling every 15 minutes, and every hour."""
    return [
        reckon(f"every {minutes} minutes", papers, begin, end, every(timedelta(minutes=minutes)))
        for minutes in (15, 60)
    ]


@contextlib.contextmanager
def _profile(*, rechecks: bool) -> Iterator[None]:
    usual = timetable.PROFILES[PROFILE]
    if not rechecks:
        tempo = replace(usual.tempo, recheck_factor=1e-6)
        timetable.PROFILES[PROFILE] = replace(usual, tempo=tempo)
    try:
        yield
    finally:
        timetable.PROFILES[PROFILE] = usual


@contextlib.contextmanager
def _haste() -> Iterator[None]:
    """Spare no writes by waiting for more of them: here nothing is waited for but that."""
    gather, lane.GATHER_SECONDS = lane.GATHER_SECONDS, 0.0
    switch = sys.getswitchinterval()
    sys.setswitchinterval(switch / 10)
    try:
        yield
    finally:
        lane.GATHER_SECONDS = gather
        sys.setswitchinterval(switch)


def _schedule(archive: Archive) -> None:
    with archive.turn() as turn:
        for outlet in own_outlets(archive.directory):
            turn.sync_outlet(outlet.declaration, None)
            turn.schedules.set(
                Schedule(outlet=outlet.oid, profile=PROFILE, set_at=archive.clock.now())
            )


def _note_poll(archive: Archive, outlet: str, polls: Polls) -> None:
    wanted = select(frontier.c.polled_at, frontier.c.every_seconds).where(
        frontier.c.outlet_id == outlet, frontier.c.kind == "feed"
    )
    with archive.reading() as connection:
        polled_at, seconds = connection.execute(wanted).one()
    if polled_at is not None and (not polls.at or polls.at[-1] != polled_at):
        polls.at.append(polled_at)
        polls.every.append(timedelta(seconds=seconds))


def _judge(
    month: Month,
    papers: Papers,
    server: Server,
    polls: dict[str, Polls],
    begin: datetime,
    end: datetime,
) -> None:
    asked: defaultdict[str, list[datetime]] = defaultdict(list)
    fetched: set[str] = set()
    for one in server.log:
        url = f"http://{one.host}{one.path}"
        if one.path == FEED:
            asked[one.host].append(one.at)
            month.requests["feeds, not modified" if one.status == 304 else "feeds"] += 1
        elif one.path == "/robots.txt":
            month.requests["robots.txt"] += 1
        elif one.path.rpartition("/")[2].isdigit():
            month.requests["rechecks" if url in fetched else "articles"] += 1
            if one.status == 200:
                fetched.add(url)
        else:
            month.requests["rights files"] += 1
    for paper in papers.by_host.values():
        mine = polls[paper.host]
        month.caught += sum(paper.url(piece) in fetched for piece in paper.pieces)
        for piece in judged(paper, begin, end):
            if paper.url(piece) not in fetched:
                month.misses.append(_miss(paper, piece, asked[paper.host], mine))
        gaps = zip(mine.at, mine.at[1:], mine.every, strict=False)
        lateness = [later - at - every for at, later, every in gaps]
        month.late += sum(one > LATE for one in lateness)
        month.latest = max([month.latest, *lateness])


def _miss(paper: Paper, piece: Piece, asked: list[datetime], polls: Polls) -> Miss:
    before = max((n for n, at in enumerate(polls.at) if at <= piece.published), default=0)
    later = polls.at[before + 1] if before + 1 < len(polls.at) else asked[-1]
    return Miss(
        url=paper.url(piece),
        announced=piece.until - piece.published,
        every=polls.every[before],
        polled_after=later - polls.at[before],
        was_named=any(piece.published <= at < piece.until for at in asked),
    )
