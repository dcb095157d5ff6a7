"""An archive on PostgreSQL with the queue of its workers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.archives import opened
from support.crews import no_queue_after

from archive.clock import SystemClock
from archive.jobs import Jobs
from archive.store import Archive


@pytest.fixture
def shared(new_directory: Callable[..., Path]) -> Iterator[Archive]:
    with (
        new_directory("postgresql") as directory,  # type: ignore[attr-defined]
        opened(directory, SystemClock()) as archive,
        no_queue_after(archive),
    ):
        yield archive


@pytest.fixture
def jobs(shared: Archive) -> Jobs:
    made = Jobs(shared)
    made.prepare()
    return made
