"""Files of other programs are judged whole, and their exchanges put together."""

import gzip
import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support import foreign as made
from support.archives import declaration, draft, exchange, opened, provenance
from support.pngs import png

from archive.cdxj import indexes_of, lines_of
from archive.db import crawling, schema
from archive.errors import ArchiveError, NotCaptured
from archive.intake import Beside, Incoming, Intake, Limits, intake
from archive.reindex import reindex
from archive.store import Archive
from archive.verify import verify
from archive.wacz.export import Wanted, export_wacz
from archive.warc.reader import StoredRecord, records_of


def taken(archive: Archive, path: Path, **how: Any) -> Intake:
    """Take a file in, whole, for the outlet `lantern`."""
    with intake(archive, path, **how) as judged, archive.turn() as turn:
        for one in judged.incoming(Limits(), lambda *_: None):
            if isinstance(one, Beside):
                turn.copy(one)
            else:
                turn.adopt(one, provenance(via=None))
    return judged


def rows(archive: Archive) -> list[Any]:
    with archive.reading() as connection:
        statement = select(schema.capture).order_by(schema.capture.c.captured_at)
        return list(connection.execute(statement).mappings())


def stored(archive: Archive) -> list[StoredRecord]:
    paths = sorted(archive.warc_directory.glob("*.warc.gz*"))
    return [one for path in paths for one in records_of(path)]


@contextmanager
def made_anew(archive: Archive) -> Iterator[Archive]:
    """The archive with its database made anew."""
    archive.close()
    rebuilt = reindex(archive.directory, clock=archive.clock)
    assert rebuilt.is_whole
    with Archive.open(archive.directory, clock=archive.clock) as again:
        yield again


def is_the_same_anew(archive: Archive) -> bool:
    before = rows(archive)
    if archive.config.database_file(archive.directory) is None:  # a server's must be empty
        return verify(archive).faults == []
    with made_anew(archive) as again:
        assert verify(again).faults == []
        assert verify(again).unindexed == 0
        return rows(again) == before


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "theirs.warc.gz"


def test_a_file_of_wgets_comes_in_and_can_be_told_again(archive: Archive, path: Path) -> None:
    made.written(path, made.info(), *made.wget("/a"), *made.wget("/b", at="2026-02-01T10:00:01Z"))
    judged = taken(archive, path)
    assert (judged.found.records, judged.found.captures, judged.found.known) == (5, 2, 0)
    first, second = rows(archive)
    assert first["url"] == f"{made.HOST}/a"
    assert first["payload_digest"].startswith("sha256:")
    assert (first["status"], first["mime"], first["outlet_id"]) == (200, "text/html", "lantern")
    assert second["url"] == f"{made.HOST}/b"
    assert archive.fetch(first["id"]).entity == made.page()
    assert is_the_same_anew(archive)


def test_their_records_are_as_they_were_and_ours_stands_beside(
    archive: Archive, path: Path
) -> None:
    theirs = [made.info(), *made.wget("/a")]
    made.written(path, *theirs)
    taken(archive, path)
    archive.close()
    (file,) = archive.warc_directory.glob("*.warc.gz")
    plain = [one.headers for one in records_of(file)]
    kinds = [one["warc-type"] for one in plain]
    assert kinds == ["warcinfo", "resource", "warcinfo", "response", "request", "metadata"]
    whole = gzip.decompress(file.read_bytes())
    assert all(one in whole for one in theirs)
    ours = list(records_of(file))[-1]
    said = ours.block.decode()
    assert "outlet: lantern\r\n" in said
    assert f"imported-from: {path.name} sha256:" in said
    assert ours.headers["warc-concurrent-to"] == plain[3]["warc-record-id"]


def test_importing_again_changes_nothing(archive: Archive, path: Path) -> None:
    made.written(path, made.info(), *made.wget("/a"))
    taken(archive, path)
    before = len(stored(archive))
    assert taken(archive, path).found.known == 1
    assert len(stored(archive)) == before


