"""Filters on what a page said beside its text: tags, agency, kind, correction; on both engines."""

import pytest
from sqlalchemy import text
from support.archives import NOW, keep

from archive.errors import QuerySyntax
from archive.query.search import search
from archive.store import Archive


@pytest.fixture
def said(archive: Archive) -> Archive:
    keep(archive, "/a", "A", "Harbour.", tags=("Climate change", "Économie"), wire="Antara")
    keep(archive, "/b", "B", "Flood.", kind="liveblog", correction="Ralat: two boats, not three.")
    keep(archive, "/c", "C", "Ice.", tags=("Climate", 'The "big" one', "100%"), wire="AFP")
    return archive


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ('tag:"climate change"', "A"),
        ("tag:climate", "C"),
        ("tag:change", ""),
        ("tag:économie", "A"),
        ("tag:100%", "C"),
        ("tag:climate tag:100%", "C"),
        ("wire:antara", "A"),
        ("wire:afp wire:Antara", "AC"),
        ("outlet:lantern -wire:afp", "AB"),
        ("kind:liveblog", "B"),
        ("kind:article", "AC"),
        ("kind:article kind:liveblog", "ABC"),
        ("is:corrected", "B"),
        ("harbour -is:corrected tag:économie", "A"),
    ],
)
def test_a_filter_finds_what_pages_said(said: Archive, query: str, titles: str) -> None:
    with said.reading() as connection:
        answer = search(connection, query, now=NOW)
    assert "".join(sorted(hit.title for hit in answer.hits)) == titles
    assert answer.total == len(titles)


@pytest.mark.parametrize("query", ["kind:podcast", "is:wrong", "tags:x", "agency:x"])
def test_what_no_filter_knows_is_refused(said: Archive, query: str) -> None:
    with said.reading() as connection, pytest.raises(QuerySyntax):
        search(connection, query, now=NOW)


def test_drafts_are_found_by_their_version_through_an_index(sqlite_archive: Archive) -> None:
    with sqlite_archive.reading() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT 1 FROM extraction WHERE version_id = 'v' AND is_current"
            )
        ).all()
    assert "ix_extraction_version_id" in str(plan)
