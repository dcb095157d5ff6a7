"""The health page of a service, for monitors: `GET /health` and `GET /metrics`.

    /health    JSON; 200 if all is well, 503 if not
    /metrics   Prometheus text

It tells nothing that is secret, and takes nothing in. It listens on loopback unless told otherwise.
"""

import contextlib
import ipaddress
from collections.abc import Callable, Iterator
from typing import Any

from twisted.web.pages import notFound
from twisted.web.resource import Resource
from twisted.web.server import Site

from archive.console import as_json
from archive.errors import ArchiveError
from archive.remarks import KINDS
from crawler.run.standing import Standing

LOOPBACK = "127.0.0.1"
PORTS = range(65536)
_KINDS = ("new", "changed", "same", "gone", "walled", "refused", "failed")


class CannotListen(ArchiveError):
    """The address for the health page is none, or is taken."""

    exit_code = 2


def is_public(host: str) -> bool:
    """Whether others than this machine can ask at an address, if nothing else keeps them out."""
    return not ipaddress.ip_address(host).is_loopback


def read_address(text: str) -> tuple[str, int]:
    """`127.0.0.1:8641`, `[::1]:8641`, or a port alone, which is on loopback.

    Raises:
        CannotListen: if it is none of these.
    """
    host, _, port = text.rpartition(":")
    host = host.strip("[]") or LOOPBACK
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        if int(port) in PORTS:
            return host, int(port)
    raise CannotListen(f"--health {text}: write it as 127.0.0.1:8641, or as 8641 alone.")


@contextlib.contextmanager
def listening(address: tuple[str, int], ask: Callable[[], Standing]) -> Iterator[int]:
    """Answer at an address until the block ends; gives the port.

    Raises:
        CannotListen: if the address is taken or not ours.
    """
    from twisted.internet import reactor as installed  # noqa: PLC0415 - not before it is chosen
    from twisted.internet.error import CannotListenError  # noqa: PLC0415

    reactor: Any = installed
    host, port = address
    root: Any = _Root()  # type: ignore[no-untyped-call]
    root.putChild(b"health", _Page(ask, _health))
    root.putChild(b"metrics", _Page(ask, _metrics))
    try:
        site: Any = Site(root)  # type: ignore[no-untyped-call]
        listener = reactor.listenTCP(port, site, interface=host)
    except CannotListenError as error:
        raise CannotListen(f"--health {host}:{port}: {error.socketError}.") from error
    try:
        yield listener.getHost().port
    finally:
        listener.stopListening()


Answer = tuple[int, bytes, str]
"""Status, media type, text."""


class _Root(Resource):
    def getChild(self, path: bytes, request: Any) -> Any:  # noqa: N802 - Twisted's word
        """Nothing else is here."""
        return notFound()


class _Page(Resource):
    isLeaf = True  # noqa: N815 - Twisted's word

    def __init__(self, ask: Callable[[], Standing], answer: Callable[[Standing], Answer]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._ask = ask
        self._answer = answer

    def render_GET(self, request: Any) -> bytes:  # noqa: N802 - Twisted's word
        """What the service stands like now; HEAD is answered from it as well."""
        code, media, text = self._answer(self._ask())
        request.setResponseCode(code)
        request.setHeader(b"content-type", media)
        request.setHeader(b"cache-control", b"no-store")
        return text.encode()


def _health(one: Standing) -> Answer:
    return 200 if one.is_well else 503, b"application/json", as_json(one.as_mapping()) + "\n"


def _metrics(one: Standing) -> Answer:
    counts = one.counts
    figures: list[tuple[str, str, Any]] = [
        ("kliping_up", "gauge", int(one.is_well)),
        ("kliping_scheduled_outlets", "gauge", one.scheduled),
        ("kliping_visits_underway", "gauge", len(one.underway)),
        ("kliping_lag_seconds", "gauge", round(one.lag.total_seconds())),
        ("kliping_disk_free_bytes", "gauge", one.free_bytes),
        ("kliping_lane_backlog", "gauge", one.backlog),
        ("kliping_held_hosts", "gauge", len(one.held)),
        ("kliping_problem_outlets", "gauge", len(one.problems)),
        ("kliping_captures_total", "counter", counts["captures"]),
        ("kliping_bytes_total", "counter", counts["bytes"]),
        ("kliping_announced_total", "counter", counts["announced"]),
        ("kliping_listings_failed_total", "counter", counts["listings/failed"]),
    ]
    figures += [
        (f"kliping_remarks_{kind}", "gauge", one.remarks[kind]) for kind in KINDS
    ]  # within a day
    lines = []
    for name, kind, number in figures:
        lines += [f"# TYPE {name} {kind}", f"{name} {number}"]
    lines.append("# TYPE kliping_articles_total counter")
    lines += [
        f'kliping_articles_total{{outcome="{kind}"}} {counts[f"articles/{kind}"]}'
        for kind in _KINDS
    ]
    return 200, b"text/plain; version=0.0.4; charset=utf-8", "\n".join(lines) + "\n"
