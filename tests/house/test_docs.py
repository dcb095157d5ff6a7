"""The documents name what the code has: commands, codes, tables, keys; and their links resolve."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel

from archive.config import ArchiveConfig
from archive.coverage import GAP
from archive.db.schema import metadata
from archive.errors import ArchiveError, QuerySyntax
from archive.query.language import parse
from crawler import account
from crawler.cli import app
from crawler.outlets.spec import Outlet

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *TOP.glob("*.md")])
LONGEST_MODULE = 350
CODES = {
    0,
    1,
    2,
    4,
    GAP,
    account.PARTIAL,
    account.NOTHING_NEW,
    account.BLOCKED,
    account.INTERRUPTED,
}

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page(name)) if kind == language]


def models_of(kind: object) -> Iterator[type[BaseModel]]:
    """The models in an annotation, whether it is one or has some among its arguments."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in getattr(kind, "__args__", ()):
        yield from models_of(inner)


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every key that may stand in a file of this model, dotted."""
    for name, field in model.model_fields.items():
        inner = list(models_of(field.annotation))
        if not inner:
            yield before + name
        for one in inner:
            yield from keys_of(one, f"{before}{name}.")


def first_cells(text: str) -> set[str]:
    """What stands in backquotes in the first cell of the rows of all tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("|")]
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def commands() -> list[str]:
    return sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", commands())
def test_operating_names_every_command(command: str) -> None:
    assert f"`kliping {command}" in page("operating.md")


def test_operating_names_every_exit_code() -> None:
    table = page("operating.md").partition("## Exit codes")[2].partition("\n## ")[0]
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    known = {ArchiveError.exit_code, *(one.exit_code for one in ArchiveError.__subclasses__())}
    assert documented == CODES
    assert known <= documented


@pytest.mark.parametrize("key", list(keys_of(ArchiveConfig)))
def test_operating_names_every_key_of_kliping_toml(key: str) -> None:
    assert key in first_cells(page("operating.md"))


def test_the_kliping_toml_shown_has_every_key_and_is_valid() -> None:
    (shown,) = blocks("operating.md", "toml")
    given = ArchiveConfig.model_validate(tomllib.loads(shown))
    for name in ArchiveConfig.model_fields:
        assert name in given.model_fields_set


@pytest.mark.parametrize("key", list(keys_of(Outlet)))
def test_for_developers_names_every_key_of_an_outlet_file(key: str) -> None:
    assert key in first_cells(page("for-developers.md"))


def test_the_outlet_files_shown_are_valid_and_one_has_every_key() -> None:
    shown = [
        Outlet.model_validate(tomllib.loads(one)) for one in blocks("for-developers.md", "toml")
    ]
    assert any(one.model_fields_set == set(Outlet.model_fields) for one in shown)


def test_the_shortest_outlet_shown_has_ten_lines() -> None:
    shortest = min(blocks("for-developers.md", "toml"), key=len)
    assert len([line for line in shortest.splitlines() if line]) <= 10


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_for_researchers_explains_every_column(table: str) -> None:
    section = page("for-researchers.md").partition(f"\n### {table}\n")[2].partition("\n### ")[0]
    assert section, f"no section for the table {table}"
    documented = first_cells(section)
    columns = {column.name for column in metadata.tables[table].columns}
    assert documented == columns


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_for_researchers_says_what_null_means_where_it_can_be(table: str) -> None:
    text = page("for-researchers.md")
    section = text.partition(f"\n### {table}\n")[2].partition("\n### ")[0]
    if any(column.nullable for column in metadata.tables[table].columns):
        assert "null" in section.lower()


def test_the_valid_queries_shown_can_be_read_and_the_invalid_cannot() -> None:
    table = page("for-researchers.md").partition("| valid |")[2].partition("\n\n")[0]
    pairs = re.findall(r"^\| `([^`]+)` \| [^|]+ \| `([^`]+)` \|", table, re.MULTILINE)
    assert len(pairs) > 5
    for valid, invalid in pairs:
        parse(valid)
        with pytest.raises(QuerySyntax):
            parse(invalid)


def test_for_researchers_has_no_table_that_is_not_there() -> None:
    text = page("for-researchers.md").partition("## Data dictionary")[2].partition("\n## ")[0]
    assert set(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == set(metadata.tables)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TOP)))
def test_relative_links_resolve(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        if "://" in target or target.startswith(("#", "mailto:")):
            continue
        file = (path.parent / target.partition("#")[0]).resolve()
        assert file.exists(), f"{path.name} links to {target}"
        assert file.is_relative_to(TOP)


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("*.md")), ids=lambda p: p.stem)
def test_a_decision_says_what_would_change_our_mind(path: Path) -> None:
    headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences", "What would change our mind"]
    assert re.match(r"\d{4}-[a-z0-9-]+$", path.stem)


def test_architecture_names_only_modules_that_exist_and_all_of_them() -> None:
    drawing = page("architecture.md").partition("## Rooms")[2].partition("\n## ")[0]
    named = set(re.findall(r"\b([a-z]+)\.py\b", drawing))
    there = {
        path.stem
        for room in ("archive", "crawler")
        for path in (TOP / room).rglob("*.py")
        if path.stem != "__init__" and not {"migrations", "demo"} & set(path.parts)
    }
    families = {
        "frontier",
        "listings",
        "polls",
        "articles",
        "captures",
        "hosts",
        "runs",
        "fulltext",
        "outlets",
        "sightings",
        "originals",
        "files",
        "requisites",
        "extractions",
        "places",
        "locations",
    }
    assert named - there == set()
    assert there - named - families == set()


@pytest.mark.parametrize("room", ["archive", "crawler"])
def test_no_module_is_over_350_lines(room: str) -> None:
    long = {
        str(path.relative_to(TOP)): lines
        for path in (TOP / room).rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_the_layers_are_drawn_as_the_contracts_have_them() -> None:
    rules = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    for contract in rules["contracts"]:
        if contract.get("exhaustive"):
            [room] = contract["containers"]
            drawn = "\n".join([room, *(f"  {layer}" for layer in contract["layers"])])
            assert f"\n{drawn}\n" in page("architecture.md"), room


def test_the_glossary_is_one_table_in_the_order_of_the_alphabet() -> None:
    table = page("glossary.md").split("|---|---|---|\n")[1].split("\n\n")[0]
    words = [line.split("**")[1] for line in table.splitlines()]
    assert words == sorted(words)
    assert page("glossary.md").count("\n| **") == len(words)
