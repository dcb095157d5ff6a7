"""The address that was judged is the one connected to, on every hop."""

import socket
from typing import Any

import pytest
from hostile import BEHAVIOURS, Line, Origin, answer
from scrapy import Request

from archive.digests import sha256
from archive.records import OutletId
from crawler.errand import Errand
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


# every way that leads somewhere


def test_a_resolver_that_changes_its_mind_is_asked_once_a_connection_and_gains_nothing(
    origin: Origin, recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ip, _, port = origin.address.rpartition(":")
    answers = iter([ip, "169.254.169.254", ip, "10.0.0.1", ip])
    asked: list[str] = []

    def getaddrinfo(host: Any, at: Any, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), at))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setitem(BEHAVIOURS, "robots.txt", BEHAVIOURS["until-closed"])
    monkeypatch.setitem(BEHAVIOURS, "plain", BEHAVIOURS["until-closed"])
    told = recorder.ask(
        *(f"http://rebinding.example:{port}/{name}" for name in ("plain", "until-closed", "plain"))
    )
    assert isinstance(told[0].error, AddressRefused)
    assert told[1].error is None
    assert isinstance(told[2].error, AddressRefused)
    assert [talk.path for talk in origin.talks] == ["/robots.txt", "/until-closed"]
    assert asked == ["rebinding.example"] * 4


@pytest.mark.parametrize("target", ["http://10.0.0.1/robots.txt", "//169.254.169.254/", "//[::1]/"])
def test_a_robots_txt_that_leads_there_is_refused_with_nothing_sent(
    origin: Origin, recorder: Any, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    def lead_astray(line: Line) -> None:
        line.say(answer(b"Location: " + target.encode() + b"\r\n", status=b"302 Found"))

    monkeypatch.setitem(BEHAVIOURS, "robots.txt", lead_astray)
    recorder.ask(URL)
    assert [talk.path for talk in origin.talks] == ["/robots.txt"]


@pytest.mark.parametrize("hops", ["", "L", "LE"], ids=["listing", "article", "requisite"])
def test_listings_articles_and_requisites_all_pass_the_guard(
    origin: Origin, recorder: Any, hops: str
) -> None:
    errand = Errand(
        outlet=OutletId("origin"), config_digest=sha256(b""), delay_seconds=0, hops=hops
    )
    with Origin() as other:
        request = Request(f"http://{other.address}/plain", meta={"errand": errand})
        (told,) = recorder.ask(request)
        assert isinstance(told.error, AddressRefused)
        assert other.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]",
        "169.254.169.254", "[fd00:ec2::254]", "100.64.0.1", "127.0.0.1.", "LOCALHOST",
    ],
)  # fmt: skip
def test_a_redirect_there_is_refused_before_a_proxy_hears_of_it(
    origin: Origin, recorder: Any, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    def lead_astray(line: Line) -> None:
        where = b"Location: http://" + host.encode() + b":8/x\r\n"
        line.say(answer(where, status=b"302 Found"))

    monkeypatch.setitem(BEHAVIOURS, "astray", lead_astray)
    (told,) = recorder.ask("http://origin.example/astray", proxy=f"http://{origin.address}")
    assert isinstance(told.error, AddressRefused)
    assert [talk.path for talk in origin.talks] == ["/robots.txt", "/astray"]


def test_a_name_is_left_to_the_proxy(origin: Origin, recorder: Any, asked_dns: list[str]) -> None:
    (told,) = recorder.ask("http://intranet.example/plain", proxy=f"http://{origin.address}")
    assert told.error is None
    assert "intranet.example" not in asked_dns
