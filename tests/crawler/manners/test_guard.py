"""The address guard: what is public, what is allowed, and that nothing else is connected to."""

import asyncio
import socket
from typing import Any

import pytest

from crawler.manners.guard import AddressRefused, Guard, is_public

PRIVATE = (
    "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.1.2.3",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.2.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "192.0.0.192", "192.88.99.1", "168.63.129.16", "100.100.100.200",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2002:a00:1::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0",
    "ff02::1", "2001:db8::1", "100::1", "fd00:ec2::254", "fec0::1", "::7f00:1", "::a00:1",
    "64:ff9b:1::7f00:1", "64:ff9b::a9fe:a9fe", "::ffff:0:7f00:1", "2001:0:7f00:1::1", "3fff::1",
    "5f00::1", "4000::1", "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1",
    "::ffff:169.254.169.254", "2002:a9fe:a9fe::1",
)  # fmt: skip
PUBLIC = (
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.128.0.1",
    "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    "2a00:1450::5efe:808:808", "192.0.1.1", "192.88.98.1",
)  # fmt: skip
WRITTEN = (
    "127.0.0.1", "127.1", "127.0.1", "0x7f000001", "0x7f.1", "0177.0.0.1", "2130706433", "0",
    "localhost", "LOCALHOST", "localhost.", "sub.localhost", "[::1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "10.0.0.1", "169.254.169.254", "0xa9fea9fe",
    "192.168.0.1", "[fc00::1]", "[fe80::1]", "224.0.0.1", "0.0.0.0", "0x7F.0.0.1", "017700000001",
    "127.0.0.1.", "ip6-localhost", "localhost.localdomain", "\uff11\uff12\uff17.0.0.1",
    "127\u30020\u30020\u30021", "\u2460\u2461\u2466.0.0.1", "[fe80::1%25eth0]", "[fe80::1%eth0]",
    "%31%32%37.0.0.1", "[fd00:ec2::254]", "168.63.129.16", "someone@127.0.0.1",
    "paper.example@127.0.0.1", "paper.example:80@10.0.0.1",
)  # fmt: skip


@pytest.mark.parametrize("ip", PRIVATE)
def test_an_address_of_a_private_network_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_an_address_of_the_internet_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("host", WRITTEN)
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(AddressRefused, match="not on the public internet"):
        Guard().check_literal(f"http://{host}/path")


@pytest.mark.parametrize("host", ["paper.example", "8.8.8.8", "[2606:4700::1111]", "1.example"])
def test_a_name_or_a_public_address_passes_to_a_proxy(host: str) -> None:
    Guard().check_literal(f"https://{host}/path")


@pytest.mark.parametrize("host", WRITTEN)
def test_no_way_to_write_an_address_gets_past_the_resolver(host: str) -> None:
    try:
        found = asyncio.run(Guard().addresses(host.rpartition("@")[2].strip("[]"), 80))
    except (AddressRefused, OSError, UnicodeError):
        return
    pytest.fail(f"{host} leads to {found}")


# what is allowed


def test_a_pair_that_is_allowed_may_be_asked_on_that_port_alone() -> None:
    guard = Guard(allow=["127.0.0.1:8642", "[::1]:80"])
    assert guard.may_connect("127.0.0.1", 8642)
    assert guard.may_connect("::1", 80)
    assert not guard.may_connect("127.0.0.1", 8643)
    assert not guard.may_connect("127.0.0.2", 8642)
    assert not guard.may_connect("::1", 8642)


def test_a_refusal_says_how_to_allow_it() -> None:
    with pytest.raises(AddressRefused, match=r'add "127.0.0.1:8642" to \[guard\] allow'):
        asyncio.run(Guard().addresses("127.0.0.1", 8642))


def test_nobody_is_told_how_to_open_the_address_of_a_clouds_keys() -> None:
    with pytest.raises(AddressRefused, match=r"^169\.254\.169\.254 is not on the public internet$"):
        asyncio.run(Guard().addresses("169.254.169.254", 80))


def test_a_host_may_be_answered_here_and_is_judged_all_the_same() -> None:
    named = {"paper.example": "127.0.0.1:8642", "six.example": "[::1]:80"}
    guard = Guard(allow=["127.0.0.1:8642"], resolve=named)
    assert asyncio.run(guard.addresses("paper.example", 80)) == [("127.0.0.1", 8642)]
    assert asyncio.run(guard.addresses("PAPER.example", 443)) == [("127.0.0.1", 8642)]
    with pytest.raises(AddressRefused):
        asyncio.run(guard.addresses("six.example", 80))


# the resolver


def answering(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> list[str]:
    """Have DNS answer with these addresses, a list for each question; gives the questions."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        addresses = rounds[min(len(asked), len(rounds)) - 1]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(0, 0, 0, "", (ip, port)) for ip in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_of_several_addresses_only_the_public_ones_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, ["10.0.0.1", "8.8.8.8", "::1", "2606:4700::1111"])
    found = asyncio.run(Guard().addresses("mixed.example", 443))
    assert found == [("8.8.8.8", 443), ("2606:4700::1111", 443)]


def test_a_name_that_is_all_private_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["192.168.1.1", "fc00::1"])
    with pytest.raises(AddressRefused, match=r"intranet\.example \(192\.168\.1\.1\)"):
        asyncio.run(Guard().addresses("intranet.example", 80))


def test_a_name_that_does_not_exist_is_an_os_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, [])
    with pytest.raises(OSError, match="not known"):
        asyncio.run(Guard().addresses("nowhere.example", 80))


def test_a_name_is_asked_once_for_each_judgement(monkeypatch: pytest.MonkeyPatch) -> None:
    # DNS rebinding: whatever the next answer would be, this one is judged and connected to
    asked = answering(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    guard = Guard()
    assert asyncio.run(guard.addresses("rebinding.example", 80)) == [("8.8.8.8", 80)]
    assert asked == ["rebinding.example"]
    with pytest.raises(AddressRefused):
        asyncio.run(guard.addresses("rebinding.example", 80))
