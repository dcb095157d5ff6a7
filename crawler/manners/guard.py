"""The address guard: nothing private is ever connected to, whatever a page, feed or redirect says.

It is decided on the address that is then connected to, so a name that changes its mind between
the check and the connection (DNS rebinding) gains nothing.

Through a proxy the proxy resolves names, so they are left to it; the proxy itself is wherever the
operator says. Literal private addresses are refused before anything is sent, however they are
spelled: 2130706433, 0x7f.1, 0177.0.0.1, １２７.０.０.１, [::ffff:127.0.0.1], localhost.
"""

import asyncio
import ipaddress
import socket
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
"""All that is given out (IANA, ipv6-unicast-address-assignments). Python calls much of the rest
global: site-local fec0::/10, IPv4-compatible ::7f00:1, local NAT64 64:ff9b:1::/48."""
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(one)
    for one in (
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata is at 192.0.0.192
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's metadata, at an address that looks public
        "3fff::/20",  # documentation
    )
)
_ISATAP = (0x00005EFE, 0x02005EFE)
"""The second half of an address that carries an IPv4 address in its end (RFC 5214 §6.1)."""
_LOCAL_NAMES = ("localhost", "localhost.localdomain", "localhost6", "ip6-localhost", "ip6-loopback")


class AddressRefused(Exception):
    """A URL leads to an address that is not on the public internet."""


class Guard:
    """Says where a host may be connected to.

    Args:
        allow: `IP:port` pairs that may be asked although they are private.
        resolve: hosts answered here and not by DNS, each with its `IP:port`.
    """

    def __init__(
        self, *, allow: Iterable[str] = (), resolve: Mapping[str, str] | None = None
    ) -> None:
        self._allow = frozenset(allow)
        self._resolve = dict(resolve or {})

    async def addresses(self, host: str, port: int) -> list[tuple[str, int]]:
        """Every address of `host` that may be connected to.

        Raises:
            AddressRefused: if it has none, naming the first and the way to allow it.
            OSError: if the name cannot be resolved.
        """
        found = await self._lookup(host.strip("[]"), port)
        allowed = [(ip, to) for ip, to in found if self.may_connect(ip, to)]
        if not allowed:
            raise AddressRefused(_refusal(host, *found[0]))
        return allowed

    def may_connect(self, ip: str, port: int) -> bool:
        """Whether an address is public, or allowed by name."""
        return is_public(ip) or _pair(ip, port) in self._allow

    def check_literal(self, url: str) -> None:
        """Refuse a URL whose host is itself a private address; for requests through a proxy.

        Raises:
            AddressRefused: if it is.
        """
        parts = urlsplit(url)
        # as a proxy may read it: escapes undone, wide digits and dots made plain
        host = unicodedata.normalize("NFKC", unquote(parts.hostname or "")).lower()
        host = host.replace("\u3002", ".").rstrip(".")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        is_local = host in _LOCAL_NAMES or host.endswith(".localhost")
        literal = "127.0.0.1" if is_local else _literal(host)
        if literal and not self.may_connect(literal, port):
            raise AddressRefused(f"{host} is not on the public internet")

    async def _lookup(self, host: str, port: int) -> list[tuple[str, int]]:
        if named := self._resolve.get(host.lower()):
            ip, _, to = named.rpartition(":")
            return [(ip.strip("[]"), int(to))]
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [(str(address[0]), port) for *_, address in found]


def is_public(ip: str) -> bool:
    """Whether an address belongs to the public internet, whatever it is wrapped in."""
    address: IPAddress = ipaddress.ip_address(ip.split("%", maxsplit=1)[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64 or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address not in _GLOBAL_V6:
            return False
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:  # 127.1, 0x7f000001 and 2130706433 are addresses to a resolver, so to us too
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def _refusal(host: str, ip: str, port: int) -> str:
    said = f"{_named(host, ip)} is not on the public internet"
    if ipaddress.ip_address(ip.split("%", maxsplit=1)[0]).is_link_local:
        return said  # where clouds keep their keys: nobody is told how to open it
    return f'{said}; to crawl it, add "{_pair(ip, port)}" to [guard] allow in kliping.toml'


def _named(host: str, ip: str) -> str:
    return ip if host == ip else f"{host} ({ip})"


def _pair(ip: str, port: int) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
