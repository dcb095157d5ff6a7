"""An archive that is kept and sealed, to be hurt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.archives import opened
from support.wounds import Kept, kept_in

from archive.clock import SimulatedClock
from archive.store import Archive


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else commits in a test: what is not there will not come."""
    monkeypatch.setattr("archive.fixity.chain._PAUSES", (0, 0.001))


@pytest.fixture
def kept(archive: Archive) -> Kept:
    """On each engine in turn."""
    return kept_in(archive)


@pytest.fixture
def sqlite_kept(sqlite_directory: Path, clock: SimulatedClock) -> Iterator[Kept]:
    """On SQLite alone."""
    with opened(sqlite_directory, clock) as one:
        yield kept_in(one)
