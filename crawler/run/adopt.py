"""Other people's archives taken in: their captures kept as they are, their pages read.

All files are judged before anything of any is kept. Pages are read by worker processes and saved in
the order of their dates, so that versions come in as they were published.
"""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.errors import ArchiveError, ComparedUnlike
from archive.intake import Beside, Foreign, Found, Incoming, Intake, Limits, Tell, intake
from archive.records import Capture, CaptureId, Draft, Provenance, RunId
from archive.replies import Reply
from archive.signals import Signal, Statement
from archive.store import Archive
from archive.turn import Turn
from archive.urls import urlkey
from crawler.desk import new_run_id
from crawler.extract.article import extract
from crawler.extract.errors import Unextractable
from crawler.furnished import read_page
from crawler.lane import Lane
from crawler.outlets.spec import Outlet
from crawler.pipelines.accept import verdict
from crawler.readers import PRELOAD, Readers, ReadingFailed
from crawler.rights.heads import head_signals
from crawler.run.homes import Homes, Wish
from crawler.stages import page_of

RECORDS_A_TURN = 64
BYTES_A_TURN = 8_000_000
_UNREADABLE = (ArchiveError, Unextractable, ReadingFailed)
READ_AHEAD = 8
"""Pages read at once; they are saved in the order of their dates."""


@dataclass(slots=True, kw_only=True)
class Imported:
    """What came in: `captures` are new ones, `articles` by outcome."""

    run: RunId | None = None
    files: list[Found] = field(default_factory=list)
    captures: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    begun: list[str] = field(default_factory=list)
    """Outlets that were made, or would be."""
    homeless: int = 0
    """New captures that did not come in, since no outlet has their host."""
    problems: list[str] = field(default_factory=list)
    """Why an outlet could not be made, a sentence each."""

    @property
    def is_partial(self) -> bool:
        """Whether something is damaged, or not what its package says."""
        return any(one.damaged or one.problems for one in self.files)

    @property
    def is_new(self) -> bool:
        """Whether something is here that was not."""
        return bool(self.captures or self.articles["new"] or self.articles["changed"])


async def import_files(
    archive: Archive,
    paths: Sequence[Path],
    wish: Wish,
    *,
    readers: Readers | None = None,
    limits: Limits | None = None,
    tell: Tell = lambda *_: None,
) -> Imported:
    """Take files in; all are judged before anything of any is kept.

    Raises:
        ArchiveError: if a file is refused; nothing has changed then.
    """
    limits = limits or Limits()
    done = Imported()
    with contextlib.ExitStack() as until_done:
        judged = [
            until_done.enter_context(intake(archive, path, limits=limits, tell=tell))
            for path in paths
        ]
        done.files = [one.found for one in judged]
        homes = Homes(archive.directory, wish)
        for one in judged:
            homes.settle(one.origins)
        done.begun, done.problems = homes.begun, homes.problems
        if wish.is_trial:
            for one in judged:
                _try(one, homes, done, limits, tell)
            return done
        async with _open_lane(archive) as lane:
            taking = _Taking(archive, lane, homes, done, limits, tell)
            async with taking.closed():
                if any(one.origins for one in judged):
                    await taking.take(judged)
                if wish.reads:
                    async with _open_readers(readers) as pool:
                        await taking.read(judged, pool)
    return done


