"""After a kill: whole records are sealed, the torn rest is kept beside them, nothing is lost."""

import hashlib
import signal
import subprocess
import sys
import textwrap

import pytest
from support.archives import NOW

from archive.clock import SimulatedClock
from archive.warc.reader import records_of
from archive.warc.recover import seal_orphans

WRITER = """
    import os, signal, sys, uuid
    from datetime import UTC, datetime
    from pathlib import Path
    from archive.clock import SystemClock
    from archive.warc.members import Record
    from archive.warc.writer import WarcWriter

    writer = WarcWriter(
        Path(sys.argv[1]), prefix="kliping", max_bytes=10**9, clock=SystemClock(),
        warcinfo=lambda: [("software", "tests")], on_sealed=print,
    )
    name = writer.begin()
    for block in (b"one", b"two"):
        writer.append(Record(type="resource", id=uuid.uuid4(), at=datetime.now(UTC), block=block,
                             content_type="text/plain"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def orphan(tmp_path):
    """The open file of a process that was killed after two records."""
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    [path] = tmp_path.iterdir()
    return path


def blocks(path):
    return [one.block for one in records_of(path)][1:]


def test_whole_records_are_sealed_as_they_are(orphan, clock):
    whole = orphan.read_bytes()
    [one], [sentence] = seal_orphans(orphan.parent, clock)
    target = orphan.with_suffix("")
    assert list(orphan.parent.iterdir()) == [target]
    assert target.read_bytes() == whole
    assert blocks(target) == [b"one", b"two"]
    assert (one.name, one.bytes) == (target.name, len(whole))
    assert one.sha256 == hashlib.sha256(whole).hexdigest()
    assert sentence == f"{target.name}: left open by a process that ended; sealed"


@pytest.mark.parametrize("tail", [b"\x1f\x8b\x08\x00torn", b"\x00" * 4096, b"\xff" * 3])
def test_a_torn_tail_goes_to_a_side_file(orphan, clock, tail):
    whole = orphan.read_bytes()
    orphan.write_bytes(whole + tail)
    [one], [sentence] = seal_orphans(orphan.parent, clock)
    assert (orphan.parent / one.name).read_bytes() == whole
    assert (orphan.parent / f"{one.name}.torn").read_bytes() == tail
    assert f"{len(tail)} torn bytes kept in {one.name}.torn" in sentence


def test_a_record_cut_in_its_middle_is_cut_off(orphan, clock):
    orphan.write_bytes(orphan.read_bytes()[:-5])
    [one], _ = seal_orphans(orphan.parent, clock)
    assert blocks(orphan.parent / one.name) == [b"one"]


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08"])
def test_a_file_without_a_whole_record_is_no_longer_a_warc_file(tmp_path, clock, content):
    path = tmp_path / "a.warc.gz.open"
    path.write_bytes(content)
    sealed, [sentence] = seal_orphans(tmp_path, clock)
    assert sealed == []
    assert "empty" in sentence
    assert list(tmp_path.glob("*.warc.gz*")) != []
    assert not path.exists()
    kept = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert kept == content


def test_a_file_whose_writer_lives_is_left_alone(writer, tmp_path, clock):
    name = writer.begin()
    assert seal_orphans(tmp_path / "warc", clock) == ([], [])
    assert (tmp_path / "warc" / f"{name}.open").exists()


def test_a_second_recovery_finds_nothing(orphan, clock):
    seal_orphans(orphan.parent, clock)
    assert seal_orphans(orphan.parent, clock) == ([], [])


def test_a_missing_directory_has_no_orphans(tmp_path):
    assert seal_orphans(tmp_path / "none", SimulatedClock(NOW)) == ([], [])
