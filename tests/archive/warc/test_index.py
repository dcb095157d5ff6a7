"""Indexes beside the WARC files: written as they grow, sorted when sealed, never in the way."""

import dataclasses
import logging
import os
import resource
import uuid

import pytest
from support.archives import NOW

from archive.errors import CorruptRecord
from archive.warc import index as index_module
from archive.warc.cdxj import index_of
from archive.warc.index import CdxjWriter, index_path, make_index, merged, sort_file
from archive.warc.members import Record
from archive.warc.recover import seal_orphans
from archive.warc.writer import WarcWriter


def lines_of(path):
    with path.open("rb") as file:
        return list(index_of(file, path.name))


def indexed(path, directory):
    with path.open("rb") as file:
        return make_index(file, path.name, directory)


@pytest.fixture
def cdxj(tmp_path):
    return tmp_path / "cdxj"


@pytest.fixture
def warcs(tmp_path, clock, cdxj):
    """A writer of WARC files with an index beside them."""
    return WarcWriter(
        tmp_path / "warc",
        prefix="kliping",
        max_bytes=1_000_000,
        clock=clock,
        warcinfo=lambda: [("software", "tests")],
        on_sealed=lambda _: None,
        index=CdxjWriter(cdxj),
    )


def page(path: str) -> Record:
    return Record(
        type="resource",
        id=uuid.uuid4(),
        at=NOW,
        block=b"x",
        content_type="text/html",
        fields=(("WARC-Target-URI", f"http://lantern.example/{path}"),),
    )


def write(warcs, *paths):
    name = warcs.begin()
    for path in paths:
        warcs.append(page(path))
    return name


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def keys(path):
    return [line.split(b" ")[0].decode() for line in path.read_bytes().splitlines()]


def test_an_index_grows_beside_its_file_and_is_sorted_when_it_is_sealed(warcs, cdxj, tmp_path):
    name = write(warcs, "b", "c", "a")
    assert names(cdxj) == [f"{name}.cdxj.open"]
    warcs.seal()
    assert names(cdxj) == [f"{name}.cdxj"]
    assert keys(cdxj / f"{name}.cdxj") == [f"example,lantern)/{path}" for path in "abc"]
    assert sorted(lines_of(tmp_path / "warc" / name)) == sorted(
        (cdxj / f"{name}.cdxj").read_bytes().splitlines(keepends=True)
    )


def test_each_file_has_an_index_of_its_own(warcs, cdxj):
    first = write(warcs, "a")
    warcs.seal()
    second = write(warcs, "b")
    warcs.seal()
    assert names(cdxj) == sorted([f"{first}.cdxj", f"{second}.cdxj"])
    assert keys(cdxj / f"{second}.cdxj") == ["example,lantern)/b"]


def test_an_index_that_cannot_be_made_stops_no_recording(warcs, cdxj, tmp_path, caplog):
    cdxj.write_text("in the way")
    with caplog.at_level(logging.WARNING):
        name = write(warcs, "a", "b")
        warcs.seal()
    assert (tmp_path / "warc" / name).exists()
    assert "no index for now" in caplog.text
    assert "kliping cdxj" in caplog.text


@pytest.mark.parametrize("broken", ["line_as_written", "sort_file"])
def test_a_fault_of_ours_stops_no_recording_either(
    warcs, cdxj, tmp_path, caplog, monkeypatch, broken
):
    def fail(*_):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(index_module, broken, fail)
    name = write(warcs, "a", "b")
    assert warcs.seal().name == name
    assert names(cdxj) == []
    assert len([one for one in caplog.records if "a fault" in one.getMessage()]) == 1
    monkeypatch.undo()
    indexed(warcs._directory / name, cdxj)
    assert keys(cdxj / f"{name}.cdxj") == ["example,lantern)/a", "example,lantern)/b"]
    write(warcs, "c")  # the next file has its index again
    assert names(cdxj)[-1].endswith(".open")


