"""Backups: made while the archive is in use, brought up to date, restored, checked."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from support.archives import NOW, OUTLET, keep, opened
from typer.testing import CliRunner

from archive import backup as backing
from archive.backup import back_up
from archive.clock import SimulatedClock
from archive.config import CONFIG_NAME, read_config
from archive.errors import ArchiveError, ArchiveLocked, NameTaken
from archive.lock import alone
from archive.manifest import NAME, faults_of, read_manifest
from archive.query.search import search
from archive.store import Archive
from archive.verify import verify
from crawler.cli import app


def faults(directory: Path) -> list[str]:
    manifest = read_manifest(directory)
    assert manifest is not None
    return list(faults_of(directory, manifest, lambda *_: None))


def sealed(archive: Archive) -> None:
    with archive.turn() as turn:
        turn.rotate()
    with archive.turn():
        pass


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "mine"


def test_a_backup_of_an_archive_in_use_is_restored_by_copying_it_back(
    sqlite_archive: Archive, to: Path, tmp_path: Path, clock: SimulatedClock
) -> None:
    keep(sqlite_archive, "/one")
    sealed(sqlite_archive)
    keep(sqlite_archive, "/two", body="Another page.")  # its file still grows
    done = back_up(sqlite_archive, to)
    assert (len(done.linked), done.problems, done.elsewhere) == (1, [], [])
    assert faults(to) == []
    keep(sqlite_archive, "/three", body="After the backup.")
    restored = tmp_path / "restored"
    shutil.copytree(to, restored)
    with Archive.open(restored, clock=clock) as again:
        verdict = verify(again, repair=True)
        assert verdict.is_sound, verdict.faults
        with again.reading() as connection:
            assert search(connection, f"outlet:{OUTLET}", now=NOW).total == 2
    assert faults(to) == []  # a restored copy leaves the backup as it was


def test_a_second_backup_copies_what_is_new_alone(sqlite_archive: Archive, to: Path) -> None:
    keep(sqlite_archive, "/one")
    back_up(sqlite_archive, to)
    [growing] = (to / "warc").iterdir()
    assert growing.name.endswith(".open")
    sealed(sqlite_archive)
    second = back_up(sqlite_archive, to)
    assert [Path(name).suffix for name in second.linked] == [".gz"]
    assert not growing.exists()
    third = back_up(sqlite_archive, to)
    assert (third.linked, third.copied.count("archive.db")) == ([], 1)
    assert not [name for name in third.copied if name.startswith(("warc/", "journal/"))]
    assert faults(to) == []


def test_files_are_copied_where_they_cannot_be_linked(
    sqlite_archive: Archive, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(sqlite_archive, "/one")
    sealed(sqlite_archive)
    monkeypatch.setattr(backing._Copying, "_can_link", lambda *_: False)
    done = back_up(sqlite_archive, to)
    assert done.linked == []
    [path] = (to / "warc").iterdir()
    assert not path.samefile(sqlite_archive.warc_directory / path.name)
    assert [name for name in back_up(sqlite_archive, to).copied if name.startswith("warc/")] == []


def test_half_a_record_and_half_a_line_are_left_out(sqlite_archive: Archive, to: Path) -> None:
    keep(sqlite_archive, "/one")
    [growing] = sqlite_archive.warc_directory.glob("*.open")
    [journal] = (sqlite_archive.directory / "journal").iterdir()
    whole = growing.stat().st_size, journal.stat().st_size
    for path, torn in ((growing, b"\x1f\x8b\x08half"), (journal, b'{"at": ')):
        with path.open("ab") as file:
            file.write(torn)
    back_up(sqlite_archive, to)
    copied = (to / "warc" / growing.name, to / "journal" / journal.name)
    assert tuple(path.stat().st_size for path in copied) == whole


def test_a_backup_that_was_interrupted_says_so_and_is_completed_by_the_next(
    sqlite_archive: Archive, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(sqlite_archive, "/one")
    sealed(sqlite_archive)

    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(backing._Copying, "_copy_words", stopped)
        with pytest.raises(KeyboardInterrupt):
            back_up(sqlite_archive, to)
    assert faults(to) == ["the backup was interrupted: make it again into the same directory"]
    back_up(sqlite_archive, to)
    assert faults(to) == []


def test_damage_is_found_and_named(sqlite_archive: Archive, to: Path) -> None:
    keep(sqlite_archive, "/one")
    back_up(sqlite_archive, to)
    database, config = to / "archive.db", to / CONFIG_NAME
    content = bytearray(database.read_bytes())
    content[-1] ^= 1
    database.write_bytes(content)
    config.unlink()
    [altered, missing] = faults(to)
    assert altered.startswith("archive.db is not the bytes that were copied")
    assert missing == "kliping.toml is missing"
    answer = CliRunner().invoke(app, ["backup", str(to), "--check", "--json"])
    assert (answer.exit_code, json.loads(answer.stdout)["faults"]) == (1, [altered, missing])


def test_nobody_else_can_read_what_may_hold_secrets(sqlite_archive: Archive, to: Path) -> None:
    keep(sqlite_archive, "/one")
    (sqlite_archive.directory / "signing-key.pem").write_text("key", "ascii")
    back_up(sqlite_archive, to)
    assert stat.S_IMODE(to.stat().st_mode) == 0o700
    for name in ("archive.db", CONFIG_NAME, "signing-key.pem"):
        assert stat.S_IMODE((to / name).stat().st_mode) == 0o600


def test_what_is_not_ours_is_left_alone(sqlite_archive: Archive, to: Path) -> None:
    to.mkdir(parents=True)
    (to / "letter.txt").write_text("Dear all", "ascii")
    with pytest.raises(NameTaken, match="is not empty and holds no backup"):
        back_up(sqlite_archive, to)
    assert [path.name for path in to.iterdir()] == ["letter.txt"]


def test_the_backup_of_another_archive_is_not_written_over(
    sqlite_archive: Archive, to: Path, tmp_path: Path
) -> None:
    keep(sqlite_archive, "/one")
    back_up(sqlite_archive, to)
    before = (to / NAME).read_bytes()
    config = read_config(sqlite_archive.directory)
    with (
        Archive.create(tmp_path / "other", config) as other,
        pytest.raises(NameTaken, match="backup of another archive, or this one has lost"),
    ):
        back_up(other, to)
    assert (to / NAME).read_bytes() == before


def test_a_backup_lies_outside_of_its_archive(sqlite_archive: Archive) -> None:
    for inside in ("", "exports/backup", ".."):
        with pytest.raises(ArchiveError, match="lie in each other"):
            back_up(sqlite_archive, sqlite_archive.directory / inside)


def test_a_disk_without_room_is_said_before_anything_is_copied(
    sqlite_archive: Archive, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing, "MARGIN_BYTES", 10**18)
    with pytest.raises(ArchiveError, match="has no room for the backup"):
        back_up(sqlite_archive, to)
    assert list(to.iterdir()) == []


def test_two_backups_at_once_are_refused(sqlite_archive: Archive, to: Path) -> None:
    with (
        alone(sqlite_archive.warc_directory),
        pytest.raises(ArchiveLocked, match="is at work in"),
    ):
        back_up(sqlite_archive, to)


def test_a_file_that_the_archive_lost_is_told_and_stays_in_the_backup(
    sqlite_archive: Archive, to: Path
) -> None:
    keep(sqlite_archive, "/one")
    sealed(sqlite_archive)
    back_up(sqlite_archive, to)
    [path] = sqlite_archive.warc_directory.glob("*.gz")
    path.unlink()
    done = back_up(sqlite_archive, to)
    assert done.problems == [f"warc/{path.name} is missing in the archive; the backup has it"]
    assert faults(to) == []


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "warc/..", "warc/a/b", "other/x"])
def test_a_manifest_names_nothing_outside(tmp_path: Path, path: str) -> None:
    said = {"kliping-backup": 1, "begun_at": NOW.isoformat(), "ended_at": None, "software": ""}
    (tmp_path / NAME).write_text(json.dumps({**said, "files": {path: {"bytes": 1, "sha256": ""}}}))
    with pytest.raises(ArchiveError, match="cannot be a file of a backup"):
        read_manifest(tmp_path)


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")
@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=False)
def test_a_database_on_postgresql_is_dumped(archive: Archive, to: Path) -> None:
    keep(archive, "/one")
    done = back_up(archive, to)
    assert done.database == "archive.dump"
    assert (to / "archive.dump").read_bytes().startswith(b"PGDMP")
    assert faults(to) == []


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=False)
def test_without_pg_dump_it_says_what_to_install(
    archive: Archive, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ArchiveError, match=r"pg_dump is not there.*postgresql-client"):
        back_up(archive, to)


def test_the_command_prints_what_was_done_and_what_comes_next(
    sqlite_directory: Path, to: Path, clock: SimulatedClock
) -> None:
    with opened(sqlite_directory, clock) as archive:
        keep(archive, "/one")
    run = CliRunner()
    made = run.invoke(app, ["backup", str(to), "-A", str(sqlite_directory)])
    assert (made.exit_code, "1 linked" in made.stdout) == (0, True), made.stdout
    assert f"kliping backup {to} --check" in made.stdout.replace("\n", "")
    checked = run.invoke(app, ["backup", str(to), "--check"])
    assert (checked.exit_code, "All as it was copied." in checked.stdout) == (0, True)
    none = run.invoke(app, ["backup", str(to.parent), "--check"])
    assert none.exit_code != 0
