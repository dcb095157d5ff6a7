"""Whatever coding a body came in, it is undone, and never past the limit."""

import gzip
import time
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from archive.coding import decode, decode_beginning
from archive.errors import BodyTooLarge, UndecodableBody

PAGE = b"<html>" + "Der Hafen wächst. ".encode() * 500


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": raw_deflate,
    "br": lambda body: brotli.compress(body, quality=4),
    "zstd": zstandard.compress,
}


def coding(name: str) -> str:
    return name.removeprefix("raw ")


@pytest.mark.parametrize("name", PACKERS)
def test_each_coding_is_undone(name):
    assert decode(PACKERS[name](PAGE), coding(name)) == PAGE
    assert decode(PACKERS[name](PAGE), f" {coding(name).upper()} ") == PAGE


@pytest.mark.parametrize("name", PACKERS)
@given(body=st.binary(max_size=2_000), repeat=st.sampled_from([1, 2, 33, 400]))
def test_any_body_comes_out_as_it_went_in(name, body, repeat):
    assert decode(PACKERS[name](body * repeat), coding(name)) == body * repeat


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072 + 257, 1_000_000])
def test_no_byte_is_lost_at_the_edge_of_a_piece(name, size):
    assert decode(PACKERS[name](b"\0" * size), coding(name)) == b"\0" * size


@pytest.mark.parametrize("said", [None, "", "identity", " , identity"])
def test_a_plain_body_is_left_alone(said):
    assert decode(PAGE, said) == PAGE


def test_two_codings_are_undone_the_last_first():
    assert decode(brotli.compress(gzip.compress(PAGE)), "gzip, br") == PAGE


def test_too_many_codings_are_nobodys_honest_server():
    with pytest.raises(UndecodableBody, match="4 content codings"):
        decode(PAGE, "gzip, gzip, gzip, gzip")


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_stops_at_the_limit(name):
    bomb = PACKERS[name](b"\0" * 20_000_000)
    with pytest.raises(BodyTooLarge, match="more than 1000000 bytes"):
        decode(bomb, coding(name), limit=1_000_000)


def test_a_bomb_within_a_bomb_stops_at_the_limit():
    bomb = gzip.compress(gzip.compress(b"\0" * 60_000_000))
    with pytest.raises(BodyTooLarge):
        decode(bomb, "gzip, gzip", limit=1_000_000)


@pytest.mark.parametrize("name", PACKERS)
def test_the_beginning_of_a_bomb_is_had(name):
    bomb = PACKERS[name](PAGE + b"\0" * 60_000_000)
    assert decode_beginning(bomb, coding(name), 600_000)[: len(PAGE)] == PAGE
    assert len(decode_beginning(bomb, coding(name), 600_000)) == 600_000
    assert decode_beginning(PACKERS[name](PAGE), coding(name), 600_000) == PAGE


def test_the_beginning_of_a_plain_body_is_had_and_a_coding_unknown_is_said():
    assert decode_beginning(b"x" * 11, None, 10) == b"x" * 10
    with pytest.raises(UndecodableBody, match="unknown"):
        decode_beginning(PAGE, "rot13", 10)


def test_a_plain_body_has_the_same_limit():
    assert decode(b"x" * 10, None, limit=10) == b"x" * 10
    with pytest.raises(BodyTooLarge, match="body of 11 bytes, limit 10"):
        decode(b"x" * 11, None, limit=10)


@pytest.mark.parametrize("said", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("body", [b"<html>plain</html>", b"  \n{}"])
def test_a_body_that_is_not_packed_after_all_is_given_as_it_is(said, body):
    assert decode(body, said) == body


@pytest.mark.parametrize("said", ["gzip", "br", "zstd"])
def test_what_is_neither_packed_nor_a_page_is_refused(said):
    with pytest.raises(UndecodableBody, match=f"not a {said} body"):
        decode(b"\xff\xfe\xfd junk", said)


def test_an_unknown_coding_is_named():
    with pytest.raises(UndecodableBody, match="unknown content coding 'compress'"):
        decode(PAGE, "compress")


@pytest.mark.parametrize("name", PACKERS)
def test_a_body_cut_short_gives_what_could_be_unpacked(name):
    import random

    body = random.Random(1).randbytes(200_000)
    found = decode(PACKERS[name](body)[:-1_000], coding(name))
    assert body.startswith(found)
    assert len(found) > 60_000


def test_all_members_of_a_gzip_body_are_unpacked_and_what_follows_is_ignored():
    two = gzip.compress(b"<a>") + gzip.compress(b"<b>")
    assert decode(two, "gzip") == b"<a><b>"
    assert decode(two + b"\0" * 512, "gzip") == b"<a><b>"
    assert decode(two + b"junk", "gzip") == b"<a><b>"


def test_frames_of_zstandard_are_unpacked_one_after_another():
    assert decode(zstandard.compress(b"<a>") + zstandard.compress(b"<b>"), "zstd") == b"<a><b>"


def test_an_empty_body_has_no_coding_to_undo():
    assert decode(b"", "gzip") == b""


def test_many_small_members_take_no_more_than_their_time():
    many = gzip.compress(b"") * 250_000  # five megabytes that unpack to nothing
    began = time.monotonic()
    assert decode(many, "gzip") == b""
    assert time.monotonic() - began < 5
