"""Sealed files move away and come back; whatever happens on the way, no byte is lost."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from support.archives import captured, opened
from support.buckets import KEY, SECRET

from archive import offload as module
from archive.clock import SystemClock
from archive.config import StorageConfig, read_config, render_config
from archive.console import as_json
from archive.db.locations import located, location_of
from archive.errors import ArchiveLocked, CorruptRecord, StorageUnavailable
from archive.journal import acts_of
from archive.offload import offload, recall
from archive.store import Archive
from archive.verify import verify
from archive.warc.depot import Depot


def keep_two_files(archive):
    """Two sealed files with a capture each; the captures."""
    captures = []
    for path in ("/a", "/b"):
        captures.append(captured(archive, path, title=f"Of {path}")[0])
        archive._warc.seal()
        with archive.turn():
            pass
    return captures


def with_storage(directory, storage):
    config = read_config(directory).model_copy(update={"storage": storage})
    (directory / "kliping.toml").write_text(render_config(config), "utf-8")


@pytest.fixture
def kept(directory, clock, bucket_config):
    """An archive with two sealed files and a bucket to move them to, on each engine in turn."""
    with_storage(directory, bucket_config)
    with opened(directory, clock) as archive:
        yield archive, keep_two_files(archive)


@pytest.fixture
def on_disk(sqlite_directory, clock, tmp_path):
    """As `kept`, on SQLite, with a directory to move files to."""
    second = tmp_path / "second"
    second.mkdir()
    with_storage(sqlite_directory, StorageConfig(url=f"file://{second}"))
    with opened(sqlite_directory, clock) as archive:
        yield archive, keep_two_files(archive), second


def locations(archive):
    with archive.reading() as connection:
        return {row.name: row.location for row in located(connection)}


def here(archive):
    return {path.name for path in archive.warc_directory.iterdir()}


def read(archive, capture):
    return archive.fetch(capture.id).entity


def test_what_was_moved_is_read_verified_and_fetched_back(kept, bucket):
    archive, captures = kept
    names = {one.place.file for one in captures}
    bytes_before = {name: (archive.warc_directory / name).read_bytes() for name in names}
    pages = [read(archive, one) for one in captures]
    report = offload(archive)
    assert {one.name for one in report.moved} == names
    assert here(archive) == set()
    assert {name: bucket.get(name) for name in bucket.names()} == bytes_before
    assert locations(archive) == {name: f"{bucket.url}/{name}" for name in names}
    assert [read(archive, one) for one in captures] == pages
    verdict = verify(archive)
    assert (verdict.faults, verdict.files, verdict.rows) == ([], 2, 4)
    report = recall(archive)
    assert {one.name for one in report.moved} == names
    assert {name: (archive.warc_directory / name).read_bytes() for name in names} == bytes_before
    assert here(archive) == names
    assert set(locations(archive).values()) == {None}
    assert bucket.names() == names  # nothing is deleted there
    assert verify(archive).is_sound


def test_a_move_is_in_the_journal_and_so_is_the_way_back(kept, bucket):
    archive, captures = kept
    name = captures[0].place.file
    offload(archive, [name])
    recall(archive, [name])
    acts = [act for act in acts_of(archive.directory / "journal") if act["act"] == "moved"]
    assert [(act["name"], act["location"]) for act in acts] == [
        (name, f"{bucket.url}/{name}"),
        (name, None),
    ]
    [sealed] = [a for a in acts_of(archive.directory / "journal") if a.get("name") == name][:1]
    assert {act["sha256"] for act in acts} == {sealed["sha256"]}


def test_a_record_costs_one_request(kept, monkeypatch):
    archive, captures = kept
    offload(archive)
    asked = []
    real = Depot.read

    def counted(self, name, start, length):
        asked.append((name, start, length))
        return real(self, name, start, length)

    monkeypatch.setattr(Depot, "read", counted)
    place = captures[0].place
    archive.fetch(captures[0].id)
    assert asked == [(place.file, place.offset, place.length)]


def test_the_next_run_has_nothing_to_do_and_says_why(kept):
    archive, _ = kept
    offload(archive)
    report = offload(archive)
    assert (report.moved, report.failed) == ([], [])
    assert all(one.reason.startswith("moved before, to s3://") for one in report.left)


def test_files_that_are_not_to_be_moved_are_named_with_the_reason(on_disk, clock):
    archive, captures, _ = on_disk
    clock.advance(timedelta(days=8))
    young = captured(archive, "/c", title="Of /c")[0]
    archive._warc.seal()
    with archive.turn():
        pass
    grows = captured(archive, "/d", title="Of /d")[0]
    (archive.warc_directory / "stray.warc.gz").write_bytes(b"")
    report = offload(archive, older_than=timedelta(days=7))
    assert {one.name for one in report.moved} == {one.place.file for one in captures}
    assert {one.name: one.reason.partition(":")[0] for one in report.left} == {
        young.place.file: "too young",
        f"{grows.place.file}.open": "not sealed yet",
        "stray.warc.gz": "not in the database; `kliping upgrade` notes it",
    }


def test_a_dry_run_changes_nothing_and_asks_nobody(sqlite_directory, clock, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with_storage(sqlite_directory, StorageConfig(url="s3://b-b", endpoint="http://127.0.0.1:1"))
    with opened(sqlite_directory, clock) as archive:
        names = {one.place.file for one in keep_two_files(archive)}
        report = offload(archive, dry_run=True)
        assert {one.location for one in report.moved} == {f"s3://b-b/{name}" for name in names}
        assert here(archive) == names
        assert set(locations(archive).values()) == {None}


def test_a_file_that_is_kept_here_as_well_is_read_here(on_disk):
    archive, captures, second = on_disk
    offload(archive, keep_local=True)
    names = {one.place.file for one in captures}
    assert here(archive) == {path.name for path in second.iterdir()} == names
    for path in second.iterdir():
        path.unlink()
    assert read(archive, captures[0])
    again = offload(archive, keep_local=True)
    assert (again.moved, again.failed, len(again.left)) == ([], [], 2)


def test_what_was_kept_here_as_well_goes_with_a_later_run(on_disk):
    archive, _, second = on_disk
    offload(archive, keep_local=True)
    assert len(offload(archive).moved) == 2
    assert here(archive) == set()
    assert len(list(second.iterdir())) == 2


def test_one_file_can_be_named(on_disk):
    archive, captures, second = on_disk
    name = captures[1].place.file
    report = offload(archive, [name, "none.warc.gz"])
    assert [one.name for one in report.moved] == [name]
    assert [(one.name, one.reason) for one in report.failed] == [
        ("none.warc.gz", "no sealed file of this name is noted")
    ]
    assert [path.name for path in second.iterdir()] == [name]
    assert [one.name for one in recall(archive, [name]).moved] == [name]


# interrupted


def test_a_move_that_ended_after_the_upload_is_taken_up(kept, bucket):
    archive, captures = kept
    name = captures[0].place.file
    bucket.put(name, (archive.warc_directory / name).read_bytes())
    assert len(offload(archive).moved) == 2
    assert verify(archive).is_sound


@pytest.mark.parametrize(
    "step", ["Depot.put", "Depot.size", "_note", "_remove", "sync_directory", "_copied"]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_step_loses_nothing(sqlite_directory, clock, tmp_path, step, when):
    second = tmp_path / "second"
    second.mkdir()
    with_storage(sqlite_directory, StorageConfig(url=f"file://{second}"))
    with opened(sqlite_directory, clock) as archive:
        captures = keep_two_files(archive)
    code = f"""if True:
        import os, signal
        from pathlib import Path
        from archive import offload
        from archive.store import Archive
        from archive.warc.depot import Depot
        owner = Depot if "." in {step!r} else offload
        name = {step!r}.rpartition(".")[2]
        real = getattr(owner, name)
        left = [3 if name == "size" else 1]
        def dies(*args, **named):
            left[0] -= 1
            if {when!r} == "after":
                done = real(*args, **named)
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return done if {when!r} == "after" else real(*args, **named)
        setattr(owner, name, dies)
        offload.offload(Archive.open(Path({str(sqlite_directory)!r})))
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    with Archive.open(sqlite_directory, clock=clock) as archive:
        assert verify(archive).faults == []
        report = offload(archive)
        assert report.failed == []
        assert here(archive) == set()
        assert verify(archive).faults == []
        assert all(read(archive, one) for one in captures)
        assert len(recall(archive).moved) == 2
        assert verify(archive).faults == []


