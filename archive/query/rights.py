"""What was stated of rights when a page was captured, and what an outlet states altogether."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, Select, exists, func, or_, select

from archive import policy
from archive.db import captures
from archive.db.schema import capture, extraction
from archive.db.stating import rights, rights_statement
from archive.errors import NotCaptured
from archive.records import Capture, CaptureId, OutletId
from archive.signals import SOURCES, Signal, Source, Statement, signals_from_json
from archive.urls import origin_of, urlkey
from archive.uses import USES, Reservation, Use, reserved

FILES: dict[Source, str] = {
    "robots.txt": "/robots.txt",
    "tdmrep.json": "/.well-known/tdmrep.json",
    "ai.txt": "/ai.txt",
}
ASKED_BEFORE = timedelta(hours=25)
"""A file is asked for once in 24 hours, and the page that led to it may have come first."""
ASKED_AFTER = timedelta(hours=1)
CURRENT = timedelta(days=1)
ROWS_AT_A_TIME = 1000

_SAID = (rights.c.capture_id, rights.c.source, rights.c.statement, rights.c.said_by)
Said = tuple[tuple[Source, str], ...]
"""Which statements are made of a capture: sources and digests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A file that was asked for around a capture; `status` is None if no answer came."""

    source: Source
    capture: CaptureId
    at: datetime
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRights:
    """What was stated of one captured page, and where that was looked for."""

    capture: CaptureId
    captured_at: datetime
    statements: tuple[Statement, ...]
    reserved: tuple[Reservation, ...]
    asked: tuple[Asked, ...]
    """That nothing was stated in a file is only known if it was asked for."""

    def reserves(self, use: Use) -> tuple[Reservation, ...]:
        """The reservations of one use, each with its evidence; empty if there is none."""
        return tuple(one for one in self.reserved if one.use == use)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletSignal:
    """One signal of an outlet: how many captures carry it, from when to when, and one record."""

    source: Source
    signal: Signal
    captures: int
    first_at: datetime
    last_at: datetime
    said_by: CaptureId
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRights:
    """What an outlet states, over all its captures that may be seen."""

    outlet: OutletId
    captures: int
    """Captured pages of which something is stated."""
    reserving: dict[Use, int]
    """Of those, how many are reserved for each use."""
    signals: tuple[OutletSignal, ...]
    last_at: datetime | None
    """When its last page was captured, whether anything was stated of it or not."""


def rights_of(connection: Connection, id_: CaptureId, now: datetime) -> CaptureRights:
    """What was reserved of a captured page at its capture, and by which records.

    Raises:
        NotCaptured: if there is no such capture, or it is not to be seen.
    """
    seen = captures.select_captures().where(capture.c.id == id_, policy.visible_capture(now))
    found = captures.captures_in(connection, seen)
    if not found:
        raise NotCaptured(f"no capture {id_}")
    rows = connection.execute(select(*_SAID).where(rights.c.capture_id == id_)).all()
    texts = _texts(connection, {row.statement for row in rows})
    statements = tuple(
        Statement(source=row.source, said_by=row.said_by, signals=texts[row.statement])
        for row in sorted(rows, key=lambda row: SOURCES.index(row.source))
        if row.statement in texts
    )
    return CaptureRights(
        capture=id_,
        captured_at=found[0].captured_at,
        statements=statements,
        reserved=reserved(statements),
        asked=tuple(_asked(connection, found[0], now)),
    )


def _asked(connection: Connection, page: Capture, now: datetime) -> Iterator[Asked]:
    origin = origin_of(page.url)
    for source, path in FILES.items():
        near = (
            select(capture.c.id, capture.c.captured_at, capture.c.status)
            .where(
                capture.c.urlkey == urlkey(origin + path),
                capture.c.captured_at >= page.captured_at - ASKED_BEFORE,
                capture.c.captured_at <= page.captured_at + ASKED_AFTER,
                policy.visible_capture(now),
            )
            .order_by(capture.c.captured_at.desc())
            .limit(1)
        )
        if row := connection.execute(near).first():
            yield Asked(source=source, capture=row[0], at=row[1], status=row[2])


def outlet_rights(connection: Connection, outlet: OutletId, now: datetime) -> OutletRights:
    """What an outlet states: its signals with their evidence, and how much each use is reserved."""
    mine = (capture.c.outlet_id == outlet) & policy.visible_capture(now)
    spans = connection.execute(
        select(
            rights.c.source,
            rights.c.statement,
            func.count(),
            func.min(capture.c.captured_at),
            func.max(capture.c.captured_at),
            func.max(rights.c.said_by),
        )
        .join(capture, capture.c.id == rights.c.capture_id)
        .where(mine)
        .group_by(rights.c.source, rights.c.statement)
    ).all()
    texts = _texts(connection, {span[1] for span in spans})
    last = connection.execute(_pages(outlet).where(policy.visible_capture(now))).scalar()
    rows = (
        select(*_SAID[:3])
        .join(capture, capture.c.id == rights.c.capture_id)
        .where(mine, rights.c.source != "feed")
    )
    ordered = rows.order_by(rights.c.capture_id).execution_options(yield_per=ROWS_AT_A_TIME)
    combined: Counter[Said] = Counter(
        tuple(sorted((source, digest) for _, source, digest in some))
        for _, some in groupby(connection.execute(ordered), key=itemgetter(0))
    )
    return OutletRights(
        outlet=outlet,
        captures=sum(combined.values()),
        reserving=_reserving(combined, texts),
        signals=_signals(spans, texts, last),
        last_at=last,
    )


def _pages(outlet: OutletId) -> Select[datetime]:
    """When the outlet's pages were captured, the last first; no listings, and no files."""
    read = exists().where(extraction.c.capture_id == capture.c.id)
    said = exists().where(rights.c.capture_id == capture.c.id)
    return (
        select(capture.c.captured_at)
        .where(capture.c.outlet_id == outlet, or_(read, said))
        .order_by(capture.c.captured_at.desc())
        .limit(1)
    )


