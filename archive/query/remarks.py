"""What runs remarked, as far as it may be seen: for `kliping today` and `kliping status`."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, func, select

from archive import policy
from archive.db.crawling import remark
from archive.records import OutletId, Url
from archive.remarks import KINDS, Remark
from archive.urls import urlkey

DAY = timedelta(days=1)
MOST = 10_000
"""Rows that are read at once; an archive with more has other worries."""


def remarks(
    connection: Connection,
    now: datetime,
    since: datetime,
    until: datetime,
    *,
    only: OutletId | None = None,
) -> list[Remark]:
    """What was remarked in `since <= … < until`, of all outlets or one; faults first, most first.

    What runs said of the same thing is one. No address is named that is hidden, and nothing is told
    of an outlet that is.
    """
    statement = (
        select(remark)
        .where(remark.c.last_at >= since, remark.c.first_at < until)
        .where(policy.visible_outlet(remark.c.outlet_id, now))
        .order_by(remark.c.first_at)
        .limit(MOST)
    )
    if only is not None:
        statement = statement.where(remark.c.outlet_id == only)
    found: dict[tuple[str, str, str], Remark] = {}
    for row in connection.execute(statement).mappings():
        one = _seen(connection, _remark(row), now)
        if one is None:
            continue
        key = (one.outlet, one.kind, one.said)
        before = found.get(key)
        found[key] = _together(before, one) if before else one
    return sorted(found.values(), key=_loudest_first)


def remarks_lately(connection: Connection, now: datetime) -> Counter[str]:
    """How often each kind of remark was made within a day; numbers, whatever is hidden."""
    statement = (
        select(remark.c.kind, func.sum(remark.c.number))
        .where(remark.c.last_at > now - DAY)
        .group_by(remark.c.kind)
    )
    return Counter({kind: int(number) for kind, number in connection.execute(statement)})


def _remark(row: RowMapping) -> Remark:
    return Remark(
        outlet=OutletId(row["outlet_id"]),
        kind=row["kind"],
        said=row["said"],
        number=row["number"],
        url=row["url"],
        first_at=row["first_at"],
        last_at=row["last_at"],
    )


def _seen(connection: Connection, one: Remark, now: datetime) -> Remark | None:
    """As it may be told: a sentence may name an address as well."""
    if one.url is None or not policy.hides(connection, urlkey(one.url), now):
        return one
    if one.kind != "miss":
        return None
    return replace(one, said=one.said.partition(":")[0], url=None)


def _together(before: Remark, one: Remark) -> Remark:
    number = before.number + one.number
    return replace(before, number=number, url=before.url or one.url, last_at=one.last_at)


def _loudest_first(one: Remark) -> tuple[int, int, str, str, Url]:
    rank = KINDS.index(one.kind)
    return (-rank, -one.number, one.outlet, one.said, one.url or Url(""))