class _Taking:
    """One import under way."""

    def __init__(
        self,
        archive: Archive,
        lane: Lane,
        homes: Homes,
        done: Imported,
        limits: Limits,
        tell: Tell,
    ) -> None:
        self._archive = archive
        self._lane = lane
        self._homes = homes
        self._done = done
        self._limits = limits
        self._tell = tell
        self._run = new_run_id(archive.clock.now())
        self._has_home = False
        """Whether the exchange that was met last belongs to an outlet."""
        self._before: tuple[Foreign, ...] = ()
        """What a file begins with, until something of it comes in."""

    async def take(self, judged: Iterable[Intake]) -> None:
        """Keep the captures that are new."""
        for one in judged:
            before = self._done.captures
            for batch in _batches(one.incoming(self._limits, self._tell)):
                acts = [act for act in map(self._act, batch) if act is not None]
                if not acts:
                    continue
                await self._open()
                taken = await self._lane.do(lambda turn, acts=acts: [act(turn) for act in acts])  # type: ignore[misc]
                self._done.captures += sum(taken)
            came = self._done.captures - before
            if came:
                await self._lane.do(_note(one, came, self._run))

    async def read(self, judged: Sequence[Intake], readers: Readers) -> None:
        """Read the pages of which there is no draft yet, and keep their articles, oldest first."""
        pages = {one.id: one for each in judged for one in each.unread(self._archive)}
        waiting = deque(sorted(pages.values(), key=lambda one: (one.captured_at, one.id)))
        total = len(waiting)
        under_way: deque[tuple[Capture, Outlet, asyncio.Task[Draft | None]]] = deque()
        number = 0
        while waiting or under_way:
            while waiting and len(under_way) < READ_AHEAD:
                page = waiting.popleft()
                outlet = self._homes.named(page.outlet)
                if outlet is None:
                    self._done.articles["unextractable"] += 1
                    continue
                task = asyncio.create_task(self._draft(page, outlet, readers))
                under_way.append((page, outlet, task))
            if under_way:
                page, outlet, task = under_way.popleft()
                if (draft := await task) is not None:
                    await self._open()
                    await self._save(page, outlet, draft, readers)
            number += 1
            self._tell("reading", number, total)

    @contextlib.asynccontextmanager
    async def closed(self) -> AsyncIterator[None]:
        """The run ends with the block, with how it went."""
        try:
            yield
        except asyncio.CancelledError:
            await self._close("interrupted")
            raise
        except Exception:
            with contextlib.suppress(OSError, ArchiveError):  # the first failure is told
                await self._close("failed")
            raise
        await self._close("finished")

    async def _close(self, outcome: str) -> None:
        if self._done.run is None:
            return
        counts = {"captures": self._done.captures}
        counts |= {f"articles/{name}": n for name, n in self._done.articles.items()}
        run = self._run
        await self._lane.do(lambda turn: turn.close_run(run, outcome=outcome, counts=counts))

    async def _open(self) -> None:
        """Begin the run and declare the outlets, before the first thing is written."""
        if self._done.run is not None:
            return
        self._done.run = run = self._run
        outlets = self._homes.all()

        def begin(turn: Turn) -> None:
            for outlet in outlets:
                turn.sync_outlet(outlet.declaration, None)
            turn.open_run(run, [outlet.oid for outlet in outlets])

        await self._lane.do(begin)

    def _act(self, one: Incoming | Beside) -> Callable[[Turn], int] | None:
        if isinstance(one, Beside):
            return (lambda turn: _copied(turn, one)) if self._has_home else None
        outlet = self._homes.of(one)
        if outlet is None:
            self._done.homeless += 1
            self._before += one.before
            self._has_home = False
            return None
        self._has_home = True
        coming = replace(one, before=(*self._before, *one.before))
        self._before = ()
        why = self._provenance(outlet)
        return lambda turn: turn.adopt(coming, why) is not None

    def _provenance(self, outlet: Outlet) -> Provenance:
        return Provenance(outlet=outlet.oid, config_digest=outlet.digest, run=self._run)

    async def _draft(self, page: Capture, outlet: Outlet, readers: Readers) -> Draft | None:
        try:
            reply = self._archive.fetch(page.id)
            read = await readers.read(read_page, page_of(reply, outlet))
        except _UNREADABLE:
            self._done.articles["unextractable"] += 1
            return None
        await self._state(page, reply, read.stated)
        return read.draft

    async def _state(self, page: Capture, reply: Reply, stated: tuple[Signal, ...]) -> None:
        """Keep what head and page state of rights; what the site did is not known."""
        head = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in reply.message.fields]
        said = [
            Statement(source="http", said_by=page.id, signals=head_signals(head, page.url)),
            Statement(source="html", said_by=page.id, signals=stated),
        ]
        if any(one.signals for one in said):
            await self._lane.do(lambda turn: turn.rights.keep(page.id, said))

    async def _save(self, page: Capture, outlet: Outlet, draft: Draft, readers: Readers) -> None:
        refused = _no_article(outlet, page) or verdict(draft, page)
        outcome = refused[0] if refused else await self._kept(page, outlet, draft, readers)
        said = outcome or "not-compared"
        self._done.articles[said] += 1
        if refused or outcome is None:
            await self._lane.do(lambda turn: turn.dismiss(draft, page, outcome=said))

    async def _kept(
        self, page: Capture, outlet: Outlet, draft: Draft, readers: Readers
    ) -> str | None:
        """Keep an article; None if its text cannot be compared with the one we hold."""
        why = self._provenance(outlet)
        for _ in range(2):
            try:
                saved = await self._lane.do(
                    lambda turn: turn.save(draft, page, why, known_as=page.url)
                )
            except ComparedUnlike as unlike:
                try:
                    await self._read_again(unlike, page, outlet, readers)
                except _UNREADABLE:
                    return None
            else:
                return saved.outcome
        return None

    async def _read_again(
        self, unlike: ComparedUnlike, page: Capture, outlet: Outlet, readers: Readers
    ) -> None:
        """Read what we hold with today's extractor, so that like is compared with like."""
        reply = self._archive.fetch(CaptureId(unlike.capture))
        older = await readers.read(extract, page_of(reply, outlet))
        await self._lane.do(
            lambda turn: turn.reread(older, reply.capture, known_as=page.url, outlet=outlet.oid)
        )


