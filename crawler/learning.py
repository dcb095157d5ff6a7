"""When an outlet is learned from, from which of its stored pages, and when that is forgotten."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.memories import Memory
from archive.query.memories import (
    held_since,
    latest_drafts,
    latest_pages,
    learned_in_use,
    memories_of,
)
from archive.records import CaptureId, OutletId
from archive.store import Archive
from archive.turn import Turn
from crawler.extract.links import site_of
from crawler.extract.memory import OutletMemory, memory_from_json
from crawler.extract.page import Page
from crawler.memory.learn import learn
from crawler.memory.trace import Trace
from crawler.memory.tracks import tracks_of
from crawler.outlets.spec import Outlet
from crawler.stages import page_of
from crawler.visit import Visit

logger = logging.getLogger(__name__)

PAGES = 40
"""The last articles that are looked at; 40 pages take about two seconds of one reader."""
ENOUGH = 12
"""Articles without which a crawl learns nothing by itself: chance agrees among fewer."""
APART = timedelta(hours=20)
"""After an outlet's first article, at the soonest: pages of one hour also share what that hour put
on all of them. And a first crawl is not to read its pages twice."""
LASTS = timedelta(days=28)
"""A memory older than this is learned anew when new articles come."""
LASTS_OF_FEW = timedelta(days=3)
"""The same of one that was learned from few pages."""
SECONDS = 60
"""How long an outlet is learned from at most."""
LOOKED_AT = 10
"""The last drafts under a memory in which it must be found again, or the layout has changed."""
STRANGE = 6
"""So many of them in which nothing of it is found have it learned anew."""
BY_A_PERSON = "a person said so"

Read = Callable[[Callable[[Page], Trace], Page], Coroutine[Any, Any, Trace]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What came of looking at an outlet's pages.

    Attributes:
        memory: what they agree on; None if they are too few.
        looked_at: pages that were read; `unread` could not be, and why.
        began_at: of what was restricted since, a page may have been read.
    """

    memory: OutletMemory | None
    looked_at: int
    began_at: datetime
    unread: tuple[tuple[CaptureId, str], ...] = ()


def known_of(archive: Archive, outlet: OutletId) -> OutletMemory | None:
    """What is known of an outlet, to read its pages with."""
    with archive.reading() as connection:
        kept = memories_of(connection, outlet, archive.clock)
    used = next((one for one in kept if one.forgotten_at is None), None)
    return memory_from_json(used.learned) if used else None


def all_known(archive: Archive) -> dict[str, OutletMemory]:
    """What is known of all outlets, by the site of their home."""
    with archive.reading() as connection:
        used = learned_in_use(connection, archive.clock)
    outlets = Counter(site_of(home) for home, _ in used)
    found = {site_of(home): memory_from_json(learned) for home, learned in used}
    # of a site that two outlets share, nobody can tell whose page one is
    return {site: one for site, one in found.items() if one and site and outlets[site] == 1}


async def look(
    archive: Archive,
    outlet: Outlet,
    read: Read,
    *,
    limit: int = PAGES,
    is_over: Callable[[], bool] = lambda: False,
) -> Lesson:
    """Learn from the last articles of an outlet, without keeping it; `read` reads each page.

    It ends early when `is_over`, and after a minute: then it learns from what was read so far.
    """
    began_at = archive.clock.now()
    with archive.reading() as connection:
        ids = latest_pages(connection, outlet.oid, archive.clock, limit=limit)
    traces, unread = [], []
    began = time.monotonic()
    for id_ in ids:
        if is_over() or time.monotonic() - began > SECONDS:
            break
        try:
            traces.append(await read(tracks_of, page_of(archive.fetch(id_), outlet)))
        except Exception as error:  # noqa: BLE001 -- a hostile page costs itself, and no visit
            unread.append((id_, f"{type(error).__name__}: {error}"))
    memory = await asyncio.to_thread(learn, traces)
    return Lesson(memory=memory, looked_at=len(traces), began_at=began_at, unread=tuple(unread))


def keep(turn: Turn, outlet: OutletId, lesson: Lesson, memory: OutletMemory) -> int | None:
    """Use a memory from now on; its number, None if a page of the lesson may be hidden by now."""
    if turn.learning.is_late(lesson.began_at):
        return None
    return turn.learning.learned(outlet, memory.as_json(), memory.digest)


def why_look(archive: Archive, outlet: OutletId) -> str | None:
    """Why an outlet is to be learned from now, after new articles of it came; None if it is not."""
    with archive.reading() as connection:
        kept = memories_of(connection, outlet, archive.clock)
    if kept and kept[0].why_forgotten == BY_A_PERSON:
        return None
    used = next((one for one in kept if one.forgotten_at is None), None)
    why = _why_due(archive, used)
    # what is held is asked for last: it costs more than all before it, and seldom matters
    return why if why and _is_enough(archive, outlet) else None


def _is_enough(archive: Archive, outlet: OutletId) -> bool:
    """Whether enough is held of an outlet, and for long enough, to learn from."""
    with archive.reading() as connection:
        since = held_since(connection, outlet, archive.clock)
        if since is None or archive.clock.now() - since < APART:
            return False
        return len(latest_pages(connection, outlet, archive.clock, limit=ENOUGH)) >= ENOUGH


def _why_due(archive: Archive, used: Memory | None) -> str | None:
    """Why what is in use of an outlet is to be learned anew, None if it is not; its age first."""
    if used is None:
        return "nothing is known of it"
    lasts = LASTS if used.learned.get("pages", 0) >= PAGES // 2 else LASTS_OF_FEW
    if archive.clock.now() - used.learned_at > lasts:
        return f"it was learned {lasts.days} days ago"
    return "its layout has changed" if is_strange(archive, used) else None


async def learn_after(visit: Visit) -> None:
    """At the end of a visit that brought articles: learn from them if it is time to.

    What says nothing new is kept as it was known, so that its day is renewed and no text is read
    again for it.
    """
    desk, outlet = visit.desk, visit.outlet
    if desk.stopping or not visit.counts["articles/new"]:
        return
    why = why_look(desk.archive, outlet.oid)
    if why is None:
        return
    lesson = await look(desk.archive, outlet, desk.readers.read, is_over=lambda: desk.stopping)
    if desk.stopping:
        return
    known = known_of(desk.archive, outlet.oid)
    memory = lesson.memory or OutletMemory(pages=lesson.looked_at)
    if known is not None and known.gist == memory.gist:
        memory = known
    if await desk.lane.do(lambda turn: keep(turn, outlet.oid, lesson, memory)) is None:
        return
    visit.note("learned")
    logger.info("%s: learned from %d pages: %s", outlet.id, lesson.looked_at, why)


def is_strange(archive: Archive, used: Memory) -> bool:
    """Whether the outlet's last pages show nothing of what can be seen of a memory."""
    memory = memory_from_json(used.learned)
    if memory is not None and not memory.is_visible:
        return False
    with archive.reading() as connection:
        drafts = latest_drafts(connection, used.outlet, used.digest, archive.clock, limit=LOOKED_AT)
    strange = sum(
        all(origin != "memory" for origin, _ in draft.get("claims", {}).get("body", ()))
        for draft in drafts
    )
    return strange >= STRANGE
