"""What may be kept as "the same as before", and how that is said."""

import pytest
from support.archives import NOW, PAGE, exchange, response, url

from archive.digests import sha256
from archive.records import CaptureId
from archive.warc.answer import answer_of
from archive.warc.revisit import (
    IDENTICAL,
    NOT_MODIFIED,
    Original,
    may_be_unmodified,
    may_repeat,
    revisit,
    validators,
)

ORIGINAL = Original(
    id=CaptureId("r:6283abc3-c93d-4a29-a00c-8b2984075af8"),
    url=url("/first"),
    captured_at=NOW,
    payload_digest=sha256(PAGE),
)
UNMODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'


def test_the_head_is_kept_byte_for_byte_and_the_payload_is_referred_to():
    one = exchange(response=response(PAGE, b"x-ODD:  caf\xe9 ", b"no colon"))
    record = revisit(one, answer_of(one), ORIGINAL, [("WARC-Target-URI", one.url)])
    said = dict(record.fields)
    assert record.block + PAGE == one.response
    assert said["WARC-Profile"] == IDENTICAL
    assert said["WARC-Refers-To"] == "<urn:uuid:6283abc3-c93d-4a29-a00c-8b2984075af8>"
    assert said["WARC-Refers-To-Target-URI"] == url("/first")
    assert said["WARC-Refers-To-Date"] == "2026-03-02T06:00:00.000000Z"
    assert said["WARC-Payload-Digest"] == sha256(PAGE)
    assert said["WARC-Truncated"] == "length"


def test_a_304_has_no_block_and_the_digest_of_what_it_confirms():
    one = exchange(response=UNMODIFIED)
    record = revisit(one, answer_of(one), ORIGINAL, [])
    said = dict(record.fields)
    assert record.block == b""
    assert said["WARC-Profile"] == NOT_MODIFIED
    assert said["WARC-Payload-Digest"] == sha256(PAGE)
    assert "WARC-Truncated" not in said


@pytest.mark.parametrize(
    "raw",
    [
        response(b""),
        response(PAGE, status=b"404 Not Found"),
        response(PAGE, status=b"206 Partial Content"),
        response(PAGE, b"Content-Length: 99999"),
        response(b"4\r\npage", b"Transfer-Encoding: chunked"),
        response(PAGE).replace(b"\r\n", b"\n"),
        b"\x00\x01 nothing of HTTP",
    ],
)
def test_what_is_no_whole_200_is_never_a_revisit(raw):
    one = exchange(response=raw)
    assert not may_repeat(one, answer_of(one))


def test_a_cut_answer_and_an_answer_to_another_method_are_never_a_revisit():
    cut, posted = exchange(truncated="disconnect"), exchange(method="POST")
    assert may_repeat(exchange(), answer_of(exchange()))
    assert not may_repeat(cut, answer_of(cut))
    assert not may_repeat(posted, answer_of(posted))


def test_a_304_that_brings_a_body_is_kept_as_it_came():
    plain, odd = exchange(response=UNMODIFIED), exchange(response=UNMODIFIED + b"body")
    assert may_be_unmodified(plain, answer_of(plain))
    assert not may_be_unmodified(odd, answer_of(odd))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (b"", (None, None)),
        (b'If-None-Match: W/"a b"\r\n', ('W/"a b"', None)),
        (b"if-modified-since:  Mon, 02 Mar 2026 06:00:00 GMT \r\n",
         (None, "Mon, 02 Mar 2026 06:00:00 GMT")),
        (b'X-If-None-Match: "1"\r\n', (None, None)),
    ],
)  # fmt: skip
def test_the_validators_are_read_from_the_request_as_sent(lines, said):
    sent = b"GET / HTTP/1.1\r\n" + lines + b"Host: a\r\n\r\n" + b'If-None-Match: "body"'
    assert validators(exchange(request=sent)) == said
