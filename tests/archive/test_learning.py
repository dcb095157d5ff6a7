"""What is learned of outlets is kept, replaced and forgotten; the journal is told."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from support.archives import OUTLET, declaration, keep

from archive.acts import HAPPENINGS, at_of, carry_out
from archive.db.crawling import outlet_memory
from archive.digests import sha256
from archive.journal import acts_of
from archive.query.memories import memories_of
from archive.records import OutletId

OTHER = OutletId("beacon")
MINE = outlet_memory.c.outlet_id == OUTLET
ONE, TWO = sha256(b"one"), sha256(b"two")


def held(archive):
    with archive.reading() as connection:
        return memories_of(connection, OUTLET, archive.clock)


def told(archive):
    return [act["act"] for act in acts_of(archive.directory / "journal")][1:]


def test_what_is_learned_is_numbered_and_takes_the_place_of_what_was_known(archive, clock):
    with archive.turn() as turn:
        assert turn.learning.learned(OUTLET, {"version": 1, "pages": 12}, ONE) == 1
    clock.advance(timedelta(days=1))
    with archive.turn() as turn:
        assert turn.learning.learned(OUTLET, {"version": 1, "pages": 24}, TWO) == 2
    newer, older = held(archive)
    assert (newer.number, newer.digest, newer.learned["pages"]) == (2, TWO, 24)
    assert newer.forgotten_at is None
    assert (older.forgotten_at, older.why_forgotten) == (clock.now(), "learned anew")
    assert told(archive) == ["learned", "learned"]


def test_what_is_forgotten_stays_to_be_seen_with_the_reason(archive, clock):
    with archive.turn() as turn:
        turn.learning.learned(OUTLET, {"version": 1, "pages": 12}, ONE)
        assert turn.learning.forgotten(OUTLET, "a person said so")
    [one] = held(archive)
    assert (one.forgotten_at, one.why_forgotten) == (clock.now(), "a person said so")
    assert told(archive) == ["learned", "forgotten"]


def test_nothing_is_told_of_forgetting_what_was_never_known(archive):
    with archive.turn() as turn:
        assert not turn.learning.forgotten(OUTLET, "a person said so")
    assert told(archive) == []


def test_nothing_is_shown_of_what_was_learned_of_a_hidden_outlet(archive):
    with archive.turn() as turn:
        turn.learning.learned(OUTLET, {"version": 1, "pages": 12}, ONE)
        turn.restrict("outlet", OUTLET, reason="a court", actor="test")
    assert held(archive) == []


LINES = {"version": 1, "pages": 12, "lines": [["a secret that recurs", 3, 12]]}


def learned_twice(archive):
    with archive.turn() as turn:
        turn.learning.learned(OUTLET, LINES, ONE)
        turn.learning.learned(OUTLET, LINES, TWO)
        turn.learning.learned(OTHER, LINES, ONE)


@pytest.fixture
def taught(archive):
    """One article of an outlet with two memories; there is another outlet with one."""
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), [])
        turn.sync_outlet(declaration(OTHER), [])
    saved = keep(archive)
    learned_twice(archive)
    return saved


@pytest.mark.parametrize("scope", ["article", "urlkey", "outlet"])
def test_a_takedown_ends_the_memory_of_its_outlet_and_empties_all_of_them(
    archive, clock, taught, scope
):
    target = {"article": taught.article, "urlkey": "example,lantern)/har", "outlet": OUTLET}[scope]
    clock.advance(timedelta(days=1))
    with archive.turn() as turn:
        act = turn.restrict(scope, target, reason="a court", actor="test")
        turn.lift(act)  # so that the outlet itself can be seen
    newer, older = held(archive)
    assert (newer.forgotten_at, newer.why_forgotten) == (clock.now(), "an article was taken down")
    assert older.why_forgotten == "learned anew"
    assert newer.learned == older.learned == {}
    assert (newer.digest, older.digest) == (TWO, ONE)
    with archive.reading() as connection:
        [other] = memories_of(connection, OTHER, clock)
        assert "secret" not in repr(connection.execute(select(outlet_memory).where(MINE)).all())
    assert (other.forgotten_at, other.learned) == (None, LINES)


def test_what_was_emptied_is_emptied_in_a_database_made_anew(archive, clock, taught):
    with archive.turn() as turn:
        turn.restrict("article", taught.article, reason="a court", actor="test")
        turn.restrict("article", taught.article, reason="another court", actor="test")
    assert told(archive)[-3:] == ["restricted", "forgotten", "restricted"]
    before = held(archive)
    acts = list(acts_of(archive.directory / "journal"))
    with archive.writing() as connection:
        connection.execute(delete(outlet_memory))
        for act in acts:
            if act["act"] in ("learned", "forgotten"):
                carry_out(HAPPENINGS, connection, act, at_of(act), [])
    assert held(archive) == before


def test_a_memory_that_a_person_forgot_stays_so_and_is_emptied(archive, taught):
    with archive.turn() as turn:
        turn.learning.forgotten(OUTLET, "a person said so")
        turn.restrict("article", taught.article, reason="a court", actor="test")
    newer, _ = held(archive)
    assert (newer.why_forgotten, newer.learned) == ("a person said so", {})


def test_a_takedown_of_what_is_not_held_leaves_every_memory(archive, taught):
    with archive.turn() as turn:
        turn.restrict("urlkey", "example,lantern)/other", reason="a court", actor="test")
        turn.restrict("article", "a:unknown", reason="a court", actor="test")
    assert held(archive)[0].forgotten_at is None


def test_pages_that_were_looked_at_before_a_takedown_are_late(archive, clock, taught):
    looked_at = clock.now()
    clock.advance(timedelta(minutes=1))
    with archive.turn() as turn:
        assert not turn.learning.is_late(looked_at)
        turn.restrict("article", taught.article, reason="a court", actor="test")
        assert turn.learning.is_late(looked_at)
    clock.advance(timedelta(minutes=1))
    with archive.turn() as turn:
        assert not turn.learning.is_late(clock.now())
