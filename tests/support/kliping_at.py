"""`kliping`, under a clock that stands in a file and is moved by whoever waits.

    KLIPING_TEST_CLOCK=FILE python kliping_at.py WORD…

The newspaper that is crawled may read the same file, so that it prints while the crawler waits.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive import clock as clocks


@dataclass(frozen=True)
class FileClock:
    """A simulated clock that programs share: the file has the instant."""

    path: Path

    is_simulated = True

    def now(self) -> datetime:
        """The instant that stands there."""
        return datetime.fromisoformat(self.path.read_text("ascii"))

    def advance_to(self, instant: datetime) -> None:
        """Move to `instant`, unless it is already past."""
        if instant > self.now():
            beside = self.path.with_suffix(f".{os.getpid()}")
            beside.write_text(instant.isoformat(), "ascii")
            beside.replace(self.path)

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`."""
        self.advance_to(self.now() + by)

    async def wait_until(self, instant: datetime) -> None:
        """Move there, giving others their turn."""
        self.advance_to(instant)
        await asyncio.sleep(0)


if __name__ == "__main__":
    file = Path(os.environ["KLIPING_TEST_CLOCK"])
    clocks.SystemClock = lambda: FileClock(file)  # type: ignore[assignment,misc]
    from crawler.cli import main

    sys.argv[0] = "kliping"
    main()
