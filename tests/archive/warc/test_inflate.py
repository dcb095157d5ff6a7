"""Members are unpacked by zlib-ng, which takes and refuses what zlib does."""

import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.inflate import InflateError, unpack, unpacker

PLAIN = b"the same words, over and over " * 40 + random.Random(1).randbytes(300)
MEMBER = gzip.compress(PLAIN, mtime=0)


def outcome(unpack_one, errors, packed: bytes) -> bytes | None:
    try:
        return unpack_one(packed)
    except errors:
        return None


def test_a_member_is_unpacked_and_what_follows_is_passed_over():
    assert unpack(MEMBER) == unpack(MEMBER + b"more") == unpack(MEMBER * 2) == PLAIN
    assert unpack(gzip.compress(b"")) == b""


@given(st.integers(0, len(MEMBER) - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed_where_zlib_notices_it(at, change):
    damaged = bytearray(MEMBER)
    damaged[at] ^= change
    by_zlib = outcome(lambda one: zlib.decompress(one, 31), zlib.error, bytes(damaged))
    assert outcome(unpack, InflateError, bytes(damaged)) == by_zlib
    assert by_zlib in (None, PLAIN)


@pytest.mark.parametrize("kept", range(0, len(MEMBER), 7))
def test_a_torn_member_is_refused(kept):
    with pytest.raises(InflateError, match="incomplete or truncated"):
        unpack(MEMBER[:kept])


@given(st.binary(max_size=200))
def test_bytes_that_are_no_member_are_refused_and_nothing_else_happens(raw):
    for member in (raw, MEMBER[:10] + raw):
        by_zlib = outcome(lambda one: zlib.decompress(one, 31), zlib.error, member)
        assert outcome(unpack, InflateError, member) == by_zlib


@pytest.mark.parametrize("said", [0, 1, len(PLAIN) - 1, len(PLAIN) + 1, 0xFFFFFFFF])
def test_a_member_that_lies_about_its_length_is_refused(said):
    with pytest.raises(InflateError, match="incorrect length check"):
        unpack(MEMBER[:-4] + said.to_bytes(4, "little"))


@given(st.integers(1, 64))
def test_fed_in_pieces_it_gives_the_same_and_leaves_what_follows(size):
    inflating, plain, left = unpacker(), b"", MEMBER + b"next"
    while not inflating.eof:
        plain += inflating.decompress(left[:size])
        left = left[size:]
    assert plain == PLAIN
    assert inflating.unused_data + left == b"next"


def test_no_more_is_unpacked_than_was_asked_for():
    bomb = gzip.compress(bytes(50_000_000), 9)
    inflating = unpacker()
    assert len(inflating.decompress(bomb, 1000)) == 1000
    again = inflating.copy()
    assert again.decompress(inflating.unconsumed_tail, 1000) == bytes(1000)
    assert not inflating.eof
