"""The index of an archive: all sealed files, what is missing made, what is hidden left out."""

import json

import pytest
from support.archives import captured
from support.indexer import indexed, needs_indexer

from archive.cdxj import indexes_of, lines_of
from archive.warc.writer import OPEN_SUFFIX


def seal(archive):
    archive._warc.seal()
    with archive.turn():
        pass


@pytest.fixture
def kept(archive):
    """An archive with two sealed files, of one article each; its articles."""
    saved = []
    for path in ("/b", "/a"):
        saved.append(captured(archive, path)[1].article)
        seal(archive)
    return saved


def lines(archive, told=None):
    indexes, _ = indexes_of(archive, (told if told is not None else []).append)
    return [line.decode() for line in lines_of(archive, indexes)]


def urls(archive):
    return [json.loads(line.split(" ", 2)[2])["url"] for line in lines(archive)]


def test_all_files_are_one_sorted_index(archive, kept):
    told = []
    found = lines(archive, told)
    assert found == sorted(found)
    keys = [line.split(" ")[0] for line in found]
    assert [key for key in keys if key.startswith("example")] == [
        "example,lantern)/a", "example,lantern)/b",
    ]  # fmt: skip
    assert sum(key.startswith("urn:kliping:draft:") for key in keys) == 2
    assert told == []


def test_an_index_that_is_missing_is_made_and_said(archive, kept):
    before = lines(archive)
    for path in archive.cdxj_directory.iterdir():
        path.unlink()
    archive.cdxj_directory.rmdir()
    told = []
    assert lines(archive, told) == before
    assert [" has no index" in one for one in told] == [True, True]
    assert len(list(archive.cdxj_directory.iterdir())) == 2


def test_a_file_that_still_grows_is_left_out_and_said(archive, kept):
    before = lines(archive)
    capture, _ = captured(archive, "/c")
    told = []
    assert lines(archive, told) == before
    assert told == [f"{capture.place.file}{OPEN_SUFFIX}: still grows, or was left open; left out"]


def test_a_damaged_file_costs_only_its_own_lines(archive, kept):
    first, second = sorted(archive.warc_directory.iterdir())
    first.write_bytes(first.read_bytes()[:-9])
    (archive.cdxj_directory / f"{first.name}.cdxj").unlink()
    told = []
    indexes, is_whole = indexes_of(archive, told.append)
    assert [path.name for path in indexes] == [f"{second.name}.cdxj"]
    assert not is_whole
    assert "torn; left out" in told[1]


@pytest.mark.parametrize("scope", ["article", "urlkey"])
def test_what_is_restricted_is_in_no_index_until_it_is_lifted(archive, kept, scope):
    target = kept[0] if scope == "article" else "example,lantern)/b"
    with archive.turn() as turn:
        act = turn.restrict(scope, target, reason="court order", actor="Anna")
    seal(archive)
    assert {url for url in urls(archive) if url.startswith("http")} == {"https://lantern.example/a"}
    with archive.turn() as turn:
        turn.lift(act)
    assert "https://lantern.example/b" in urls(archive)


def test_an_empty_archive_has_an_empty_index(archive):
    assert lines(archive) == []


@needs_indexer
def test_it_is_what_the_program_makes_of_the_same_files(archive, kept):
    files = sorted(archive.warc_directory.iterdir())
    assert "".join(lines(archive)).encode() == indexed("--sort", *files)
