"""A WACZ holds what was asked for, with everything that it rests on, and nothing that is hidden."""

import base64
import hashlib
import json
import zipfile
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from support.archives import PAGE, declaration, exchange, keep, provenance, url
from support.pngs import picture, png

from archive.digests import sha256
from archive.errors import ArchiveError, NotCaptured, QuerySyntax
from archive.wacz.export import Wanted, export_wacz
from archive.warc.http import split
from archive.warc.reader import records_in


def article_of(archive, path):
    from archive.query.history import find_article

    with archive.reading() as connection:
        return find_article(connection, url(path), archive.clock.now())


def test_an_outlet_comes_whole(exported):
    found = exported(outlets=("lantern",))
    paths = ("/harbour", "/market", "/moved", "/market-2", "/odd", "/style.css")
    assert found.targets() == {url(path) for path in paths}


def test_an_article_comes_with_all_its_versions_and_nothing_else(exported, filled):
    one = article_of(filled, "/harbour")
    found = exported(articles=(one.id,))
    assert found.targets() == {url("/harbour")}
    assert [page["url"] for page in found.pages()] == [url("/harbour")] * 2
    drafts = [r for r in found.records() if r.headers.get("content-type") == "application/json"]
    assert len(drafts) == 2


def test_an_article_comes_with_the_hops_that_lead_to_it(exported, filled):
    found = exported(articles=(article_of(filled, "/market").id,))
    assert found.targets() == {url(path) for path in ("/market", "/moved", "/market-2")}


def test_a_query_brings_its_hits(exported):
    assert exported(query="fish").targets() == {
        url(path) for path in ("/market", "/moved", "/market-2")
    }


def test_every_revisit_resolves_inside_the_file(exported):
    records = exported(outlets=("lantern",)).records()
    ids = {r.urn for r in records if r.type == "response"}
    revisits = [r for r in records if r.type == "revisit"]
    assert revisits
    assert {r.headers["warc-refers-to"] for r in revisits} <= ids


def need(turn, page, *paths):
    from datetime import timedelta

    from archive.records import Discovery

    needed = [Discovery(url=url(path), listing=page.url, kind="page") for path in paths]
    turn.need(page.outlet, page.id, needed, timedelta(days=30))


def test_a_page_comes_with_what_it_needs_and_what_its_sheets_need(exported, filled, clock):
    """The sheet is a revisit of another outlet's, and later a revisit of itself."""
    from datetime import timedelta

    from support.archives import captured, exchange, provenance

    with filled.turn() as turn:
        theirs = turn.record(exchange("/theirs/s.css", b"@import 'm.css'"), provenance("beacon"))
        need(turn, theirs, "/theirs/m.css")
        ours = turn.record(exchange("/ours/s.css", b"@import 'm.css'"), provenance())
        need(turn, ours, "/ours/m.css")
        turn.record(exchange("/ours/m.css", b"p {}"), provenance())
    assert ours.refers_to == theirs.id
    clock.advance(timedelta(hours=1))
    page, _ = captured(filled, "/page", "Page", "Text.")
    with filled.turn() as turn:
        need(turn, page, "/ours/s.css")
        turn.record(exchange("/ours/s.css", b"@import 'm.css'", began_at=clock.now()), provenance())
    targets = exported(articles=(article_of(filled, "/page").id,)).targets()
    assert {url("/page"), url("/ours/s.css"), url("/ours/m.css")} <= targets
    assert url("/theirs/m.css") not in targets


def test_an_original_of_another_outlet_comes_too(exported, filled):
    from support.archives import exchange, provenance

    with filled.turn() as turn:
        turn.record(exchange("/shared.css", b"shared"), provenance("beacon"))
        turn.record(exchange("/mine.css", b"shared"), provenance())
    assert url("/shared.css") in exported(outlets=("lantern",)).targets()


def test_what_is_hidden_stays_out_and_so_does_what_rests_on_it(exported, filled):
    from support.archives import exchange, provenance

    with filled.turn() as turn:
        turn.record(exchange("/shared.css", b"shared"), provenance("beacon"))
        turn.record(exchange("/mine.css", b"shared"), provenance())
        turn.restrict("outlet", "beacon", reason="a court", actor="Anna")
    targets = exported(outlets=("lantern",)).targets()
    assert url("/shared.css") not in targets
    assert url("/mine.css") not in targets


def test_a_hidden_article_is_not_exported(filled, tmp_path):
    one = article_of(filled, "/harbour")
    with filled.turn() as turn:
        turn.restrict("article", one.id, reason="a court", actor="Anna")
    with pytest.raises(NotCaptured):
        export_wacz(filled, Wanted(articles=(one.id,)), tmp_path / "x.wacz")
    assert list(tmp_path.glob("x.wacz*")) == []


