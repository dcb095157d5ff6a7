from io import BytesIO

import pytest

from crawler.demo.incoming import BadRequest, read_request


def test_a_request_is_read_with_its_headers_in_lower_case() -> None:
    stream = BytesIO(
        b"\r\nGET /a?b HTTP/1.1\r\nHost: X.example:80\r\nAccept: a\r\nAccept: b\r\n\r\n"
    )
    incoming = read_request(stream)
    assert incoming
    assert (incoming.request.host, incoming.request.path) == ("X.example:80", "/a?b")
    assert incoming.request.headers["accept"] == "a, b"
    assert incoming.keeps_alive
    assert read_request(stream) is None


def test_an_absolute_target_names_the_host() -> None:
    incoming = read_request(BytesIO(b"GET http://x.example/a HTTP/1.1\r\nHost: y\r\n\r\n"))
    assert incoming
    assert (incoming.request.host, incoming.request.path) == ("x.example", "/a")


@pytest.mark.parametrize(
    ("version", "connection", "keeps_alive"),
    [("1.1", "close", False), ("1.0", "close", False), ("1.0", "keep-alive", True)],
)
def test_who_wants_to_stay_may(version: str, connection: str, keeps_alive: bool) -> None:  # noqa: FBT001
    head = f"GET / HTTP/{version}\r\nHost: x\r\nConnection: {connection}\r\n\r\n"
    incoming = read_request(BytesIO(head.encode()))
    assert incoming
    assert incoming.keeps_alive is keeps_alive
    assert incoming.knows_chunks is (version == "1.1")


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        b"GET /\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: <b>\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET a HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: no\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ],
)
def test_garbage_is_refused(garbage: bytes) -> None:
    with pytest.raises(BadRequest):
        read_request(BytesIO(garbage))
