"""The tour itself: one day of it, and where it refuses to go."""

from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.query.status import status
from archive.store import Archive
from crawler.demo import tour as module
from crawler.demo.server import PortTaken, Server
from crawler.demo.tour import MARK, VISITS_AT, tour, visits


def test_it_crawls_three_times_a_day_for_five_days() -> None:
    found = list(visits())
    assert len(found) == 15
    assert {at.hour for at in found} == set(VISITS_AT)
    assert found == sorted(found)


def test_a_day_makes_an_archive_and_says_what_to_try(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DAYS", 1)
    directory = tmp_path / "demo"
    tour(directory)
    said = " ".join(capsys.readouterr().out.split())
    assert "day 1" in said
    assert "all as recorded" in said
    assert "kliping search" in said
    assert (directory / MARK).exists()
    with Archive.open(directory) as archive, archive.reading() as connection:
        found = status(connection, archive.clock.now())
    assert sum(outlet.articles for outlet in found.outlets) > 20


def test_it_never_touches_what_it_did_not_make(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    with pytest.raises(ArchiveError, match="not empty, and not the demo's"):
        tour(tmp_path)
    assert precious.read_text() == "mine"


def test_it_never_touches_an_archive_of_somebody(tmp_path: Path) -> None:
    (tmp_path / "kliping.toml").write_text("")
    with pytest.raises(ArchiveError, match="is an archive, and not the demo's"):
        tour(tmp_path)


def test_what_it_made_it_may_make_anew(tmp_path: Path) -> None:
    (tmp_path / MARK).touch()
    (tmp_path / "old").touch()
    module._make_room(tmp_path)
    assert not tmp_path.exists()


def test_a_port_that_is_taken_is_told(server: Server, tmp_path: Path) -> None:
    with pytest.raises(PortTaken, match=str(server.port)):
        tour(tmp_path / "demo", server.port)