def test_a_response_before_its_request_far_apart_or_unlinked_is_paired(
    archive: Archive, path: Path
) -> None:
    ids = [made.new_id() for _ in range(3)]
    request_names = made.record(
        "request", made.asked("/1"), ("WARC-Concurrent-To", ids[0]), url=f"{made.HOST}/1"
    )
    responses = [
        made.record(
            "response", made.http(made.page(str(n))), id_=ids[n - 1], url=f"{made.HOST}/{n}"
        )
        for n in (1, 2, 3)
    ]
    unlinked = made.record("request", made.asked("/2"), url=f"{made.HOST}/2")
    made.written(path, responses[0], unlinked, responses[1], responses[2], request_names)
    judged = taken(archive, path)
    assert judged.found.skipped == {}
    kinds = [one.type for one in stored(archive) if one.place.offset][1:]
    assert kinds == ["response", "request", "metadata"] * 2 + ["response", "metadata"]
    assert len(rows(archive)) == 3
    assert is_the_same_anew(archive)


def test_metadata_that_names_the_request_belongs_too_and_says_less_than_ours(
    archive: Archive, path: Path
) -> None:
    ask, answer = made.wget("/a")
    id_ = answer.partition(b"WARC-Record-ID: ")[2].partition(b"\r\n")[0].decode()
    theirs = made.record(
        "metadata",
        b"outlet: forged\r\nvia: https://lantern.example/\r\nnotModifiedHead: ===\r\n",
        ("WARC-Concurrent-To", id_),
        type_="application/warc-fields",
    )
    made.written(path, made.info(), theirs, ask, answer)
    taken(archive, path)
    (one,) = rows(archive)
    assert one["outlet_id"] == "lantern"
    assert [r.type for r in stored(archive)][-4:] == ["response", "request", "metadata", "metadata"]
    assert is_the_same_anew(archive)


@pytest.mark.parametrize("seed", range(6))
def test_in_whatever_order_records_lie_they_make_the_same_exchanges(
    sqlite_archive: Archive, path: Path, seed: int
) -> None:
    records = [one for n in range(4) for one in made.wget(f"/{n}")]
    for answer in records[1::2]:
        id_ = answer.partition(b"WARC-Record-ID: ")[2].partition(b"\r\n")[0].decode()
        about = (("WARC-Concurrent-To", id_),)
        type_ = "application/warc-fields"
        records.append(made.record("metadata", b"a: b\r\n", *about, type_=type_))
    random.Random(seed).shuffle(records)
    judged = taken(sqlite_archive, made.written(path, made.info(), *records))
    assert judged.found.skipped == {}
    assert {row["url"] for row in rows(sqlite_archive)} == {f"{made.HOST}/{n}" for n in range(4)}
    kinds = [one.type for one in stored(sqlite_archive)][3:]
    assert kinds == ["response", "request", "metadata", "metadata"] * 4
    assert is_the_same_anew(sqlite_archive)


def browsertrix() -> dict[str, Any]:
    """Records of a browser's recorder: a page, a revisit by URL and date, an image, page facts."""
    page_id, again_id = made.new_id(), made.new_id()
    block = made.http(made.page(), "x-orig-content-encoding: br")
    sha = f"sha256:{hashlib.sha256(made.page()).hexdigest()}"
    response = made.record(
        "response", block, ("WARC-Payload-Digest", sha), id_=page_id, version="1.1",
        at="2026-02-01T10:00:00.123Z",
    )  # fmt: skip
    revisit = made.record(
        "revisit",
        made.http(b""),
        ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"),
        ("WARC-Refers-To-Target-URI", f"{made.HOST}/a"),
        ("WARC-Refers-To-Date", "2026-02-01T10:00:00.123Z"),
        ("WARC-Payload-Digest", sha),
        id_=again_id,
        url=f"{made.HOST}/again",
        at="2026-02-01T11:00:00.000Z",
        version="1.1",
    )
    info = made.record(
        "resource", b'{"pageid": "x"}', url=f"urn:pageinfo:{made.HOST}/a", type_="application/json",
        version="1.1",
    )  # fmt: skip
    saved = made.record(
        "resource", made.page("Saved"), url=f"{made.HOST}/saved", type_="text/html; charset=utf-8",
        at="2026-02-01T12:00:00Z", version="1.1",
    )  # fmt: skip
    return {
        "ids": (page_id, again_id),
        "records": [made.info("Browsertrix-Crawler 1.5"), response, revisit, info, saved],
    }


