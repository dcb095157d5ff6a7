"""What is learned of outlets is kept, replaced and forgotten; the journal is told."""

from datetime import timedelta

from support.archives import OUTLET

from archive.digests import sha256
from archive.journal import acts_of
from archive.query.memories import memories_of

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
