"""How long a verification may take, and how fast it may read."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMGT]?)B?")
_TIMES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SAMPLE = re.compile(r"(\d+)|(\d+(?:\.\d+)?)%")
_WHOLE = 100


class Budget:
    """What one verification may use of the machine; it begins when it is made.

    Args:
        for_: when it is over; none is no bound.
        rate: bytes a second; none is no bound.
        monotonic: seconds that pass; the machine's, for an archive's clock may be simulated.
        sleep: waits as many seconds.
    """

    def __init__(
        self,
        for_: timedelta | None = None,
        rate: int | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._for = for_
        self._rate = rate
        self._monotonic = monotonic
        self._sleep = sleep
        self._began = monotonic()
        self._spent = 0

    @property
    def is_over(self) -> bool:
        """Whether the time has run out."""
        passed = self._monotonic() - self._began
        return self._for is not None and passed >= self._for.total_seconds()

    def spend(self, size: int) -> None:
        """Account for bytes that were read; waits if they came too fast."""
        self._spent += size
        if self._rate:
            ahead = self._began + self._spent / self._rate - self._monotonic()
            if ahead > 0:
                self._sleep(ahead)


def duration(text: str) -> timedelta:
    """A time as a person writes it: `90s`, `30m`, `2h`, `1d`.

    Raises:
        ValueError: if it is none.
    """
    found = _DURATION.fullmatch(text.strip())
    if not found or not float(found[1]):
        raise ValueError(f"{text!r} is no duration; write 90s, 30m, 2h or 1d")
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def size(text: str) -> int:
    """Bytes as a person writes them: `500kB`, `20MB`, `1.5G`.

    Raises:
        ValueError: if they are none, or less than one.
    """
    found = _SIZE.fullmatch(text.strip())
    many = int(float(found[1]) * _TIMES[found[2]]) if found else 0
    if many < 1:
        raise ValueError(f"{text!r} is no size; write 500kB, 20MB or 1GB")
    return many


class Sample:
    """How many records to draw: a number, or a part of all."""

    def __init__(self, text: str) -> None:
        """From what a person writes: `1000` or `5%`.

        Raises:
            ValueError: if it is neither, or nothing would be drawn.
        """
        found = _SAMPLE.fullmatch(text.strip())
        number = int(found[1]) if found and found[1] else None
        percent = float(found[2]) if found and found[2] else None
        if not (number or percent) or (percent and percent > _WHOLE):
            raise ValueError(f"{text!r} is no sample; write a number of records, or 5%")
        self._number, self._percent = number, percent

    def of(self, total: int) -> int:
        """How many of `total`; at least one."""
        if self._number is not None:
            return min(self._number, total)
        return min(total, max(1, round(total * (self._percent or 0) / _WHOLE)))
