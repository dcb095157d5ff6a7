"""A record's line in an index is the one that cdxj-indexer writes, whatever the record."""

import gzip
import uuid

import pytest
from support.archives import NOW, PAGE, exchange, provenance, response
from support.indexer import indexed, needs_indexer

from archive.errors import CorruptRecord
from archive.records import Place
from archive.warc.cdxj import FIELDS_TYPE, index_of, line_as_written, line_of
from archive.warc.exchange import group
from archive.warc.members import Record
from archive.warc.reader import StoredRecord, records_of

URL = "http://lantern.example/Harbour"
KEY = "example,lantern)/harbour 20260302060000"
HTTP = "application/http; msgtype=response"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\nhello"


def lines_of(path):
    with path.open("rb") as file:
        yield from index_of(file, path.name)


def stored(kind="response", block=PLAIN, content_type=HTTP, url=URL, **named):
    headers = {
        "warc-type": kind,
        "warc-date": named.pop("date", "2026-03-02T06:00:00.123456Z"),
        "warc-target-uri": url,
        "content-type": content_type,
        "warc-payload-digest": named.pop("digest", "sha256:aa"),
    }
    given = {name: value for name, value in headers.items() if value is not None}
    return StoredRecord(
        place=Place(file="a.warc.gz", offset=7, length=99), headers=given, block=block
    )


def member(one):
    """The record as a program would find it; nothing is made better on the way."""
    lines = [f"{name}: {value}" for name, value in one.headers.items()]
    lines += [
        "WARC-Record-ID: " + f"<urn:uuid:{uuid.uuid4()}>",
        f"Content-Length: {len(one.block)}",
    ]
    head = "\r\n".join(["WARC/1.1", *lines]).encode()
    return gzip.compress(head + b"\r\n\r\n" + one.block + b"\r\n\r\n", mtime=0)


def facts(one):
    line = line_of(one)
    return None if line is None else line.decode().split(" ", 2)[2]


def test_a_response_has_key_time_and_facts_in_this_order():
    assert (
        line_of(stored())
        == (
            f'{KEY} {{"url": "{URL}", "mime": "text/html", "status": "200", "digest": "sha256:aa", '
            '"length": "99", "offset": "7", "filename": "a.warc.gz"}\n'
        ).encode()
    )


def test_a_revisit_has_a_mime_of_its_own_and_the_status_of_its_head():
    said = facts(stored("revisit", b"HTTP/1.1 304 Not Modified\r\nContent-Type: text/html\r\n\r\n"))
    assert '"mime": "warc/revisit", "status": "304", "digest": "sha256:aa"' in said


def test_a_revisit_without_a_digest_gets_none():
    assert "digest" not in facts(stored("revisit", b"", digest=None))


def test_a_digest_that_was_not_recorded_is_made_up_as_the_program_does():
    # of the chunks, for it does not undo them
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    assert "sha1:FPKJFAEPEIMEFSS2G2SDNSN5YKX3N5JX" in facts(stored(block=chunked, digest=None))
    assert "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N" in facts(stored(digest=None))


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("request", "application/http; msgtype=request"),
        ("warcinfo", "application/warc-fields"),
        ("metadata", "application/warc-fields"),
        ("conversion", "text/plain"),
        ("continuation", "text/plain"),
    ],
)
def test_what_cannot_be_replayed_is_not_listed(kind, content_type):
    assert line_of(stored(kind, b"a: b\r\n", content_type)) is None


def test_a_resource_is_listed_under_its_urn():
    line = line_of(
        stored("resource", b"{}", "application/json", "urn:kliping:outlet:Lantern:sha256:AB")
    )
    assert line.startswith(b"urn:kliping:outlet:lantern:sha256:ab 20260302060000 ")
    assert b'"mime": "application/json", "digest": "sha256:aa"' in line


def test_a_line_is_ascii_and_one_line():
    line = line_of(stored(url='http://lantern.example/é"\u2028'))
    assert line.isascii()
    assert line.count(b"\n") == 1


