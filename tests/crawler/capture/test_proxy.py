"""Through a proxy: the bytes are kept as sent to it, and its address is no evidence."""

from typing import Any

import pytest
from hostile import ConnectProxy, Origin
from scrapy import Request

from crawler.manners.guard import AddressRefused

URL = "http://origin.example/plain"


def test_a_request_through_a_proxy_is_kept_in_its_absolute_form(
    origin: Origin, recorder: Any
) -> None:
    (told,) = recorder.ask(URL, proxy=f"http://{origin.address}")
    kept, talk = recorder.of(URL), origin.last("/plain")
    assert told.error is None
    assert kept["request"].block == talk.read
    assert kept["request"].block.startswith(b"GET http://origin.example/plain HTTP/1.1\r\n")
    assert kept["response"].block == bytes(talk.wrote)
    assert kept["response"].get("WARC-IP-Address") is None


def test_the_password_of_a_proxy_is_sent_and_not_kept(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL, proxy=f"http://user:secret@{origin.address}")
    kept = recorder.of(URL)
    assert b"\r\nProxy-Authorization: Basic " in origin.last("/plain").read
    assert b"\r\nProxy-Authorization: REDACTED\r\n" in kept["request"].block
    assert all(b"secret" not in record.block for record in recorder.records())


def test_robots_is_asked_for_through_the_proxy_too(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL, proxy=f"http://{origin.address}")
    assert [talk.path for talk in origin.talks] == ["/robots.txt", "/plain"]
    assert all(talk.read.startswith(b"GET http://origin.example/") for talk in origin.talks)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "localhost", "[::1]", "169.254.169.254"])
def test_a_private_address_is_refused_although_a_proxy_would_ask(
    origin: Origin, recorder: Any, host: str
) -> None:
    request = Request(f"http://{host}/plain")
    (told,) = recorder.ask(request, proxy=f"http://{origin.address}")
    assert isinstance(told.error, AddressRefused)
    assert all(host not in talk.read.decode() for talk in origin.talks)


@pytest.mark.usefixtures("trusted")
def test_an_exchange_through_a_tunnel_is_kept_above_the_cipher(
    tls_origin: Origin, tls_recorder: Any
) -> None:
    url = "https://tls.example/plain"
    with ConnectProxy(tls_origin.address) as proxy:
        (told,) = tls_recorder.ask(url, proxy=f"http://user:secret@{proxy.address}")
    kept, talk = tls_recorder.of(url), tls_origin.last("/plain")
    assert told.error is None
    assert proxy.talks[0].path == "tls.example:443"
    assert b"Proxy-Authorization: Basic " in proxy.talks[0].read
    assert kept["request"].block == talk.read
    assert b"Proxy-Authorization" not in talk.read
    assert kept["response"].block == bytes(talk.wrote)
    assert kept["response"].all("WARC-Protocol") == ["http/1.1", "tls/1.3"]
    assert kept["response"].get("WARC-Cipher-Suite")
    assert kept["response"].get("WARC-IP-Address") is None


@pytest.mark.usefixtures("trusted")
def test_a_tunnel_that_is_refused_is_a_failure_with_nothing_sent(
    tls_origin: Origin, tls_recorder: Any
) -> None:
    with ConnectProxy(tls_origin.address, refuses=True) as proxy:
        (told,) = tls_recorder.ask("https://tls.example/plain", proxy=f"http://{proxy.address}")
    assert told.response is None
    assert tls_origin.talks == []
    assert tls_recorder.records() == []


def test_an_untrusted_certificate_is_refused_in_a_tunnel_too(
    tls_origin: Origin, tls_recorder: Any
) -> None:
    with ConnectProxy(tls_origin.address) as proxy:
        (told,) = tls_recorder.ask("https://tls.example/plain", proxy=f"http://{proxy.address}")
    assert told.response is None
    assert tls_origin.talks == []
    assert tls_recorder.records() == []