def test_a_kill_while_fetching_back_loses_nothing(on_disk):
    archive, captures, _ = on_disk
    name = captures[0].place.file
    offload(archive)
    (archive.warc_directory / f"{name}.part").write_bytes(b"half of i")
    assert len(recall(archive).moved) == 2
    assert here(archive) == {one.place.file for one in captures}


def test_a_file_that_came_back_before_its_row_did_is_only_noted(on_disk):
    archive, captures, second = on_disk
    name = captures[0].place.file
    offload(archive)
    (archive.warc_directory / name).write_bytes((second / name).read_bytes())
    assert verify(archive).is_sound
    recall(archive)
    assert set(locations(archive).values()) == {None}


# what is refused


def test_other_bytes_under_the_name_are_named_with_both_and_touched_by_nobody(kept, bucket):
    archive, captures = kept
    name = captures[0].place.file
    path = archive.warc_directory / name
    bucket.put(name, b"something else")
    report = offload(archive)
    assert [one.name for one in report.moved] == [captures[1].place.file]
    [failed] = report.failed
    assert f"{bucket.url}/{name} holds other bytes" in failed.reason
    assert str(path) in failed.reason
    assert path.exists()
    assert bucket.get(name) == b"something else"
    assert locations(archive)[name] is None


def test_bytes_that_were_spoilt_on_their_way_are_noticed_and_the_file_stays(
    kept, bucket, monkeypatch
):
    archive, captures = kept
    real = Depot.put

    def spoils(self, name, path):
        real(self, name, path)
        held = bytearray(bucket.get(name))
        held[len(held) // 2] ^= 1
        bucket.put(name, bytes(held))

    monkeypatch.setattr(Depot, "put", spoils)
    report = offload(archive)
    assert report.moved == []
    assert all("holds other bytes" in one.reason for one in report.failed)
    assert here(archive) == {one.place.file for one in captures}
    assert set(locations(archive).values()) == {None}


def test_a_file_that_is_damaged_here_is_not_moved(on_disk):
    archive, captures, second = on_disk
    path = archive.warc_directory / captures[0].place.file
    path.write_bytes(path.read_bytes()[:-1])
    report = offload(archive)
    assert [one.reason for one in report.failed] == [
        f"{path} is not the bytes that were sealed; restore it from a backup"
    ]
    assert [one.name for one in second.iterdir()] == [captures[1].place.file]


def test_a_file_that_is_missing_is_told(on_disk):
    archive, captures, _ = on_disk
    (archive.warc_directory / captures[0].place.file).unlink()
    [failed] = offload(archive).failed
    assert failed.reason.endswith("is missing; restore it from a backup")


def test_the_same_directory_by_another_name_costs_no_file(on_disk):
    archive, captures, second = on_disk
    second.rmdir()
    second.symlink_to(archive.warc_directory)
    report = offload(archive)
    assert "is the storage this very directory?" in report.failed[0].reason
    assert here(archive) == {one.place.file for one in captures}
    assert set(locations(archive).values()) == {None}
    assert verify(archive).is_sound


def test_damage_in_the_depot_is_found_by_verify_and_not_brought_back(kept, bucket):
    archive, captures = kept
    name, other = (one.place.file for one in captures)
    offload(archive)
    held = bytearray(bucket.get(name))
    held[captures[0].place.offset + 40] ^= 1
    bucket.put(name, bytes(held))
    bucket.delete(other)
    faults = verify(archive).faults
    assert any(fault.startswith(f"{name} at {captures[0].place.offset}: ") for fault in faults)
    assert f"{bucket.url}/{other} is missing; restore it from a backup" in faults
    report = recall(archive)
    assert report.moved == []
    assert [one.name for one in report.failed] == [name, other]
    assert here(archive) == set()
    with pytest.raises(CorruptRecord):
        archive.fetch(captures[0].id)


def test_a_store_that_cannot_be_reached_ends_the_run_and_keeps_every_file(
    sqlite_directory, clock, bucket
):
    with_storage(sqlite_directory, StorageConfig(url=bucket.url, endpoint="http://127.0.0.1:1"))
    with opened(sqlite_directory, clock) as archive:
        captures = keep_two_files(archive)
        report = offload(archive)
        assert [one.reason for one in report.failed] == [
            f"{bucket.url} cannot be used: no connection"
        ]
        assert here(archive) == {one.place.file for one in captures}


def test_an_archive_without_storage_says_what_to_write(sqlite_archive):
    for move in (offload, recall):
        with pytest.raises(StorageUnavailable, match=r"kliping\.toml has no \[storage\]"):
            move(sqlite_archive)


def test_two_at_once_are_refused(on_disk):
    archive, *_ = on_disk
    with module._alone(archive), pytest.raises(ArchiveLocked, match="another `kliping offload`"):
        offload(archive)


@pytest.mark.parametrize(
    ("storage", "said"),
    [
        (None, "kliping.toml names no [storage]"),
        (StorageConfig(url="s3://other"), "is not in the storage that kliping.toml names"),
    ],
)
def test_a_moved_file_whose_storage_is_not_named_any_more_is_told(on_disk, clock, storage, said):
    archive, captures, _ = on_disk
    offload(archive)
    archive.close()
    with_storage(archive.directory, storage)
    with Archive.open(archive.directory, clock=clock) as again:
        with pytest.raises(StorageUnavailable) as raised:
            again.fetch(captures[0].id)
        assert said in str(raised.value)
        assert f"{captures[0].place.file} was moved to file://" in str(raised.value)


# what is not paid for, and not told


def test_an_archive_without_storage_never_imports_obstore(sqlite_directory):
    with opened(sqlite_directory, SystemClock()) as archive:
        capture = captured(archive)[0]
    code = f"""if True:
        import sys
        from pathlib import Path
        from archive.store import Archive
        from archive.verify import verify
        from archive import offload
        with Archive.open(Path({str(sqlite_directory)!r})) as archive:
            archive.fetch({capture.id!r})
            assert verify(archive).is_sound
        assert "obstore" not in sys.modules
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_without_obstore_the_error_says_what_to_install(on_disk, monkeypatch):
    archive, *_ = on_disk
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "archive.warc.depot")
    with pytest.raises(StorageUnavailable, match=r"pip install 'kliping\[s3\]'"):
        offload(archive)


def test_credentials_are_in_no_file_of_the_archive(kept, bucket):
    archive, _ = kept
    offload(archive)
    captured(archive, "/c", title="Of /c")
    archive.close()
    for path in archive.directory.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert KEY.encode() not in held
            assert SECRET.encode() not in held


def test_the_location_is_null_for_a_file_that_is_not_known(sqlite_archive):
    with sqlite_archive.reading() as connection:
        assert location_of(connection, "none.warc.gz") is None


def test_a_report_can_be_written_as_json(on_disk):
    archive, captures, second = on_disk
    shown = json.loads(as_json(offload(archive)))
    assert {one["location"] for one in shown["moved"]} == {
        f"file://{second}/{one.place.file}" for one in captures
    }
