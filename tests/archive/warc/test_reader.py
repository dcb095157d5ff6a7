"""A record is read by its place, and damage is never passed on as content."""

import dataclasses
import gzip

import pytest
from support.archives import NOW

from archive.errors import CorruptRecord, DigestMismatch
from archive.records import Place
from archive.warc.members import Record
from archive.warc.reader import read_record, records_of

HEAD = b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 5\r\n"


@pytest.fixture
def written(new_writer, tmp_path):
    """A sealed file of three records; its directory and their places."""
    writer = new_writer()
    writer.begin()
    places = [writer.append(record(block)) for block in (b"one", b"two" * 50, b"three")]
    writer.seal()
    return tmp_path / "warc", places


def record(block: bytes) -> Record:
    import uuid

    return Record(type="resource", id=uuid.uuid4(), at=NOW, block=block, content_type="text/plain")


def lay(tmp_path, content: bytes) -> Place:
    (tmp_path / "a.warc.gz").write_bytes(content)
    return Place(file="a.warc.gz", offset=0, length=len(content))


def test_each_record_is_found_at_its_place(written):
    directory, places = written
    assert [read_record(directory, one).block for one in places] == [b"one", b"two" * 50, b"three"]


def test_all_records_of_a_file_come_in_order_with_their_places(written):
    directory, places = written
    found = list(records_of(directory / places[0].file))
    assert [one.place for one in found[1:]] == places
    assert [one.type for one in found] == ["warcinfo", "resource", "resource", "resource"]


def test_a_file_larger_than_a_piece_is_read_whole(written, monkeypatch):
    directory, places = written
    monkeypatch.setattr("archive.warc.reader.PIECE", 7)
    assert [one.place for one in records_of(directory / places[0].file)][1:] == places


def test_a_growing_file_is_read_under_its_final_name(new_writer, tmp_path):
    writer = new_writer()
    writer.begin()
    place = writer.append(record(b"one"))
    assert not place.file.endswith(".open")
    assert read_record(tmp_path / "warc", place).block == b"one"


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(CorruptRecord, match=r"gone\.warc\.gz is missing; restore it"):
        read_record(tmp_path, Place(file="gone.warc.gz", offset=0, length=9))


@pytest.mark.parametrize(("offset", "length"), [(1, 0), (0, -1), (10**6, 0), (0, -100)])
def test_a_wrong_place_is_corrupt(written, offset, length):
    directory, (place, *_) = written
    wrong = dataclasses.replace(
        place, offset=place.offset + offset, length=max(place.length + length, 0)
    )
    with pytest.raises(CorruptRecord, match=f"{place.file} at {wrong.offset}"):
        read_record(directory, wrong)


def test_no_flipped_byte_is_passed_on(written):
    directory, (_, place, _) = written
    path = directory / place.file
    sound = path.read_bytes()
    noticed = 0
    for at in range(place.offset + 10, place.offset + place.length):  # past gzip's own header
        damaged = bytearray(sound)
        damaged[at] ^= 0x20
        path.write_bytes(damaged)
        try:  # some bits of deflate mean nothing
            assert read_record(directory, place).block == b"two" * 50
        except CorruptRecord:
            noticed += 1
    assert noticed > 0.9 * (place.length - 10)


def test_a_block_that_was_rewritten_does_not_match_its_digest(written):
    directory, (place, *_) = written
    path = directory / place.file
    plain = gzip.decompress(path.read_bytes()[place.offset : place.offset + place.length])
    forged = lay(directory, gzip.compress(plain.replace(b"\r\n\r\none", b"\r\n\r\ntwo")))
    with pytest.raises(DigestMismatch, match="is not what was recorded"):
        read_record(directory, forged)


@pytest.mark.parametrize(
    ("plain", "wrong"),
    [
        (HEAD + b"\r\nhello\r\n\r\n", None),
        (HEAD + b"\r\nhell\r\n\r\n", "length is wrong"),
        (HEAD + b"\r\nhello!\r\n\r\n", "length is wrong"),
        (HEAD + b"\r\nhelloXXXX", "length is wrong"),
        (HEAD.replace(b"5", b"-5") + b"\r\nhello\r\n\r\n", "length is wrong"),
        (HEAD.replace(b"5", "²".encode()) + b"\r\nhello\r\n\r\n", "length is wrong"),
        (HEAD.replace(b"5", b"9" * 5000) + b"\r\nhello\r\n\r\n", "length is wrong"),
        (HEAD.replace(b"WARC/1.1", b"WARC/9.9") + b"\r\nhello\r\n\r\n", "not a WARC record"),
        (HEAD, "not a WARC record"),
        (b"<html>", "not a WARC record"),
        (b"", "not a WARC record"),
    ],
)
def test_what_is_no_whole_record_is_refused(tmp_path, plain, wrong):
    place = lay(tmp_path, gzip.compress(plain))
    if wrong is None:
        assert read_record(tmp_path, place).block == b"hello"
        return
    with pytest.raises(CorruptRecord, match=wrong):
        read_record(tmp_path, place)


def test_a_torn_tail_is_told_after_all_before_it_was_given(written):
    directory, places = written
    path = directory / places[0].file
    path.write_bytes(path.read_bytes()[:-3])
    found = records_of(path)
    assert [next(found).place for _ in range(3)][1:] == places[:2]
    with pytest.raises(CorruptRecord, match=f"at {places[2].offset}: the record is torn"):
        next(found)


def test_an_empty_file_has_no_records(tmp_path):
    lay(tmp_path, b"")
    assert list(records_of(tmp_path / "a.warc.gz")) == []
