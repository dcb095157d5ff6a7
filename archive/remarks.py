"""What a run says of its own work: what it could not do, what broke it off, and so on.

A service goes on for years and prints no account at the end; these are kept for those who ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from archive.records import OutletId, Url

Kind = Literal["miss", "robots", "visit", "ledger"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST = 400
"""Characters kept of a sentence: it is part of a key, and PostgreSQL's keys have a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One sentence about an outlet, as often as it was true in a run.

    Attributes:
        kind: a page that was not had and why; what a person should know of a robots.txt; the error
            that broke a visit off; or what does not balance in a ledger.
        said: the sentence; of a miss, `failed: HTTP 500`.
        url: of a miss, an example; of robots.txt, whose it is.
        first_at: when it was said first in its run; None before it is kept.
    """

    outlet: OutletId
    kind: Kind
    said: str
    number: int = 1
    url: Url | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None


def remark_as_json(one: Remark) -> dict[str, Any]:
    """A remark as the journal has it; its outlet and time stand beside it."""
    return {"kind": one.kind, "said": one.said, "number": one.number, "url": one.url}


def remark_from_json(outlet: OutletId, said: Mapping[str, Any]) -> Remark:
    """A remark as the journal had it.

    Raises:
        ValueError: if it is of no kind that is known.
    """
    if said["kind"] not in KINDS:
        raise ValueError(f"{said['kind']!r} is no kind of remark")
    return Remark(
        outlet=outlet,
        kind=said["kind"],
        said=said["said"],
        number=said["number"],
        url=said.get("url"),
    )
