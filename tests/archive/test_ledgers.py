"""Ledgers as part of a turn: checked, and closed once a day is over."""

from datetime import date, timedelta

from sqlalchemy import select, update
from support.archives import OUTLET, discovery

from archive.db.crawling import frontier, ledger
from archive.journal import acts_of

DAY = timedelta(days=1)


def closed(archive):
    with archive.turn() as turn:
        return turn.ledgers.close(OUTLET)


def announce(archive, *paths):
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery(path) for path in paths])


def test_a_day_is_closed_when_it_is_over_and_only_once(archive, clock):
    announce(archive, "/a", "/b")
    assert closed(archive) == []
    clock.advance(timedelta(hours=11))  # past midnight in Jakarta
    assert closed(archive) == [date(2026, 3, 2)]
    clock.advance(2 * DAY)
    assert closed(archive) == [date(2026, 3, 3), date(2026, 3, 4)]
    assert closed(archive) == []
    told = [act for act in acts_of(archive.directory / "journal") if act["act"] == "day-closed"]
    assert [(act["day"], act["announced"], act["pending"]) for act in told] == [
        ("2026-03-02", 2, 2),
        ("2026-03-03", 0, 0),
        ("2026-03-04", 0, 0),
    ]
    with archive.reading() as connection:
        rows = connection.execute(select(ledger).order_by(ledger.c.day)).mappings().all()
    assert [row["announced"] for row in rows] == [2, 0, 0]


def test_an_outlet_of_which_nothing_is_known_has_no_days(archive, clock):
    clock.advance(9 * DAY)
    assert closed(archive) == []


def test_a_fault_names_outlet_day_and_what_is_wrong(archive):
    announce(archive, "/a")
    with archive.writing() as connection:
        connection.execute(update(frontier).values(next_due_at=None))
    with archive.turn() as turn:
        said = turn.ledgers.faults(OUTLET, {date(2026, 3, 2), date(2026, 3, 1)})
    assert said == ["lantern on 2026-03-02: 1 neither had nor due nor given up"]
