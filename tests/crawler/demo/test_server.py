import http.client
import random
import socket
import threading
from datetime import timedelta

import pytest

from archive.clock import SimulatedClock
from archive.errors import ArchiveError
from crawler.demo.newspaper import OPENS_AT, Newspaper
from crawler.demo.server import PortTaken, Server

BUDGET = "/harbour/2026/03/harbour-budget-one-vote"
HEAD = b"Host: harbour-gazette.example\r\n"


def raw(server: Server, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_connection_is_kept_for_the_next_request(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for path in ("/", BUDGET, "/nothing"):
        connection.request("GET", path, headers={"Host": "Harbour-Gazette.example:80"})
        assert connection.getresponse().read()
    assert [visit.status for visit in server.log] == [200, 200, 404]
    assert server.log[1] == (OPENS_AT, "Harbour-Gazette.example:80", BUDGET, 200)
    connection.close()


def test_only_get_and_head_are_allowed(ask) -> None:
    refused = ask("harbour-gazette", "/", "POST")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")
    head = ask("harbour-gazette", "/", "HEAD")
    assert head.body == b""
    assert int(head.headers["Content-Length"]) == len(ask("harbour-gazette", "/").body)


@pytest.mark.parametrize("garbage", [b"\x00\x01\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"])
def test_garbage_gets_400(server: Server, garbage: bytes) -> None:
    assert raw(server, garbage).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_an_old_client_gets_no_chunks(server: Server) -> None:
    answer = raw(server, b"GET / HTTP/1.0\r\nHost: faro-de-puntaclara.example\r\n\r\n")
    assert b"Content-Length:" in answer
    assert b"chunked" not in answer


def test_clients_that_vanish_are_no_trouble(server: Server, ask, capfd) -> None:
    for sent in (b"", b"GET /", b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n"):
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.sendall(sent)
        connection.close()
    assert ask("harbour-gazette", "/").status == 200
    assert capfd.readouterr().err == ""


def test_nothing_is_left_after_closing(paper: Newspaper) -> None:
    before = threading.active_count()
    with Server(paper) as server:
        idle = socket.create_connection(("127.0.0.1", server.port))
        raw(server, b"GET / HTTP/1.0\r\n" + HEAD + b"\r\n")
    assert threading.active_count() == before
    assert idle.recv(1) == b""
    idle.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port))


def test_a_taken_port_is_named(server: Server, paper: Newspaper) -> None:
    with pytest.raises(PortTaken, match=f"port {server.port} .* choose another") as caught:
        Server(paper, server.port).open()
    assert isinstance(caught.value, ArchiveError)
    assert isinstance(caught.value, OSError)
    assert caught.value.exit_code == 1


def test_the_answer_follows_the_clock(clock: SimulatedClock, ask) -> None:
    early = ask("harbour-gazette", BUDGET)
    clock.advance(timedelta(days=2))
    late = ask("harbour-gazette", BUDGET)
    assert early.headers["Date"] == "Mon, 02 Mar 2026 05:00:00 GMT"
    assert late.headers["Date"] == "Wed, 04 Mar 2026 05:00:00 GMT"
    assert early.body != late.body


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("harbour-gazette", "/feed.xml"),
        ("harbour-gazette", BUDGET),
        ("harian-contoh", "/sitemap-arsip.xml.gz"),
        ("ahrenwalder-bote", "/atom.xml"),
        ("foni-tis-alykis", "/nisi/"),
        ("faro-de-puntaclara", "/sitemap-noticias.xml"),
    ],
)
def test_a_conditional_request_gets_304_until_something_changes(
    clock: SimulatedClock, ask, host: str, path: str
) -> None:
    first = ask(host, path)
    marks = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}
    held = {marks[name]: first.headers[name] for name in marks if first.headers[name]}
    assert held
    assert ask(host, path, **held).status == 304
    clock.advance(timedelta(days=2))
    later = ask(host, path, **held)
    assert later.status == (304 if path == "/sitemap-arsip.xml.gz" else 200)


def test_steady_replies_depend_on_the_request_alone(clock: SimulatedClock) -> None:
    clock.advance(timedelta(days=2, hours=7.5))
    paper = Newspaper(clock)
    urls = [
        url.removeprefix("http://").partition("/") for url in sorted(paper.announced(clock.now()))
    ]
    requests = [
        f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n"
        f"Accept-Encoding: gzip, br, zstd\r\nConnection: close\r\n\r\n".encode()
        for host, _, path in urls
        if "pasar-ikan" not in path
    ]
    with Server(paper, steady=True) as server:
        first = {request: raw(server, request) for request in requests}
        clock.advance(timedelta(days=1))
        random.Random(1).shuffle(requests)
        assert {request: raw(server, request) for request in requests} == first
    assert not any(
        answer.startswith((b"HTTP/1.1 429", b"HTTP/1.1 503")) for answer in first.values()
    )
