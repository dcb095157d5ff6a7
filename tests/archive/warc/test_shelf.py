"""A file is read here if it is here, and from the depot it was moved to if not."""

import dataclasses

import pytest
from support.archives import NOW

from archive.config import StorageConfig
from archive.errors import CorruptRecord, StorageUnavailable
from archive.warc import shelf as module
from archive.warc.members import Record
from archive.warc.reader import open_path, records_in
from archive.warc.shelf import Shelf


@pytest.fixture
def place(new_writer):
    """Where a record lies, in a sealed file."""
    import uuid

    writer = new_writer()
    writer.begin()
    one = Record(type="resource", id=uuid.uuid4(), at=NOW, block=b"one", content_type="text/plain")
    place = writer.append(one)
    writer.seal()
    return place


@pytest.fixture
def second(tmp_path):
    (tmp_path / "second").mkdir()
    return tmp_path / "second"


@pytest.fixture
def moved(tmp_path, place, second):
    """A shelf whose one file lies on another disk."""
    storage = StorageConfig(url=f"file://{second}")
    (tmp_path / "warc" / place.file).rename(second / place.file)
    return Shelf(tmp_path / "warc", storage, storage.location_of)


def nowhere(name):
    return None


def test_a_file_that_is_here_is_read_and_nobody_is_asked(tmp_path, place):
    def never(name):
        raise AssertionError(name)

    shelf = Shelf(tmp_path / "warc", None, never)
    assert shelf.record(place).block == b"one"
    assert shelf.is_here(place.file)
    with shelf.open(place.file) as file:
        assert [one.block for one in records_in(file, place.file)][1:] == [b"one"]


def test_a_file_that_was_moved_is_read_from_there(moved, place):
    assert not moved.is_here(place.file)
    assert moved.record(place).block == b"one"
    with moved.open(place.file) as file:
        assert [one.place for one in records_in(file, place.file)][1:] == [place]


def test_what_is_here_comes_first(moved, place, tmp_path, second):
    (tmp_path / "warc" / place.file).write_bytes((second / place.file).read_bytes())
    (second / place.file).write_bytes(b"")
    assert moved.record(place).block == b"one"


@pytest.mark.parametrize("wrong", [{"offset": 10**6}, {"length": 3}, {"length": 0}])
def test_a_wrong_place_in_a_moved_file_is_corrupt(moved, place, wrong):
    with pytest.raises(CorruptRecord, match=place.file):
        moved.record(dataclasses.replace(place, **wrong))


def test_a_file_that_is_in_neither_place_is_missing(tmp_path, place):
    (tmp_path / "warc" / place.file).unlink()
    with pytest.raises(CorruptRecord, match="is missing; restore it from a backup"):
        Shelf(tmp_path / "warc", None, nowhere).read(place)


def test_a_file_that_is_moved_while_it_is_looked_for_is_found(tmp_path, place, second, monkeypatch):
    storage = StorageConfig(url=f"file://{second}")

    def slow(directory, name):
        path = open_path(directory, name)
        path.rename(second / name)
        return path

    monkeypatch.setattr(module, "open_path", slow)
    assert Shelf(tmp_path / "warc", storage, storage.location_of).record(place).block == b"one"


def test_a_row_that_leads_outside_the_named_storage_is_not_followed(tmp_path, place, second):
    (tmp_path / "warc" / place.file).unlink()
    storage = StorageConfig(url=f"file://{second}")
    shelf = Shelf(tmp_path / "warc", storage, lambda _: "s3://strangers/file")
    with pytest.raises(StorageUnavailable, match="is not in the storage that kliping"):
        shelf.read(place)