def test_a_browsers_recording_comes_in_with_its_revisits_and_resources(
    archive: Archive, tmp_path: Path
) -> None:
    crawl = browsertrix()
    pages = b'{"format": "json-pages-1.0", "id": "pages"}\n'
    content = made.packed(crawl["records"])
    path = made.wacz(
        tmp_path / "crawl.wacz",
        {"archive/rec-1.warc.gz": content, "pages/pages.jsonl": pages},
    )
    judged = taken(archive, path)
    assert judged.found.problems == []
    page, again, saved = rows(archive)
    assert again["refers_to"] == page["id"]
    assert again["payload_digest"] == page["payload_digest"]
    assert again["payload_bytes"] == len(made.page())
    assert archive.fetch(again["id"]).entity == made.page()
    assert (saved["status"], saved["mime"]) == (200, "text/html")
    reply = archive.fetch(saved["id"])
    assert reply.entity == made.page("Saved")
    assert reply.message.header(b"content-type") == "text/html; charset=utf-8"
    assert "urn:pageinfo" in "".join(
        one.headers.get("warc-target-uri", "") for one in stored(archive)
    )
    assert is_the_same_anew(archive)


def test_a_revisit_finds_its_response_among_what_was_imported_before(
    archive: Archive, tmp_path: Path
) -> None:
    records = browsertrix()["records"]
    taken(archive, made.written(tmp_path / "one.warc.gz", *records[:2]))
    taken(archive, made.written(tmp_path / "two.warc.gz", records[0], records[2]))
    page, again = rows(archive)
    assert again["refers_to"] == page["id"]
    assert archive.fetch(again["id"]).entity == made.page()
    assert is_the_same_anew(archive)


def test_a_revisit_of_what_is_nowhere_says_so(archive: Archive, path: Path) -> None:
    taken(archive, made.written(path, browsertrix()["records"][2]))
    (again,) = rows(archive)
    assert again["refers_to"] is None
    with pytest.raises(NotCaptured):
        archive.fetch(again["id"])
    assert is_the_same_anew(archive)


def test_common_crawls_order_and_cut_payloads_come_in(archive: Archive, path: Path) -> None:
    ask, answer = made.new_id(), made.new_id()
    cut = made.http(made.page()[:200], "X-Crawl-Content-Length: 9999999")
    records = [
        made.info("Apache StormCrawler"),
        made.record("request", made.asked("/a"), ("WARC-IP-Address", "203.0.113.5"), id_=ask),
        made.record(
            "response", cut, ("WARC-Concurrent-To", ask), ("WARC-Truncated", "length"),
            ("WARC-Payload-Digest", made.sha1(made.page()[:200])), id_=answer,
        ),
        made.record(
            "metadata", b"fetchTimeMs: 53\r\n", ("WARC-Concurrent-To", answer),
            type_="application/warc-fields",
        ),
    ]  # fmt: skip
    taken(archive, made.written(path, *records))
    (one,) = rows(archive)
    assert one["truncated"] == "length"
    assert is_the_same_anew(archive)


def test_a_body_that_was_dechunked_under_its_old_header_is_whole(
    archive: Archive, path: Path
) -> None:
    block = made.http(made.page(), "Transfer-Encoding: chunked")
    taken(archive, made.written(path, made.record("response", block)))
    (one,) = rows(archive)
    assert archive.fetch(one["id"]).entity == made.page()
    assert one["payload_digest"] is not None