def test_the_records_are_the_very_bytes_that_lie_in_the_archive(exported, filled):
    found = exported(outlets=("lantern",))
    [path] = filled.warc_directory.iterdir()
    held = path.read_bytes()
    packed = found.zip.read("archive/data-00001.warc.gz")
    for record in found.records():
        at = record.place
        member = packed[at.offset : at.offset + at.length]
        if record.type != "warcinfo" and url("/odd") not in record.headers.get(
            "warc-target-uri", ""
        ):
            assert member in held


def test_odd_chunks_are_undone_for_players_and_their_digest_is_kept(exported, filled):
    records = exported(outlets=("lantern",)).records()
    [odd] = [
        r for r in records if r.type == "response" and r.headers["warc-target-uri"] == url("/odd")
    ]
    message = split(odd.block)
    assert message.body == PAGE
    assert message.header(b"Transfer-Encoding") is None
    assert message.header(b"Content-Length") == str(len(PAGE))
    assert odd.headers["warc-payload-digest"] == sha256(PAGE)
    assert odd.headers["kliping-received-block-digest"] != odd.headers["warc-block-digest"]
    odd.check()


def test_each_line_of_the_index_leads_to_its_record(exported):
    found = exported(outlets=("lantern",))
    lines = found.lines()
    assert lines == sorted(lines)
    for line in lines:
        said = json.loads(line.split(" ", 2)[2])
        packed = found.zip.read(f"archive/{said['filename']}")
        start = int(said["offset"])
        plain = zlib.decompress(packed[start : start + int(said["length"])], 31)
        assert f"WARC-Target-URI: {said['url']}\r\n".encode() in plain


def test_the_list_of_blocks_leads_to_the_blocks(exported, monkeypatch):
    monkeypatch.setattr("archive.wacz.writer.LINES_A_BLOCK", 3)
    found = exported(outlets=("lantern",))
    head, *blocks = found.zip.read("indexes/index.idx").decode().splitlines()
    assert json.loads(head.split(" ", 2)[2])["format"] == "cdxj-gzip-1.0"
    packed = found.zip.read("indexes/index.cdx.gz")
    assert len(blocks) > 1
    for line in blocks:
        key, at, said = line.split(" ", 2)
        place = json.loads(said)
        part = zlib.decompress(packed[place["offset"] : place["offset"] + place["length"]], 31)
        assert part.decode().startswith(f"{key} {at} ")


def test_members_lie_unpacked_and_are_what_the_description_says(exported):
    found = exported(outlets=("lantern",), title="The Lantern")
    said = found.json("datapackage.json")
    assert (said["wacz_version"], said["title"]) == ("1.1.1", "The Lantern")
    assert said["mainPageUrl"] in found.targets()
    for info in found.zip.infolist():
        assert info.compress_type == zipfile.ZIP_STORED
    for one in said["resources"]:
        content = found.zip.read(one["path"])
        assert one["hash"] == sha256(content)
        assert one["bytes"] == len(content)
    digest = found.json("datapackage-digest.json")
    assert digest["hash"] == sha256(found.zip.read("datapackage.json"))
    assert "signedData" not in digest


def test_a_signature_verifies_and_the_next_export_has_the_same_key(exported, filled, tmp_path):
    found = exported(outlets=("lantern",), signed=True)
    signed = found.json("datapackage-digest.json")["signedData"]
    raw = base64.b64decode(signed["signature"])
    key = load_der_public_key(base64.b64decode(signed["publicKey"]))
    der = utils.encode_dss_signature(int.from_bytes(raw[:48]), int.from_bytes(raw[48:]))
    key.verify(der, signed["hash"].encode(), ec.ECDSA(SHA256()))
    assert signed["created"] == found.json("datapackage.json")["created"]
    again = export_wacz(filled, Wanted(outlets=("beacon",)), tmp_path / "2.wacz", signed=True)
    assert again.signed_by == signed["publicKey"]
    assert (filled.directory / "signing-key.pem").stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_none_is_named(filled, tmp_path):
    (filled.directory / "signing-key.pem").write_text("nothing")
    with pytest.raises(ArchiveError, match=r"signing-key\.pem is no private key"):
        export_wacz(filled, Wanted(outlets=("lantern",)), tmp_path / "x.wacz", signed=True)
    assert list(tmp_path.glob("x.wacz*")) == []


