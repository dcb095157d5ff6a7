"""What happened to a lease, put to the cadence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive.records import Lease, OutletId, Url, UrlKey
from crawler.again import End, Polled, again, settlement
from crawler.cadence import Tempo

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def lease(kind: str = "feed", **said: Any) -> Lease:
    values: dict[str, Any] = {
        "token": "t",
        "outlet": OutletId("paper"),
        "url": Url("https://paper.example/x"),
        "urlkey": UrlKey("example,paper)/x"),
        "kind": kind,
        "purpose": "poll" if kind == "feed" else "fetch",
        "until": NOW,
        "first_sighted_at": NOW - HOUR,
    }
    return Lease(**values | said)


def due(kind: str, outcome: str, *, tempo: Tempo | None = None, **said: Any) -> Any:
    facts = {k: said.pop(k) for k in ("polled", "is_declared", "not_before", "reason") if k in said}
    end = End(lease=lease(kind, **said), outcome=outcome, **facts)  # type: ignore[arg-type]
    return again(end, NOW, tempo or Tempo())


@pytest.mark.parametrize(
    ("kind", "outcome", "said", "wait"),
    [
        ("feed", "unchanged", {"every": HOUR}, 72 * MINUTE),
        ("feed", "polled", {"every": HOUR, "polled": Polled(items=10, known=1)}, 30 * MINUTE),
        ("feed", "failed", {"reason": "HTTP 500"}, 10 * MINUTE),
        ("feed", "refused", {"reason": "disallowed"}, 20 * HOUR),
        ("sitemap", "polled", {"is_declared": False}, None),
        ("sitemap", "failed", {"is_declared": False, "reason": "HTTP 404", "score": 9.5}, None),
        ("article", "new", {}, 15 * MINUTE),
        ("article", "same", {"unchanged": 1}, 18 * MINUTE),
        ("article", "changed", {"unchanged": 9}, 15 * MINUTE),
        ("article", "gone", {"attempts": 0}, 5 * HOUR),
        ("article", "failed", {"reason": "HTTP 500"}, 10 * MINUTE),
        ("article", "walled", {"reason": "paywall"}, 20 * HOUR),
        ("article", "not-article", {}, None),
        ("article", "unextractable", {}, None),
        ("requisite", "failed", {}, 20 * HOUR),
        ("requisite", "polled", {}, None),
    ],
)
def test_each_end_leads_to_its_time(
    kind: str, outcome: str, said: dict[str, Any], wait: timedelta | None
) -> None:
    found = due(kind, outcome, **said)
    assert found.at == (NOW + wait if wait else None)
    assert found.why


def test_a_host_that_asked_for_patience_is_given_it_and_no_sooner_time_counts() -> None:
    found = due("article", "failed", reason="HTTP 503", not_before=NOW + HOUR)
    assert found.at == NOW + HOUR
    assert found.why.endswith("but its host is left alone until 2026-03-02T07:00+00:00")
    later = due("article", "failed", reason="HTTP 503", not_before=NOW + MINUTE)
    assert later.at == NOW + 10 * MINUTE


def test_a_page_that_was_given_up_is_not_brought_back_by_its_hosts_patience() -> None:
    found = due("article", "failed", reason="HTTP 503", score=1.75, not_before=NOW + HOUR)
    assert found.at is None
    assert found.is_retired


def test_a_poll_is_noted_with_the_gap_that_it_proves() -> None:
    one = lease(polled_at=NOW - DAY, every=HOUR)
    brought = Polled(items=20, denied=3, oldest=NOW - HOUR)
    made = settlement(End(lease=one, outcome="polled", polled=brought), NOW, Tempo())
    assert made.poll is not None
    assert made.poll.gap == (NOW - DAY, NOW - HOUR)
    assert (made.poll.items, made.poll.known, made.poll.denied) == (20, 0, 3)
    assert made.poll.every == 30 * MINUTE


@pytest.mark.parametrize(("kind", "outcome"), [("feed", "failed"), ("article", "new")])
def test_nothing_else_is_noted_as_a_poll(kind: str, outcome: str) -> None:
    end = End(lease=lease(kind), outcome=outcome, reason="HTTP 500")  # type: ignore[arg-type]
    assert settlement(end, NOW, Tempo()).poll is None
