"""What the crawler learns of an outlet, kept; part of a turn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from archive import policy
from archive.clock import Clock
from archive.db import memories
from archive.journal import Journal
from archive.records import Digest, OutletId

TAKEN_DOWN = "an article was taken down"


class Learning:
    """Kept in the journal as well: texts that are made anew must be made as they were."""

    def __init__(self, connection: Connection, journal: Journal, clock: Clock) -> None:
        self._connection = connection
        self._journal = journal
        self._clock = clock

    def learned(self, outlet: OutletId, what: Mapping[str, Any], digest: Digest) -> int:
        """Use this of an outlet from now on, in place of what was known; its number."""
        self._journal.write("learned", outlet=outlet, learned=dict(what), digest=digest)
        now = self._clock.now()
        return memories.keep(self._connection, outlet, what, digest, now)

    def forgotten(self, outlet: OutletId, why: str) -> bool:
        """No longer use what was learned of an outlet; whether there was anything."""
        if not memories.forget(self._connection, outlet, self._clock.now(), why):
            return False
        self._journal.write("forgotten", outlet=outlet, why=why)
        return True

    def restricted(self, scope: policy.Scope, target: str) -> None:
        """Forget what was learned of outlets of which this hides an article, older memories too.

        Lines of the article may stand in them. They are emptied; the journal has them as before.
        """
        for outlet in policy.outlets_under(self._connection, scope, target):
            if memories.empty(self._connection, outlet, self._clock.now(), TAKEN_DOWN):
                self._journal.write("forgotten", outlet=outlet, why=TAKEN_DOWN, emptied=True)

    def is_late(self, looked_at: datetime) -> bool:
        """Whether anything was restricted since pages were looked at: one of them may be hidden."""
        return policy.imposed_since(self._connection, looked_at)
