"""Any chunking, however sloppy and however cut up, comes out as Twisted decodes it."""

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.web.http import _ChunkedTransferDecoder, _MalformedChunkedDataError

from archive.warc.http import dechunk
from crawler.capture.chunks import LONGEST_SIZE_LINE, LONGEST_TRAILER, Chunks

BLANKS = st.text(" \t", max_size=4).map(str.encode)
EXTENSION = st.one_of(
    st.just(b""),
    st.binary(max_size=40).map(lambda said: b";" + said.replace(b"\n", b"")),
    st.integers(900, LONGEST_SIZE_LINE - 60).map(lambda length: b";" + b"x" * length),
)
NEWLINE = st.sampled_from([b"\r\n", b"\n"])
TRAILERS = st.lists(st.sampled_from([b"X-Sum: 1", b"no colon", b"\r\r", b"a\rb"]), max_size=3)


@st.composite
def size_line(draw: st.DrawFn, size: int) -> bytes:
    digits = draw(st.sampled_from([b"%x", b"%X", b"00000000000000000000%x"])) % size
    return draw(BLANKS) + digits + draw(BLANKS) + draw(EXTENSION) + draw(NEWLINE)


@st.composite
def chunked(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A body in sloppy chunks, and its entity."""
    pieces = draw(st.lists(st.binary(min_size=1, max_size=40), max_size=5))
    framed = b"".join(draw(size_line(len(one))) + one + draw(NEWLINE) for one in pieces)
    trailers = b"".join(line + draw(NEWLINE) for line in draw(TRAILERS))
    return framed + draw(size_line(0)) + trailers + draw(NEWLINE), b"".join(pieces)


def fed(raw: bytes, cuts: list[int]) -> bytes:
    chunks = Chunks()
    edges = [0, *sorted(cut % (len(raw) + 1) for cut in cuts), len(raw)]
    return b"".join(chunks.feed(raw[a:b]) for a, b in pairwise(edges))


def decoded(framed: bytes) -> tuple[bytes, bytes | None]:
    """What Twisted makes of it: the entity so far, and the rest if it came to the end."""
    pieces: list[bytes] = []
    rests: list[bytes] = []
    decoder = _ChunkedTransferDecoder(pieces.append, rests.append)
    with contextlib.suppress(_MalformedChunkedDataError):
        decoder.dataReceived(framed)
    return b"".join(pieces), rests[0] if rests else None


CUTS = st.lists(st.integers(0, 10_000), max_size=12)


@given(chunked(), CUTS, st.binary(max_size=30))
def test_any_chunking_is_decoded_to_its_entity(
    body: tuple[bytes, bytes], cuts: list[int], rest: bytes
) -> None:
    raw, entity = body
    assert decoded(fed(raw + rest, cuts)) == (entity, rest)
    assert dechunk(raw + rest) == (entity, True)


@given(chunked(), CUTS, st.data())
def test_a_body_that_is_cut_or_spoilt_reads_alike_here_and_in_the_archive(
    body: tuple[bytes, bytes], cuts: list[int], data: st.DataObject
) -> None:
    raw, _ = body
    at = data.draw(st.integers(0, len(raw)))
    spoilt = raw[:at] + data.draw(st.sampled_from([b"", b"\n", b"\r", b"x", b"f" * 17, b";"]))
    spoilt += data.draw(st.sampled_from([b"", raw[at:]]))
    given = fed(spoilt, cuts)
    entity, rest = decoded(given)
    kept, is_closed = dechunk(spoilt)
    assert kept == entity
    assert is_closed or rest is None
    assert given == fed(spoilt, [])


@given(st.binary(max_size=300), CUTS)
def test_no_bytes_make_it_raise_and_segments_make_no_difference(
    raw: bytes, cuts: list[int]
) -> None:
    assert fed(raw, cuts) == fed(raw, [])
    assert dechunk(raw)[0] == decoded(fed(raw, cuts))[0]


@pytest.mark.parametrize("head", [b"5;", b" ", b"0\r\nX: "])
def test_a_line_without_an_end_is_not_hoarded(head: bytes) -> None:
    chunks = Chunks()
    given = chunks.feed(head)
    for _ in range(3 * LONGEST_TRAILER // 1000):
        given += chunks.feed(b" " * 1000)
        assert len(chunks._held) <= LONGEST_TRAILER
    assert len(given) >= 2 * LONGEST_TRAILER
    with pytest.raises(_MalformedChunkedDataError):
        _ChunkedTransferDecoder(lambda _: None, lambda _: None).dataReceived(given)


@pytest.mark.parametrize(
    "size", [b"", b"+5", b"-5", b"0x5", b"5 junk", b"5\r", b"f" * 17, b"5;" + b"x" * 20_000]
)
def test_what_is_no_size_is_refused_here_and_in_the_archive(size: bytes) -> None:
    raw = size + b"\r\nhello\r\n0\r\n\r\n"
    assert decoded(fed(raw, [])) == (b"", None)
    assert dechunk(raw) == (b"", False)


def test_plain_chunks_pass_as_they_are() -> None:
    raw = b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\nHTTP/1.1 200 OK\r\n"
    assert fed(raw, [1, 4, 9, 11, 12, 30]) == raw
