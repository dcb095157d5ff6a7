"""Each day that is over gets a root, once; late files go to the first day that has none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from support.archives import NOW
from support.wounds import add_file, place_of

from archive.clock import SimulatedClock
from archive.db import files, roots
from archive.db.files import note_sealed
from archive.digests import sha256
from archive.journal import acts_of
from archive.merkle import day as root_of_day
from archive.store import Archive
from archive.verify import verify
from archive.warc.writer import SealedFile

DAY = timedelta(days=1)


def on(days):
    return (NOW + days * DAY).date()


def note(archive, name, at):
    """Note a sealed file that never was; its root is made of its name."""
    one = SealedFile(
        name=name,
        opened_at=at,
        sealed_at=at,
        bytes=1,
        sha256="0",
        root=sha256(name.encode()),
        records=2,
    )
    with archive.turn() as turn:
        note_sealed(turn._connection, one)


def rooted(archive):
    with archive.reading() as connection:
        return roots.every(connection)


def covered(archive):
    return {one.day: one.files for one in rooted(archive)}


def test_a_day_that_is_not_over_has_no_root(archive):
    note(archive, "a", NOW)
    assert archive.root_days() == []
    archive.clock.advance_to(datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=UTC))
    assert archive.root_days() == []
    assert rooted(archive) == []


def test_a_day_that_is_over_is_rooted_once(archive):
    note(archive, "b", NOW)
    note(archive, "a", NOW + timedelta(hours=1))
    archive.clock.advance(DAY)
    root = root_of_day(None, [sha256(b"a"), sha256(b"b")])
    assert archive.root_days() == [f"2026-03-02: the root over 4 records is {root}"]
    assert archive.root_days() == []
    [one] = rooted(archive)
    assert (one.day, one.root, one.previous) == (on(0), root, None)
    assert (one.files, one.records, one.rooted_at) == (("a", "b"), 4, NOW + DAY)
    with archive.reading() as connection:
        assert [row.rooted_on for row in files.sealed_rows(connection)] == [on(0), on(0)]


def test_days_are_chained_and_days_without_files_left_out(archive):
    note(archive, "a", NOW)
    note(archive, "b", NOW + 3 * DAY)
    archive.clock.advance(4 * DAY)
    assert len(archive.root_days()) == 2
    first, second = rooted(archive)
    assert (first.day, second.day) == (on(0), on(3))
    assert second.previous == first.root
    assert second.root == root_of_day(first.root, [sha256(b"b")])


def test_the_journal_has_enough_to_make_the_root_again(archive):
    note(archive, "a", NOW)
    archive.clock.advance(DAY)
    archive.root_days()
    [act] = [act for act in acts_of(archive.directory / "journal") if act["act"] == "rooted"]
    [one] = rooted(archive)
    assert {name: act[name] for name in ("day", "root", "previous", "files", "records")} == {
        "day": "2026-03-02",
        "root": one.root,
        "previous": None,
        "files": [{"name": "a", "root": sha256(b"a")}],
        "records": 2,
    }
    assert datetime.fromisoformat(act["at"]) == one.rooted_at


def test_a_file_that_was_sealed_late_goes_to_the_first_day_without_a_root(archive):
    note(archive, "a", NOW)
    archive.clock.advance(DAY)
    archive.root_days()
    [before] = rooted(archive)
    note(archive, "late", NOW)
    assert archive.root_days() == []  # that day is not over yet
    archive.clock.advance(DAY)
    archive.root_days()
    assert covered(archive) == {on(0): ("a",), on(1): ("late",)}
    assert rooted(archive)[0] == before


def test_a_clock_that_stepped_backwards_changes_no_root(directory):
    with Archive.open(directory, clock=SimulatedClock(NOW + 5 * DAY)) as archive:
        note(archive, "a", NOW + 4 * DAY)
        archive.root_days()
    with Archive.open(directory, clock=SimulatedClock(NOW)) as archive:
        note(archive, "b", NOW - DAY)
        assert archive.root_days() == []
        archive.clock.advance(6 * DAY)
        archive.root_days()
        assert covered(archive) == {on(4): ("a",), on(5): ("b",)}


def test_a_day_is_a_day_in_utc(archive):
    note(archive, "a", datetime.fromisoformat("2026-03-02T23:30:00-05:00"))
    archive.clock.advance(2 * DAY)
    archive.root_days()
    assert list(covered(archive)) == [date(2026, 3, 3)]


def test_a_file_without_a_root_is_left_out(archive):
    from sqlalchemy import update
    from support.wounds import write

    from archive.db.schema import warc_file

    note(archive, "a", NOW)
    write(archive, update(warc_file).values(root=None))
    archive.clock.advance(DAY)
    assert archive.root_days() == []


def test_a_root_is_made_when_a_crawl_begins(archive):
    add_file(archive)
    archive.clock.advance(DAY)
    [sentence] = archive.recover()
    assert sentence.startswith("2026-03-02: the root over ")


def test_a_turn_that_fails_leaves_the_day_to_the_next(archive):
    one = add_file(archive)
    archive.clock.advance(DAY)
    with pytest.raises(ZeroDivisionError), archive.turn() as turn:  # noqa: PT012
        turn.root_days()
        raise ZeroDivisionError
    assert rooted(archive) == []
    other = add_file(archive, "/other", b"other")
    assert len(archive.root_days()) == 1
    assert covered(archive) == {on(0): (place_of(one).file,)}
    assert place_of(other).file not in str(covered(archive))
    assert verify(archive).is_sound


def test_two_processes_root_a_day_once(directory, clock):
    import threading

    with Archive.open(directory, clock=clock) as one, Archive.open(directory, clock=clock) as two:
        note(one, "a", NOW)
        clock.advance(DAY)
        threads = [threading.Thread(target=archive.root_days) for archive in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(rooted(one)) == 1
