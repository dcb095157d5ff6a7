"""Each kind of damage is found and named with its place; a sound archive is left in peace."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from support.archives import NOW, captured, exchange, provenance
from support.wounds import add_file, alter_journal, keep_every_payload, place_of, seal, write

from archive.db.schema import capture as capture_table
from archive.db.schema import extraction, version, warc_file
from archive.fixity.budget import Budget, Sample
from archive.store import Archive
from archive.verify import verify

SEALED = "not the bytes that were sealed (size or SHA-256)"


def damaged_at(verdict):
    return [one.offset for one in verdict.damaged]


# sound


def test_a_sound_archive_is_said_to_be_so(kept):
    seen = []
    verdict = verify(kept.archive, progress=seen.append)
    assert (verdict.faults, verdict.unchecked, verdict.is_sound) == ([], [], True)
    records = kept.records()
    size = kept.path.stat().st_size
    assert (verdict.files, verdict.records, verdict.bytes) == (1, len(records), size)
    assert (verdict.rows, verdict.revisits, verdict.texts) == (6, 1, 2)
    assert (verdict.unindexed, verdict.unindexed_drafts) == (0, 0)
    assert (verdict.roots, verdict.days) == (1, 1)
    assert verdict.digests == len(records) + 2  # a block each, and two payloads
    assert {one.file for one in seen} == {kept.path.name}
    assert (seen[0].done, seen[-1].done, seen[-1].total) == (0, size, size)


def test_an_empty_archive_is_sound(archive):
    assert verify(archive).is_sound


def test_a_closed_archive_opened_again_is_sound(kept):
    kept.archive.close()
    with Archive.open(kept.archive.directory, clock=kept.archive.clock) as opened:
        assert verify(opened).is_sound


def test_verifying_touches_no_warc_file(sqlite_kept):
    archive = sqlite_kept.archive
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in archive.directory.rglob("*.gz")}
    verify(archive)
    verify(archive, repair=True)
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in archive.directory.rglob("*.gz")}
    assert after == before


def test_a_record_without_a_row_is_counted_and_no_fault(kept):
    write(kept.archive, delete(extraction).where(extraction.c.capture_id == kept.second.id))
    with pytest.raises(ZeroDivisionError), kept.archive.turn() as turn:  # noqa: PT012
        turn.record(exchange("/c"), provenance())
        raise ZeroDivisionError
    verdict = verify(kept.archive)
    assert (verdict.faults, verdict.unindexed, verdict.unindexed_drafts) == ([], 1, 1)


# growing


def test_a_file_that_still_grows_is_read_too(archive):
    captured(archive)
    verdict = verify(archive)
    assert (verdict.is_sound, verdict.records) == (True, 6)


def test_the_torn_tail_of_a_growing_file_is_no_fault_and_is_said(archive):
    one, _ = captured(archive)
    path = archive.warc_directory / f"{place_of(one).file}.open"
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    verdict = verify(archive)
    assert (verdict.faults, verdict.records) == ([], 6)
    [sentence] = verdict.unchecked
    assert sentence.startswith("7 bytes at the end of ")


def test_damage_in_the_middle_of_a_growing_file_is_found(archive):
    one, _ = captured(archive, "/a")
    captured(archive, "/b")
    path = archive.warc_directory / f"{place_of(one).file}.open"
    content = bytearray(path.read_bytes())
    content[place_of(one).offset + 40] ^= 1
    path.write_bytes(content)
    verdict = verify(archive)
    assert damaged_at(verdict) == [place_of(one).offset]
    assert verdict.records == 9


def test_a_growing_file_that_is_missing_is_named_with_what_it_held(archive):
    one, _ = captured(archive)
    (archive.warc_directory / f"{place_of(one).file}.open").unlink()
    [fault] = verify(archive).faults
    assert "is missing; restore it from a backup. It holds 1 capture and 1 draft." in fault


# a record


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_flipped_bit_is_reported_and_costs_one_record_at_most(sqlite_kept, data):
    sound = sqlite_kept.path.read_bytes()
    at = data.draw(st.integers(0, len(sound) - 1))
    flipped = bytearray(sound)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    records = sqlite_kept.records()
    sqlite_kept.path.write_bytes(flipped)
    try:
        verdict = verify(sqlite_kept.archive)
    finally:
        sqlite_kept.path.write_bytes(sound)
    assert any(f.startswith(f"{sqlite_kept.path.name}: {SEALED}") for f in verdict.faults)
    assert verdict.records >= len(records) - 1
    hit = next(one.place for one in reversed(records) if one.place.offset <= at)
    if verdict.records == len(records):
        # a time or a system in a gzip header, or the bits that fill the last byte of what is
        # deflated (RFC 1951 §3.2.3): no record is hurt
        assert at - hit.offset in (*range(3, 10), hit.length - 9)
        assert "every record is as it was recorded" in verdict.faults[0]
    else:
        assert damaged_at(verdict) == [hit.offset]


def within(place, name):
    """A byte of each class within the member at a place."""
    return (
        place.offset
        + {
            "first byte": 0,
            "method": 2,
            "flags": 3,
            "record header": 40,
            "block": place.length // 2,
            "last of the block": place.length - 12,
            "checksum": place.length - 6,
            "length": place.length - 2,
        }[name]
    )


@pytest.mark.parametrize(
    "where",
    [
        *("first byte", "method", "flags", "record header"),
        *("block", "last of the block", "checksum", "length"),
    ],
)
def test_a_damaged_record_is_named_and_those_after_it_are_read(sqlite_kept, where):
    one = sqlite_kept.first
    records = sqlite_kept.records()
    sqlite_kept.flip(within(place_of(one), where))
    verdict = verify(sqlite_kept.archive)
    [damage] = verdict.damaged
    assert (damage.file, damage.offset, damage.capture) == (
        sqlite_kept.path.name,
        place_of(one).offset,
        one.id,
    )
    assert (damage.type, damage.url, damage.captured_at) == ("response", one.url, one.captured_at)
    assert damage.record == f"<urn:uuid:{one.id[2:]}>"
    assert (damage.revisits, damage.versions) == (1, (sqlite_kept.saved.version,))
    assert damage.copy is None
    assert damage.remedy.startswith("No second copy here. Restore ")
    assert verdict.records == len(records) - 1
    assert f"{len(records) - 1} of {len(records)} records are whole" in verdict.faults[-1]


def test_a_damaged_response_is_said_with_what_rests_on_it(kept):
    kept.flip(place_of(kept.first).offset + 60)
    [damage] = verify(kept.archive).damaged
    said = str(damage)
    assert said.startswith(
        f"{kept.path.name} at {damage.offset}: response {kept.first.id} of {kept.first.url} "
        "(2026-03-02T06:00:00+00:00): "
    )
    assert f"1 revisit shares its payload; it carries {kept.saved.version}." in said
    assert "(sha256 " in said


def test_a_second_copy_of_the_payload_is_named(kept):
    keep_every_payload(kept.archive)
    page = kept.archive.fetch(kept.first.id).entity
    copy = add_file(kept.archive, "/mirror", page)
    assert copy.refers_to is None
    kept.flip(place_of(kept.first).offset + 60)
    verdict = verify(kept.archive)
    [damage] = verdict.damaged
    assert damage.copy is not None
    assert (damage.copy.file, damage.copy.capture) == (place_of(copy).file, copy.id)
    where = f"{place_of(copy).file} at {place_of(copy).offset} (capture {copy.id})"
    assert f"The same payload lies in {where}" in damage.remedy


def test_a_second_copy_that_is_damaged_too_is_none(kept):
    keep_every_payload(kept.archive)
    copy = add_file(kept.archive, "/mirror", kept.archive.fetch(kept.first.id).entity)
    path = kept.archive.warc_directory / place_of(copy).file
    path.write_bytes(path.read_bytes().replace(b"\x1f\x8b\x08", b"\x1f\x8b\x09"))
    kept.flip(place_of(kept.first).offset + 60)
    assert [one.copy for one in verify(kept.archive).damaged if one.capture == kept.first.id] == [
        None
    ]


def test_a_damaged_revisit_loses_its_head_and_not_its_payload(kept):
    kept.flip(place_of(kept.revisit).offset + 60)
    [damage] = verify(kept.archive).damaged
    assert (damage.type, damage.capture) == ("revisit", kept.revisit.id)
    assert damage.copy is not None
    assert damage.copy.capture == kept.first.id
    assert "lost is the head of this answer" in damage.remedy


def test_a_damaged_draft_is_named_with_its_version(kept):
    [one] = [r for r in kept.records() if "warc-refers-to" in r.headers and r.type == "metadata"][
        :1
    ]
    kept.flip(one.place.offset + one.place.length // 2)
    [damage] = verify(kept.archive).damaged
    assert (damage.type, damage.capture, damage.url) == ("draft", kept.first.id, kept.first.url)
    assert damage.versions == (kept.saved.version,)
    assert "The database holds what it said" in damage.remedy


@pytest.mark.parametrize("kind", ["request", "metadata", "warcinfo"])
def test_a_damaged_record_that_has_no_row_is_named_by_what_is_left_of_its_head(kept, kind):
    one = next(r for r in kept.records() if r.type == kind)
    kept.flip(one.place.offset + one.place.length - 6)
    [damage] = verify(kept.archive).damaged
    assert (damage.type, damage.record) == (kind, one.urn)
    assert damage.capture == (kept.first.id if kind != "warcinfo" else None)


def test_a_record_without_a_row_whose_head_is_lost_is_named_by_its_neighbour(kept):
    one = next(r for r in kept.records() if r.type == "request")
    kept.flip(one.place.offset)
    [damage] = verify(kept.archive).damaged
    assert (damage.offset, damage.record) == (one.place.offset, None)
    assert damage.capture == kept.first.id
    assert damage.what.endswith("beside the record of this capture")


# stretches


def test_zeros_over_many_records_name_each_that_has_a_row(kept):
    start = place_of(kept.first).offset + 10
    end = place_of(kept.second).offset + 10
    kept.zero(start, end - start)
    verdict = verify(kept.archive)
    named = [(one.type, one.capture) for one in verdict.damaged]
    assert named == [
        ("response", kept.first.id),
        ("draft", kept.first.id),
        ("response", kept.second.id),
    ]
    assert verdict.rows == 3


def test_a_truncated_file_names_what_it_lost(kept):
    cut = place_of(kept.revisit).offset + 20
    kept.cut(cut, 1 << 20)
    verdict = verify(kept.archive)
    assert [(one.type, one.capture) for one in verdict.damaged] == [
        ("revisit", kept.revisit.id),
        ("request", kept.unanswered.id),
    ]
    assert any(SEALED in fault for fault in verdict.faults)


def test_a_record_cut_out_names_it_alone_and_says_that_the_rest_has_moved(kept):
    place = place_of(kept.second)
    records = len(kept.records())
    kept.cut(place.offset, place.length)
    verdict = verify(kept.archive)
    [damage] = verdict.damaged
    assert (damage.capture, damage.what) == (kept.second.id, "another record lies in its place")
    assert verdict.records == records - 1
    assert any(
        f"3 records are whole, and lie -{place.length} bytes from where" in fault
        for fault in verdict.faults
    )


def test_bytes_put_in_cost_no_record(kept):
    place = place_of(kept.second)

    def put_in(content):
        content[place.offset : place.offset] = b"put in"

    kept.hurt(put_in)
    verdict = verify(kept.archive)
    assert [one.capture for one in verdict.damaged] == [kept.first.id]  # whom they lie beside
    assert verdict.damaged[0].length == len(b"put in")
    assert any("4 records are whole, and lie +6 bytes" in fault for fault in verdict.faults)


def test_swapped_files_are_said_to_be_swapped(kept):
    other = kept.archive.warc_directory / place_of(add_file(kept.archive)).file
    mine, theirs = kept.path.read_bytes(), other.read_bytes()
    kept.path.write_bytes(theirs)
    other.write_bytes(mine)
    faults = verify(kept.archive).faults
    assert len(faults) == 2
    assert any(
        f.startswith(f"{kept.path.name}: holds what was recorded as {other.name}") for f in faults
    )
    assert any(
        f.startswith(f"{other.name}: holds what was recorded as {kept.path.name}") for f in faults
    )


def test_an_empty_file_in_place_of_another_names_every_row(kept):
    kept.cut(0, 1 << 30)
    verdict = verify(kept.archive)
    assert len(verdict.damaged) == 6
    assert verdict.bytes == 0


def test_a_missing_file_is_named_once_with_what_rests_on_it(kept):
    page = kept.archive.fetch(kept.first.id).entity
    add_file(kept.archive, "/again", page)
    kept.path.unlink()
    [fault] = verify(kept.archive).faults
    assert fault.startswith(f"warc/{kept.path.name} is missing; restore it (sha256 ")
    assert "4 captures and 2 drafts and the payload of 1 revisit in other files" in fault


# rows


def test_a_deleted_row_is_found_by_what_rests_on_it(kept):
    write(kept.archive, delete(capture_table).where(capture_table.c.id == kept.first.id))
    verdict = verify(kept.archive)
    assert verdict.unindexed == 1
    revisit, of_version = verdict.faults
    assert f"it refers to {kept.first.id}, which has no row" in revisit
    assert of_version == f"version {kept.saved.version}: its first and last capture has no row"


@pytest.mark.parametrize("wrong", [{"length": 9}, {"id": "r:00000000-0000-4000-8000-000000000000"}])
def test_a_row_that_leads_to_another_record_is_found(kept, wrong):
    one = kept.second
    write(kept.archive, update(capture_table).where(capture_table.c.id == one.id).values(**wrong))
    named = wrong.get("id", one.id)
    said = f"{kept.path.name} at {place_of(one).offset}: not the record of {named}"
    assert any(fault.startswith(said) for fault in verify(kept.archive).faults)


def test_a_row_that_leads_nowhere_is_found_and_its_record_too(kept):
    one = kept.second
    at = place_of(one).offset
    write(
        kept.archive,
        update(capture_table).where(capture_table.c.id == one.id).values(offset=at + 1),
    )
    verdict = verify(kept.archive)
    [fault] = verdict.faults
    assert fault == (
        f"{kept.path.name} at {at + 1}: no record of {one.id}; it lies at {at}, and the row was "
        "altered"
    )
    assert verdict.damaged == []


ALTERED = {
    "url": "https://lantern.example/else",
    "urlkey": "example,lantern)/else",
    "captured_at": NOW - timedelta(days=365),
    "payload_digest": "sha256:" + "0" * 64,
    "status": 404,
    "mime": "text/plain",
    "etag": '"else"',
    "last_modified": "Mon, 02 Mar 2026 06:00:00 GMT",
    "date": "Mon, 02 Mar 2026 06:00:00 GMT",
    "location": "/else",
    "payload_bytes": 3,
    "truncated": "time",
    "outlet_id": "beacon",
    "run_id": "run-9",
}


def test_a_row_that_was_written_before_dates_were_kept_is_no_fault(kept):
    write(kept.archive, update(capture_table).values(date=None))
    assert verify(kept.archive).is_sound


@pytest.mark.parametrize("column", ALTERED)
def test_a_capture_whose_row_was_altered_is_found(kept, column):
    one = kept.second
    values = {column: ALTERED[column]}
    write(kept.archive, update(capture_table).where(capture_table.c.id == one.id).values(**values))
    faults = verify(kept.archive).faults
    assert any(f"the row of {one.id} says another " in f and column in f for f in faults)
    assert not any(SEALED in fault for fault in faults)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("capture_id", "r:00000000-0000-4000-8000-000000000000"),
        ("outcome", "walled"),
        ("version_id", "v:aaaaaaaaaaaa"),
        ("text_digest", "sha256:" + "0" * 64),
    ],
)
def test_an_extraction_whose_row_was_altered_is_found(kept, column, value):
    mine = extraction.c.capture_id == kept.first.id
    write(kept.archive, update(extraction).where(mine).values({column: value}))
    assert any(f"says another {column} than" in fault for fault in verify(kept.archive).faults)


@pytest.mark.parametrize("change", [{"title": "Harbour to shrink"}, {"body": "It shrinks."}])
def test_a_version_whose_text_was_altered_is_found(kept, change):
    write(kept.archive, update(version).where(version.c.id == kept.saved.version).values(**change))
    [fault] = verify(kept.archive).faults
    assert fault.startswith(f"version {kept.saved.version}: its text is not what was read")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": 404}, "which is no whole response"),
        ({"truncated": "time"}, "which is no whole response"),
        ({"payload_digest": "sha256:" + "0" * 64}, "whose payload is another"),
        ({"file": None, "offset": None, "length": None}, "which has no row"),
    ],
)
def test_a_revisit_of_what_is_no_whole_response_is_found(kept, change, said):
    mine = capture_table.c.id == kept.first.id
    write(kept.archive, update(capture_table).where(mine).values(**change))
    revisit = f"revisit {kept.revisit.id}: it refers to {kept.first.id}, {said}"
    assert any(revisit in fault for fault in verify(kept.archive).faults)


def test_a_sealed_file_that_no_row_knows_is_named_and_repaired(kept):
    write(kept.archive, delete(warc_file))
    [fault] = verify(kept.archive).faults
    assert (
        fault == f"{kept.path.name}: not noted in the database; `kliping verify --repair` does so"
    )
    verdict = verify(kept.archive, repair=True)
    assert verdict.is_sound
    assert any("noted only now" in sentence for sentence in verdict.repaired)


def test_a_file_that_was_damaged_before_it_was_sealed_names_its_records(kept):
    kept.flip(place_of(kept.first).offset + 60)
    write(kept.archive, delete(warc_file))
    alter_journal(kept.archive, "sealed")
    kept.archive.recover()
    verdict = verify(kept.archive)
    assert [one.capture for one in verdict.damaged] == [kept.first.id]
    assert not any(SEALED in fault for fault in verdict.faults)


def test_repair_leaves_a_damaged_sealed_file_as_it_is(sqlite_kept):
    sqlite_kept.flip(place_of(sqlite_kept.first).offset + 40)
    hurt = sqlite_kept.path.read_bytes()
    assert not verify(sqlite_kept.archive, repair=True).is_sound
    assert sqlite_kept.path.read_bytes() == hurt


def test_repair_cuts_a_torn_tail_to_a_side_file(sqlite_kept):
    torn = sqlite_kept.path.with_name("kliping-20260303000000000-00001-1-vm.warc.gz.open")
    torn.write_bytes(
        sqlite_kept.path.read_bytes()[: place_of(sqlite_kept.first).offset] + b"\x1f\x8b\x08torn"
    )
    verdict = verify(sqlite_kept.archive, repair=True)
    assert any("7 torn bytes kept in " in sentence for sentence in verdict.repaired)
    assert torn.with_name(torn.name.removesuffix(".open") + ".torn").read_bytes().endswith(b"torn")


# parts


def test_a_sample_checks_as_many_records_as_were_asked_for(kept):
    verdict = verify(kept.archive, sample=Sample("3"))
    assert (verdict.is_sound, verdict.records, verdict.rows) == (True, 3, 3)
    assert verdict.unchecked[0] == "3 of 6 records that rows lead to"
    assert not verdict.is_partial
    assert verify(kept.archive, sample=Sample("100%")).rows == 6
    assert verify(kept.archive, sample=Sample("1%")).rows == 1
    assert verify(kept.archive, sample=Sample("99")).rows == 6


def test_a_sample_names_the_damaged_record_it_meets(kept):
    kept.flip(place_of(kept.first).offset + 60)
    verdict = verify(kept.archive, sample=Sample("100%"))
    [damage] = verdict.damaged
    assert (damage.capture, damage.revisits) == (kept.first.id, 1)
    assert verdict.rows == 5


def test_a_sample_meets_altered_rows_and_sizes(kept):
    mine = capture_table.c.id == kept.first.id
    write(kept.archive, update(capture_table).where(mine).values(status=404))
    kept.hurt(lambda content: content.extend(b"more"))
    faults = verify(kept.archive, sample=Sample("100%")).faults
    assert any("its row says another status" in fault for fault in faults)
    assert any("which is no whole response" in fault for fault in faults)
    assert any("not the bytes that were sealed (size " in fault for fault in faults)


def test_a_sample_of_a_missing_file_names_it_once(kept):
    kept.path.unlink()
    [fault] = verify(kept.archive, sample=Sample("100%")).faults
    assert "is missing" in fault


def test_a_sample_of_nothing_is_sound(archive):
    assert verify(archive, sample=Sample("5%")).is_sound


class Watch:
    """Seconds that pass one by one, each time one looks."""

    def __init__(self, step=1.0):
        self.now, self.step = 0.0, step

    def __call__(self):
        self.now += self.step
        return self.now


def three_files(kept):
    names = [kept.path.name]
    for number in (1, 2):
        kept.archive.clock.advance(timedelta(seconds=1))
        names.append(place_of(add_file(kept.archive, f"/{number}", b"%d" % number)).file)
    return names


def bounded(seconds):
    return Budget(timedelta(seconds=seconds), monotonic=Watch())


def test_a_scrub_goes_on_where_the_last_one_stopped(kept):
    three_files(kept)
    read = []
    for _ in range(4):
        kept.archive.clock.advance(timedelta(hours=1))
        seen = []
        verdict = verify(kept.archive, scrub=True, budget=bounded(2), progress=seen.append)
        assert (verdict.is_sound, verdict.is_partial, verdict.files) == (True, True, 1)
        assert verdict.unchecked[0].startswith("2 of 3 sealed files, ")
        read += dict.fromkeys(one.file for one in seen)
    assert read[:3] == sorted(read[:3])
    assert len(set(read[:3])) == 3
    assert read[3] == read[0]


def test_a_scrub_that_is_killed_keeps_what_it_noted(kept):
    names = three_files(kept)

    def killed(one):
        if one.file == names[1]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(kept.archive, scrub=True, progress=killed)
    seen = []
    verify(kept.archive, scrub=True, progress=seen.append)
    assert list(dict.fromkeys(one.file for one in seen)) == [names[1], names[2], names[0]]


def test_a_scrub_without_bounds_reads_every_sealed_file(kept):
    three_files(kept)
    captured(kept.archive, "/grows")
    verdict = verify(kept.archive, scrub=True)
    assert (verdict.is_sound, verdict.is_partial, verdict.files) == (True, False, 3)
    assert verdict.unchecked == [
        "files that still grow and the texts of versions: no part of a scrub"
    ]


def test_a_whole_verification_counts_for_the_next_scrub(kept):
    names = three_files(kept)
    verify(kept.archive)
    kept.archive.clock.advance(timedelta(hours=1))
    write(
        kept.archive, update(warc_file).where(warc_file.c.name == names[2]).values(verified_at=None)
    )
    seen = []
    verify(kept.archive, scrub=True, progress=seen.append)
    assert seen[0].file == names[2]


def test_a_scrub_names_damage_like_any_other(kept):
    kept.flip(place_of(kept.first).offset + 60)
    verdict = verify(kept.archive, scrub=True)
    assert [one.capture for one in verdict.damaged] == [kept.first.id]


def test_a_locked_archive_is_verified_all_the_same(sqlite_kept, monkeypatch):
    monkeypatch.setattr("archive.db.engine._PRAGMAS", ("journal_mode=WAL", "busy_timeout=10"))
    archive = sqlite_kept.archive
    with Archive.open(archive.directory, clock=archive.clock) as other, archive.turn():
        verdict = verify(other)
    assert verdict.is_sound
    assert verdict.roots == 1
    first, second = verdict.unchecked
    assert first.startswith("days that are over and have no root yet: ")
    assert "could not be noted" in second


def test_files_come_and_go_by_their_final_names(archive):
    one, _ = captured(archive)
    seal(archive)
    captured(archive, "/b")
    seen = []
    assert verify(archive, progress=seen.append).files == 2
    assert seen[0].file == place_of(one).file
    assert not any(one.file.endswith(".open") for one in seen)
