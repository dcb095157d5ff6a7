"""A newspaper on a socket, and a client that asks it under any host name."""

import http.client
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from archive.clock import SimulatedClock
from crawler.demo.newspaper import OPENS_AT, Newspaper
from crawler.demo.server import Server


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


Ask = Callable[..., Answer]


def asking(server: Server) -> Ask:
    def ask(host: str, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if host:
            named["Host"] = f"{host}.example"
        try:
            connection.request(method, path, headers=named)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    return ask


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(OPENS_AT)


@pytest.fixture
def paper(clock: SimulatedClock) -> Newspaper:
    return Newspaper(clock)


@pytest.fixture
def server(paper: Newspaper) -> Iterator[Server]:
    with Server(paper) as opened:
        yield opened


@pytest.fixture
def ask(server: Server) -> Ask:
    return asking(server)