OK = b"HTTP/1.1 200 OK\r\n"
HEADS = [
    *(b"", b"\r\n", b"garbage", b"<html>hello", b" HTTP/1.1 200 OK", b"\xff 2\xff0"),
    *(b"HTTP/1.1", b"HTTP/1.1 200", b"HTTP/1.1  200  OK", b"HTTP/1.1 abc OK", b"HTTP/1.1\t200\tOK"),
    *(b"ICY 200 OK", b"HTTP/2 200", b"HTTP/1.1 204 No Content", OK + b"colonless"),
    b"HTTP/1.1 301 Moved\r\nLocation: /x",
    *(
        OK + b"Content-Type:" + said
        for said in (b"", b" ;a=b", b"  a/b ; c=d", b" a/b c=d", b"A/B,c")
    ),
    *(
        OK + b"Content-Type: a" + said
        for said in (b'\xe9/\xff"\\', b"\xc3\xa9", b"\xc2\xa0/b", b"\0/b\x1b")
    ),
    OK + b"Content-Type: a/b\r\nContent-Type: c/d",
    OK + b"Content-Type: a/b\r\n c/d",
    OK + b"Content-Type:\r\n a/b",
    OK + b"content-type : a/b",
    OK + b" Content-Type: a/b",
]
BARE = ["resource", "metadata", "conversion", "continuation", "warcinfo", "request"]
TYPES = ["application/json; x", FIELDS_TYPE, "a/b ;x", "", None]
URLS = [
    *("ftp://x.example/x", "dns:x.example", "HTTP://x.example/", "<http://x.example/>"),
    *(
        "http://x.example/a b",
        "<http://x.example/",
        "http://x.example:bad/",
        "urn:kliping:A:sha256:B",
    ),
    'http://x.example/é"\u2028',
]
DATES = ["2026-03-02T06:00:59.999999Z", "2026-03-02T06:00:59Z", "2026-03-02"]


@needs_indexer
def test_every_kind_of_record_has_the_line_of_the_program(tmp_path):
    heads = [head + b"\r\n\r\nbody" for head in HEADS] + [
        b"HTTP/1.1 200 OK\nContent-Type: a/b\n\nx"
    ]
    odd = [
        *(stored(block=head) for head in heads),
        *(stored(block=head, digest=None) for head in [*heads, b"", PLAIN]),
        *(stored("revisit", head) for head in [*heads, b""]),
        stored("revisit", b"", digest=None),
        *(
            stored(kind, b"{}", type_, digest=digest)
            for kind in BARE
            for type_ in TYPES
            for digest in ("sha256:aa", None)
        ),
        *(stored(url=url) for url in URLS),
        *(stored(date=date) for date in DATES),
        stored("resource", b"{}", "a/b", None),
        stored("response", PLAIN, FIELDS_TYPE),
        stored("revisit", PLAIN, FIELDS_TYPE),
    ]
    path = tmp_path / "odd.warc.gz"
    path.write_bytes(b"".join(map(member, odd)))
    assert [*lines_of(path)] == indexed(path).splitlines(keepends=True)


def test_a_record_that_is_written_has_the_line_that_is_read_back(writer, tmp_path):
    writer.begin()
    chunked = response(b"5\r\nhel", b"Transfer-Encoding: chunked")
    records = [
        *group(exchange("/a", PAGE), provenance()).records,
        *group(exchange("/b", response=chunked, truncated="disconnect"), provenance()).records,
        *group(exchange("/c", response=b""), provenance()).records,
        Record(
            type="resource",
            id=uuid.uuid4(),
            at=NOW,
            block=b"{}",
            content_type="application/json",
            fields=(("WARC-Target-URI", "urn:kliping:outlet:lantern:sha256:1"),),
        ),
    ]
    written = [line_as_written(record, writer.append(record)) for record in records]
    name = writer.seal().name
    back = [line_of(record) for record in records_of(tmp_path / "warc" / name)]
    assert back == [None, *written]
    assert [bool(line) for line in written] == [True, *[False] * 2, True, *[False] * 4, True]


def test_an_index_of_a_damaged_file_ends_where_the_damage_is(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(member(stored()) + b"\x1f\x8btorn")
    lines = lines_of(path)
    assert next(lines).startswith(KEY.encode())
    with pytest.raises(CorruptRecord):
        next(lines)
