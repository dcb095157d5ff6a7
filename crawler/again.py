"""How a lease ends: what happened to it put to the cadence, which says when it is due again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.records import ArticleId, Capture, Lease
from archive.settlements import Outcome, Poll, Settlement
from crawler import cadence
from crawler.cadence import Due, Tempo

_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a listing that was had brought; nothing, if it had not changed.

    Attributes:
        items: URLs that it named, those left out by the outlet's rules aside.
        known: of these, the ones that were known before.
        denied: URLs that the outlet's rules left out.
        oldest: when the oldest of its items was published, as far as it says.
        wish: how often its publisher would like it to be asked for.
    """

    items: int = 0
    known: int = 0
    denied: int = 0
    oldest: datetime | None = None
    wish: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What happened to a lease.

    Attributes:
        capture: what was fetched.
        article: the article that it shows.
        polled: of a listing, what it brought.
        is_declared: of a listing, whether the outlet's file names it; if not, an index did.
        not_before: until when its host is left alone.
    """

    lease: Lease
    outcome: Outcome
    reason: str | None = None
    capture: Capture | None = None
    article: ArticleId | None = None
    polled: Polled | None = None
    is_declared: bool = True
    not_before: datetime | None = None


def settlement(end: End, now: datetime, tempo: Tempo) -> Settlement:
    """A lease's end as the frontier takes it, with when it is due again and why then."""
    due = again(end, now, tempo)
    good = end.capture if end.capture and end.capture.status == _OK else None
    whole = good if good and good.truncated is None else None
    return Settlement(
        token=end.lease.token,
        outcome=end.outcome,
        reason=end.reason,
        next_due_at=due.at,
        due_reason=due.why,
        weight=due.weight,
        is_retired=due.is_retired,
        capture=good.id if good else None,
        article=end.article,
        etag=whole.etag if whole else None,
        since=whole.since if whole else None,
        poll=_poll(end, due, now),
    )


def again(end: End, now: datetime, tempo: Tempo) -> Due:
    """When to look again at what was lent."""
    due = _listing(end, now, tempo) if end.lease.is_listing else _page(end, now, tempo)
    if due.at and end.not_before and due.at < end.not_before:
        until = end.not_before.isoformat(timespec="minutes")
        why = f"{due.why}, but its host is left alone until {until}"
        return replace(due, at=end.not_before, why=why)
    return due


def _page(end: End, now: datetime, tempo: Tempo) -> Due:
    lease, outcome, why = end.lease, end.outcome, end.reason or end.outcome
    attempts, sighted = lease.attempts, lease.printed_at or lease.first_sighted_at
    if lease.kind == "requisite":
        return cadence.requisite(now, outcome, attempts)
    match outcome:
        case "new" | "changed" | "same":
            unchanged = lease.unchanged if outcome == "same" else 0
            return cadence.recheck(now, sighted, unchanged, tempo.recheck_factor)
        case "gone":
            return cadence.gone_again(now, attempts + 1)
        case "failed":
            is_held, score = lease.purpose == "recheck", lease.score
            return cadence.page_failed(now, why, attempts=attempts, score=score, is_held=is_held)
        case "refused" | "walled":
            return cadence.closed(now, outcome, why, first_sighted_at=sighted, attempts=attempts)
    return cadence.no_article(outcome)


def _listing(end: End, now: datetime, tempo: Tempo) -> Due:
    lease, why = end.lease, end.reason or end.outcome
    if end.outcome == "refused":
        return cadence.refused_listing(now, why, attempts=lease.attempts)
    if end.outcome == "failed":
        due = cadence.listing_failed(now, why, attempts=lease.attempts, score=lease.score)
        return due if end.is_declared or not due.is_retired else replace(due, at=None)
    if not end.is_declared:
        return cadence.child()
    polled = end.polled or Polled()
    return cadence.poll(
        now,
        lease.kind,
        items=polled.items,
        known=polled.known,
        every=lease.every,
        wish=polled.wish,
        tempo=tempo,
    )


def _poll(end: End, due: Due, now: datetime) -> Poll | None:
    """A poll as the archive notes it, with the gap that it proves."""
    if not end.lease.is_listing or end.outcome not in ("polled", "unchanged"):
        return None
    polled = end.polled or Polled()
    return Poll(
        items=polled.items,
        known=polled.known,
        denied=polled.denied,
        every=due.every,
        gap=cadence.gap(
            now,
            items=polled.items,
            known=polled.known,
            polled_at=end.lease.polled_at,
            oldest=polled.oldest,
        ),
    )
