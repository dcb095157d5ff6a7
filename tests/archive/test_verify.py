"""Each kind of damage is found and named with its place; a sound archive is left in peace."""

import pytest
from sqlalchemy import delete, update
from support.archives import captured, exchange, provenance

from archive.db.schema import capture as capture_table
from archive.db.schema import extraction, warc_file
from archive.store import Archive
from archive.verify import verify


@pytest.fixture
def kept(archive):
    """An archive with two captures in a sealed file; its captures and that file."""
    captures = [captured(archive, path)[0] for path in ("/a", "/b")]
    archive._warc.seal()
    with archive.turn():
        pass
    return archive, captures, archive.warc_directory / captures[0].place.file


def write(archive, statement):
    with archive._engine.begin() as connection:
        connection.execute(statement)


def test_a_sound_archive_is_said_to_be_so(kept):
    archive, _, path = kept
    seen = []
    verdict = verify(archive, progress=seen.append)
    assert verdict.is_sound
    assert seen == [path.name]
    assert (verdict.files, verdict.records, verdict.rows, verdict.unindexed) == (1, 10, 4, 0)
    assert verdict.digests == 11  # a block each, and the payload that both share
    assert verdict.bytes == path.stat().st_size


def test_an_empty_archive_is_sound(archive):
    assert verify(archive).is_sound


def test_a_file_that_still_grows_is_read_too(archive):
    captured(archive)
    verdict = verify(archive)
    assert (verdict.is_sound, verdict.records) == (True, 6)


def test_the_torn_tail_of_a_growing_file_is_no_fault(archive):
    capture, _ = captured(archive)
    path = archive.warc_directory / f"{capture.place.file}.open"
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    assert verify(archive).is_sound


def test_a_response_without_a_row_is_counted_and_no_fault(kept):
    archive, captures, _ = kept
    write(archive, delete(extraction).where(extraction.c.capture_id == captures[1].id))
    with pytest.raises(ZeroDivisionError), archive.turn() as turn:  # noqa: PT012
        turn.record(exchange("/c"), provenance())
        raise ZeroDivisionError
    verdict = verify(archive)
    assert (verdict.faults, verdict.unindexed) == ([], 1)


def test_every_flipped_byte_is_found(kept):
    archive, _, path = kept
    sound = path.read_bytes()
    for at in range(0, len(sound), 97):
        damaged = bytearray(sound)
        damaged[at] ^= 0x01
        path.write_bytes(damaged)
        assert any(path.name in fault for fault in verify(archive).faults), at
    path.write_bytes(sound)
    assert verify(archive).is_sound


def test_a_damaged_record_is_named_with_its_place(kept):
    archive, captures, path = kept
    place = captures[1].place
    damaged = bytearray(path.read_bytes())
    damaged[place.offset + place.length - 6] ^= 0xFF
    path.write_bytes(damaged)
    faults = verify(archive).faults
    assert f"{path.name}: not the bytes that were sealed (size or SHA-256)" in faults
    assert any(fault.startswith(f"{path.name} at {place.offset}: ") for fault in faults)
    assert any(fault.startswith(f"capture {captures[1].id}: no such record") for fault in faults)
    assert not any(captures[0].id in fault for fault in faults)


def test_a_truncated_file_is_found(kept):
    archive, _, path = kept
    path.write_bytes(path.read_bytes()[:-20])
    faults = verify(archive).faults
    assert f"{path.name}: not the bytes that were sealed (size or SHA-256)" in faults
    assert any("the record is torn" in fault for fault in faults)


def test_a_missing_file_is_named_once_with_what_to_do(kept):
    archive, _, path = kept
    path.unlink()
    assert verify(archive).faults == [f"warc/{path.name} is missing; restore it from a backup"]


def test_a_growing_file_that_is_missing_is_found_by_its_rows(archive):
    capture, _ = captured(archive)
    (archive.warc_directory / f"{capture.place.file}.open").unlink()
    assert any(
        fault.startswith(f"capture {capture.id}: no such record")
        for fault in verify(archive).faults
    )


def test_a_deleted_row_is_found_by_the_version_that_rests_on_it(kept):
    archive, captures, _ = kept
    write(archive, delete(capture_table).where(capture_table.c.id == captures[0].id))
    verdict = verify(archive)
    assert verdict.unindexed == 1
    [fault] = verdict.faults
    assert "its first capture has no row" in fault


@pytest.mark.parametrize("wrong", [{"length": 9}, {"id": "r:00000000-0000-4000-8000-000000000000"}])
def test_a_row_that_leads_to_another_record_is_found(kept, wrong):
    archive, captures, path = kept
    one = captures[1]
    write(archive, update(capture_table).where(capture_table.c.id == one.id).values(**wrong))
    named = wrong.get("id", one.id)
    faults = verify(archive).faults
    assert f"{path.name} at {one.place.offset}: not the record of {named}" in faults


def test_a_row_that_leads_nowhere_is_found(kept):
    archive, captures, path = kept
    one = captures[1]
    moved = update(capture_table).where(capture_table.c.id == one.id)
    write(archive, moved.values(offset=one.place.offset + 1))
    [fault] = verify(archive).faults
    assert fault == f"capture {one.id}: no such record in {path.name} at {one.place.offset + 1}"


def test_a_sealed_file_that_no_row_knows_is_named(kept):
    archive, _, path = kept
    write(archive, delete(warc_file))
    [fault] = verify(archive).faults
    assert fault.startswith(f"{path.name}: ")
    assert "not noted in the database; `kliping upgrade` does" in fault
    archive.recover()
    assert verify(archive).is_sound


def test_verifying_changes_nothing(kept):
    archive, _, _ = kept
    before = {p: p.read_bytes() for p in archive.directory.rglob("*.gz")}
    verify(archive)
    assert {p: p.read_bytes() for p in archive.directory.rglob("*.gz")} == before


def test_a_closed_archive_opened_again_is_sound(kept):
    archive, _, _ = kept
    archive.close()
    with Archive.open(archive.directory) as opened:
        assert verify(opened).is_sound
