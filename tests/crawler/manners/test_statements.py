"""What an origin states is read once a day, and let go of when nobody asks any more."""

import asyncio
from datetime import UTC, datetime, timedelta

from archive.clock import SimulatedClock
from archive.records import CaptureId
from archive.signals import RightsFile, Source
from crawler.lane import Lane
from crawler.manners.pace import Pace
from crawler.manners.robots import Robots
from crawler.manners.statements import Statements

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PAGE = "http://paper.example/news/1"


def test_a_file_is_believed_for_a_day_and_let_go_of_after_two(lane: Lane) -> None:
    clock = SimulatedClock(NOW)
    robots = Robots(lane, Pace(lane, clock), clock)
    statements = Statements(lane, robots, clock)
    asked: list[Source] = []

    async def fetch(origin: str, name: Source) -> RightsFile:
        asked.append(name)
        return RightsFile(
            origin=origin,
            name=name,
            fetched_at=clock.now(),
            status=200,
            body="User-Agent: *\nDisallow: *.html\n" if name == "ai.txt" else None,
            capture=CaptureId(f"r:{len(asked)}"),
        )

    def sources() -> list[Source]:
        return [one.source for one in asyncio.run(statements.of(PAGE, fetch))]

    assert sources() == sources() == ["ai.txt"]
    statements.forget()
    assert sources() == ["ai.txt"]
    assert len(asked) == 2
    clock.advance(timedelta(days=2))
    statements.forget()
    assert not statements._files
    assert not statements._parsed
    assert sources() == ["ai.txt"]
    assert len(asked) == 4
