"""Files of other programs become captures with an outlet, articles and versions."""

import asyncio
import gzip
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support import foreign as made
from support.archives import keep
from typer.testing import CliRunner

from archive.clock import SimulatedClock
from archive.db import crawling, schema, stating
from archive.errors import ArchiveError
from archive.journal import acts_of
from archive.query.history import find_article
from archive.query.rights import rights_of
from archive.query.search import search
from archive.reindex import reindex
from archive.store import Archive
from archive.verify import verify
from archive.wacz.export import Wanted, export_wacz
from crawler.cli import app
from crawler.demo.newspaper import Newspaper
from crawler.demo.serve import STEADY_AT
from crawler.demo.server import Server
from crawler.outlets import catalogue
from crawler.outlets.spec import read_outlet
from crawler.readers import PRELOAD, Readers
from crawler.run.adopt import Imported, import_files
from crawler.run.homes import Wish

LANTERN = 'id = "lantern"\nname = "The Lantern"\nhome = "https://lantern.example/"\n'
OTHER = "The ferries stop for a week, the company said, since the pier has to be mended in spring. "


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    pool = Readers(1, preload=PRELOAD)
    yield pool
    pool.close()


@pytest.fixture
def archive(sqlite_archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(catalogue, "CATALOGUE", tmp_path / "none")
    return sqlite_archive


@pytest.fixture
def declared(archive: Archive) -> Archive:
    (archive.directory / "outlets" / "lantern.toml").write_text(LANTERN, "utf-8")
    return archive


Import = Callable[..., Imported]


@pytest.fixture
def brought(readers: Readers) -> Import:
    def bring(archive: Archive, *paths: Path, **wish: Any) -> Imported:
        if isinstance(archive.clock, SimulatedClock):
            archive.clock.advance(timedelta(minutes=1))
        return asyncio.run(import_files(archive, paths, Wish(**wish), readers=readers))

    return bring


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The same article twice with two texts, the later one first, and another article."""
    return made.written(
        tmp_path / "theirs.warc.gz",
        made.info(),
        *made.wget("/a", made.page(body=OTHER), at="2026-02-02T10:00:00Z"),
        *made.wget("/a", at="2026-02-01T10:00:00Z"),
        *made.wget("/b", made.page("Pier to be mended", OTHER), at="2026-02-01T10:00:05Z"),
    )


def versions(archive: Archive) -> dict[str, list[tuple[str, str, str]]]:
    with archive.reading() as connection:
        ids = connection.execute(select(schema.article.c.id)).scalars().all()
        found = [find_article(connection, id_, archive.clock.now()) for id_ in ids]
    return {
        one.url: [(v.id, v.title, v.first_captured_at.isoformat()) for v in one.versions]
        for one in found
    }


def captures(archive: Archive) -> dict[str, str]:
    with archive.reading() as connection:
        columns = (schema.capture.c.url, schema.capture.c.outlet_id)
        return dict(connection.execute(select(*columns)).all())


def test_pages_become_articles_with_their_versions_in_the_order_of_their_dates(
    declared: Archive, path: Path, brought: Import
) -> None:
    done = brought(declared, path)
    assert (done.captures, dict(done.articles)) == (3, {"new": 2, "changed": 1})
    first, second = versions(declared)[f"{made.HOST}/a"]
    assert (first[2], second[2]) == ("2026-02-01T10:00:00+00:00", "2026-02-02T10:00:00+00:00")
    with declared.reading() as connection:
        answer = search(connection, "ferries stop", now=declared.clock.now())
    assert answer.total == 2
    assert verify(declared).faults == []


def test_what_an_older_extractor_read_is_read_again_before_it_is_compared(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    at = datetime(2026, 1, 20, tzinfo=UTC)
    keep(declared, "/a", "Harbour to grow", made.BODY, at=at)  # by another extractor
    done = brought(declared, made.written(tmp_path / "x.warc.gz", *made.wget("/a")))
    assert sum(done.articles.values()) == done.articles["changed"] == 1
    with declared.reading() as connection:
        outcomes = connection.execute(select(schema.extraction.c.outcome)).scalars().all()
    assert sorted(outcomes) == ["changed", "new", "reread"]
    assert verify(declared).faults == []


def test_importing_again_brings_nothing(declared: Archive, path: Path, brought: Import) -> None:
    brought(declared, path)
    before = versions(declared)
    again = brought(declared, path)
    assert (again.captures, again.is_new, again.run) == (0, False, None)
    assert versions(declared) == before


def test_an_import_without_reading_is_finished_by_one_that_reads(
    declared: Archive, path: Path, brought: Import
) -> None:
    assert brought(declared, path, reads=False).captures == 3
    assert versions(declared) == {}
    assert brought(declared, path).articles == {"new": 2, "changed": 1}


def test_a_lost_database_comes_back_with_what_was_imported(
    declared: Archive, path: Path, brought: Import
) -> None:
    brought(declared, path)
    before, held = versions(declared), captures(declared)
    declared.close()
    assert reindex(declared.directory, clock=declared.clock).is_whole
    with Archive.open(declared.directory, clock=declared.clock) as again:
        assert (versions(again), captures(again)) == (before, held)
        assert verify(again).faults == []


def test_an_import_is_a_run_and_an_act_of_the_journal(
    declared: Archive, path: Path, brought: Import
) -> None:
    done = brought(declared, path)
    acts = [act for act in acts_of(declared.directory / "journal") if act["act"] != "sighted"]
    (act,) = [one for one in acts if one["act"] == "imported"]
    assert act["file"] == path.name
    assert act["sha256"] == done.files[0].sha256
    assert (act["captures"], act["run"]) == (3, done.run)
    assert {"run-opened", "run-closed"} <= {
        one["act"] for one in acts if one.get("run") == done.run
    }


def test_an_older_file_after_a_newer_leaves_the_newer_text_current(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    new = made.wget("/a", made.page(body=OTHER), at="2026-02-02T10:00:00Z")
    brought(declared, made.written(tmp_path / "new.warc.gz", *new))
    brought(declared, made.written(tmp_path / "old.warc.gz", *made.wget("/a")))
    (both,) = versions(declared).values()
    assert [at[:10] for _, _, at in both] == ["2026-02-01", "2026-02-02"]
    with declared.reading() as connection:
        assert search(connection, "quays", now=declared.clock.now()).total == 0
        assert search(connection, "ferries stop", now=declared.clock.now()).total == 1


def test_a_host_without_an_outlet_gets_one(archive: Archive, path: Path, brought: Import) -> None:
    done = brought(archive, path)
    assert done.begun == ["lantern-example"]
    made_file = archive.directory / "outlets" / "lantern-example.toml"
    assert read_outlet(made_file).home == "https://lantern.example/"
    assert "kliping import" in made_file.read_text("utf-8")
    assert set(captures(archive).values()) == {"lantern-example"}


def test_without_new_outlets_such_captures_stay_out_and_are_counted(
    archive: Archive, path: Path, brought: Import
) -> None:
    done = brought(archive, path, may_begin=False)
    assert (done.captures, done.homeless, done.begun, done.run) == (0, 3, [], None)
    assert list(archive.warc_directory.iterdir()) == []
    assert list((archive.directory / "outlets").iterdir()) == []


def test_a_page_of_another_paper_is_not_taken_for_the_one_before_it(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    other = made.record("response", made.http(made.page()), url="https://beacon.example/x")
    lost = made.record(
        "response", b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\n",
        url="https://elsewhere.example/y",
    )  # fmt: skip
    path = made.written(tmp_path / "x.warc.gz", *made.wget("/a"), other, lost)
    for is_trial in (True, False):
        done = brought(declared, path, may_begin=False, is_trial=is_trial)
        assert (done.captures, done.homeless) == (1, 2)
    assert set(captures(declared)) == {f"{made.HOST}/a"}


def test_what_lies_beside_an_exchange_stays_out_with_it(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    other = made.record("response", made.http(made.page()), url="https://beacon.example/x")
    beside, kept = (
        made.record("resource", b"{}", url=f"urn:pageinfo:{n}", type_="text/json") for n in (1, 2)
    )
    path = made.written(tmp_path / "x.warc.gz", made.info(), other, beside, *made.wget("/a"), kept)
    brought(declared, path, may_begin=False)
    declared.close()
    (file,) = declared.warc_directory.glob("*.warc.gz")
    whole = gzip.decompress(file.read_bytes())
    assert beside not in whole
    assert kept in whole
    assert whole.count(b"software: Wget") == 1


def test_an_outlet_that_is_named_has_everything(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    outlet = read_outlet(declared.directory / "outlets" / "lantern.toml")
    records = made.record("response", made.http(made.page()), url="https://beacon.example/x")
    done = brought(declared, made.written(tmp_path / "x.warc.gz", records), outlet=outlet)
    assert done.begun == []
    assert captures(declared) == {"https://beacon.example/x": "lantern"}


def test_what_a_page_needed_from_elsewhere_belongs_to_its_outlet(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    image = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx"
    by_place = made.record("response", image, url="https://cdn.example/1.png")
    ask = made.new_id()
    request = made.record(
        "request", made.asked("/2.png", Referer=f"{made.HOST}/a"), id_=ask,
        url="https://cdn.example/2.png",
    )  # fmt: skip
    by_request = made.record(
        "response", image, ("WARC-Concurrent-To", ask), url="https://cdn.example/2.png"
    )
    path = made.written(tmp_path / "x.warc.gz", request, by_request, *made.wget("/a"), by_place)
    done = brought(declared, path)
    assert done.begun == []
    assert set(captures(declared).values()) == {"lantern"}
    assert len(captures(declared)) == 3


def test_a_listing_of_the_outlet_is_no_article(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    done = brought(declared, made.written(tmp_path / "x.warc.gz", *made.wget("/")))
    assert done.articles == {"not-article": 1}
    assert versions(declared) == {}


def test_a_trial_changes_nothing(archive: Archive, path: Path, brought: Import) -> None:
    before = sorted(archive.directory.rglob("*"))
    done = brought(archive, path, is_trial=True)
    assert (done.captures, done.begun) == (3, ["https://lantern.example"])
    assert sorted(archive.directory.rglob("*")) == before


def test_one_file_that_is_refused_keeps_the_others_out(
    archive: Archive, path: Path, tmp_path: Path, brought: Import
) -> None:
    bad = tmp_path / "bad.wacz"
    made.wacz(bad, {"../x.warc.gz": b""})
    before = sorted(archive.directory.rglob("*"))
    with pytest.raises(ArchiveError, match=r"bad\.wacz"):
        brought(archive, path, bad)
    assert sorted(archive.directory.rglob("*")) == before


def test_our_own_export_gives_the_same_captures_articles_and_versions(
    declared: Archive, path: Path, tmp_path: Path, new_directory: Any, clock: Any, brought: Import
) -> None:
    brought(declared, path)
    package = tmp_path / "ours.wacz"
    export_wacz(declared, Wanted(outlets=("lantern",)), package)
    with new_directory("sqlite") as empty:
        (empty / "outlets" / "lantern.toml").write_text(LANTERN, "utf-8")
        with Archive.open(empty, clock=clock) as other:
            done = brought(other, package)
            assert done.files[0].skipped == {}
            assert captures(other) == captures(declared)
            assert versions(other) == versions(declared)
            assert verify(other).faults == []


def test_what_was_dismissed_is_read_no_second_time(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    path = made.written(tmp_path / "x.warc.gz", *made.wget("/short", b"<html><p>Hm.</html>"))
    assert sum(brought(declared, path).articles.values()) == 1
    assert brought(declared, path).articles == {}


def test_an_import_that_is_stopped_is_finished_by_the_next(
    declared: Archive, path: Path, readers: Readers, brought: Import
) -> None:
    async def stopped() -> None:
        task: asyncio.Task[Imported]

        def stop(doing: str, done: int, total: int) -> None:
            if doing == "reading":
                task.cancel()

        wish = Wish()
        task = asyncio.create_task(import_files(declared, [path], wish, readers=readers, tell=stop))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    with declared.reading() as connection:
        outcomes = connection.execute(select(crawling.run.c.outcome)).scalars().all()
        assert outcomes[-1] == "interrupted"
    done = brought(declared, path)
    assert (done.captures, done.files[0].known) == (0, 3)
    assert sum(len(found) for found in versions(declared).values()) == 3


def test_an_outlet_that_cannot_be_made_is_said(
    archive: Archive, path: Path, brought: Import
) -> None:
    taken = LANTERN.replace("lantern", "lantern-example").replace(".example/", ".other/")
    (archive.directory / "outlets" / "lantern-example.toml").write_text(taken, "utf-8")
    done = brought(archive, path)
    assert (done.captures, done.homeless) == (0, 3)
    assert "exists and its home is another" in done.problems[0]


def command(archive: Archive, *words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["import", "-A", str(archive.directory), *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_command_says_what_came_and_its_code(declared: Archive, path: Path) -> None:
    assert command(declared, path, "--dry-run")[0] == 0
    code, said = command(declared, path)
    assert code == 0
    assert "7 records, 3 captures, 0 of them known already, 0 records damaged" in said
    assert "pages read: 1 changed, 2 new" in said
    assert command(declared, path)[0] == 4
    assert command(declared, path, "--dry-run")[0] == 4


def test_damage_is_named_and_is_code_3(declared: Archive, path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])
    code, said = command(declared, path)
    assert code == 3
    assert "DAMAGED  theirs.warc.gz at " in said


def test_a_package_that_is_not_as_it_says_is_code_3(declared: Archive, tmp_path: Path) -> None:
    name, content = "archive/x.warc.gz", made.packed(made.wget("/a"))
    made.wacz(tmp_path / "x.wacz", {name: content}, promised={name: b"other"})
    code, said = command(declared, tmp_path / "x.wacz")
    assert code == 3
    assert "NOT AS PROMISED  x.wacz: archive/x.warc.gz has not the sha256" in said


def test_the_command_speaks_json(declared: Archive, path: Path) -> None:
    said = json.loads(command(declared, path, "--json", "--outlet", "lantern")[1])
    assert said["captures"] == 3
    assert said["articles"] == {"new": 2, "changed": 1}
    assert said["files"][0]["file"] == str(path)


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_what_wget_recorded_of_the_demo_comes_in(
    archive: Archive, tmp_path: Path, new_directory: Any, brought: Import
) -> None:
    paper = Newspaper(SimulatedClock(STEADY_AT))
    with Server(paper, steady=True) as server:
        at = f"http://127.0.0.1:{server.port}/harbour-gazette/"
        wget = ["wget", "-q", "-e", "robots=off", "-r", "-l", "1", "-P", tmp_path / "out"]
        subprocess.run([*wget, f"--warc-file={tmp_path / 'theirs'}", at], check=False, timeout=60)
    with new_directory("sqlite") as directory, Archive.open(directory) as now:
        done = brought(now, tmp_path / "theirs.warc.gz")
        assert done.files[0].damaged == 0
        assert done.files[0].skipped == {}
        assert done.articles["new"] > 5
        found = verify(now)
        assert (found.faults, found.unindexed) == ([], 0)


def test_what_a_page_states_of_rights_comes_in_with_it(
    declared: Archive, tmp_path: Path, brought: Import
) -> None:
    noting = b'<meta name="robots" content="noarchive"></head>'
    body = made.page().replace(b"</head>", noting)
    file = made.written(tmp_path / "stating.warc.gz", made.info(), *made.wget("/a", body))
    brought(declared, file)
    with declared.reading() as connection:
        [row] = connection.execute(select(stating.rights)).all()
        found = rights_of(connection, row.capture_id, declared.clock.now())
    assert (row.source, row.said_by) == ("html", row.capture_id)
    assert [one.use for one in found.reserved] == ["archiving"]
