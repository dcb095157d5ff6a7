"""Settlements as JSON: as the journal keeps them, so that a lost database can be told again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.records import ArticleId, CaptureId, OutletId, Settlement, Url


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """What a lease was for, told by the frontier as the lease ends."""

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
        "capture": settlement.capture,
        "article": settlement.article,
        "etag": settlement.etag,
        "last_modified": settlement.last_modified,
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
        capture=CaptureId(plain["capture"]) if "capture" in plain else None,
        article=ArticleId(plain["article"]) if "article" in plain else None,
        etag=plain.get("etag"),
        last_modified=plain.get("last_modified"),
    )
