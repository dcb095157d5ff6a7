"""What was learned of an outlet's pages, as the archive keeps it: it does not read it.

The crawler learns and uses it (`crawler.extract.memory`); here it is JSON with a number and a
digest, which the drafts made under it name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive.records import Digest, OutletId


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One state of what is known of an outlet.

    Attributes:
        number: 1 is the first that was learned of the outlet.
        learned: what its pages agree on; its form is the crawler's. Empty once an article of the
            outlet was taken down: lines of it may have stood there.
        forgotten_at: since when it is not used, if so; `why_forgotten` says what made it so.
    """

    outlet: OutletId
    number: int
    digest: Digest
    learned: Mapping[str, Any] = field(repr=False)
    learned_at: datetime
    forgotten_at: datetime | None = None
    why_forgotten: str | None = None
