"""The address that was judged is the one connected to, on every hop."""

import socket
from typing import Any

import pytest
from hostile import BEHAVIOURS, Line, Origin, answer

from crawler.manners.guard import AddressRefused, Guard

URL = "http://origin.example/plain"


@pytest.fixture
def asked_dns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that anybody asks DNS for; literal addresses pass."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not name.replace(".", "").isdigit():
            asked.append(name)
        return real(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_nobody_asks_dns_again_after_the_guard(
    origin: Origin, recorder: Any, asked_dns: list[str]
) -> None:
    (told,) = recorder.ask(URL)
    assert told.error is None
    assert "origin.example" not in asked_dns


def test_a_name_that_turns_private_between_two_questions_is_not_connected_to(
    origin: Origin, recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    async def lookup(self: Guard, host: str, port: int) -> list[tuple[str, int]]:
        judged.append(host)
        ip, _, to = origin.address.rpartition(":")
        # robots.txt is answered from the allowed address, the page would be from another
        return [(ip, int(to))] if len(judged) == 1 else [("127.0.0.2", int(to))]

    monkeypatch.setattr(Guard, "_lookup", lookup)
    monkeypatch.setitem(BEHAVIOURS, "robots.txt", BEHAVIOURS["until-closed"])
    (told,) = recorder.ask(URL)
    assert isinstance(told.error, AddressRefused)
    assert judged == ["origin.example"] * 2
    assert [talk.path for talk in origin.talks] == ["/robots.txt"]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://127.1:1/",
        "http://2130706433:1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:1/",
        "http://10.0.0.1/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused_with_nothing_sent(
    origin: Origin, recorder: Any, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    def lead_astray(line: Line) -> None:
        line.say(answer(b"Location: " + target.encode() + b"\r\n", status=b"302 Found"))

    monkeypatch.setitem(BEHAVIOURS, "astray", lead_astray)
    (told,) = recorder.ask("http://origin.example/astray")
    assert isinstance(told.error, AddressRefused)
    with recorder.archive.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT file, error FROM capture WHERE url NOT LIKE 'http://origin.example/%'"
        ).all()
    assert [file for file, _ in rows] == [None]
    assert "AddressRefused" in rows[0][1]


def test_a_port_of_an_allowed_address_that_is_not_allowed_is_refused(
    origin: Origin, recorder: Any
) -> None:
    with Origin() as other:
        (told,) = recorder.ask(f"http://{other.address}/plain")
    assert isinstance(told.error, AddressRefused)
    assert other.connections == 0


def test_the_next_address_is_tried_when_the_first_does_not_answer(
    origin: Origin, recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lookup(self: Guard, host: str, port: int) -> list[tuple[str, int]]:
        ip, _, to = origin.address.rpartition(":")
        return [(ip, 1), (ip, int(to))]

    monkeypatch.setattr(Guard, "_lookup", lookup)
    monkeypatch.setattr(Guard, "may_connect", lambda *_: True)
    (told,) = recorder.ask(URL)
    assert told.error is None
