"""What became of a request is told by the records of its exchange, in one order."""

import base64

import pytest
from support.archives import FEED, NOW, discovery, exchange, provenance, request, response, url

from archive.digests import sha256
from archive.records import Moment
from archive.warc.exchange import Group, group
from archive.warc.members import Record

CHUNKED = b"Transfer-Encoding: chunked"


def fields(record: Record) -> dict[str, str]:
    return dict(record.fields)


def said(found: Group) -> dict[str, str]:
    """What the metadata record says."""
    lines = found.records[-1].block.decode().removesuffix("\r\n").split("\r\n")
    return dict(line.split(": ", 1) for line in lines)


def test_an_answer_is_response_request_and_metadata_in_this_order():
    found = group(exchange(), provenance())
    assert [record.type for record in found.records] == ["response", "request", "metadata"]
    assert [record.content_type for record in found.records] == [
        "application/http; msgtype=response",
        "application/http; msgtype=request",
        "application/warc-fields",
    ]


def test_the_blocks_are_what_crossed_the_socket():
    raw = response(b"\x00\xff", b"x-odd:  caf\xe9 ", b"no colon")
    found = group(exchange(response=raw), provenance())
    assert (found.records[0].block, found.records[1].block) == (raw, request())


def test_the_others_are_tied_to_the_response_and_all_name_the_target():
    response_record, *others = group(exchange(), provenance()).records
    assert "WARC-Concurrent-To" not in fields(response_record)
    assert {fields(one)["WARC-Concurrent-To"] for one in others} == {response_record.urn}
    assert {fields(one)["WARC-Target-URI"] for one in (response_record, *others)} == {url()}
    assert {one.at for one in (response_record, *others)} == {NOW}


@pytest.mark.parametrize(
    ("header", "is_light"),
    [
        (b"Content-Encoding: br", True),
        (b"Content-Type: image/JPEG; q=1", True),
        (b"Content-Type: font/woff2", True),
        (b"Content-Type: image/svg+xml", False),
        (b"Content-Type: text/html", False),
        (b"Server: x", False),
    ],
)
def test_what_says_it_is_packed_is_packed_lightly(header, is_light):
    found = group(exchange(response=response(b"body", header)), provenance())
    assert found.records[0].is_light is is_light


def test_the_wire_is_described_on_the_response():
    one = exchange(protocols=("http/1.1", "tls/1.3"), cipher="TLS_AES_128_GCM_SHA256")
    record = group(one, provenance()).records[0]
    assert [pair for pair in record.fields if pair[0] != "WARC-Payload-Digest"][1:] == [
        ("WARC-IP-Address", "203.0.113.7"),
        ("WARC-Protocol", "http/1.1"),
        ("WARC-Protocol", "tls/1.3"),
        ("WARC-Cipher-Suite", "TLS_AES_128_GCM_SHA256"),
    ]


def test_a_request_without_an_answer_is_kept_with_the_reason():
    found = group(exchange(response=b"", error="timed out"), provenance())
    assert [record.type for record in found.records] == ["request", "metadata"]
    assert fields(found.records[1])["WARC-Concurrent-To"] == found.records[0].urn
    assert said(found)["fetchError"] == "timed out"
    assert found.answer is None


def test_nothing_sent_is_no_record():
    found = group(exchange(request=b"", response=b"", error="no such name"), provenance())
    assert found.records == ()


def test_the_metadata_say_why_it_was_asked():
    why = provenance(discovery=discovery(title="Harbour", published=Moment(at=NOW)))
    assert said(group(exchange(), why)) == {
        "via": FEED,
        "hopsFromSeed": "L",
        "outlet": "lantern",
        "outlet-config": str(why.config_digest),
        "run": "run-1",
        "sighted-in": FEED,
        "sighted-as": "feed",
        "sighted-title": "Harbour",
        "sighted-published": "2026-03-02T06:00:00+00:00",
    }


def test_what_was_redacted_is_named_and_nothing_of_it_said():
    found = group(exchange(redacted=("Cookie", "Authorization")), provenance())
    assert said(found)["redacted"] == "Cookie, Authorization"


def test_interim_answers_are_kept_in_the_metadata():
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    found = group(exchange(interim=(hints,)), provenance())
    assert base64.b64decode(said(found)["interimResponses"]) == hints


def test_a_hostile_title_cannot_add_a_line_to_the_metadata():
    why = provenance(discovery=discovery(title="x\r\nfetchError: none"))
    assert "fetchError" not in said(group(exchange(), why))


@pytest.mark.parametrize(
    ("raw", "entity"),
    [
        (response(b"page"), b"page"),
        (response(b"4\r\npage\r\n0\r\n\r\n", CHUNKED), b"page"),
        (response(b"2;x=y\r\npa\r\n2\r\nge\r\n0\r\nT: 1\r\n\r\n", CHUNKED), b"page"),
        (response(b"\x1f\x8bpacked", b"Content-Encoding: gzip"), b"\x1f\x8bpacked"),
        (response(b"pagejunk", b"Content-Length: 4"), b"page"),
        (response(b""), b""),
    ],
)
def test_the_payload_digest_is_over_the_entity_without_its_chunks(raw, entity):
    found = group(exchange(response=raw), provenance())
    assert found.answer.payload_digest == sha256(entity)
    assert fields(found.records[0])["WARC-Payload-Digest"] == sha256(entity)
    assert found.answer.payload_bytes == len(entity)


def test_a_chunked_body_that_was_cut_has_no_payload_digest():
    raw = response(b"9\r\npage", CHUNKED)
    found = group(exchange(response=raw, truncated="disconnect"), provenance())
    assert found.answer.payload_digest is None
    assert "WARC-Payload-Digest" not in fields(found.records[0])
    assert fields(found.records[0])["WARC-Truncated"] == "disconnect"


def test_retries_of_the_connection_and_the_certificate_are_told():
    one = exchange(attempts=3, certificate_digest=sha256(b"der"))
    found = said(group(one, provenance()))
    assert (found["connectionAttempts"], found["tlsPeerCertSha256"]) == ("3", sha256(b"der"))
