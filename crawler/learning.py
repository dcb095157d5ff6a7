"""When an outlet is learned from, from which of its stored pages, and when that is forgotten."""

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from archive.errors import ArchiveError
from archive.memories import Memory
from archive.query.memories import latest_drafts, latest_pages, learned_in_use, memories_of
from archive.records import CaptureId, OutletId
from archive.store import Archive
from crawler.extract.errors import Unextractable
from crawler.extract.links import site_of
from crawler.extract.memory import OutletMemory, memory_from_json
from crawler.extract.page import Page
from crawler.memory.learn import learn
from crawler.memory.trace import Trace
from crawler.memory.tracks import tracks_of
from crawler.outlets.spec import Outlet
from crawler.readers import ReadingFailed
from crawler.stages import page_of
from crawler.visit import Visit

logger = logging.getLogger(__name__)

PAGES = 40
"""The last articles that are looked at; 40 pages take about two seconds of one reader."""
ENOUGH = 12
"""Articles without which a crawl learns nothing by itself: chance agrees among fewer."""
LASTS = timedelta(days=28)
"""A memory older than this is learned anew when new articles come."""
LOOKED_AT = 10
"""The last drafts under a memory in which it must be found again, or the layout has changed."""
STRANGE = 6
"""So many of them in which nothing of it is found end a memory."""
BY_A_PERSON = "a person said so"

Read = Callable[[Callable[[Page], Trace], Page], Coroutine[Any, Any, Trace]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What came of looking at an outlet's pages.

    Attributes:
        memory: what they agree on; None if they are too few.
        looked_at: pages that were read; `unread` could not be, and why.
    """

    memory: OutletMemory | None
    looked_at: int
    unread: tuple[tuple[CaptureId, str], ...] = ()


def known_of(archive: Archive, outlet: OutletId) -> OutletMemory | None:
    """What is known of an outlet, to read its pages with."""
    with archive.reading() as connection:
        kept = memories_of(connection, outlet)
    used = next((one for one in kept if one.forgotten_at is None), None)
    return memory_from_json(used.learned) if used else None


def all_known(archive: Archive) -> dict[str, OutletMemory]:
    """What is known of all outlets, by the site of their home."""
    with archive.reading() as connection:
        used = learned_in_use(connection, archive.clock)
    found = {site_of(home): memory_from_json(learned) for home, learned in used}
    return {site: memory for site, memory in found.items() if memory}


async def look(archive: Archive, outlet: Outlet, read: Read, *, limit: int = PAGES) -> Lesson:
    """Learn from the last articles of an outlet, without keeping it; `read` reads each page."""
    with archive.reading() as connection:
        ids = latest_pages(connection, outlet.oid, archive.clock, limit=limit)
    traces, unread = [], []
    for id_ in ids:
        try:
            traces.append(await read(tracks_of, page_of(archive.fetch(id_), outlet)))
        except (ArchiveError, Unextractable, ReadingFailed) as error:
            unread.append((id_, str(error)))
    return Lesson(memory=learn(traces), looked_at=len(traces), unread=tuple(unread))


def why_look(archive: Archive, outlet: OutletId) -> str | None:
    """Why an outlet is to be learned from now, after new articles of it came; None if it is not."""
    with archive.reading() as connection:
        kept = memories_of(connection, outlet)
        held = len(latest_pages(connection, outlet, archive.clock, limit=PAGES))
    if held < ENOUGH or (kept and kept[0].why_forgotten == BY_A_PERSON):
        return None
    used = next((one for one in kept if one.forgotten_at is None), None)
    if used is None:
        return "nothing is known of it"
    if is_strange(archive, used):
        return "its layout has changed"
    if archive.clock.now() - used.learned_at > LASTS:
        return f"it was learned {LASTS.days} days ago"
    pages = used.learned.get("pages", 0)
    return f"it was learned from {pages} pages" if held >= min(2 * pages, PAGES) > pages else None


async def learn_after(visit: Visit) -> None:
    """At the end of a visit that brought articles: learn from them if it is time to."""
    desk, outlet = visit.desk, visit.outlet
    if (
        desk.stopping
        or not visit.counts["articles/new"]
        or not (why := why_look(desk.archive, outlet.oid))
    ):
        return
    lesson = await look(desk.archive, outlet, desk.readers.read)
    if lesson.memory is None or not is_news(lesson.memory, desk.archive, outlet.oid):
        return
    learned, digest = lesson.memory.as_json(), lesson.memory.digest
    await desk.lane.do(lambda turn: turn.learning.learned(outlet.oid, learned, digest))
    visit.note("learned")
    logger.info("%s: learned from %d pages: %s", outlet.id, lesson.looked_at, why)


def is_strange(archive: Archive, used: Memory) -> bool:
    """Whether the outlet's last pages show next to nothing of what is known of it."""
    with archive.reading() as connection:
        drafts = latest_drafts(connection, used.outlet, used.digest, archive.clock, limit=LOOKED_AT)
    strange = sum(
        all(origin != "memory" for origin, _ in draft.get("claims", {}).get("body", ()))
        for draft in drafts
    )
    return strange >= STRANGE


def is_news(learned: OutletMemory, archive: Archive, outlet: OutletId) -> bool:
    """Whether it says something else than what is known, and not only how many pages show it."""
    known = known_of(archive, outlet)
    return known is None or known.gist != learned.gist
