"""A writer in a directory of its own, under a clock that stands still."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.clock import SimulatedClock
from archive.warc.writer import SealedFile, WarcWriter

NewWriter = Callable[..., WarcWriter]


@pytest.fixture
def sealed() -> list[SealedFile]:
    """What the writers of a test have sealed."""
    return []


@pytest.fixture
def new_writer(tmp_path: Path, clock: SimulatedClock, sealed: list[SealedFile]) -> NewWriter:
    def new(max_bytes: int = 1_000_000) -> WarcWriter:
        return WarcWriter(
            tmp_path / "warc",
            prefix="kliping",
            max_bytes=max_bytes,
            clock=clock,
            warcinfo=lambda: [("software", "tests"), ("operator", None)],
            on_sealed=sealed.append,
        )

    return new


@pytest.fixture
def writer(new_writer: NewWriter) -> WarcWriter:
    return new_writer()
