"""An archive and a desk for parts of the crawler, without a crawl around them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.clock import Clock, SimulatedClock, SystemClock
from archive.config import ArchiveConfig, render_config
from archive.store import Archive
from crawler.lane import Lane

NewArchive = Callable[..., Archive]


@pytest.fixture
def new_archive(blank_sqlite: Path, tmp_path: Path) -> Iterator[NewArchive]:
    """Makes archives, on SQLite, and closes them."""
    made: list[Archive] = []

    def new(clock: Clock | None = None, **config: Any) -> Archive:
        directory = tmp_path / f"archive-{len(made)}"
        for name in ("outlets", "warc", "cdxj", "journal", "exports"):
            (directory / name).mkdir(parents=True)
        says = ArchiveConfig(**{"contact": "me@library.example", **config})
        (directory / "kliping.toml").write_text(render_config(says), "utf-8")
        shutil.copy(blank_sqlite, directory / "archive.db")
        made.append(Archive.open(directory, clock=clock or SystemClock()))
        return made[-1]

    yield new
    for archive in made:
        archive.close()


@pytest.fixture
def lane(new_archive: NewArchive, clock: SimulatedClock) -> Iterator[Lane]:
    """The lane of a fresh archive under the `clock`."""
    lane = Lane(new_archive(clock))
    yield lane
    lane.close()
