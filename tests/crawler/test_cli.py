"""What a person types, and what is planned from it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive.console import Failure
from archive.errors import ConfigError, ContactMissing
from archive.store import Archive
from crawler import cli
from crawler.cli import app, plan
from crawler.outlets import catalogue


@pytest.fixture
def archive(sqlite_archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(catalogue, "CATALOGUE", tmp_path / "empty")
    for id_ in ("one", "two"):
        (sqlite_archive.directory / "outlets" / f"{id_}.toml").write_text(
            f'id = "{id_}"\nname = "{id_}"\nhome = "https://{id_}.example/"\n', "utf-8"
        )
    return sqlite_archive


def planned(archive: Archive, *words: str) -> list[tuple[str, str | None]]:
    return [(one.outlet.id, one.only) for one in plan(archive, list(words))]


def test_without_a_word_all_of_the_archives_own_are_crawled(archive: Archive) -> None:
    assert planned(archive) == [("one", None), ("two", None)]


@pytest.mark.parametrize(
    ("words", "plans"),
    [
        (["two"], [("two", None)]),
        (["two", "one"], [("two", None), ("one", None)]),
        (["https://one.example/"], [("one", None)]),
        (["https://one.example"], [("one", None)]),
        (["one.example"], [("one", None)]),
        (["www.one.example"], [("one", None)]),
        (["https://one.example/2026/a"], [("one", "https://one.example/2026/a")]),
        (["one.example/2026/a#top"], [("one", "https://one.example/2026/a")]),
        (["https://one.example/?page=2"], [("one", "https://one.example/?page=2")]),
    ],
)
def test_words_are_outlets_or_urls(
    archive: Archive, words: list[str], plans: list[tuple[str, str | None]]
) -> None:
    assert planned(archive, *words) == plans


def test_a_url_of_nobody_begins_an_outlet(archive: Archive) -> None:
    assert planned(archive, "https://new.example/2026/a") == [
        ("new-example", "https://new.example/2026/a")
    ]
    assert (archive.directory / "outlets" / "new-example.toml").exists()
    assert planned(archive, "new.example") == [("new-example", None)]


@pytest.mark.parametrize(
    "word", ["http://", "https://[", "ftp://one.example/", "http://a b.example/", "."]
)
def test_what_is_no_url_is_told(archive: Archive, word: str) -> None:
    before = sorted((archive.directory / "outlets").iterdir())
    with pytest.raises(Failure) as told:
        plan(archive, [word])
    assert told.value.code == 2
    assert word in str(told.value)
    assert sorted((archive.directory / "outlets").iterdir()) == before


def test_an_unknown_outlet_is_told_with_the_nearest(archive: Archive) -> None:
    with pytest.raises(ConfigError, match="Did you mean one"):
        plan(archive, ["onne"])


def test_an_archive_without_outlets_says_how_to_begin(archive: Archive) -> None:
    for path in (archive.directory / "outlets").iterdir():
        path.unlink()
    with pytest.raises(Failure, match="kliping crawl https://") as told:
        plan(archive, [])
    assert told.value.code == 2


# the command


def test_a_crawl_without_a_contact_is_refused(archive: Archive) -> None:
    config = archive.directory / "kliping.toml"
    config.write_text(config.read_text("utf-8").replace("me@x.example", ""), "utf-8")
    done = CliRunner().invoke(app, ["crawl", "one", "-A", str(archive.directory)])
    assert isinstance(done.exception, ContactMissing)
    assert "put contact = " in str(done.exception)


@pytest.mark.parametrize(
    ("words", "ids"), [([], ["one", "two"]), (["tw"], ["two"]), (["zzz"], []), (["ONE"], ["one"])]
)
def test_outlets_are_listed(archive: Archive, words: list[str], ids: list[str]) -> None:
    done = CliRunner().invoke(app, ["outlets", *words, "-A", str(archive.directory), "--json"])
    assert done.exit_code == 0
    assert [one["id"] for one in json.loads(done.stdout)] == ids


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("the file is wrong"), 2),
        (Failure("not so", code=5), 5),
        (OSError(28, "No space left on device", "/x"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_a_code(
    error: BaseException,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def failing() -> None:
        raise error

    monkeypatch.setattr(cli, "app", failing)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == code
    assert "Traceback" not in capsys.readouterr().err


def test_helps_are_wrapped_by_the_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = CliRunner().invoke(app, ["crawl", "--help"]).output
    assert "article fetches that article alone." in said
    assert "\n Exit codes: 0 something new" in said


def test_a_help_names_a_table_of_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert "[notify]" in CliRunner().invoke(app, ["today", "--help"]).output