def test_http_2_text_is_read(archive: Archive, path: Path) -> None:
    block = made.http(made.page(), status="HTTP/2 200")
    taken(archive, made.written(path, made.record("response", block)))
    assert rows(archive)[0]["status"] == 200


def test_damaged_records_are_named_and_left_out(archive: Archive, path: Path) -> None:
    good = made.wget("/a")
    bad = made.wget("/b")
    bad[1] = bad[1].replace(b"two quays", b"ten quays")
    judged = taken(archive, made.written(path, made.info(), *bad, *good))
    offset = len(made.packed([made.info()])) + len(made.packed(bad[:1]))
    found = judged.found
    assert found.damaged == 1
    assert found.damages[0].startswith(f"{path.name} at ")
    assert "is not what its digest says" in found.damages[0]
    assert abs(int(found.damages[0].split(" at ")[1].split(":")[0]) - offset) < 8
    assert found.skipped == {"request of an exchange that is not here": 1}
    assert [one["url"] for one in rows(archive)] == [f"{made.HOST}/a"]
    assert is_the_same_anew(archive)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"id_": "<urn:x:1>"}, "its id is no UUID"),
        ({"url": "https://user:pass@lantern.example/"}, "its URL cannot be"),
        ({"url": "https://lan tern.example/"}, "its URL cannot be"),
        ({"at": "2999-01-01T00:00:00Z"}, "its date cannot be"),
        ({"at": "1066-10-14T09:00:00Z"}, "its date cannot be"),
        ({"at": "yesterday"}, "its date cannot be"),
    ],
)
def test_what_cannot_be_is_left_out_and_counted(
    archive: Archive, path: Path, how: dict[str, str], reason: str
) -> None:
    bad = made.record("response", made.http(made.page()), **how)  # type: ignore[arg-type]
    judged = taken(archive, made.written(path, bad))
    assert judged.found.skipped == {reason: 1}
    assert rows(archive) == []


def test_a_request_of_ten_megabytes_is_left_out(archive: Archive, path: Path) -> None:
    filler = random.Random(1).randbytes(10_000_000)
    big = made.record("request", made.asked() + filler)
    judged = taken(archive, made.written(path, big))
    assert judged.found.skipped == {"a request larger than is taken": 1}


def test_an_id_that_is_there_twice_counts_once(archive: Archive, path: Path) -> None:
    one = made.record("response", made.http(made.page()))
    judged = taken(archive, made.written(path, one, one))
    assert judged.found.skipped == {"its id is that of an earlier record": 1}
    assert len(rows(archive)) == 1


def test_declarations_and_drafts_of_another_archive_are_evidence_and_not_our_word(
    sqlite_archive: Archive, path: Path
) -> None:
    """Else whoever makes a file could say what an article's text is, or rename an outlet."""
    page = made.record("response", made.http(made.page()))
    id_ = page.partition(b"WARC-Record-ID: ")[2].partition(b"\r\n")[0].decode()
    forged_outlet = made.record(
        "resource",
        b'{"id":"lantern","name":"FORGED","home":"https://evil.example/"}',
        url="urn:kliping:outlet:lantern:sha256:" + "0" * 64,
        type_="application/json",
    )
    forged_draft = made.record(
        "metadata",
        b'{"about": {"outlet": "lantern", "outcome": "new"}}',
        ("WARC-Refers-To", id_),
        url="urn:kliping:draft:x",
        type_="application/json",
    )
    taken(sqlite_archive, made.written(path, made.info(), page, forged_outlet, forged_draft))
    with made_anew(sqlite_archive) as again, again.reading() as connection:
        names = connection.execute(select(crawling.outlet.c.name)).scalars().all()
        drafts = connection.execute(select(schema.extraction)).all()
    assert names == ["The Lantern"]
    assert drafts == []


