"""What was recorded is what crossed the socket, for every way in which an origin may answer."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from endings import COMPLETE, CUT, ELSEWHERE, RESCUED, SILENT
from hostile import BEHAVIOURS, PAGE, Origin
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, ResponseDataLossError
from warcio.archiveiterator import ArchiveIterator

from archive.records import Url
from crawler.capture import wire
from crawler.capture.wire import part_interim, redact

URL = "http://origin.example/"


def test_every_behaviour_has_its_test() -> None:
    assert set(BEHAVIOURS) == {*COMPLETE, *RESCUED, *CUT, *SILENT, *ELSEWHERE}
    assert len(BEHAVIOURS) >= 40


@pytest.mark.parametrize("name", [*COMPLETE, *RESCUED])
def test_a_complete_exchange_is_kept_byte_for_byte(
    origin: Origin, recorder: Any, name: str
) -> None:
    (told,) = recorder.ask(URL + name)
    talk = origin.last(f"/{name}")
    kept = recorder.of(URL + name)
    assert told.error is None
    assert kept["request"].block == talk.read
    assert kept["response"].block == bytes(talk.wrote)
    assert kept["response"].get("WARC-Truncated") is None
    assert "fetchError" not in kept["metadata"].fields


@pytest.mark.parametrize("name", RESCUED)
def test_what_browsers_read_reaches_the_spider_whole(
    origin: Origin, recorder: Any, name: str
) -> None:
    (told,) = recorder.ask(URL + name)
    assert told.response.status == 200
    assert told.response.body == RESCUED[name]
    assert recorder.archive.fetch(told.capture.id).entity == RESCUED[name]


@pytest.mark.parametrize("name", CUT)
def test_an_exchange_cut_off_is_kept_as_far_as_it_came_and_said_to_be_cut(
    origin: Origin, recorder: Any, name: str
) -> None:
    truncated, error = CUT[name]
    (told,) = recorder.ask(URL + name, DOWNLOAD_TIMEOUT=1.0)
    talk = origin.last(f"/{name}")
    kept = recorder.of(URL + name)
    assert isinstance(told.error, error)
    assert kept["request"].block == talk.read
    assert kept["response"].block == bytes(talk.wrote)
    assert kept["response"].get("WARC-Truncated") == truncated
    assert kept["metadata"].fields["fetchError"].startswith(error.__name__)
    assert told.capture.truncated == truncated


@pytest.mark.parametrize("name", SILENT)
def test_a_request_that_is_never_answered_is_a_request_record(
    origin: Origin, recorder: Any, name: str
) -> None:
    (told,) = recorder.ask(URL + name, DOWNLOAD_TIMEOUT=1.0)
    kept = recorder.of(URL + name)
    assert isinstance(told.error, SILENT[name])
    assert set(kept) == {"request", "metadata"}
    assert kept["request"].block == origin.last(f"/{name}").read
    assert kept["metadata"].fields["fetchError"]
    assert told.capture.status is None
    assert told.capture.truncated is None


@pytest.mark.parametrize("name", ["huge", "huge-and-endless"])
def test_a_body_over_the_limit_is_kept_up_to_where_it_was_cut(
    origin: Origin, recorder: Any, name: str
) -> None:
    (told,) = recorder.ask(URL + name, DOWNLOAD_MAXSIZE=100_000)
    kept = recorder.of(URL + name)["response"]
    assert isinstance(told.error, DownloadCancelledError)
    assert kept.block.startswith(b"HTTP/1.1 200 OK\r\n")
    assert bytes(origin.last(f"/{name}").wrote).startswith(kept.block) or name == "huge"
    assert len(kept.block) < 400_000
    assert kept.get("WARC-Truncated") == "length"


@pytest.mark.parametrize(
    ("name", "error", "reason", "most"),
    [
        ("endless-head", DownloadFailedError, "no end of the head", 400_000),
        ("endless-trailers", ResponseDataLossError, "", 200_000),
        ("framing-without-end", ResponseDataLossError, "", 1_200_000),
    ],
)
def test_what_has_no_end_is_not_read_for_ever(
    origin: Origin,
    recorder: Any,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: type[Exception],
    reason: str,
    most: int,
) -> None:
    monkeypatch.setattr(wire, "MOST_RECEIVED", 1_000_000)
    (told,) = recorder.ask(URL + name)
    kept = recorder.of(URL + name)
    assert isinstance(told.error, error)
    assert kept["metadata"].fields["fetchError"].startswith(error.__name__)
    assert reason in kept["metadata"].fields["fetchError"]
    assert kept["response"].block.startswith(b"HTTP/1.1 200 OK\r\n")
    assert bytes(origin.last(f"/{name}").wrote).startswith(kept["response"].block)
    assert len(kept["response"].block) < most
    assert kept["response"].get("WARC-Truncated")


def test_a_hint_before_the_answer_is_kept_apart(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL + "interim")
    kept = recorder.of(URL + "interim")
    wrote = bytes(origin.last("/interim").wrote)
    assert kept["response"].block == wrote[wrote.index(b"HTTP/1.1 200") :]
    assert kept["metadata"].fields["interimResponses"]


def test_a_hint_in_pieces_is_kept_apart_too(origin: Origin, recorder: Any) -> None:
    (told,) = recorder.ask(URL + "interim-in-pieces")
    kept = recorder.of(URL + "interim-in-pieces")
    wrote = bytes(origin.last("/interim-in-pieces").wrote)
    hint, block = wrote[: wrote.index(b"HTTP/1.1 200")], wrote[wrote.index(b"HTTP/1.1 200") :]
    assert kept["response"].block == block
    assert kept["metadata"].fields["interimResponses"] == base64.b64encode(hint).decode()
    assert told.response.body == b"short"


def test_two_hints_are_kept_both(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL + "two-interims-at-once")
    kept = recorder.of(URL + "two-interims-at-once")
    wrote = bytes(origin.last("/two-interims-at-once").wrote)
    assert kept["response"].block == wrote[wrote.index(b"HTTP/1.1 200") :]
    assert kept["metadata"].block.count(b"interimResponses:") == 2


def test_each_hop_of_a_redirect_is_an_exchange_of_its_own(origin: Origin, recorder: Any) -> None:
    (told,) = recorder.ask(URL + "redirect")
    first, second = recorder.of(URL + "redirect"), recorder.of(URL + "plain")
    assert first["response"].block == bytes(origin.last("/redirect").wrote)
    assert second["response"].block == bytes(origin.last("/plain").wrote)
    assert second["metadata"].fields["via"] == URL + "redirect"
    assert second["metadata"].fields["hopsFromSeed"] == "R"
    assert b"Referer" not in origin.last("/plain").read
    assert told.response.url == URL + "plain"


def test_what_comes_after_the_end_is_no_part_of_the_answer(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL + "too-much")
    wrote = bytes(origin.last("/too-much").wrote)
    kept = recorder.of(URL + "too-much")["response"]
    assert kept.block == wrote[: wrote.rindex(b"HTTP/1.1 200")]


def test_two_requests_on_one_connection_are_two_exchanges(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL + "plain", URL + "chunks", URL + "gzip-body")
    for name in ("plain", "chunks", "gzip-body"):
        kept, talk = recorder.of(URL + name), origin.last(f"/{name}")
        assert kept["request"].block == talk.read
        assert kept["response"].block == bytes(talk.wrote)
    assert {talk.connection for talk in origin.talks} == {0}


def test_a_request_sent_again_by_twisted_is_kept_once_as_answered(
    origin: Origin, recorder: Any
) -> None:
    (told,) = recorder.ask(URL + "stale")
    kept, talks = recorder.of(URL + "stale"), [t for t in origin.talks if t.path == "/stale"]
    assert told.error is None
    assert len(talks) == 2
    assert kept["request"].block == talks[1].read
    assert kept["response"].block == bytes(talks[1].wrote)
    assert kept["metadata"].fields["connectionAttempts"] == "2"


# secrets


def test_secrets_are_sent_and_not_kept(origin: Origin, recorder: Any) -> None:
    secrets = {
        "Authorization": "Basic c2VjcmV0",
        "cookie": "session=secret; other=1",
        "X-Api-Key": "secret",
    }
    recorder.ask(URL + "plain", headers=secrets)
    kept = recorder.of(URL + "plain")
    read = origin.last("/plain").read
    assert b"c2VjcmV0" in read
    assert b"session=secret" in read
    assert b"ecret" not in kept["request"].block
    assert b"c2VjcmV0" not in kept["request"].block
    named = set(kept["metadata"].fields["redacted"].split(", "))
    assert named == {"authorization", "cookie", "x-api-key"}


def test_all_but_the_secret_is_kept(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL + "plain", headers={"Authorization": "Basic c2VjcmV0"})
    read = origin.last("/plain").read
    assert recorder.of(URL + "plain")["request"].block == read.replace(
        b"Basic c2VjcmV0", b"REDACTED"
    )


@pytest.mark.parametrize(
    ("request_", "redacted"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", ()),
        (b"GET / HTTP/1.1\r\nCookie: a\r\nCOOKIE:b\r\n\r\n", ("cookie", "cookie")),
        (b"GET / HTTP/1.1\r\nX-Cookie: a\r\n\r\n", ()),
        (b"GET / HTTP/1.1\r\nA: 1\r\nProxy-Authorization: x\r\n\r\n", ("proxy-authorization",)),
        (b"POST / HTTP/1.1\r\nA: 1\r\n\r\nCookie: in a body", ()),
        (b"", ()),
    ],
)
def test_redaction_knows_headers_from_bodies(request_: bytes, redacted: tuple[str, ...]) -> None:
    cleaned, names = redact(request_)
    assert names == redacted
    if not names:
        assert cleaned == request_
    else:
        assert cleaned.count(b": REDACTED\r\n") == len(names)
        assert cleaned.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("received", "heads"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", 0),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 1),
        (b"HTTP/1.1 103 Early\nLink: a\n\nHTTP/1.1 200 OK\r\n\r\n", 1),
        (b"http/1.1  103\r\n\r\nHTTP/1.1 102\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 2),
        (b"HTTP/1.1 1030 Odd\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 0),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\nwhatever", 0),
        (b"HTTP/1.1 103 Early\r\nLink: a", 0),
        (b"", 0),
    ],
)
def test_interim_heads_are_parted_from_the_answer(received: bytes, heads: int) -> None:
    interim, rest = part_interim(received)
    assert len(interim) == heads
    assert b"".join(interim) + rest == received


# read back by others


def test_warcio_reads_the_answer_that_was_given(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL + "chunks", URL + "gzip-body", URL + "plain")
    recorder.archive.close()
    (path,) = recorder.archive.warc_directory.iterdir()
    with path.open("rb") as stream:
        bodies = {
            record.rec_headers.get_header("WARC-Target-URI"): record.content_stream().read()
            for record in ArchiveIterator(stream)
            if record.rec_type == "response"
        }
    assert bodies == {URL + name: PAGE for name in ("gzip-body", "plain", "chunks")} | {
        URL + "robots.txt": b"Nothing here."
    }


def test_an_exchange_names_its_peer_its_protocol_and_its_reason(
    origin: Origin, recorder: Any
) -> None:
    recorder.ask(URL + "plain")
    kept = recorder.of(URL + "plain")
    assert kept["response"].get("WARC-IP-Address") == "127.0.0.1"
    assert kept["response"].all("WARC-Protocol") == ["http/1.1"]
    assert kept["request"].get("WARC-Concurrent-To") == kept["response"].get("WARC-Record-ID")
    assert kept["request"].get("WARC-Date") == kept["response"].get("WARC-Date")
    assert kept["metadata"].fields["outlet"] == "origin"


def test_the_request_says_who_asks_and_accepts_what_can_be_read(
    origin: Origin, recorder: Any
) -> None:
    recorder.ask(URL + "plain")
    read = origin.last("/plain").read
    assert read.startswith(b"GET /plain HTTP/1.1\r\n")
    assert b"\r\nUser-Agent: kliping/" in read
    assert b"me@library.example" in read
    assert b"\r\nFrom: me@library.example\r\n" in read
    assert b"\r\nHost: origin.example\r\n" in read
    for absent in (b"Cookie", b"Referer"):
        assert absent not in read


def test_the_response_reads_back_by_its_capture(origin: Origin, recorder: Any) -> None:
    (told,) = recorder.ask(URL + "chunks")
    reply = recorder.archive.fetch(told.capture.id)
    assert reply.entity == PAGE
    assert reply.message.head + reply.message.body == bytes(origin.last("/chunks").wrote)


def test_what_was_received_is_let_go_of_once_it_was_taken() -> None:
    one = wire.Wire(now=lambda: datetime.now(UTC))
    one.begin()
    one.received += b"HTTP/1.1 200 OK\r\n\r\nbody"
    assert one.exchange(Url(URL)).response.endswith(b"body")
    assert not one.received
