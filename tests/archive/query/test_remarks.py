"""What runs remark of their work is kept, told to whom asks, and hides what is hidden."""

from collections import Counter
from datetime import timedelta

import pytest
from support.archives import NOW, OUTLET, RUN, declaration, url

from archive.journal import acts_of
from archive.query.morning import morning
from archive.query.remarks import remarks, remarks_lately
from archive.query.status import status
from archive.records import OutletId, RunId
from archive.remarks import LONGEST, Remark, remark_from_json

DAY = timedelta(days=1)
OTHER = OutletId("other")


def miss(said="failed: HTTP 500", number=1, path="/a", outlet=OUTLET):
    return Remark(outlet=outlet, kind="miss", said=said, number=number, url=url(path))


FAULT = Remark(outlet=OUTLET, kind="ledger", said="lantern on 2026-03-02: 1 neither had nor due")
ODD = Remark(outlet=OUTLET, kind="robots", said="it asks for 90 s", url=url(""))


@pytest.fixture
def known(archive):
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), None)
        turn.sync_outlet(declaration(OTHER, home="https://other.example/"), None)
    return archive


def say(archive, *ones, run=RUN, outlet=OUTLET):
    with archive.turn() as turn:
        turn.ledgers.remark(run, outlet, ones)


def asked(archive, since=NOW - DAY, until=NOW + 9 * DAY):
    with archive.reading() as connection:
        return remarks(connection, archive.clock.now(), since, until)


def test_faults_come_first_and_the_same_is_told_once(known, clock):
    say(known, miss(), ODD, FAULT)
    clock.advance(timedelta(hours=1))
    say(known, miss(number=2, path="/b"), run=RunId("run-2"))
    say(known, miss(number=4))
    fault, odd, missed = asked(known)
    assert (fault.said, odd.said) == (FAULT.said, ODD.said)
    assert (missed.number, missed.url, missed.first_at) == (7, url("/a"), NOW)
    assert missed.last_at == NOW + timedelta(hours=1)


def test_only_the_time_that_is_asked_for_counts(known, clock):
    say(known, miss())
    assert asked(known, NOW + DAY) == []
    assert asked(known, NOW - DAY, NOW) == []
    with known.reading() as connection:
        assert remarks_lately(connection, NOW + timedelta(hours=1)) == Counter(miss=1)
        assert remarks_lately(connection, NOW + 2 * DAY) == Counter()


def test_a_long_sentence_is_cut_and_nothing_said_is_nothing_written(known):
    say(known, miss("failed: " + "x" * 9000))
    say(known)
    [one] = asked(known)
    assert len(one.said) == LONGEST
    acts = [act for act in acts_of(known.directory / "journal") if act["act"] == "remarked"]
    assert len(acts) == 1


def test_the_morning_and_the_status_have_them(known):
    say(known, miss(), ODD, FAULT)
    with known.reading() as connection:
        found = morning(connection, known.directory, NOW)
        where = status(connection, NOW)
    assert [one.kind for one in found.outlets[0].remarks] == ["ledger", "robots", "miss"]
    assert found.outlets[1].remarks == ()
    assert [one.kind for one in where.remarks] == ["ledger", "robots", "miss"]


def test_a_kind_that_is_unknown_is_not_kept():
    with pytest.raises(ValueError, match="'gossip' is no kind"):
        remark_from_json(OUTLET, {"kind": "gossip", "said": "x", "number": 1})


def test_no_address_is_told_that_is_hidden(known):
    say(known, miss("refused: disallowed by https://lantern.example/robots.txt"), ODD, FAULT)
    say(known, miss(outlet=OTHER), outlet=OTHER)
    with known.turn() as turn:
        lifted = turn.restrict("urlkey", "example,lantern)/", reason="court", actor="anna")
    fault, here, there = asked(known)
    assert fault.kind == "ledger"
    assert {(one.said, one.url) for one in (here, there)} == {("refused", None), ("failed", None)}
    with known.turn() as turn:
        turn.lift(lifted)
        turn.restrict("outlet", OUTLET, reason="court", actor="anna")
    assert [one.outlet for one in asked(known)] == [OTHER]
