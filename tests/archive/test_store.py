"""The front door: made once, opened only if it can be understood, written in whole turns."""

import os
import subprocess
import sys
import textwrap
import tomllib

import pytest
from sqlalchemy import func, select, text
from support.archives import (
    NOW,
    OUTLET,
    captured,
    declaration,
    discovery,
    exchange,
    keep,
    provenance,
    response,
)
from warcio.archiveiterator import ArchiveIterator

from archive import store
from archive.clock import SimulatedClock, SystemClock
from archive.colophon import user_agent
from archive.config import ArchiveConfig, render_config
from archive.db.schema import capture as capture_table
from archive.db.schema import warc_file
from archive.digests import sha256
from archive.errors import (
    ArchiveError,
    ArchiveLocked,
    ConfigError,
    ContactMissing,
    CorruptRecord,
    NotAnArchive,
    NotCaptured,
    SchemaOutdated,
    SchemaTooNew,
)
from archive.query.search import search
from archive.records import CaptureId
from archive.store import Archive
from archive.verify import verify, warc_files
from archive.warc.reader import records_of

CONFIG = ArchiveConfig(contact="me@x.example", operator="Anna Berg")


def rows(archive, table) -> int:
    with archive.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


# made


def test_an_archive_is_a_directory_that_scrapy_finds_too(tmp_path):
    with Archive.create(tmp_path / "deep" / "archive", CONFIG):
        pass
    made = tmp_path / "deep" / "archive"
    assert sorted(p.name for p in made.iterdir() if "archive.db" not in p.name) == [
        "cdxj",
        "exports",
        "journal",
        "kliping.toml",
        "outlets",
        "scrapy.cfg",
        "warc",
    ]
    assert tomllib.loads((made / "kliping.toml").read_text())["operator"] == "Anna Berg"
    assert (made / "archive.db").exists()


def test_an_archive_on_either_engine_can_be_made_and_opened(tmp_path, database_url):
    config = CONFIG.model_copy(update={"database": database_url})
    Archive.create(tmp_path / "archive", config).close()
    with Archive.open(tmp_path / "archive") as opened:
        assert opened.config == config


def test_a_second_one_is_not_made_over_the_first(sqlite_directory):
    before = (sqlite_directory / "kliping.toml").read_bytes()
    with pytest.raises(ArchiveError, match="is an archive already"):
        Archive.create(sqlite_directory, CONFIG)
    assert (sqlite_directory / "kliping.toml").read_bytes() == before


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match=r"file/archive cannot be written: Not a directory"):
        Archive.create(tmp_path / "file" / "archive", CONFIG)


@pytest.mark.parametrize(
    ("database", "error"),
    [("mysql://x/y", ConfigError), ("postgresql://kliping@127.0.0.1:1/none", ArchiveError)],
)
def test_what_could_not_be_made_can_be_made_again(tmp_path, database, error):
    with pytest.raises(error):
        Archive.create(tmp_path / "archive", CONFIG.model_copy(update={"database": database}))
    with pytest.raises(NotAnArchive):
        Archive.open(tmp_path / "archive")
    Archive.create(tmp_path / "archive", CONFIG).close()


# opened


def test_a_directory_without_a_configuration_is_no_archive(tmp_path):
    with pytest.raises(NotAnArchive, match=r"has no kliping\.toml.*kliping init"):
        Archive.open(tmp_path)


def test_an_empty_database_is_not_opened(tmp_path, database_url):
    (tmp_path / "kliping.toml").write_text(
        render_config(ArchiveConfig(database=database_url)), "utf-8"
    )
    with pytest.raises(SchemaOutdated, match=r"is empty.*kliping upgrade"):
        Archive.open(tmp_path)


def test_a_newer_database_is_not_opened(archive):
    with archive._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match=r"schema 9999.*up to 0"):
        Archive.open(archive.directory)


def test_a_database_that_is_none_is_one_sentence(sqlite_directory):
    (sqlite_directory / "archive.db").write_bytes(b"not a database at all, but long enough" * 99)
    with pytest.raises(ArchiveError, match="database"):
        Archive.open(sqlite_directory)


def test_what_could_not_be_opened_holds_no_connection(sqlite_directory, monkeypatch):
    engines = []
    connect = store.connect
    monkeypatch.setattr(store, "connect", lambda url: engines.append(connect(url)) or engines[-1])
    (sqlite_directory / "archive.db").unlink()
    with pytest.raises(SchemaOutdated):
        Archive.open(sqlite_directory)
    [engine] = engines
    assert engine.pool.checkedin() == 0


def test_opening_writes_nothing(directory):
    before = sorted(p for p in directory.rglob("*") if "archive.db" not in p.name)
    Archive.open(directory).close()
    assert sorted(p for p in directory.rglob("*") if "archive.db" not in p.name) == before


# turns


def fail_after(archive, *paths):
    """A turn that records these and then fails."""

    def act():
        with archive.turn() as turn:
            for path in paths:
                turn.record(exchange(path), provenance())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()


