"""The journal: a line is on disk before its row, and no line is lost to a torn one."""

import json
import os
import resource
import signal
from contextlib import contextmanager

import pytest
from support.archives import NOW, OUTLET

from archive.clock import SimulatedClock
from archive.journal import Journal, acts_of
from archive.store import Archive


@pytest.fixture
def journal(tmp_path, clock):
    opened = Journal(tmp_path / "journal", clock)
    yield opened
    opened.close()


def acts(tmp_path):
    return list(acts_of(tmp_path / "journal"))


def test_nothing_is_created_before_the_first_act(journal, tmp_path):
    journal.sync()
    journal.close()
    assert not (tmp_path / "journal").exists()
    assert acts(tmp_path) == []


def test_an_act_is_one_line_of_json(journal, tmp_path):
    journal.write("sighted", outlet="lantern", title="京\n2", until=NOW)
    journal.sync()
    [path] = (tmp_path / "journal").iterdir()
    [line] = path.read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "at": "2026-03-02T06:00:00+00:00",
        "act": "sighted",
        "outlet": "lantern",
        "title": "京\n2",
        "until": "2026-03-02 06:00:00+00:00",
    }
    assert "京" in line


def test_acts_come_back_in_their_order_over_files(tmp_path, clock):
    from datetime import timedelta

    for number in range(3):
        one = Journal(tmp_path / "journal", clock)
        one.write("act", number=number)
        one.close()
        clock.advance(timedelta(seconds=1))
    assert [act["number"] for act in acts(tmp_path)] == [0, 1, 2]


def test_a_file_can_be_ended_and_the_next_act_begins_another(journal, tmp_path, clock):
    from datetime import timedelta

    journal.end_file()  # there is none yet
    for number in range(4):
        clock.advance(timedelta(minutes=1))
        journal.write("act", number=number)
        if number == 1:
            journal.end_file()
        journal.sync()
    assert [act["number"] for act in acts(tmp_path)] == [0, 1, 2, 3]
    sizes = [len(one.read_bytes().splitlines()) for one in sorted((tmp_path / "journal").iterdir())]
    assert sizes == [2, 2]


def test_a_torn_last_line_is_passed_over(journal, tmp_path):
    journal.write("act", number=1)
    journal.write("act", number=2)
    journal.close()
    [path] = (tmp_path / "journal").iterdir()
    path.write_bytes(path.read_bytes()[:-5])
    assert [act["number"] for act in acts(tmp_path)] == [1]


def test_a_journal_is_only_ever_appended_to(tmp_path):
    for number in range(2):  # one process, one instant: one name
        one = Journal(tmp_path / "journal", SimulatedClock(NOW))
        one.write("act", number=number)
        one.close()
    assert [act["number"] for act in acts(tmp_path)] == [0, 1]


def test_a_sync_reaches_the_disk(journal, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fdatasync", synced.append)
    journal.write("act")
    journal.sync()
    journal.sync()
    assert len(synced) == 1


def test_a_disk_that_fills_up_leaves_whole_lines_and_the_next_turn_goes_on(journal, tmp_path):
    journal.write("act", number=1)
    journal.sync()
    with small_files(600):
        journal.write("act", number=2, padding="x" * 1000)
        with pytest.raises(OSError, match="too large"):
            journal.sync()
    journal.forget()
    journal.write("act", number=3)
    journal.sync()
    assert [act["number"] for act in acts(tmp_path)] == [1, 3]
    [path] = (tmp_path / "journal").iterdir()
    assert path.read_bytes().count(b"\n") == 2


@contextmanager
def small_files(size):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_turn_that_came_to_nothing_is_not_told_by_the_next(archive):
    with pytest.raises(ZeroDivisionError), archive.turn() as turn:  # noqa: PT012
        turn.restrict("outlet", OUTLET, reason="court order", actor="Anna")
        raise ZeroDivisionError
    with archive.turn():
        pass
    acts = [act["act"] for act in acts_of(archive.directory / "journal")]
    assert "restricted" not in acts


def test_a_line_is_on_disk_though_its_row_was_never_committed(archive):
    from sqlalchemy import event

    def refuse(_connection):
        raise ZeroDivisionError

    event.listen(archive._engine, "commit", refuse)
    with pytest.raises(ZeroDivisionError), archive.turn() as turn:
        turn.restrict("outlet", OUTLET, reason="court order", actor="Anna")
    event.remove(archive._engine, "commit", refuse)
    assert list(acts_of(archive.directory / "journal"))[-1]["act"] == "restricted"
    with Archive.open(archive.directory) as other, other.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM restriction").scalar() == 0
