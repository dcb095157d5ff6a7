"""Which outlets there are, and which one is meant."""

from pathlib import Path

import pytest

from archive.errors import ConfigError
from crawler.outlets import catalogue
from crawler.outlets.catalogue import (
    find_outlet,
    new_outlet,
    outlet_files,
    outlet_for_url,
    own_outlets,
)
from crawler.outlets.spec import read_outlet


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of two outlets."""
    directory = tmp_path / "catalogue"
    monkeypatch.setattr(catalogue, "CATALOGUE", directory)
    declare(directory / "id" / "warta.toml", "https://www.warta.example/")
    declare(directory / "gb" / "gazette.toml", "https://gazette.example/")
    return directory


@pytest.fixture
def archive(shipped: Path, tmp_path: Path) -> Path:
    (tmp_path / "archive" / "outlets").mkdir(parents=True)
    return tmp_path / "archive"


def declare(path: Path, home: str, *, name: str = "Shipped", id_: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'id = "{id_ or path.stem}"\nname = "{name}"\nhome = "{home}"\n', "utf-8")


def test_an_outlet_of_the_catalogue_is_found_by_its_id(archive: Path) -> None:
    assert find_outlet(archive, "warta").name == "Shipped"


def test_a_file_of_the_archive_overrides_the_catalogue(archive: Path) -> None:
    declare(archive / "outlets" / "warta.toml", "https://warta.example/", name="Mine")
    assert find_outlet(archive, "warta").name == "Mine"
    assert [path.stem for path in outlet_files(archive)] == ["warta", "gazette"]
    assert [outlet.name for outlet in own_outlets(archive)] == ["Mine"]


def test_an_unknown_id_is_answered_with_the_nearest(archive: Path) -> None:
    with pytest.raises(ConfigError, match="Did you mean gazette"):
        find_outlet(archive, "gazete")


@pytest.mark.parametrize("id_", ["zzz", "", "*", "w?rta", "[w]arta", "../gb/gazette"])
def test_a_word_that_is_no_id_finds_nothing(archive: Path, id_: str) -> None:
    with pytest.raises(ConfigError, match="No outlet is called"):
        find_outlet(archive, id_)


def test_an_id_that_is_not_the_files_name_is_told(archive: Path) -> None:
    declare(archive / "outlets" / "mine.toml", "https://mine.example/", id_="yours")
    with pytest.raises(ConfigError, match=r"mine\.toml: `id` is 'yours'"):
        find_outlet(archive, "mine")


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://www.warta.example/2026/a", "warta"),
        ("https://warta.example/", "warta"),
        ("http://WARTA.example/a", "warta"),
        ("https://gazette.example", "gazette"),
        ("https://www.gazette.example/x", "gazette"),
        ("https://gazette.example:8443/", None),
        ("https://blog.gazette.example/", None),
        ("https://notgazette.example/", None),
        ("https://example/", None),
    ],
)
def test_a_url_belongs_to_the_outlet_whose_home_is_at_its_host(
    archive: Path, url: str, id_: str | None
) -> None:
    found = outlet_for_url(archive, url)
    assert (found.id if found else None) == id_


def test_the_archives_own_outlet_comes_first_for_a_url(archive: Path) -> None:
    declare(archive / "outlets" / "mine.toml", "https://gazette.example/", name="Mine")
    found = outlet_for_url(archive, "https://gazette.example/1")
    assert found is not None
    assert found.name == "Mine"


# a new one


@pytest.mark.parametrize(
    ("url", "id_", "home"),
    [
        ("https://www.new-paper.example/a/b?c", "new-paper-example", "https://www.new-paper.example/"),
        ("http://127.0.0.1:8642/x", "127-0-0-1", "http://127.0.0.1:8642/"),
        ("https://xn--zeitung-fr-alle-8zb.example/", None, None),
    ],
)  # fmt: skip
def test_a_url_is_enough_to_begin(
    archive: Path, url: str, id_: str | None, home: str | None
) -> None:
    outlet, path = new_outlet(archive, url)
    assert path.parent == archive / "outlets"
    assert read_outlet(path) == outlet == find_outlet(archive, outlet.id)
    assert outlet.home == (home or url)
    assert outlet.id == (id_ or outlet.id)
    assert [kind for kind, _ in outlet.listing_urls()] == ["section"]
    assert outlet_for_url(archive, url) == outlet


def test_a_new_outlet_never_overwrites_a_file(archive: Path) -> None:
    declare(archive / "outlets" / "paper-example.toml", "https://else.example/", name="Mine")
    with pytest.raises(ConfigError, match="exists and its home is another"):
        new_outlet(archive, "https://paper.example/")
    assert find_outlet(archive, "paper-example").name == "Mine"


def test_every_outlet_that_ships_can_be_read(tmp_path: Path) -> None:
    ids = []
    for path in outlet_files(tmp_path):
        outlet = read_outlet(path)
        assert outlet.id == path.stem
        assert outlet.country in (path.parent.name, None)
        ids.append(outlet.id)
    assert len(ids) == len(set(ids)) > 100


def test_an_outlet_is_found_without_a_look_at_all_the_others(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 10^5 files in `outlets/`, listing them takes longer than a visit."""
    (archive / "outlets" / "mine.toml").write_text(
        'id = "mine"\nname = "Mine"\nhome = "https://mine.example/"\n', "utf-8"
    )
    monkeypatch.setattr(catalogue, "outlet_files", None)
    assert find_outlet(archive, "mine").name == "Mine"
