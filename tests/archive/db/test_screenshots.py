"""A screenshot comes out of the database as it went in, and lives through what archives suffer."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from support.archives import captured, exchange, opened, provenance
from support.indexer import indexed, needs_indexer
from support.pngs import picture, png
from support.wounds import seal

from archive import cdxj
from archive.db import schema, screenshots
from archive.errors import CorruptRecord, NotCaptured
from archive.fixity.budget import Sample
from archive.records import Url
from archive.reindex import reindex
from archive.store import Archive
from archive.verify import verify
from archive.warc.reader import records_of


def kept_shots(archive):
    with archive.reading() as connection:
        return list(screenshots.each_in(connection, screenshots.select_screenshots()))


@pytest.fixture
def shot(archive, clock):
    """A page, its style sheet, a picture of it; the file is sealed, and its day is over."""
    page, _ = captured(archive)
    with archive.turn() as turn:
        sheet = turn.record(exchange("/style.css", b"p {}"), provenance())
    clock.advance(timedelta(minutes=1))
    with archive.turn() as turn:
        drawn = picture(page, sheet, not_held=(Url("https://x.example/"),))
        made = turn.keep_screenshot(drawn, page)
    seal(archive)
    clock.advance(timedelta(days=1))
    return made


@pytest.fixture
def path(archive, shot):
    return archive.warc_directory / shot.place.file


def rows_deleted(archive, *tables):
    with archive.writing() as connection:
        for table in tables or (schema.screenshot, schema.screenshot_part):
            connection.execute(delete(table))


def test_it_comes_out_as_it_went_in(archive, shot):
    assert kept_shots(archive) == [shot]
    assert archive.fetch_screenshot(shot.id) == png()
    with pytest.raises(NotCaptured):
        archive.fetch_screenshot("another")


def test_it_is_verified_with_all_else(archive, shot):
    verdict = verify(archive)
    assert (verdict.faults, verdict.unchecked) == ([], [])
    assert verdict.unindexed_screenshots == 0
    assert verdict.rows == 4  # two captures, a draft, and this
    assert verify(archive, sample=Sample("100%")).faults == []


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("made_at", None, "another made_at"),
        ("width", 5, "another width"),
        ("digest", "sha256:0", "another digest"),
        ("capture_id", "r:x", "another capture_id"),
        ("software", "Netscape/4", "another software"),
        ("offset", 7, "it lies at"),
        ("length", 7, "another length"),
    ],
)
def test_a_row_that_was_altered_is_found(archive, shot, clock, column, value, said):
    changed = {column: clock.now() if column == "made_at" else value}
    with archive.writing() as connection:
        connection.execute(update(schema.screenshot).values(changed))
    faults = verify(archive).faults
    assert len(faults) >= 1
    assert any(said in one and f"screenshot {shot.id}" in one for one in faults), faults


def test_parts_that_were_taken_out_are_missed(archive, shot):
    rows_deleted(archive, schema.screenshot_part)
    [fault] = verify(archive).faults
    assert "says another screenshot_part than its record" in fault


def test_a_row_without_its_picture_is_found(archive, shot):
    with archive.writing() as connection:
        row = dict(connection.execute(select(schema.screenshot)).mappings().one())
        lost = row | {"id": "05091f80-6c9f-4a3b-8f0e-0d1c2b3a4958", "offset": row["offset"] + 1}
        connection.execute(schema.screenshot.insert(), lost)
    [fault] = verify(archive).faults
    assert "no record of screenshot 05091f80" in fault


def test_damage_says_that_the_page_can_be_pictured_again(archive, shot, path):
    content = bytearray(path.read_bytes())
    content[shot.place.offset + shot.place.length - 12] ^= 4
    path.write_bytes(content)
    (damage,) = verify(archive).damaged
    assert (damage.type, damage.capture) == ("screenshot", shot.capture)
    assert f"kliping screenshot --again {shot.capture}" in damage.remedy
    with pytest.raises(CorruptRecord):
        archive.fetch_screenshot(shot.id)


def test_a_file_that_is_missing_is_said_to_hold_it(archive, shot, path):
    path.unlink()
    assert any("1 screenshot" in fault for fault in verify(archive).faults)


def test_rows_that_a_kill_took_are_counted_and_made_again(archive, shot):
    rows_deleted(archive)
    verdict = verify(archive)
    assert (verdict.unindexed_screenshots, verdict.unindexed_drafts, verdict.faults) == (1, 0, [])
    assert archive.index([shot.place.file]) == ["1 screenshot had no rows: indexed"]
    assert kept_shots(archive) == [shot]
    assert archive.index([shot.place.file]) == []


def test_a_picture_whose_facts_a_kill_took_is_no_screenshot(archive, clock, shot, path):
    rows_deleted(archive)
    facts = records_of(path)
    last = [record for record in facts if record.type == "metadata"][-1]
    with path.open("r+b") as file:
        file.truncate(last.place.offset)
    assert archive.index([path.name]) == []
    assert kept_shots(archive) == []


def test_reindex_makes_the_same_rows(sqlite_directory, clock):
    with opened(sqlite_directory, clock) as archive:
        page, _ = captured(archive)
        with archive.turn() as turn:
            turn.keep_screenshot(picture(page), page)
        before = kept_shots(archive)
    (sqlite_directory / "archive.db").unlink()
    assert reindex(sqlite_directory, clock=clock).indexed.screenshots == 1
    with Archive.open(sqlite_directory, clock=clock) as archive:
        assert kept_shots(archive) == before
        assert verify(archive).is_sound


def test_a_takedown_hides_it_from_the_index(archive, shot):
    def lines():
        indexes, _ = cdxj.indexes_of(archive, print)
        return [line for line in cdxj.lines_of(archive, indexes) if b"urn:fullpage:" in line]

    assert len(lines()) == 1
    with archive.turn() as turn:
        turn.restrict("outlet", "lantern", reason="a court", actor="Anna")
    assert lines() == []


@needs_indexer
def test_the_index_lists_it_as_the_program_does(archive, shot, path):
    ours = (archive.cdxj_directory / f"{path.name}.cdxj").read_bytes()
    assert b"urn:fullpage:https://lantern.example/harbour " in ours
    assert ours == b"".join(sorted(indexed(path).splitlines(keepends=True)))
