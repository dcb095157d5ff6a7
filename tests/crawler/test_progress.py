"""The numbers that are shown while a run goes on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from rich.console import Console

from archive.clock import SimulatedClock
from archive.store import Archive
from crawler.desk import Desk, new_desk
from crawler.outlets.spec import Outlet
from crawler.progress import Progress, picture
from crawler.readers import Readers
from crawler.visit import Visit


@pytest.fixture
def desk(sqlite_archive: Archive) -> Iterator[Desk]:
    desk = new_desk(sqlite_archive, Readers(1))
    yield desk
    desk.lane.close()


def shown(desk: Desk, title: str = "") -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(picture(desk, title))
    return captured.get()


def test_it_shows_the_clock_and_the_numbers(desk: Desk, clock: SimulatedClock) -> None:
    clock.advance(timedelta(hours=1))
    desk.counts.update({"captures": 12, "bytes": 4096, "articles/new": 3, "articles/failed": 1})
    said = shown(desk)
    assert "2026-03-02T07:00:00" in said
    assert "12 captures" in said
    assert "3 new" in said
    assert "1 failed" in said


def test_it_names_what_is_under_way_and_that_it_stops(desk: Desk) -> None:
    visit = Visit(desk, Outlet(id="paper", name="P", home="https://p.example/"))
    visit._open["token"] = None  # type: ignore[assignment]
    visit.doing = "https://p.example/now"
    desk.visits.append(visit)
    assert "https://p.example/now" in shown(desk, "day 1")
    desk.stop()
    assert "stopping" in shown(desk)


def test_nothing_is_drawn_where_nobody_watches(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(desk):
        pass
    assert capsys.readouterr() == ("", "")
