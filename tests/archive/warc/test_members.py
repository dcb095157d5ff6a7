"""One record is one gzip member whose block is exactly the bytes it was given."""

import gzip
import random
import subprocess
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digests import sha256
from archive.warc.members import PIECE, Record, warc_date, warc_fields

AT = datetime(2026, 3, 2, 6, 0, 0, 250, tzinfo=UTC)
ID = uuid.UUID("11111111-2222-4333-8444-555555555555")


def record(block: bytes = b"block", **changes) -> Record:
    values = {"type": "response", "id": ID, "at": AT, "block": block, "content_type": "text/plain"}
    return Record(**values | changes)


def head_of(one: Record) -> list[str]:
    return gzip.decompress(one.member()).partition(b"\r\n\r\n")[0].decode().split("\r\n")


def test_a_record_is_written_as_warc_1_1():
    assert gzip.decompress(record(b"hello").member()) == (
        b"WARC/1.1\r\n"
        b"WARC-Type: response\r\n"
        b"WARC-Record-ID: <urn:uuid:11111111-2222-4333-8444-555555555555>\r\n"
        b"WARC-Date: 2026-03-02T06:00:00.000250Z\r\n"
        b"WARC-Block-Digest: " + sha256(b"hello").encode() + b"\r\n"
        b"Content-Type: text/plain\r\n"
        b"Content-Length: 5\r\n"
        b"\r\n"
        b"hello\r\n\r\n"
    )


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nno colon\r\n\r\n\x00\xff\r\n",
        b"HTTP/1.1 200 OK\nA : b\n\nbare newlines",
        b"\r\n\r\n",
        "https://例え.jp".encode(),
    ],
)
def test_the_block_is_kept_byte_for_byte(block):
    plain = gzip.decompress(record(block, content_type="application/http").member())
    assert plain.partition(b"\r\n\r\n")[2] == block + b"\r\n\r\n"


@given(st.binary(max_size=300), st.booleans())
def test_any_block_is_kept(block, is_light):
    plain = gzip.decompress(record(block, is_light=is_light).member())
    assert plain.endswith(b"\r\n\r\n" + block + b"\r\n\r\n")


def test_a_member_passes_gzip_and_is_exactly_one(tmp_path):
    path = tmp_path / "one.gz"
    path.write_bytes(record(b"x" * 100_000).member())
    assert subprocess.run(["gzip", "-t", path], check=False).returncode == 0


@pytest.mark.parametrize("evil", ["a\r\nWARC-Type: x", "a\nb: c", "a\x0b\x85\u2028b", "\r\n\r\nx"])
def test_a_value_cannot_begin_a_header_of_its_own(evil):
    lines = head_of(record(fields=(("WARC-Target-URI", evil),)))
    assert sum(line.startswith("WARC-Type") for line in lines) == 1
    assert lines[4] == f"WARC-Target-URI: {' '.join(evil.split())}"
    assert len(lines) == 8


def test_fields_follow_the_mandatory_ones_in_order():
    lines = head_of(record(fields=(("WARC-Target-URI", "https://a/é"), ("WARC-Truncated", "time"))))
    assert lines[4:6] == ["WARC-Target-URI: https://a/é", "WARC-Truncated: time"]


def test_a_date_is_in_utc_whatever_its_offset():
    jakarta = timezone(timedelta(hours=7))
    assert warc_date(AT.astimezone(jakarta)) == "2026-03-02T06:00:00.000250Z"


def test_warc_fields_leave_out_what_is_unknown_and_stay_on_their_line():
    block = warc_fields([("via", "a\r\nevil: 1"), ("empty", ""), ("none", None), ("é", "京")])
    assert block == "via: a evil: 1\r\né: 京\r\n".encode()


def test_a_light_record_says_the_same():
    assert gzip.decompress(record(b"x" * 999, is_light=True).member()) == gzip.decompress(
        record(b"x" * 999).member()
    )


HTTP_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + b"X-Same: over and over\r\n" * 20 + b"\r\n"
)


@pytest.mark.parametrize("size", [1, 100, 65_535, 65_536, 300_000])
def test_a_body_that_is_packed_already_does_not_grow(size, tmp_path):
    body = random.Random(size).randbytes(size)
    one = record(HTTP_HEAD + body, is_light=True)
    member = one.member()
    assert gzip.decompress(member) == one.plain()
    assert len(member) < len(one.plain()) - len(HTTP_HEAD) // 2
    path = tmp_path / "one.gz"
    path.write_bytes(member)
    assert subprocess.run(["gzip", "-t", path], check=False).returncode == 0


@pytest.mark.parametrize(
    "body", [b"plain words " * 9_000, b"", random.Random(1).randbytes(3_000) + b"words " * 9_000]
)
def test_a_body_that_only_says_it_is_packed_is_packed(body):
    one = record(HTTP_HEAD + body, is_light=True)
    assert gzip.decompress(one.member()) == one.plain()
    assert len(one.member()) < 500 + len(one.plain()) // 10


def test_a_picture_with_words_at_its_beginning_is_stored():
    noise = random.Random(2).randbytes(100_000)
    one = record(HTTP_HEAD + b"<xmp>words</xmp>" * 300 + noise, is_light=True)
    assert gzip.decompress(one.member()) == one.plain()
    assert noise[50_000:51_000] in one.member()


@given(st.binary(max_size=300), st.binary(max_size=3_000))
def test_a_light_record_with_any_head_is_kept(head, body):
    one = record(head + b"\r\n\r\n" + body, is_light=True)
    assert gzip.decompress(one.member()) == one.plain()


@pytest.mark.parametrize("type_", ["response", "revisit", "metadata"])
def test_a_block_is_not_copied_to_be_packed(type_):
    one = record(HTTP_HEAD + b"body", type=type_)
    head, block, end = one.parts()
    assert block is one.block
    assert head.endswith(b"\r\n\r\n")
    assert end == b"\r\n\r\n"


@pytest.mark.parametrize("is_light", [True, False])
@pytest.mark.parametrize("size", [PIECE - 1000, PIECE, 3 * PIECE + 1])
@pytest.mark.parametrize("unit", [b"plain words ", random.Random(4).randbytes(70_001)])
def test_a_record_larger_than_a_piece_is_one_member(tmp_path, unit, size, is_light):
    one = record(HTTP_HEAD + (unit * (size // len(unit) + 1))[:size], is_light=is_light)
    path = tmp_path / "one.gz"
    path.write_bytes(one.member())
    assert gzip.decompress(one.member()) == one.plain()
    assert subprocess.run(["gzip", "-t", path], check=False).returncode == 0