def _reserving(combined: Counter[Said], texts: dict[str, tuple[Signal, ...]]) -> dict[Use, int]:
    numbers: Counter[Use] = Counter()
    for said, number in combined.items():
        statements = [
            Statement(source=source, said_by=CaptureId(""), signals=texts.get(digest, ()))
            for source, digest in said
        ]
        for use in {one.use for one in reserved(statements)}:
            numbers[use] += number
    return {use: numbers[use] for use in USES if numbers[use]}


def _signals(
    spans: Iterable[Sequence[object]], texts: dict[str, tuple[Signal, ...]], last: datetime | None
) -> tuple[OutletSignal, ...]:
    by_signal: dict[tuple[Source, Signal], list[tuple[int, datetime, datetime, CaptureId]]]
    by_signal = defaultdict(list)
    for source, digest, number, first, latest, said_by in spans:
        for one in texts.get(digest, ()):  # type: ignore[call-overload]
            by_signal[source, one].append((number, first, latest, said_by))  # type: ignore[index,arg-type]
    found = []
    for (source, one), parts in by_signal.items():
        last_at, said_by = max((part[2], part[3]) for part in parts)
        found.append(
            OutletSignal(
                source=source,
                signal=one,
                captures=sum(part[0] for part in parts),
                first_at=min(part[1] for part in parts),
                last_at=last_at,
                said_by=said_by,
                is_current=last is not None and last_at >= last - CURRENT,
            )
        )
    return tuple(
        sorted(
            found,
            key=lambda one: (SOURCES.index(one.source), -one.captures, one.signal.line,
                             one.signal.name),
        )
    )  # fmt: skip


def _texts(connection: Connection, digests: set[str]) -> dict[str, tuple[Signal, ...]]:
    found: dict[str, tuple[Signal, ...]] = {}
    wanted = sorted(digests)
    for begin in range(0, len(wanted), ROWS_AT_A_TIME):
        some = wanted[begin : begin + ROWS_AT_A_TIME]
        statement = select(rights_statement.c.digest, rights_statement.c.signals)
        rows = connection.execute(statement.where(rights_statement.c.digest.in_(some)))
        found |= {digest: signals_from_json(signals) for digest, signals in rows}
    return found