def test_a_full_disk_leaves_neither_a_record_nor_its_line(warcs, cdxj):
    name = write(warcs, "a")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    big = dataclasses.replace(page("big"), block=os.urandom(99_000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            warcs.append(big)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    warcs.append(page("b"))
    warcs.seal()
    assert keys(cdxj / f"{name}.cdxj") == ["example,lantern)/a", "example,lantern)/b"]


def test_recovery_makes_the_index_and_clears_what_was_left(warcs, cdxj, tmp_path, clock):
    name = write(warcs, "b", "a")
    warcs._file.close()  # the process is gone
    warcs._index._file.flush()
    [one], _ = seal_orphans(tmp_path / "warc", clock, cdxj)
    assert one.name == name
    assert names(cdxj) == [f"{name}.cdxj"]
    assert keys(cdxj / f"{name}.cdxj") == ["example,lantern)/a", "example,lantern)/b"]


def test_recovery_goes_on_without_an_index_it_cannot_make(warcs, cdxj, tmp_path, clock, caplog):
    name = write(warcs, "a")
    warcs._file.close()
    warcs._index.abandon()
    cdxj.rmdir()
    cdxj.write_text("in the way")
    [one], _ = seal_orphans(tmp_path / "warc", clock, cdxj)
    assert one.name == name
    assert "no index for now" in caplog.text


def test_a_damaged_file_gets_no_index_at_all(warcs, cdxj, tmp_path):
    name = write(warcs, "a", "b")
    warcs.seal()
    path = tmp_path / "warc" / name
    path.write_bytes(path.read_bytes()[:-9])
    (cdxj / f"{name}.cdxj").unlink()
    with pytest.raises(CorruptRecord):
        indexed(path, cdxj)
    assert names(cdxj) == []


@pytest.mark.parametrize("at_once", [1, 2, 7, 1_000])
def test_a_file_is_sorted_bytewise_in_as_many_runs_as_it_takes(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(index_module, "RUN_LINES", at_once)
    monkeypatch.setattr(index_module, "FILES_AT_ONCE", 3)
    lines = [f"{key} 2026 {{}}\n".encode() for key in ["b", "a", "a)", "aé", "a,b", "B"] * 3]
    source, target = tmp_path / "open", tmp_path / "a.cdxj"
    source.write_bytes(b"".join(lines))
    sort_file(source, target)
    assert target.read_bytes() == b"".join(sorted(lines))
    assert names(tmp_path) == ["a.cdxj", "open"]


def test_a_sort_that_fails_leaves_the_index_that_was_there(tmp_path):
    target = tmp_path / "a.cdxj"
    target.write_bytes(b"old\n")
    with pytest.raises(FileNotFoundError):
        sort_file(tmp_path / "none", target)
    assert target.read_bytes() == b"old\n"
    assert names(tmp_path) == ["a.cdxj"]


@pytest.mark.parametrize("at_once", [2, 3, 200])
def test_many_indexes_are_one_sorted_stream(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(index_module, "FILES_AT_ONCE", at_once)
    lines = [f"{number % 13:02d} {number}\n".encode() for number in range(100)]
    paths = [tmp_path / str(part) for part in range(7)]
    for part, path in enumerate(paths):
        path.write_bytes(b"".join(sorted(lines[part::7])))
    assert list(merged(paths)) == sorted(lines)
    assert list(merged([])) == []


def test_merging_more_files_than_a_process_may_open_is_no_matter(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    paths = [tmp_path / f"{number:04d}" for number in range(600)]
    for path in paths:
        path.write_bytes(f"{path.name}\n".encode())
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        assert sum(1 for _ in merged(paths)) == 600
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_path_of_an_index_is_its_files_name_and_a_suffix(cdxj):
    assert index_path(cdxj, "a.warc.gz") == cdxj / "a.warc.gz.cdxj"