def test_a_turn_that_fails_leaves_no_row_and_keeps_the_bytes(archive):
    fail_after(archive, "/a")
    assert rows(archive, capture_table) == 0
    assert verify(archive).unindexed == 1
    assert captured(archive)[1].outcome == "new"
    assert verify(archive).is_sound


def test_bytes_are_on_disk_before_the_row_is_committed(archive, monkeypatch):
    order = []
    monkeypatch.setattr(archive._warc, "sync", lambda: order.append("records"))
    monkeypatch.setattr(archive._journal, "sync", lambda: order.append("journal"))
    from sqlalchemy import event

    event.listen(archive._engine, "commit", lambda _connection: order.append("rows"))
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery()])
    assert order == ["records", "journal", "rows"]


def test_if_records_cannot_be_synced_nothing_is_committed(archive, monkeypatch):
    def fail() -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(archive._warc, "sync", fail)
        with pytest.raises(OSError, match="No space"):
            keep(archive)
    assert rows(archive, capture_table) == 0


def test_a_part_that_meets_a_full_disk_costs_the_others_nothing(archive, monkeypatch):
    import archive.warc.writer as module

    write_all, captures = module._write_all, []

    def full(file, content):
        file.write(content[:20])
        raise OSError(28, "No space left on device")

    with archive.turn() as turn:
        captures.append(turn.record(exchange("/a"), provenance()))
        monkeypatch.setattr(module, "_write_all", full)
        with pytest.raises(OSError, match="No space"), turn.apart():
            turn.record(exchange("/b"), provenance())
        monkeypatch.setattr(module, "_write_all", write_all)
        captures.append(turn.record(exchange("/c"), provenance()))
    assert [archive.fetch(one.id).capture.url for one in captures] == [c.url for c in captures]
    assert verify(archive).faults == []
    assert rows(archive, capture_table) == 2


def test_a_sealed_file_is_noted_though_its_turn_failed(archive):
    archive._warc._max_bytes = 1
    fail_after(archive, "/a", "/b")
    keep(archive)
    assert verify(archive).faults == []


def test_a_sealed_file_is_noted_though_its_commit_failed(archive):
    archive._warc._max_bytes = 1
    from sqlalchemy import event

    def refuse(_connection):
        raise ZeroDivisionError

    event.listen(archive._engine, "commit", refuse)
    with pytest.raises(ZeroDivisionError), archive.turn() as turn:  # noqa: PT012
        turn.record(exchange("/a"), provenance())
        turn.record(exchange("/b"), provenance())
    event.remove(archive._engine, "commit", refuse)
    keep(archive)
    assert verify(archive).faults == []


def test_another_writer_is_waited_for_and_then_named(sqlite_archive, monkeypatch):
    monkeypatch.setattr("archive.db.engine._PRAGMAS", ("journal_mode=WAL", "busy_timeout=10"))
    with sqlite_archive.turn(), Archive.open(sqlite_archive.directory) as other:
        with pytest.raises(ArchiveLocked, match="another process has held the database"):
            other.turn().__enter__()
        with other.reading() as connection:
            search(connection, "x", now=NOW)


def test_readers_see_nothing_of_a_turn_before_its_end(archive):
    with archive.turn() as turn:
        turn.record(exchange(), provenance())
        assert rows(archive, capture_table) == 0
    assert rows(archive, capture_table) == 1


# fetched


def test_a_response_comes_back_as_it_was_received(archive):
    raw = response(b"4\r\npage\r\n0\r\n\r\n", b"Transfer-Encoding: chunked", b"x-odd: caf\xe9")
    with archive.turn() as turn:
        one = turn.record(exchange(response=raw), provenance())
    reply = archive.fetch(one.id)
    assert reply.message.head + reply.message.body == raw
    assert reply.entity == b"page"
    assert reply.capture == one


def test_what_was_never_captured_cannot_be_fetched(archive):
    with pytest.raises(NotCaptured, match="no capture r:none"):
        archive.fetch(CaptureId("r:none"))


def test_a_damaged_response_is_not_passed_on(archive):
    capture, _ = captured(archive)
    path = archive.warc_directory / f"{capture.place.file}.open"
    damaged = bytearray(path.read_bytes())
    damaged[capture.place.offset + capture.place.length - 6] ^= 0xFF  # its checksum
    path.write_bytes(damaged)
    with pytest.raises(CorruptRecord, match=capture.place.file):
        archive.fetch(capture.id)


# closed


def test_closing_seals_and_notes_the_file(archive):
    capture, _ = captured(archive)
    archive.close()
    with Archive.open(archive.directory) as opened:
        assert [p.name for p in warc_files(opened.warc_directory)] == [capture.place.file]
        assert rows(opened, warc_file) == 1
        assert opened.fetch(capture.id).capture == capture
        assert verify(opened).is_sound


