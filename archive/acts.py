"""The journal's acts carried out again, so that a database made anew knows what they said.

In this order: what restricts, before anything can be read; what happened in the frontier and to
runs and hosts, as it happened; and, together with the drafts, what happened to articles.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from archive import policy
from archive.db import (
    articles,
    captures,
    files,
    frontier,
    hosts,
    ledgers,
    memories,
    outlets,
    remarks,
    requisites,
    rescues,
    rights,
    robots,
    roots,
    runs,
    schedules,
    sightings,
)
from archive.db.ledgers import line_as_json
from archive.db.polls import zone_of
from archive.discoveries import discovery_from_json
from archive.journal import acts_in
from archive.records import (
    ArticleId,
    Capture,
    CaptureId,
    Digest,
    Discovery,
    OutletId,
    RunId,
    Url,
)
from archive.remarks import remark_from_json
from archive.schedules import boost_from_json, schedule_from_json
from archive.settlements import settlement_from_json
from archive.signals import signals_from_json
from archive.urls import urlkey

Act = dict[str, Any]
Do = Callable[[Connection, Act, datetime], None]
NEVER_STALE = timedelta(days=36_500)
"""Told again, a need makes nothing due that has been fetched since: a settlement says when."""


def acts_in_time(directory: Path) -> Iterator[tuple[datetime, Act]]:
    """Every act of all journal files by time; a file is open only while its acts are taken."""
    beginnings = []
    for path in sorted(directory.glob("*.jsonl")):
        first = next(acts_in(path), None)
        if first is not None:
            beginnings.append((at_of(first), path))
    beginnings.sort()
    waiting: list[tuple[datetime, int, Act, Iterator[Act]]] = []
    for order, (at, path) in enumerate(beginnings):
        yield from _until(at, waiting)
        acts = acts_in(path)
        heapq.heappush(waiting, (at, order, next(acts), acts))
    yield from _until(None, waiting)


def _until(
    limit: datetime | None, waiting: list[tuple[datetime, int, Act, Iterator[Act]]]
) -> Iterator[tuple[datetime, Act]]:
    while waiting and (limit is None or waiting[0][0] < limit):
        at, order, act, rest = heapq.heappop(waiting)
        yield at, act
        if (following := next(rest, None)) is not None:
            # a clock that stepped backwards does not change the order in which one process acted
            heapq.heappush(waiting, (max(at, at_of(following)), order, following, rest))


def at_of(act: Act) -> datetime:
    """When an act was written."""
    return datetime.fromisoformat(act["at"])


def carry_out(
    kinds: Mapping[str, Do], connection: Connection, act: Act, at: datetime, problems: list[str]
) -> None:
    """Carry out an act again, if it is of these kinds; one that makes no sense is a problem."""
    do = kinds.get(act["act"])
    if do is None:
        return
    try:
        do(connection, act, at)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        problems.append(f"journal: {act['act']} of {act['at']}: {type(error).__name__}: {error}")


def restrict(connection: Connection, act: Act, at: datetime) -> None:
    """Carry out a restriction again, or its end."""
    if act["act"] == "lifted":
        policy.lift(connection, act["id"], at)
        return
    policy.impose(
        connection,
        scope=act["scope"],
        target=act["target"],
        reason=act["reason"],
        actor=act["actor"],
        now=at,
        until=datetime.fromisoformat(act["until"]) if act.get("until") else None,
        id_=act["id"],
    )


def _sighted(connection: Connection, act: Act, at: datetime) -> None:
    outlet = OutletId(act["outlet"])
    outlets.ensure(connection, outlet)
    one = discovery_from_json(act["discovery"])
    printed = {one.url: datetime.fromisoformat(act["printed"])} if "printed" in act else {}
    sightings.discover(connection, outlet, [one], at, printed=printed)


def _settled(connection: Connection, act: Act, at: datetime) -> None:
    outlet, url = OutletId(act["outlet"]), Url(act["url"])
    outlets.ensure(connection, outlet)
    since = datetime.fromisoformat(act["known_since"]) if "known_since" in act else at
    if act["kind"] == "sitemap":
        # the journal does not tell which sitemaps an index named: it is to be read again whole
        had = ("etag", "since", "last_modified")
        act = {name: said for name, said in act.items() if name not in had}
    token = frontier.borrow_again(connection, outlet, act["kind"], url, since)
    frontier.settle(connection, settlement_from_json(act, token), at)


def _needs(connection: Connection, act: Act, at: datetime) -> None:
    outlet = OutletId(act["outlet"])
    outlets.ensure(connection, outlet)
    needed = [
        Discovery(url=Url(url), listing=Url(act["url"]), kind="page", position=act["depth"])
        for url in act["urls"]
    ]
    requisites.add(connection, CaptureId(act["page"]), [one.url for one in needed])
    frontier.need(connection, outlet, needed, at, NEVER_STALE)


def _unsent(connection: Connection, act: Act, at: datetime) -> None:
    url = Url(act["url"])
    one = Capture(
        id=CaptureId(act["capture"]),
        url=url,
        urlkey=urlkey(url),
        outlet=OutletId(act["outlet"]),
        run=RunId(act["run"]),
        captured_at=datetime.fromisoformat(act["captured_at"]),
        status=None,
        mime=None,
        payload_digest=None,
        payload_bytes=0,
        place=None,
        error=act.get("error"),
        visit_at=datetime.fromisoformat(act["visit"]) if act.get("visit") else None,
    )
    captures.add_if_new(connection, [one])


def _held(connection: Connection, act: Act, at: datetime) -> None:
    until = datetime.fromisoformat(act["until"])
    hosts.hold(connection, act["host"], until=until, reason=act["reason"])


def _well(connection: Connection, act: Act, at: datetime) -> None:
    hosts.well(connection, act["host"])


def _robots_seen(connection: Connection, act: Act, at: datetime) -> None:
    robots.see(
        connection,
        act["origin"],
        at=datetime.fromisoformat(act["seen_at"]),
        status=act["status"],
        digest=Digest(act["digest"]) if act["digest"] else None,
        body=None,  # it is in the capture
        capture=CaptureId(act["capture"]) if act["capture"] else None,
    )


def _opened(connection: Connection, act: Act, at: datetime) -> None:
    runs.open_run(connection, RunId(act["run"]), act["outlets"], at)


def _closed(connection: Connection, act: Act, at: datetime) -> None:
    runs.close_run(
        connection, RunId(act["run"]), outcome=act["outcome"], counts=act["counts"], now=at
    )


def _remarked(connection: Connection, act: Act, at: datetime) -> None:
    ones = [remark_from_json(OutletId(act["outlet"]), one) for one in act["remarks"]]
    remarks.keep(connection, RunId(act["run"]), ones, at)


def _day_closed(connection: Connection, act: Act, at: datetime) -> None:
    """Close a day again, and compare: whatever else was lost, its URLs are all told of before."""
    outlet, day = OutletId(act["outlet"]), date.fromisoformat(act["day"])
    outlets.ensure(connection, outlet)
    [line] = ledgers.lines(connection, outlet, [day], zone_of(connection, outlet))
    ledgers.close(connection, outlet, line, at)
    told = {name: act[name] for name in ("announced", "captured", "refused", "failed", "pending")}
    made = {name: line_as_json(line)[name] for name in told}
    if made != told:
        raise ValueError(f"the ledger of {outlet} on {day} was {told} and is {made} now")


def _rooted(connection: Connection, act: Act, at: datetime) -> None:
    names = tuple(one["name"] for one in act["files"])
    previous = act.get("previous")
    one = roots.DailyRoot(
        day=date.fromisoformat(act["day"]),
        root=Digest(act["root"]),
        previous=Digest(previous) if previous else None,
        files=names,
        records=act["records"],
        rooted_at=at,
    )
    roots.add(connection, one)
    files.note_rooted(connection, names, one.day)


def _schedule_set(connection: Connection, act: Act, at: datetime) -> None:
    outlets.ensure(connection, OutletId(act["outlet"]))
    schedules.keep(connection, schedule_from_json(act, at))


def _schedule_removed(connection: Connection, act: Act, at: datetime) -> None:
    schedules.remove(connection, OutletId(act["outlet"]))


def _boost_added(connection: Connection, act: Act, at: datetime) -> None:
    schedules.add_boost(connection, OutletId(act["outlet"]), boost_from_json(act))


def _boost_ended(connection: Connection, act: Act, at: datetime) -> None:
    schedules.end_boost(connection, OutletId(act["outlet"]), act["name"], at)


def _visited(connection: Connection, act: Act, at: datetime) -> None:
    begun_at = datetime.fromisoformat(act["begun_at"])
    schedules.note_visited(connection, OutletId(act["outlet"]), begun_at)


def _learned(connection: Connection, act: Act, at: datetime) -> None:
    outlet = OutletId(act["outlet"])
    outlets.ensure(connection, outlet)
    memories.keep(connection, outlet, act["learned"], Digest(act["digest"]), at)


def _forgotten(connection: Connection, act: Act, at: datetime) -> None:
    end = memories.empty if act.get("emptied") else memories.forget
    end(connection, OutletId(act["outlet"]), at, act["why"])


def _rescue_begun(connection: Connection, act: Act, at: datetime) -> None:
    outlet, closes_on = OutletId(act["outlet"]), act.get("closes_on")
    outlets.ensure(connection, outlet)
    begun_at = datetime.fromisoformat(act["begun_at"])
    rescues.begin(connection, outlet, begun_at, closes_on and date.fromisoformat(closes_on))


def _rescue_ended(connection: Connection, act: Act, at: datetime) -> None:
    digest = Digest(act["digest"])
    outlet, certificate = OutletId(act["outlet"]), act["certificate"]
    rescues.end(connection, outlet, at, certificate=certificate, digest=digest)


def _stated(connection: Connection, act: Act, at: datetime) -> None:
    signals = signals_from_json(act["signals"])
    rights.add_statement(connection, Digest(act["digest"]), act["source"], signals)


def _rights(connection: Connection, act: Act, at: datetime) -> None:
    said = [(source, Digest(digest), CaptureId(by)) for source, digest, by in act["said"]]
    rights.add(connection, CaptureId(act["capture"]), said)


def mark_gone(act: Act, connection: Connection, at: datetime) -> None:
    """Carry out again that an article is gone."""
    articles.mark_gone(connection, ArticleId(act["article"]), at=at, cause=act["cause"])


RESTRICTIONS: dict[str, Do] = {"restricted": restrict, "lifted": restrict}
HAPPENINGS: dict[str, Do] = {
    "sighted": _sighted,
    "settled": _settled,
    "needs": _needs,
    "unsent": _unsent,
    "host-held": _held,
    "host-well": _well,
    "robots-seen": _robots_seen,
    "run-opened": _opened,
    "run-closed": _closed,
    "remarked": _remarked,
    "day-closed": _day_closed,
    "rooted": _rooted,
    "schedule-set": _schedule_set,
    "schedule-removed": _schedule_removed,
    "boost-added": _boost_added,
    "boost-ended": _boost_ended,
    "visited": _visited,
    "learned": _learned,
    "forgotten": _forgotten,
    "rescue-begun": _rescue_begun,
    "rescue-ended": _rescue_ended,
    "stated": _stated,
    "rights": _rights,
}
"""What happened apart from articles; carried out in the order of time."""