def test_screenshots_of_others_come_in_as_they_are_and_are_not_ours(
    sqlite_archive: Archive, path: Path
) -> None:
    page = made.record("response", made.http(made.page()))
    id_ = page.partition(b"WARC-Record-ID: ")[2].partition(b"\r\n")[0].decode()
    ours, view = made.new_id(), made.new_id()
    pictures = [
        made.record(
            "resource", png(), id_=id_of, url=f"urn:{kind}:{made.HOST}/a", type_="image/png"
        )
        for id_of, kind in ((ours, "fullPage"), (view, "view"), (made.new_id(), "thumbnail"))
    ]
    facts = made.record(
        "metadata",
        f"software: Mosaic\r\nmade-of: {id_}\r\n".encode(),
        ("WARC-Concurrent-To", ours),
        ("WARC-Refers-To", id_),
        url=f"urn:fullPage:{made.HOST}/a",
    )
    taken(sqlite_archive, made.written(path, made.info(), page, *pictures, facts))
    kept = [one for one in stored(sqlite_archive) if one.block == png()]
    assert [one.headers["warc-target-uri"].split(":")[1] for one in kept] == [
        "fullPage", "view", "thumbnail",
    ]  # fmt: skip
    with made_anew(sqlite_archive) as again, again.reading() as connection:
        assert connection.execute(select(schema.screenshot)).all() == []
    verdict = verify(sqlite_archive)
    assert (verdict.faults, verdict.unindexed_screenshots) == ([], 0)


def test_an_export_of_another_archive_comes_in_with_the_same_captures(
    archive: Archive, new_directory: Any, clock: Any, tmp_path: Path
) -> None:
    with new_directory("sqlite") as other, opened(other, clock) as theirs:
        with theirs.turn() as turn:
            moved = made.http(b"", "Location: /a", status="HTTP/1.1 301 Moved")
            turn.record(exchange("/moved", response=moved), provenance())
            one = turn.record(exchange("/a", made.page()), provenance())
            turn.save(draft(), one, provenance(), known_as=one.url)
            turn.record(exchange("/silent", response=b"", error="ResponseFailed"), provenance())
        clock.advance(timedelta(hours=1))
        with theirs.turn() as turn:
            turn.record(exchange("/a", made.page(), began_at=clock.now()), provenance())
        ids = {row["id"] for row in rows(theirs)}
        path = tmp_path / "theirs.wacz"
        export_wacz(theirs, Wanted(outlets=("lantern",)), path)
        expected = [{**row, "file": "", "offset": 0, "length": 0} for row in rows(theirs)]
    judged = taken(archive, path)
    assert judged.found.skipped == {}
    assert {row["id"] for row in rows(archive)} == ids
    assert [{**row, "file": "", "offset": 0, "length": 0} for row in rows(archive)] == expected
    assert is_the_same_anew(archive)


def test_what_was_imported_is_indexed_exported_and_cut_out_like_our_own(
    archive: Archive, path: Path, tmp_path: Path
) -> None:
    taken(archive, made.written(path, made.info(), *made.wget("/a"), *made.wget("/b")))
    export_wacz(archive, Wanted(outlets=("lantern",)), tmp_path / "out.wacz")
    with intake(archive, tmp_path / "out.wacz") as judged:
        assert (judged.found.captures, judged.found.known, judged.found.damaged) == (2, 2, 0)
    archive.close()
    with Archive.open(archive.directory, clock=archive.clock) as again:
        index = b"".join(lines_of(again, indexes_of(again, lambda _: None)[0])).decode()
        assert index.count('"mime": "text/html"') == 2
        assert verify(again).faults == []
        with again.turn() as turn:
            turn.restrict("outlet", "lantern", reason="asked", actor="a")
        hidden = b"".join(lines_of(again, indexes_of(again, lambda _: None)[0])).decode()
    assert '"mime": "text/html"' not in hidden


