"""The archive's commands: what they print, and the exit code that a script reads."""

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import text
from support.archives import PAGE, captured, exchange, opened, provenance
from typer.testing import CliRunner

from archive.clock import SystemClock
from archive.errors import SchemaTooNew
from archive.store import Archive

KLIPING = Path(sysconfig.get_path("scripts")) / "kliping"


@pytest.fixture
def run(monkeypatch):
    """Runs a command in this process, as the entry point does; gives exit code, output, errors."""
    from crawler.cli import app

    monkeypatch.delenv("KLIPING_ARCHIVE", raising=False)
    monkeypatch.delenv("KLIPING_DATABASE", raising=False)

    def invoke(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return invoke


@pytest.fixture
def kept(sqlite_directory):
    """An archive with one article of two versions; its directory and its two captures."""
    with opened(sqlite_directory, SystemClock()) as archive:
        first, _ = captured(archive)
        last, saved = captured(archive, title="Harbour to shrink", body="The harbour shrinks.")
    return sqlite_directory, first, last, saved


def kliping(*words, **environment):
    """Runs the installed program, as a person does."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("KLIPING")}
    return subprocess.run(
        [KLIPING, *map(str, words)],
        capture_output=True,
        text=True,
        env={**clean, "COLUMNS": "200", **environment},
        check=False,
    )


def test_init_makes_an_archive_and_says_what_is_next(run, tmp_path):
    done = run("init", tmp_path / "a", "--contact", "me@x.example", "--operator", "Anna")
    assert done.exit_code == 0
    assert "kliping crawl -A" in done.output
    config = tomllib.loads((tmp_path / "a" / "kliping.toml").read_text())
    assert (config["contact"], config["operator"]) == ("me@x.example", "Anna")
    Archive.open(tmp_path / "a").close()


def test_a_new_archive_without_a_contact_says_what_is_missing(run, tmp_path):
    done = run("init", tmp_path / "a", "--contact", "")
    assert "no contact yet" in done.output


def test_a_contact_that_is_none_makes_nothing(tmp_path):
    done = kliping("init", tmp_path / "a", "--contact", "nobody")
    assert done.returncode == 2
    assert "e-mail address or a URL" in done.stderr
    assert not (tmp_path / "a").exists()


def test_search_prints_hits(run, kept):
    done = run("search", "-A", kept[0], "harbour")
    assert done.exit_code == 0
    assert "Harbour to shrink" in done.output
    assert "2 versions" in done.output


def test_search_without_a_hit_exits_with_4(run, kept):
    done = run("search", "-A", kept[0], "nothing")
    assert done.exit_code == 4
    assert "Nothing matches nothing" in done.output


def test_search_as_json_can_be_parsed(run, kept):
    done = run("search", "-A", kept[0], "harbour", "--json")
    answer = json.loads(done.output)
    assert (answer["total"], answer["hits"][0]["title"]) == (1, "Harbour to shrink")
    assert "[harbour]" in answer["hits"][0]["snippet"]
    assert json.loads(run("search", "-A", kept[0], "nothing", "--json").output)["total"] == 0


def test_a_query_that_cannot_be_read_exits_with_2_and_points_at_the_place(kept):
    done = kliping("search", "-A", kept[0], "harbour (")
    assert done.returncode == 2
    *_, query, caret = done.stderr.rstrip("\n").split("\n")
    assert query == "  harbour ("
    assert caret.index("^") == len(query)


def test_an_order_that_is_none_exits_with_2(kept):
    assert kliping("search", "-A", kept[0], "x", "--sort", "size").returncode == 2


def test_show_prints_the_text_and_its_evidence(run, kept):
    directory, _, last, saved = kept
    done = run("show", "-A", directory, saved.article)
    assert done.exit_code == 0
    assert "The harbour shrinks." in done.output
    assert last.id in done.output


def test_show_as_json_can_be_parsed(run, kept):
    directory, first, last, saved = kept
    shown = json.loads(run("show", "-A", directory, saved.article, "--json").output)
    assert shown["article"]["id"] == saved.article
    assert shown["particulars"]["kind"] == "article"
    assert [one["number"] for one in shown["article"]["versions"]] == [1, 2]
    assert [one["id"] for one in shown["captures"]] == [first.id, last.id]


def test_show_versions_says_what_changed(run, kept):
    done = run("show", "-A", kept[0], kept[3].article, "--versions")
    assert "+ headline: Harbour to shrink" in done.output


def test_show_html_gives_the_page_as_it_was_received(kept):
    directory, first, _, saved = kept
    last_page = kliping("show", "-A", directory, saved.article, "--html").stdout
    assert last_page == "<html><h1>Harbour to shrink</h1><p>The harbour shrinks.</p></html>"
    assert "Harbour to grow" in kliping("show", "-A", directory, first.id, "--html").stdout


@pytest.mark.parametrize("said", ["a:none", "https://lantern.example/none", "[/bold]", "[red]x"])
def test_what_is_not_there_is_one_sentence(kept, said):
    done = kliping("show", "-A", kept[0], said)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_status_prints_the_ledger(run, kept):
    done = run("status", "-A", kept[0])
    assert done.exit_code == 0
    assert "lantern" in done.output
    [one] = json.loads(run("status", "-A", kept[0], "--json").output)["outlets"]
    assert (one["id"], one["articles"], one["edited"]) == ("lantern", 1, 1)


def test_verify_exits_with_0_if_all_is_as_recorded(run, kept):
    done = run("verify", "-A", kept[0])
    assert done.exit_code == 0
    assert "All as recorded." in done.output


def test_verify_exits_with_1_and_names_what_is_damaged(run, kept):
    directory, first, *_ = kept
    path = directory / "warc" / first.place.file
    path.write_bytes(path.read_bytes()[:-9])
    done = run("verify", "-A", directory)
    assert done.exit_code == 1
    assert f"DAMAGED  {path.name}" in done.output
    as_json = run("verify", "-A", directory, "--json")
    assert as_json.exit_code == 1
    said = json.loads(as_json.output)
    assert said["sound"] is False
    assert said["damaged"][0]["file"] == path.name


def test_verify_can_be_asked_for_a_part(run, kept):
    assert "3 records read" in run("verify", "-A", kept[0], "--sample", "3").output
    assert run("verify", "-A", kept[0], "--scrub", "--for", "1h", "--rate", "1GB").exit_code == 0
    partial = run("verify", "-A", kept[0], "--scrub", "--for", "0.000001s")
    assert partial.exit_code == 3
    assert "the time ran out; the next scrub begins with them" in partial.output


def test_verify_says_whether_a_root_is_in_the_chain(run, kept):
    missing = run("verify", "-A", kept[0], "--since-root", "sha256:" + "0" * 64)
    assert missing.exit_code == 1
    assert "is the root of no day" in missing.output


@pytest.mark.parametrize(
    "words", [["--for", "30m"], ["--sample", "x"], ["--since-root", "x"], ["--rate", "-"]]
)
def test_verify_refuses_what_cannot_be(kept, words):
    done = kliping("verify", "-A", kept[0], *words)
    assert done.returncode == 2
    assert done.stderr.startswith("kliping: ")


def test_verify_repairs_what_a_kill_left(run, kept):
    directory, first, *_ = kept
    path = directory / "warc" / first.place.file
    torn = directory / "warc" / "kliping-20260101000000000-00001-1-vm.warc.gz.open"
    torn.write_bytes(path.read_bytes()[: first.place.offset] + b"\x1f\x8b\x08torn")
    done = run("verify", "-A", directory, "--repair")
    assert "7 torn bytes kept in " in done.output
    assert torn.with_name(torn.name.removesuffix(".open") + ".torn").exists()


@pytest.fixture
def with_a_disk(kept, tmp_path):
    """As `kept`, and a directory to move files to; the archive's and that."""
    second = tmp_path / "second"
    second.mkdir()
    with (kept[0] / "kliping.toml").open("a") as file:
        file.write(f'\n[storage]\nurl = "file://{second}"\n')
    return kept[0], second


def test_offload_moves_and_recall_fetches_back(run, with_a_disk):
    directory, second = with_a_disk
    plan = run("offload", "-A", directory, "--dry-run")
    assert (plan.exit_code, list(second.iterdir())) == (0, [])
    assert "1 file would be moved" in plan.output
    done = run("offload", "-A", directory)
    assert done.exit_code == 0
    [moved] = second.iterdir()
    assert f"->  file://{moved}" in done.output
    assert run("verify", "-A", directory).exit_code == 0
    assert run("offload", "-A", directory).exit_code == 4
    shown = json.loads(run("offload", "-A", directory, "--recall", "--json").output)
    assert [one["name"] for one in shown["moved"]] == [moved.name]
    assert (directory / "warc" / moved.name).exists()


@pytest.mark.parametrize("age", ["7", "d", "1y", "-3d", ""])
def test_an_age_that_is_none_exits_with_2(with_a_disk, age):
    done = kliping("offload", "-A", with_a_disk[0], f"--older-than={age}")
    assert done.returncode == 2
    assert "36h, 7d or 4w" in done.stderr


def test_a_young_file_stays_where_it_is(run, with_a_disk):
    done = run("offload", "-A", with_a_disk[0], "--older-than", "7d")
    assert done.exit_code == 4
    assert "too young: sealed at" in done.output


def test_recall_with_options_of_the_other_way_exits_with_2(with_a_disk):
    done = kliping("offload", "-A", with_a_disk[0], "--recall", "--keep-local")
    assert done.returncode == 2


def test_offload_exits_with_1_if_nothing_could_be_moved_and_3_if_something_was(run, with_a_disk):
    directory, second = with_a_disk
    [name] = [path.name for path in (directory / "warc").iterdir()]
    assert run("offload", "-A", directory, name, "none.warc.gz").exit_code == 3
    run("offload", "-A", directory, "--recall")
    (second / name).write_bytes(b"something else")
    done = run("offload", "-A", directory)
    assert done.exit_code == 1
    assert f"NOT MOVED  {name}: " in done.output


def test_offload_without_a_storage_says_what_to_write(kept):
    done = kliping("offload", "-A", kept[0])
    assert done.returncode == 1
    assert "[storage]" in done.stderr
    assert "Traceback" not in done.stderr


def test_upgrade_says_that_nothing_was_to_do(run, kept):
    done = run("upgrade", "-A", kept[0])
    assert done.exit_code == 0
    assert "nothing was changed" in done.output


def test_upgrade_makes_a_lost_database_ready(run, sqlite_directory):
    (sqlite_directory / "archive.db").unlink()
    assert run("upgrade", "-A", sqlite_directory).exit_code == 0
    assert run("status", "-A", sqlite_directory).exit_code == 0


def test_upgrade_seals_what_a_killed_process_left_open(run, sqlite_directory):
    code = f"""if True:
        import os, signal
        from pathlib import Path
        from archive.clock import SystemClock
        from support.archives import keep, opened
        keep(opened(Path({str(sqlite_directory)!r}), SystemClock()))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert "sealed" in run("upgrade", "-A", sqlite_directory).output
    assert run("verify", "-A", sqlite_directory).exit_code == 0


def test_a_newer_database_is_refused_by_every_command(run, kept):
    with Archive.open(kept[0]) as archive, archive._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for words in (["search", "x"], ["show", "x"], ["status"], ["verify"], ["cdxj"], ["upgrade"]):
        done = run(*words, "-A", kept[0])
        assert isinstance(done.exception, SchemaTooNew)
        assert "9999" in str(done.exception)


@pytest.mark.parametrize(
    "words", [["search", "x"], ["show", "x"], ["status"], ["verify"], ["cdxj"]]
)
def test_a_directory_that_is_no_archive_exits_with_2_and_says_what_to_do(tmp_path, words):
    done = kliping(*words, "-A", tmp_path)
    assert done.returncode == 2
    assert "kliping init" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_archive_can_be_named_by_the_environment(kept):
    done = kliping("search", "harbour", KLIPING_ARCHIVE=str(kept[0]))
    assert done.returncode == 0


def test_a_restricted_article_cannot_be_shown(run, kept):
    directory, first, _, saved = kept
    with Archive.open(directory) as archive, archive.turn() as turn:
        turn.restrict("article", saved.article, reason="court order", actor="Anna")
    for said in (saved.article, saved.version, first.id, first.url):
        assert run("show", "-A", directory, said).exit_code == 1
    assert run("search", "-A", directory, "harbour").exit_code == 4


def test_the_index_is_printed_sorted_and_can_be_made_anew(run, kept):
    directory = kept[0]
    done = kliping("cdxj", "-A", directory)
    lines = done.stdout.splitlines(keepends=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert lines == sorted(lines)
    assert lines[0].startswith("example,lantern)/harbour ")
    [index] = (directory / "cdxj").iterdir()
    index.unlink()
    again = kliping("cdxj", "-A", directory)
    assert again.stdout == done.stdout
    assert "has no index; making it" in again.stderr
    assert index.exists()


def test_an_index_that_cannot_be_made_is_said_and_exits_with_1(kept):
    directory = kept[0]
    [index] = (directory / "cdxj").iterdir()
    index.unlink()
    [warc] = (directory / "warc").iterdir()
    warc.write_bytes(warc.read_bytes()[:-9])
    done = kliping("cdxj", "-A", directory)
    assert (done.returncode, done.stdout) == (1, "")
    assert "torn; left out" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_index_nobody_reads_to_its_end_ends_quietly(kept):
    command = f"{KLIPING} cdxj -A {kept[0]} | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_a_packed_page_is_unpacked_for_reading(sqlite_directory):
    import gzip

    from support.archives import draft, response, url

    with opened(sqlite_directory, SystemClock()) as archive, archive.turn() as turn:
        raw = response(gzip.compress(PAGE), b"Content-Encoding: gzip")
        capture = turn.record(exchange(response=raw), provenance())
        saved = turn.save(draft(), capture, provenance(), known_as=url())
    shown = kliping("show", "-A", sqlite_directory, saved.article, "--html")
    assert shown.stdout == PAGE.decode()
