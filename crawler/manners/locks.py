"""A lock for each name, kept only while anybody has it or waits for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Locks:
    """For hosts and origins, of which a service that runs for years comes to ever more."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._wanted: Counter[str] = Counter()

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """Wait for the lock of this name, and have it meanwhile; who comes first has it first."""
        lock = self._locks.setdefault(name, asyncio.Lock())
        self._wanted[name] += 1
        try:
            async with lock:
                yield
        finally:
            self._wanted[name] -= 1
            if not self._wanted[name]:
                del self._wanted[name], self._locks[name]

    def __contains__(self, name: object) -> bool:
        """Whether anybody has the lock of this name, or waits for it."""
        return name in self._wanted

    def __len__(self) -> int:
        """How many are wanted."""
        return len(self._wanted)