def test_an_archive_that_wrote_nothing_leaves_no_file(archive):
    archive.close()
    assert list(archive.warc_directory.iterdir()) == []


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from archive.store import Archive
    from support.archives import captured, declaration

    archive = Archive.open(Path(sys.argv[1]))
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), None)
    print(captured(archive)[0].id, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_acknowledged_survives_a_kill(directory):
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(directory)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == -9, done.stderr
    with Archive.open(directory) as opened:
        [sentence] = opened.recover()
        assert "left open by a process that ended; sealed" in sentence
        assert opened.fetch(CaptureId(done.stdout.strip())).entity.startswith(b"<html>")
        assert verify(opened).is_sound
        assert opened.recover() == []


# what the files say of themselves


def warcinfo(archive) -> dict[str, str]:
    [path] = warc_files(archive.warc_directory)
    lines = next(records_of(path)).block.decode().removesuffix("\r\n").split("\r\n")
    return dict(line.split(": ", 1) for line in lines)


def test_the_warcinfo_says_who_and_with_what(sqlite_directory):
    (sqlite_directory / "kliping.toml").write_text(render_config(CONFIG))
    with Archive.open(sqlite_directory, clock=SystemClock()) as opened:
        with opened.turn() as turn:
            turn.sync_outlet(declaration(), None)
        keep(opened)
        info = warcinfo(opened)
    assert info["software"].startswith("kliping/")
    assert info["operator"] == "Anna Berg"
    assert info["contact"] == info["http-header-from"] == "me@x.example"
    assert info["http-header-user-agent"] == user_agent(CONFIG)
    assert "me@x.example" in user_agent(CONFIG)
    assert "description" not in info


def test_records_under_a_simulated_clock_say_that_they_are_no_evidence(sqlite_archive):
    keep(sqlite_archive)
    assert "simulated clock" in warcinfo(sqlite_archive)["description"]


def test_the_same_input_has_the_same_ids_in_every_archive(archive, tmp_path):
    with Archive.create(tmp_path / "two", CONFIG, clock=SimulatedClock(NOW)) as other:
        with other.turn() as turn:
            turn.sync_outlet(declaration(), None)
        pairs = [
            (keep(archive, *words), keep(other, *words))
            for words in [("/a",), ("/b", "京"), ("/a", "New"), ("/a", "Harbour to grow")]
        ]
    assert all(one == two for one, two in pairs)


def test_warcio_reads_everything_and_finds_every_digest_right(archive):
    for number in range(3):
        captured(archive, f"/{number}", body="Ein Hafen, größer. 京" * number)
    chunked = response(b"4\r\npage\r\n0\r\n\r\n", b"Transfer-Encoding: chunked", b"x: caf\xe9")
    with archive.turn() as turn:
        turn.record(exchange("/chunked", response=chunked), provenance())
        turn.record(exchange("/none", response=b"", error="timed out"), provenance())
    archive.close()
    [path] = warc_files(archive.warc_directory)
    blocks, types = [], []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True):
            types.append(record.rec_type)
            blocks.append(record.raw_stream.read())
            assert record.rec_headers.protocol == "WARC/1.1"
            assert record.rec_headers["WARC-Block-Digest"] == sha256(blocks[-1])
    assert [one.block for one in records_of(path)] == blocks
    assert chunked in blocks
    assert types == [
        "warcinfo", "resource", *["response", "request", "metadata", "metadata"] * 3,
        "response", "request", "metadata", "request", "metadata",
    ]  # fmt: skip


def test_warcio_finds_the_payloads_that_were_digested(archive):
    bodies = [
        response(b"page"),
        response(b"2;x=y\r\npa\r\n1\r\nr\r\n0\r\n\r\n", b"Transfer-Encoding: chunked"),
        response(b"pa", b"Content-Length: 2"),
        response(b""),
    ]
    with archive.turn() as turn:
        for raw in bodies:
            turn.record(exchange(response=raw), provenance())
    archive.close()
    [path] = warc_files(archive.warc_directory)
    with path.open("rb") as file:
        found = [
            (record.content_stream().read(), record.rec_headers["WARC-Payload-Digest"])
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        ]
    assert found == [(entity, sha256(entity)) for entity in (b"page", b"par", b"pa", b"")]


def test_warcio_check_passes(archive):
    keep(archive)
    archive.close()
    [path] = warc_files(archive.warc_directory)
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "digest pass" in done.stdout
    assert subprocess.run(["gzip", "-t", path], check=False).returncode == 0


# who asks


def test_live_sites_are_not_asked_without_a_contact(sqlite_directory):
    (sqlite_directory / "kliping.toml").write_text(
        'database = "archive.db"\n[resolve]\n"paper.example" = "127.0.0.1:8642"\n'
    )
    with Archive.open(sqlite_directory) as opened:
        for local in ("http://127.0.0.1:8642/", "http://localhost/", "http://paper.example/"):
            opened.require_contact([local])
        with pytest.raises(ContactMissing, match=r"Crawling live\.example needs a contact"):
            opened.require_contact(["http://127.0.0.1/", "https://live.example/"])
        opened.speak_for("me@library.example")
        opened.require_contact(["https://live.example/"])
        assert "me@library.example" in opened.user_agent
