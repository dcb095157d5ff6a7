"""Database, journal and a root on paper: who alters one of them is found by the others."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from support.archives import NOW
from support.wounds import add_file, alter_journal, place_of, write

from archive.db.schema import daily_root, warc_file
from archive.digests import sha256
from archive.fixity.chain import check_chain
from archive.fixity.verdict import Verdict
from archive.verify import verify

OTHER = sha256(b"other")


@pytest.fixture
def chained(kept):
    """Three days with a file each, rooted."""
    for number in range(2):
        add_file(kept.archive, f"/{number}", b"%d" % number)
        kept.archive.clock.advance(timedelta(days=1))
    kept.archive.root_days()
    assert verify(kept.archive).days == 3
    return kept


def days(archive):
    with archive.reading() as connection:
        return list(connection.execute(select(daily_root).order_by(daily_root.c.day)).mappings())


def faults(kept):
    return verify(kept.archive).faults


def test_the_last_root_is_given_with_its_day(chained):
    verdict = verify(chained.archive)
    last = days(chained.archive)[-1]
    assert (verdict.last_root, verdict.last_root_on) == (last["root"], last["day"])
    assert verdict.roots == 3


def test_an_archive_without_roots_has_none_to_give(archive):
    assert verify(archive).last_root is None


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_root_that_was_written_down_is_found_in_the_chain(chained, which):
    one = days(chained.archive)[which]
    verdict = verify(chained.archive, since=one["root"])
    assert (verdict.is_sound, verdict.since_root_on) == (True, one["day"])


def test_a_root_of_another_archive_is_a_fault(chained):
    verdict = verify(chained.archive, since=OTHER)
    assert verdict.since_root_on is None
    [fault] = verdict.faults
    assert fault.startswith(f"{OTHER} is the root of no day")


@pytest.mark.parametrize("change", [{"root": OTHER}, {"previous": OTHER}, {"records": 1}])
def test_an_altered_day_is_found(chained, change):
    day = days(chained.archive)[1]["day"]
    write(chained.archive, update(daily_root).where(daily_root.c.day == day).values(**change))
    found = faults(chained)
    assert any(fault.startswith(f"the root of {day}, ") for fault in found)
    assert f"the root of {day}: the journal does not say the same; one of them was altered" in found


def test_a_day_that_was_taken_out_is_found(chained):
    day = days(chained.archive)[1]["day"]
    write(chained.archive, delete(daily_root).where(daily_root.c.day == day))
    found = faults(chained)
    assert any("it is chained to " in fault for fault in found)
    assert any(fault.startswith(f"the root of {day} is in the journal, and not") for fault in found)


def test_the_last_days_taken_out_are_found_by_the_journal(chained):
    last = days(chained.archive)[-1]
    write(chained.archive, delete(daily_root).where(daily_root.c.day == last["day"]))
    assert any(f"the root of {last['day']} is in the journal" in fault for fault in faults(chained))


def test_a_day_that_was_put_in_is_found(chained):
    day = (NOW + timedelta(days=40)).date()
    row = dict(days(chained.archive)[-1]) | {"day": day, "files": []}
    write(chained.archive, insert(daily_root).values(**row))
    assert any(f"the root of {day}, " in fault for fault in faults(chained))


@pytest.mark.parametrize(
    "change",
    [{"root": OTHER}, {"sha256": "0" * 64}, {"bytes": 7}, {"records": 7}, {"rooted_on": None}],
)
def test_an_altered_row_of_a_file_is_found(chained, change):
    mine = warc_file.c.name == chained.path.name
    write(chained.archive, update(warc_file).where(mine).values(**change))
    found = faults(chained)
    assert any(fault.startswith(f"{chained.path.name}: ") for fault in found)
    if "rooted_on" not in change:
        [column] = change
        said = f"{chained.path.name}: the journal says another {column} than the database"
        assert any(fault.startswith(said) for fault in found)


def test_a_file_and_its_row_taken_out_are_found_by_the_journal_and_the_chain(chained):
    mine = warc_file.c.name == chained.path.name
    write(chained.archive, delete(warc_file).where(mine))
    chained.path.unlink()
    found = faults(chained)
    assert any("the journal says that it was sealed; the database does not" in f for f in found)
    assert any("of which the database knows nothing" in fault for fault in found)


def test_records_altered_with_all_their_digests_are_found_by_the_root(chained):
    """Whoever can write the files and the row of the file, and forgets the root."""
    from archive.warc.recover import sealed_file

    records = chained.records()
    place = records[-1].place
    chained.cut(place.offset, place.length)
    forged = sealed_file(chained.path, chained.archive.clock)
    mine = warc_file.c.name == chained.path.name
    values = {"bytes": forged.bytes, "sha256": forged.sha256}
    write(chained.archive, update(warc_file).where(mine).values(**values))
    found = faults(chained)
    assert any(": its records have the root " in fault for fault in found)
    write(chained.archive, update(warc_file).where(mine).values(root=forged.root))
    day = days(chained.archive)[0]
    assert any(
        f.startswith(f"the root of {day['day']}, {day['root']}: its") for f in faults(chained)
    )


def test_who_forges_database_and_journal_is_found_by_a_root_on_paper(chained):
    written_down = days(chained.archive)[-1]["root"]
    write(chained.archive, delete(daily_root))
    write(chained.archive, update(warc_file).values(rooted_on=None, root=OTHER))
    alter_journal(chained.archive, "rooted")
    alter_journal(chained.archive, "sealed", root=OTHER)
    verdict = verify(chained.archive, since=written_down)
    assert any(f.startswith(f"{written_down} is the root of no day") for f in verdict.faults)


@pytest.mark.parametrize("act", ["sealed", "rooted"])
def test_a_journal_that_was_altered_or_thinned_out_is_found(chained, act):
    alter_journal(chained.archive, act, root=OTHER)
    assert any("journal" in fault for fault in faults(chained))
    alter_journal(chained.archive, act)
    assert any("the journal does not" in fault for fault in faults(chained))


def test_a_line_that_is_no_line_is_named(chained):
    chained.archive._journal.sync()
    [path] = (chained.archive.directory / "journal").glob("*.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = b"\0" + lines[1][1:]
    path.write_bytes(b"".join(lines))
    [fault] = [f for f in faults(chained) if "not a line of the journal" in f]
    assert fault.startswith(f"journal/{path.name} line 2: ")


def test_a_torn_last_line_is_no_fault(chained):
    chained.archive._journal.sync()
    [path] = (chained.archive.directory / "journal").glob("*.jsonl")
    with path.open("ab") as file:
        file.write(b'{"at": "2026')
    assert faults(chained) == []


def test_a_root_from_a_turn_that_failed_is_passed_over(kept):
    kept.archive._journal.write("rooted", day="2026-03-02", root=OTHER, previous=None)
    kept.archive._journal.sync()
    assert verify(kept.archive).is_sound


def test_a_turn_that_is_just_being_committed_is_waited_for(kept, monkeypatch):
    row = {}
    with kept.archive.reading() as connection:
        row = dict(connection.execute(select(warc_file)).mappings().one())
    write(kept.archive, delete(warc_file))

    def commit(seconds):
        if seconds:
            monkeypatch.undo()
            write(kept.archive, insert(warc_file).values(**row))

    monkeypatch.setattr("archive.fixity.chain.time.sleep", commit)
    verdict = Verdict()
    check_chain(kept.archive, verdict)
    assert verdict.faults == []


def test_a_file_sealed_before_roots_were_kept_is_said_to_have_none(kept):
    write(kept.archive, update(warc_file).values(root=None, records=None))
    alter_journal(kept.archive, "sealed", root=None, records=None)
    verdict = verify(kept.archive)
    assert verdict.faults == []
    assert verdict.unchecked == [
        f"the root of {kept.path.name}: it was sealed before roots were kept"
    ]


def test_a_verdict_is_plain_json(chained):
    from archive.console import as_json

    chained.flip(place_of(chained.first).offset + 50)
    said = json.loads(as_json(verify(chained.archive).as_mapping()))
    assert said["sound"] is False
    assert said["last_root_on"] == str(days(chained.archive)[-1]["day"])
    [damage] = said["damaged"]
    assert damage["capture"] == chained.first.id
    assert json.loads(as_json(Verdict().as_mapping()))["sound"] is True
