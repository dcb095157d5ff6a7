"""A crew: some workers on one machine, kept alive by the process that began them."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType

from archive.clock import Clock
from archive.errors import ArchiveError
from archive.store import Archive

LOOK_EVERY = 0.2
FIRST_REST, LONGEST_REST = 1.0, 60.0
"""Seconds before a worker that died is begun again; longer each time that it dies young."""
YOUNG = 60.0


@dataclass(slots=True)
class _Place:
    """A worker's place, whoever fills it."""

    process: "subprocess.Popen[bytes] | None" = None
    begun: float = 0.0
    rest: float = FIRST_REST
    again_at: float = 0.0


class Crew:
    """So many workers, each begun again if it dies. `run` once."""

    def __init__(
        self, directory: Path, number: int, clock: Clock, tell: Callable[[str], None]
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._tell = tell
        self._places = [_Place() for _ in range(number)]
        self._readers = max(1, (os.cpu_count() or 1) // number)
        self._stop = threading.Event()
        self.stopped_by: str | None = None
        """The signal that ended it, by name."""

    def run(self, until: datetime | None = None) -> bool:
        """Keep them at work until a signal or this instant; whether all of them ended well."""
        with self._signals():
            while not self._stop.is_set():
                if until and self._clock.now() >= until:
                    break
                for place in self._places:
                    self._see_to(place)
                self._stop.wait(LOOK_EVERY)
            return self._end()

    def stop(self, by: str) -> None:
        """End them cleanly."""
        self.stopped_by = self.stopped_by or by
        self._stop.set()

    def _see_to(self, place: _Place) -> None:
        now = time.monotonic()
        if place.process is None:
            if now >= place.again_at:
                self._begin(place)
            return
        if (code := place.process.poll()) is None:
            return
        self._tell(f"The worker {place.process.pid} ended with {code}; another takes its place.")
        is_young = now - place.begun < YOUNG
        place.rest = min(place.rest * 2, LONGEST_REST) if is_young else FIRST_REST
        place.again_at = now + (place.rest / 2 if is_young else 0.0)
        self._let_go(place)
        self._recover()

    def _begin(self, place: _Place) -> None:
        place.begun = time.monotonic()
        place.process = subprocess.Popen(  # noqa: S603 - this very program
            [
                sys.executable,
                "-m",
                "crawler.run.worker",
                str(self._directory.resolve()),
                str(self._readers),
            ],
            stdin=subprocess.PIPE,  # held open for as long as we live
            start_new_session=True,  # Ctrl-C is for us, and we tell them
        )

    def _recover(self) -> None:
        """Seal what a worker left that was killed; the others go on meanwhile."""
        try:
            with Archive.open(self._directory, clock=self._clock) as archive:
                for sentence in archive.recover():
                    self._tell(sentence)
        except (ArchiveError, OSError) as error:
            self._tell(f"What it left cannot be put in order yet: {error}")

    def _end(self) -> bool:
        processes = [one.process for one in self._places if one.process]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        codes = [process.wait() for process in processes]
        for place in self._places:
            self._let_go(place)
        return all(code in (0, -signal.SIGTERM) for code in codes)  # or it had not begun yet

    def _let_go(self, place: _Place) -> None:
        if place.process and place.process.stdin:
            place.process.stdin.close()
        place.process = None

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            self.stop(signal.Signals(number).name)

        kinds = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(kind, stop) for kind in kinds]
        try:
            yield
        finally:
            for kind, one in zip(kinds, before, strict=True):
                signal.signal(kind, one)