def _try(one: Intake, homes: Homes, done: Imported, limits: Limits, tell: Tell) -> None:
    """Count what would come in."""
    for incoming in one.incoming(limits, tell):
        if isinstance(incoming, Incoming):
            has_home = homes.of(incoming) is not None
            done.captures += has_home
            done.homeless += not has_home


def _no_article(outlet: Outlet, page: Capture) -> tuple[str, str] | None:
    """Why a page is none of its outlet's articles, whatever it looks like; None if it may be one.

    A crawl never asks for listings as articles; somebody else's archive has them among its pages.
    """
    listings = [outlet.home, *(url for _, url in outlet.listing_urls())]
    if page.urlkey in map(urlkey, listings):
        return "not-article", "a listing of its outlet"
    if outlet.is_article(page.url) is False:
        return "not-article", "no article by its outlet's rules"
    return None


def _copied(turn: Turn, beside: Beside) -> int:
    turn.copy(beside)
    return 0


def _note(one: Intake, came: int, run: RunId) -> Callable[[Turn], None]:
    found = one.found
    return lambda turn: turn.note_import(one.path.name, found.sha256, captures=came, run=run)


def _batches(incoming: Iterable[Incoming | Beside]) -> Iterable[list[Incoming | Beside]]:
    """What is kept in one turn: not too much to be held at once."""
    batch: list[Incoming | Beside] = []
    size = 0
    for one in incoming:
        batch.append(one)
        size += one.size
        if len(batch) >= RECORDS_A_TURN or size > BYTES_A_TURN:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@contextlib.asynccontextmanager
async def _open_lane(archive: Archive) -> AsyncIterator[Lane]:
    lane = Lane(archive)
    try:
        yield lane
    finally:
        await asyncio.to_thread(lane.close)


@contextlib.asynccontextmanager
async def _open_readers(given: Readers | None) -> AsyncIterator[Readers]:
    readers = given or Readers(preload=PRELOAD)
    try:
        yield readers
    finally:
        if given is None:
            readers.close()