def test_a_big_export_has_several_warc_members(exported, monkeypatch):
    monkeypatch.setattr("archive.wacz.writer.WARC_BYTES", 2_000)
    found = exported(outlets=("lantern",))
    names = [name for name in found.zip.namelist() if name.startswith("archive/")]
    assert len(names) > 1
    assert found.targets() == exported_targets(found)


def exported_targets(found):
    return {json.loads(line.split(" ", 2)[2])["url"] for line in found.lines() if "urn" not in line}


def test_a_file_that_is_there_is_not_written_over(filled, tmp_path):
    path = tmp_path / "out.wacz"
    path.write_text("precious")
    with pytest.raises(ArchiveError, match="is there already"):
        export_wacz(filled, Wanted(outlets=("lantern",)), path)
    assert path.read_text() == "precious"


@pytest.mark.parametrize("wanted", [{"outlets": ("nobody",)}, {"articles": ("a:none",)}])
def test_nothing_to_export_is_said_and_leaves_no_file(filled, tmp_path, wanted):
    with pytest.raises(NotCaptured):
        export_wacz(filled, Wanted(**wanted), tmp_path / "x.wacz")
    assert list(tmp_path.glob("x.wacz*")) == []


def test_a_query_that_cannot_be_read_is_said(filled, tmp_path):
    with pytest.raises(QuerySyntax):
        export_wacz(filled, Wanted(query='"'), tmp_path / "x.wacz")


def test_a_damaged_record_is_left_out_and_named(filled, tmp_path):
    keep(filled, "/late", "Late", "News.")
    [path] = filled.warc_directory.iterdir()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 1500)
        file.write(hashlib.sha256(b"damage").digest())
    export = export_wacz(filled, Wanted(outlets=("lantern",)), tmp_path / "x.wacz")
    assert export.problems
    assert path.name.removesuffix(".open") in export.problems[0]


def test_a_damaged_response_costs_the_exchange_before_it_nothing(archive, tmp_path):
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), None)
        turn.record(exchange("/first"), provenance())
        spoilt = turn.record(exchange("/second", body=PAGE + b"more"), provenance()).place
        turn.record(exchange("/third", body=PAGE + b"again"), provenance())
    [path] = archive.warc_directory.iterdir()
    with path.open("r+b") as file:
        file.seek(spoilt.offset + spoilt.length - 8)
        file.write(b"\0\0\0\0")  # its checksum, so that its head can still be read
    export = export_wacz(archive, Wanted(outlets=("lantern",)), tmp_path / "x.wacz")
    assert [f" at {spoilt.offset}: " in problem for problem in export.problems] == [True]
    with zipfile.ZipFile(tmp_path / "x.wacz").open("archive/data-00001.warc.gz") as packed:
        found = [
            one.headers["warc-target-uri"]
            for one in records_in(packed, "x")
            if one.type == "response"
        ]
    assert found == [url("/first"), url("/third")]


@pytest.mark.parametrize("following", [b"", b"\x1f\x8b\x08torn", b"junk"])
def test_what_follows_an_exchange_and_is_no_record_is_named(archive, tmp_path, following):
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), None)
        turn.record(exchange("/first"), provenance())
    [path] = archive.warc_directory.iterdir()
    with path.open("ab") as file:
        file.write(following)
    export = export_wacz(archive, Wanted(outlets=("lantern",)), tmp_path / "x.wacz")
    assert bool(export.problems) == bool(following)


def pictures_of(found):
    return [r for r in found.records() if r.headers.get("content-type") == "image/png"]


def test_an_article_comes_with_its_screenshots_and_what_they_were_drawn_from(exported, filled):
    one = article_of(filled, "/harbour")
    page = filled.fetch(one.current.first_capture).capture
    with filled.turn() as turn:
        kept = turn.keep_screenshot(picture(page), page)
    found = exported(articles=(one.id,))
    (record,) = pictures_of(found)
    assert (record.uuid, record.block) == (kept.id, png())
    beside = [r for r in found.records() if r.headers.get("warc-concurrent-to") == record.urn]
    assert [r.headers["warc-refers-to"] for r in beside] == [f"<urn:uuid:{page.id[2:]}>"]
    assert sum(f'"urn:fullPage:{page.url}"' in line for line in found.lines()) == 1


def test_a_screenshot_of_what_is_hidden_stays_out(exported, filled):
    one = article_of(filled, "/harbour")
    page = filled.fetch(one.current.first_capture).capture
    market = filled.fetch(article_of(filled, "/market").current.first_capture).capture
    with filled.turn() as turn:
        turn.keep_screenshot(picture(page, market), page)
        turn.restrict("urlkey", market.urlkey, reason="a court", actor="Anna")
    assert pictures_of(exported(outlets=("lantern",))) == []
