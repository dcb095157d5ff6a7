"""What an origin states of rights, known for each of its pages when that is captured.

robots.txt is read for our own leave already (crawler.manners.robots). tdmrep.json and ai.txt are
asked for after the first article of an origin, with the same manners, and then not before a day
is over, whatever the answer was: two requests a day. A 404 means that nothing is stated.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from archive.clock import Clock
from archive.robotstxt import RobotsFile
from archive.signals import RightsFile, Source, Statement
from archive.urls import origin_of
from crawler.lane import Lane
from crawler.manners.locks import Locks
from crawler.manners.robots import Robots
from crawler.rights.site import PATHS, SiteFile, read_file, statements_at

FRESH = timedelta(hours=24)

Fetch = Callable[[str, Source], Awaitable[RightsFile | None]]
"""Fetches a file of an origin through the recorder; None if it could not be asked for now."""


class Statements:
    """Says what the files of an origin state of a page."""

    def __init__(self, lane: Lane, robots: Robots, clock: Clock) -> None:
        self._lane = lane
        self._robots = robots
        self._clock = clock
        self._files: dict[tuple[str, Source], RightsFile] = {}
        self._parsed: dict[tuple[str, Source], SiteFile] = {}
        self._locks = Locks()

    async def of(self, url: str, fetch: Fetch | None) -> tuple[Statement, ...]:
        """What is stated of the page at `url`; without `fetch`, by robots.txt alone."""
        origin = origin_of(url)
        files = []
        if (robots := self._robots.known(origin)) and (known := self._robots_file(robots)):
            files.append(known)
        if fetch is not None:
            async with self._locks.of(origin):
                for name in PATHS:
                    file = await self._current(origin, name, fetch)
                    if file and (known := self._parse(file)):
                        files.append(known)
        return statements_at(files, url)

    def forget(self) -> None:
        """Let go of what nobody has asked for since it became stale; it is kept in the archive."""
        now = self._clock.now()
        for key, file in list(self._files.items()):
            if now - file.fetched_at >= 2 * FRESH:
                del self._files[key]
        for origin, name in list(self._parsed):
            is_robots = name == "robots.txt"
            known = self._robots.known(origin) if is_robots else self._files.get((origin, name))
            if known is None:
                del self._parsed[origin, name]

    async def _current(self, origin: str, name: Source, fetch: Fetch) -> RightsFile | None:
        file = self._files.get((origin, name))
        if file is None:
            file = await self._lane.do(lambda turn: turn.rights.file_of(origin, name))
        if file is None or self._clock.now() - file.fetched_at >= FRESH:
            fetched = await fetch(origin, name)
            if fetched is None:
                return file  # what was said yesterday is what we know
            file = fetched
            await self._lane.do(lambda turn: turn.rights.keep_file(fetched))
        self._files[origin, name] = file
        return file

    def _robots_file(self, file: RobotsFile) -> SiteFile | None:
        if not file.body or file.capture is None:
            return None
        as_rights = RightsFile(
            origin=file.origin,
            name="robots.txt",
            fetched_at=file.fetched_at,
            status=file.status,
            body=file.body,
            capture=file.capture,
        )
        return self._parse(as_rights)

    def _parse(self, file: RightsFile) -> SiteFile | None:
        """Parsed once for each capture of it; None if it says nothing at all."""
        if not file.body or file.capture is None:
            return None
        parsed = self._parsed.get((file.origin, file.name))
        if parsed is None or parsed.said_by != file.capture:
            parsed = read_file(file.name, file.body, file.origin, file.capture)
            self._parsed[file.origin, file.name] = parsed
        return parsed