def test_a_page_crawled_later_may_repeat_one_that_was_imported(
    archive: Archive, path: Path
) -> None:
    taken(archive, made.written(path, *made.wget("/a")))
    with archive.turn() as turn:
        again = turn.record(exchange("/a", made.page()), provenance())
    assert again.refers_to == rows(archive)[0]["id"]
    assert archive.fetch(again.id).entity == made.page()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html>", "neither WARC nor WACZ"),
        (b"filedesc://x.arc 0.0.0.0", "ARC file"),
        (b"PK\x03\x04", "no WACZ"),
        (b"\x28\xb5\x2f\xfd", "neither WARC nor WACZ"),
    ],
)
def test_a_file_that_is_refused_changes_nothing(
    archive: Archive, path: Path, content: bytes, says: str
) -> None:
    path.write_bytes(content)
    before = sorted(archive.directory.rglob("*"))
    with pytest.raises(ArchiveError, match=says), intake(archive, path):
        pass
    assert sorted(archive.directory.rglob("*")) == before


def test_a_file_that_is_not_there_is_named(archive: Archive, path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such file"), intake(archive, path):
        pass


def test_a_bomb_within_a_package_is_refused(archive: Archive, tmp_path: Path) -> None:
    bomb = gzip.compress(made.info() + b"\r\n" * 20_000_000)
    path = made.wacz(tmp_path / "bomb.wacz", {"archive/x.warc.gz": bomb})
    with pytest.raises(ArchiveError, match=r"bomb\.wacz archive/x\.warc\.gz unpacks to more"):
        taken(archive, path)
    assert rows(archive) == []


def test_pages_are_those_that_came_as_html_and_were_not_read_yet(
    archive: Archive, path: Path
) -> None:
    image = made.record("response", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx")
    lost = made.record("response", made.http(made.page(), status="HTTP/1.1 404 Not Found"))
    judged_path = made.written(path, *made.wget("/a"), image, lost)
    with intake(archive, judged_path) as judged:
        assert judged.origins == {made.HOST: (3, 1)}
        with archive.turn() as turn:
            for one in judged.incoming(Limits(), lambda *_: None):
                assert isinstance(one, Incoming)
                turn.adopt(one, provenance())
        (unread,) = judged.unread(archive)
        assert unread.url == f"{made.HOST}/a"
        with archive.turn() as turn:
            turn.dismiss(draft(), unread, outcome="not-article")
        assert judged.unread(archive) == []


def test_the_outlet_declared_is_told_once_a_file(archive: Archive, path: Path) -> None:
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), None)
    taken(archive, made.written(path, *made.wget("/a"), *made.wget("/b")))
    assert [one.type for one in stored(archive)].count("resource") == 1


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_breaks_an_import_or_what_can_be_told_of_it(
    sqlite_archive: Archive, path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(12):
        odd = [
            made.record("response", b"\x00\x01", ("WARC-Truncated", "we\0ird")),
            made.record("request", b""),
            made.record("revisit", b"", ("WARC-Refers-To", "<urn:uuid:\0>")),
            made.record("resource", b"x", type_="text/html\0; charset=\xff"),
            made.record("response", b"", url="dns:lantern.example", type_="text/dns"),
        ]
        records = [made.info(), *made.wget("/a"), *browsertrix()["records"], *odd]
        number = chance.randrange(len(records))
        head = bytearray(records[number])
        head[chance.randrange(200)] = chance.choice(b"\0\n\r:< 0")
        records[number] = bytes(head)
        content = bytearray(chance.choice([made.packed(records), b"".join(records)]))
        at = chance.randrange(len(content))
        del content[at : at + chance.randrange(300)]
        path.write_bytes(content)
        try:
            taken(sqlite_archive, path)
        except ArchiveError:  # the beginning is gone, so nobody knows what it is
            assert at < 12
    assert is_the_same_anew(sqlite_archive)
