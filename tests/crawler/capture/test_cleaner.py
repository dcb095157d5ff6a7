"""The copy for the parser: the same however it is cut, and only as different as must be."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture.cleaner import Cleaner
from crawler.capture.heads import LONGEST_HEAD

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PADDED = b"5  \r\nhello\r\n0 \r\n\r\n"
PLAIN = b"5\r\nhello\r\n0\r\n\r\n"
HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


def fed(raw: bytes, cuts: list[int], *, has_body: bool = True) -> bytes:
    cleaner = Cleaner(has_body=has_body)
    edges = [0, *sorted(cut % (len(raw) + 1) for cut in cuts), len(raw)]
    return b"".join(cleaner.feed(raw[a:b]) for a, b in pairwise(edges))


PARTS = st.sampled_from([
    CHUNKED, PADDED, HINT, b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1  200 OK\r\n",
    b"http/1.1 103\n\n", b"A : 1\r\n", b" folded\r\n", b"Transfer-Encoding: identity\r\n",
    b"\r\n", b"\n", b"H", b"\0", b"5 ",
])  # fmt: skip


@given(st.lists(PARTS, max_size=8).map(b"".join), st.lists(st.integers(0, 500), max_size=12))
def test_segments_make_no_difference(raw: bytes, cuts: list[int]) -> None:
    assert fed(raw, cuts) == fed(raw, [])


@pytest.mark.parametrize(
    ("raw", "copy"),
    [
        (CHUNKED + PADDED, CHUNKED + PLAIN),
        (CHUNKED + PADDED + PADDED, CHUNKED + PLAIN + PADDED),
        (HINT + HINT + CHUNKED + PADDED, HINT + HINT + CHUNKED + PLAIN),
        (HINT.replace(b"\r\n", b"\n") + CHUNKED, HINT + CHUNKED),
        (CHUNKED.replace(b"200", b"204") + PADDED, CHUNKED.replace(b"200", b"204") + PADDED),
        (CHUNKED.replace(b"200", b"304") + PADDED, CHUNKED.replace(b"200", b"304") + PADDED),
        (CHUNKED.replace(b"chunked", b"identity") + PADDED, b"HTTP/1.1 200 OK\r\n\r\n" + PADDED),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n\r\n" + PADDED, b"HTTP/1.1 200 OK\r\nA: 1\r\n\r\n" + PADDED),
        (b"220 ftp ready\r\nA : 1\r\n\r\n", b"220 ftp ready\r\nA : 1\r\n\r\n"),
        (b"HTTP/1.1 OK\r\nA : 1\r\n\r\n", b"HTTP/1.1 OK\r\nA : 1\r\n\r\n"),
        (b"\r\nHTTP/1.1 200 OK\r\n\r\n", b"\r\nHTTP/1.1 200 OK\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nA: 1", b""),
        (b"", b""),
    ],
)
@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_only_what_must_differ_differs(raw: bytes, copy: bytes, step: int) -> None:
    assert fed(raw, list(range(0, len(raw), step))) == copy


def test_the_answer_to_a_head_request_has_no_body_to_rewrite() -> None:
    assert fed(CHUNKED + PADDED, [], has_body=False) == CHUNKED + PADDED


@pytest.mark.parametrize("endless", [b"x", b"A: 1\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
@pytest.mark.parametrize("step", [900, 70_000, LONGEST_HEAD * 3])
def test_a_head_without_an_end_is_not_hoarded(endless: bytes, step: int) -> None:
    raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
    raw = (raw if len(endless) < 20 else b"") + endless * (2 * LONGEST_HEAD // len(endless))
    cleaner = Cleaner()
    for at in range(0, len(raw), step):
        cleaner.feed(raw[at : at + step])
        assert len(cleaner._head) <= LONGEST_HEAD
    assert cleaner.is_endless


def test_a_head_of_just_that_length_is_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Long: %b\r\n\r\n"
    head %= b"x" * (LONGEST_HEAD + 2 - len(head))
    assert len(head) == LONGEST_HEAD
    for cuts in ([], [LONGEST_HEAD - 1], [1000, 200_000]):
        cleaner = Cleaner()
        assert fed(head, cuts) == head
        cleaner.feed(head)
        assert not cleaner.is_endless
