"""What was reserved at a capture, by which records, and what an outlet states altogether."""

from datetime import timedelta

import pytest
from support.archives import OUTLET, captured, exchange, provenance, response

from archive.errors import NotCaptured
from archive.journal import acts_of
from archive.query.rights import outlet_rights, rights_of
from archive.records import CaptureId
from archive.signals import Signal, Statement

TRAINING = Signal(name="disallow:training", value="/", agent="gptbot", line="Disallow: /")
MINING = Signal(name="tdm-reservation", value="1", line="tdm-reservation: 1")
FREE = Signal(name="tdm-reservation", value="0", line="tdm-reservation: 0")


def recorded(archive, path, status=b"200 OK"):
    with archive.turn() as turn:
        answer = exchange(
            path, response=response(b"said", status=status), began_at=archive.clock.now()
        )
        return turn.record(answer, provenance())


def stated(archive, path, *said):
    """A page captured and saved, and what is stated of it: sources, records and signals."""
    capture, _ = captured(archive, path, f"News of {path}", f"The text of {path}.")
    statements = [
        Statement(source=source, said_by=by or capture.id, signals=signals)
        for source, by, *signals in said
        for signals in [tuple(signals)]
    ]
    with archive.turn() as turn:
        turn.rights.keep(capture.id, statements)
    return capture


def asked(archive, id_):
    with archive.reading() as connection:
        return rights_of(connection, id_, archive.clock.now())


def report(archive):
    with archive.reading() as connection:
        return outlet_rights(connection, OUTLET, archive.clock.now())


def test_each_reservation_has_the_record_that_holds_it(archive):
    robots = recorded(archive, "/robots.txt")
    missing = recorded(archive, "/ai.txt", b"404 Not Found")
    page = stated(archive, "/one", ("html", None, FREE), ("robots.txt", robots.id, TRAINING))
    found = asked(archive, page.id)
    assert [one.source for one in found.statements] == ["robots.txt", "html"]
    [training] = found.reserves("ai-training")
    assert (training.signal, training.said_by) == (TRAINING, robots.id)
    assert found.reserves("tdm") == ()
    assert [(a.source, a.status, a.capture) for a in found.asked] == [
        ("robots.txt", 200, robots.id), ("ai.txt", 404, missing.id),
    ]  # fmt: skip


def test_of_a_page_that_states_nothing_only_what_was_asked_is_known(archive, clock):
    recorded(archive, "/robots.txt")
    clock.advance(timedelta(days=3))
    page = stated(archive, "/one")
    found = asked(archive, page.id)
    assert (found.statements, found.reserved, found.asked) == ((), (), ())


def test_what_is_hidden_is_not_told(archive):
    page = stated(archive, "/one", ("html", None, MINING))
    with archive.turn() as turn:
        turn.restrict("outlet", OUTLET, reason="a court", actor="Anna")
    with pytest.raises(NotCaptured):
        asked(archive, page.id)
    assert (report(archive).captures, report(archive).signals) == (0, ())


def test_there_is_no_such_capture(archive):
    with pytest.raises(NotCaptured, match="no capture r:0"):
        asked(archive, CaptureId("r:0"))


def test_an_outlet_s_signals_are_counted_from_first_to_last(archive, clock):
    first = stated(archive, "/one", ("tdmrep.json", None, MINING), ("robots.txt", None, TRAINING))
    clock.advance(timedelta(days=2))
    last = stated(archive, "/two", ("tdmrep.json", None, MINING), ("http", None, FREE))
    found = report(archive)
    assert found.captures == 2
    assert found.reserving == {"ai-training": 1, "tdm": 1}  # the head of the second counts
    by_source = {one.source: one for one in found.signals}
    mining = by_source["tdmrep.json"]
    assert (mining.captures, mining.first_at, mining.last_at) == (
        2, first.captured_at, last.captured_at,
    )  # fmt: skip
    assert [by_source[s].is_current for s in ("robots.txt", "tdmrep.json", "http")] == [
        False, True, True,
    ]  # fmt: skip


def test_a_statement_is_journalled_once_and_named_afterwards(archive):
    stated(archive, "/one", ("robots.txt", CaptureId("r:9"), TRAINING))
    stated(archive, "/two", ("robots.txt", CaptureId("r:9"), TRAINING))
    acts = [act["act"] for act in acts_of(archive.directory / "journal")]
    assert (acts.count("stated"), acts.count("rights")) == (1, 2)


def test_nothing_stated_is_nothing_written(archive):
    page = stated(archive, "/one", ("html", None))
    assert asked(archive, page.id).statements == ()
    acts = {act["act"] for act in acts_of(archive.directory / "journal")}
    assert not acts & {"stated", "rights"}


def test_what_a_304_confirms_is_stated_again_by_the_page_it_confirms(archive):
    page = stated(archive, "/one", ("html", None, MINING), ("http", None, FREE))
    again = recorded(archive, "/one")
    with archive.turn() as turn:
        turn.rights.keep(again.id, [], confirms=page.id)
    [one] = asked(archive, again.id).statements
    assert (one.source, one.said_by, one.signals) == ("html", page.id, (MINING,))
