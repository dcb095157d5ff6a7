"""How leases end, and the same as JSON, so that the journal can tell a lost database again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from archive.records import ArticleId, CaptureId, OutletId, Url

Outcome = Literal[
    "new", "changed", "same", "gone", "walled", "not-article", "unextractable",
    "polled", "unchanged", "refused", "failed", "released",
]  # fmt: skip
"""How a lease ended. `polled` and `unchanged` are a listing's; `released` gives it back unused."""
CAPTURED = ("new", "changed", "same", "gone", "walled", "not-article", "unextractable")
"""The outcomes of an article that was fetched, whatever it held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one look at a listing brought.

    Attributes:
        items: URLs that it named, those left out by the outlet's rules aside.
        known: of these, the ones that were known before.
        denied: URLs that the outlet's rules left out.
        every: the interval it is given from now on.
        gap: between which instants its items went by unseen, if it proves that some did.
    """

    items: int = 0
    known: int = 0
    denied: int = 0
    every: timedelta | None = None
    gap: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The end of a lease: what came of it, why, and when to look again (None is never).

    Attributes:
        due_reason: how `next_due_at` was reckoned, in a few words.
        weight: of a failure: 1 hard, 0.5 soft, 0.25 temporary.
        is_retired: whether it is given up: never due again, or only for a monthly probe.
        poll: of a listing that was had.
    """

    token: str
    outcome: Outcome
    reason: str | None = None
    next_due_at: datetime | None = None
    due_reason: str | None = None
    weight: float = 0.0
    is_retired: bool = False
    capture: CaptureId | None = None
    article: ArticleId | None = None
    etag: str | None = None
    since: str | None = None
    poll: Poll | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """What a lease was for, told by the frontier as the lease ends."""

    id: int
    outlet: OutletId
    kind: str
    url: Url
    first_sighted_at: datetime


def settlement_as_json(settlement: Settlement, lent: Lent) -> dict[str, Any]:
    """The end of a lease, with what had been lent in place of its token."""
    plain: dict[str, Any] = {
        "outlet": lent.outlet,
        "kind": lent.kind,
        "url": lent.url,
        "known_since": lent.first_sighted_at.isoformat() if lent.kind != "article" else None,
        "outcome": settlement.outcome,
        "reason": settlement.reason,
        "due": settlement.next_due_at and settlement.next_due_at.isoformat(),
        "due_reason": settlement.due_reason,
        "weight": settlement.weight or None,
        "retired": settlement.is_retired or None,
        "capture": settlement.capture,
        "article": settlement.article,
        "etag": settlement.etag,
        "since": settlement.since,
        "poll": settlement.poll and _poll_as_json(settlement.poll),
    }
    return {name: value for name, value in plain.items() if value is not None}


def settlement_from_json(plain: dict[str, Any], token: str) -> Settlement:
    """The end of a lease again; `token` is what it is settled by now."""
    due = plain.get("due")
    return Settlement(
        token=token,
        outcome=plain["outcome"],
        reason=plain.get("reason"),
        next_due_at=datetime.fromisoformat(due) if due else None,
        due_reason=plain.get("due_reason"),
        weight=float(plain.get("weight", 0.0)),
        is_retired=bool(plain.get("retired")) or _was_left(plain),
        capture=CaptureId(plain["capture"]) if "capture" in plain else None,
        article=ArticleId(plain["article"]) if "article" in plain else None,
        etag=plain.get("etag"),
        since=plain.get("since", plain.get("last_modified")),
        poll=_poll_from_json(plain["poll"]) if "poll" in plain else None,
    )


def _was_left(plain: dict[str, Any]) -> bool:
    """Whether a version that knew no better word meant that a page is given up."""
    is_page = plain.get("kind") == "article" and plain["outcome"] in ("refused", "failed")
    return is_page and "due" not in plain


def _poll_as_json(poll: Poll) -> dict[str, Any]:
    """`{"items": 40, "known": 37, "denied": 2, "every": 2700, "gap": [FROM, TO]}`, in seconds."""
    plain: dict[str, Any] = {
        "items": poll.items,
        "known": poll.known,
        "denied": poll.denied or None,
        "every": int(poll.every.total_seconds()) if poll.every else None,
        "gap": [at.isoformat() for at in poll.gap] if poll.gap else None,
    }
    return {name: value for name, value in plain.items() if value is not None}


def _poll_from_json(plain: dict[str, Any]) -> Poll:
    every, gap = plain.get("every"), plain.get("gap")
    return Poll(
        items=int(plain["items"]),
        known=int(plain["known"]),
        denied=int(plain.get("denied", 0)),
        every=timedelta(seconds=every) if every else None,
        gap=(datetime.fromisoformat(gap[0]), datetime.fromisoformat(gap[1])) if gap else None,
    )
