"""The growing file: how it is named, what it begins with, when it ends, and a full disk."""

import dataclasses
import gzip
import hashlib
import random
import re
import resource
import subprocess
import sys
import textwrap
import tracemalloc
import uuid

import pytest
from support import foreign
from support.archives import NOW

from archive.merkle import Tree
from archive.records import Place
from archive.warc import writer as module
from archive.warc.members import PIECE, Record
from archive.warc.reader import members_of, parse, read_record, records_of
from archive.warc.recover import seal_orphans
from archive.warc.writer import last_whole

NAME = re.compile(r"kliping-20260302060000000-\d{5}-\d+-[a-z0-9.-]+\.warc\.gz")


def record(block: bytes = b"block", type_: str = "resource") -> Record:
    return Record(type=type_, id=uuid.uuid4(), at=NOW, block=block, content_type="text/plain")


def random_block(size: int = 5_000) -> bytes:
    return b"".join(hashlib.sha256(uuid.uuid4().bytes).digest() for _ in range(size // 32))


def files(tmp_path):
    return sorted(path.name for path in (tmp_path / "warc").iterdir())


def blocks(path):
    return [one.block for one in records_of(path)][1:]


def test_nothing_is_created_before_the_first_record(writer, tmp_path):
    assert writer.seal() is None
    writer.sync()
    assert not (tmp_path / "warc").exists()


def test_begin_comes_before_append(writer):
    with pytest.raises(RuntimeError, match="begin"):
        writer.append(record())


def test_a_file_is_named_for_its_time_and_process_and_open_while_it_grows(writer, tmp_path):
    name = writer.begin()
    assert NAME.fullmatch(name)
    assert re.fullmatch(r"[-a-z0-9._]+", name)
    assert files(tmp_path) == [f"{name}.open"]


def test_it_begins_with_a_warcinfo_that_names_it(writer, tmp_path):
    name = writer.begin()
    first = next(records_of(tmp_path / "warc" / f"{name}.open", name))
    assert first.type == "warcinfo"
    assert first.headers["warc-filename"] == name
    assert first.block == b"software: tests\r\n"
    assert "warc-warcinfo-id" not in first.headers


def test_every_record_names_its_warcinfo(writer, tmp_path):
    name = writer.begin()
    writer.append(record())
    info, one = records_of(tmp_path / "warc" / f"{name}.open")
    assert one.headers["warc-warcinfo-id"] == info.urn


def test_a_record_can_be_read_by_its_place_before_anything_is_synced(writer, tmp_path):
    writer.begin()
    places = [writer.append(record(block)) for block in (b"one", b"two")]
    assert [read_record(tmp_path / "warc", place).block for place in places] == [b"one", b"two"]


def test_sealing_renames_and_tells_size_and_digest(writer, sealed, tmp_path):
    name = writer.begin()
    writer.append(record())
    one = writer.seal()
    content = (tmp_path / "warc" / name).read_bytes()
    assert files(tmp_path) == [name]
    assert sealed == [one]
    assert (one.name, one.bytes, one.sha256) == (
        name,
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    assert (one.opened_at, one.sealed_at) == (NOW, NOW)


def test_a_file_is_rotated_between_captures_and_never_within_one(new_writer, tmp_path):
    writer = new_writer(max_bytes=1_000)
    first = writer.begin()
    places = [writer.append(record(random_block())) for _ in range(3)]
    assert {place.file for place in places} == {first}
    second = writer.begin()
    assert second != first
    assert files(tmp_path) == [first, f"{second}.open"]


def test_a_new_file_has_been_told_nothing(new_writer):
    writer = new_writer(max_bytes=1_000)
    writer.begin()
    writer.told.add("config")
    writer.begin()
    assert writer.told == {"config"}
    writer.append(record(random_block()))
    writer.begin()
    assert writer.told == set()


def test_two_writers_at_one_instant_have_files_of_their_own(new_writer, tmp_path):
    one, other = new_writer().begin(), new_writer().begin()
    assert one != other
    assert len(files(tmp_path)) == 2


def test_the_file_that_is_written_is_locked(writer, tmp_path, clock):
    writer.begin()
    code = textwrap.dedent(f"""
        import fcntl, sys
        from pathlib import Path
        [path] = Path({str(tmp_path / "warc")!r}).iterdir()
        try:
            fcntl.flock(path.open("r+b"), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit(7)
    """)
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7
    assert seal_orphans(tmp_path / "warc", clock) == ([], [])


@pytest.fixture
def limit_file_size():
    """The kernel's own refusal: a file may grow to this size and no further."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_whole_records_only(writer, tmp_path, limit_file_size):
    name = writer.begin()
    kept = writer.append(record(b"kept"))
    path = tmp_path / "warc" / f"{name}.open"
    size = path.stat().st_size
    limit_file_size(size + 2_000)
    with pytest.raises(OSError, match="File too large"):
        writer.append(record(random_block()))
    assert path.stat().st_size == size
    assert read_record(tmp_path / "warc", kept).block == b"kept"


def test_after_a_full_disk_the_file_goes_on(writer, tmp_path, limit_file_size):
    name = writer.begin()
    path = tmp_path / "warc" / f"{name}.open"
    limit_file_size(path.stat().st_size + 100)
    with pytest.raises(OSError, match="File too large"):
        writer.append(record(random_block()))
    limit_file_size(resource.RLIM_INFINITY)
    place = writer.append(record(b"after"))
    assert read_record(tmp_path / "warc", place).block == b"after"
    writer.seal()
    assert blocks(tmp_path / "warc" / name) == [b"after"]


def test_a_disk_too_full_for_a_warcinfo_leaves_no_file(writer, tmp_path, limit_file_size):
    limit_file_size(10)
    with pytest.raises(OSError, match="File too large"):
        writer.begin()
    assert files(tmp_path) == []
    limit_file_size(resource.RLIM_INFINITY)
    name = writer.begin()
    assert next(records_of(tmp_path / "warc" / f"{name}.open")).type == "warcinfo"


def test_whatever_fails_within_a_record_leaves_whole_records_only(writer, tmp_path, monkeypatch):
    name = writer.begin()
    path = tmp_path / "warc" / f"{name}.open"
    size = path.stat().st_size

    def failing(parts, **_):
        yield bytes(2 * PIECE)
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(module, "packed", failing)
        with pytest.raises(MemoryError):
            writer.append(record(b"lost"))
    assert path.stat().st_size == size
    writer.append(record(b"after"))
    writer.seal()
    assert blocks(tmp_path / "warc" / name) == [b"after"]


@pytest.mark.parametrize("is_light", [True, False])
@pytest.mark.parametrize("body", [random.Random(3).randbytes(8_000_000), b"words " * 2_000_000])
def test_a_large_record_is_written_without_a_copy_of_it(writer, tmp_path, body, is_light):
    name = writer.begin()
    block = b"HTTP/1.1 200 OK\r\n\r\n" + body
    large = dataclasses.replace(record(block, "response"), is_light=is_light)
    tracemalloc.start()
    try:
        place = writer.append(large)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000
    assert read_record(tmp_path / "warc", place).block == block
    writer.append(record(b"after"))
    sealed = writer.seal()
    tree = Tree()
    for plain, _ in members_of(tmp_path / "warc" / name):
        tree.add(plain)
    assert sealed.root == tree.root()


@pytest.mark.parametrize("tail", [b"", b"\x1f\x8b\x08\x00torn", b"\x00" * 4096, b"junk"])
def test_the_last_whole_member_is_found_before_any_tail(tmp_path, tail):
    path = tmp_path / "file"
    whole = record().member() + record(random_block()).member()
    path.write_bytes(whole + tail)
    assert last_whole(path, path.stat().st_size) == len(whole)


def test_somebody_elses_record_is_copied_as_it_is(writer, tmp_path):
    plain = foreign.record("response", foreign.http(b"ok"), ("X-Own", "kept"))
    name = writer.begin()
    copied = writer.copy(parse(plain, Place(file="theirs", offset=7, length=0)), plain)
    again = read_record(tmp_path / "warc", copied)
    assert (copied.file, again.headers["x-own"]) == (name, "kept")
    assert "warc-warcinfo-id" not in again.headers
    path = tmp_path / "warc" / f"{name}.open"
    packed = path.read_bytes()[copied.offset : copied.offset + copied.length]
    assert gzip.decompress(packed) == plain
