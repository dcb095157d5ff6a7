"""Connections only where the guard says: the address that was judged is the one connected to."""

import asyncio
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from crawler.manners.guard import AddressRefused, Guard


@implementer(IAgentEndpointFactory)
class GuardedEndpoints:
    """Gives an agent its endpoints; replaces Twisted's own factory, which would ask DNS itself."""

    def __init__(self, reactor: Any, guard: Guard, tls: Any, timeout: float) -> None:
        self._reactor = reactor
        self._guard = guard
        self._tls = tls
        self._connectTimeout = timeout  # read by Scrapy's agent
        self._bindAddress = None

    def endpointForURI(self, uri: Any) -> "_Guarded":  # noqa: N802 - Twisted's name
        """An endpoint for one URL."""
        options = self._tls.creatorForNetloc(uri.host, uri.port) if uri.scheme == b"https" else None
        return _Guarded(
            self._reactor,
            self._guard,
            uri.host.decode("ascii"),
            uri.port,
            options,
            self._connectTimeout,
        )


class _Guarded:
    def __init__(
        self,
        reactor: Any,
        guard: Guard,
        host: str,
        port: int,
        tls: Any,
        timeout: float,
    ) -> None:
        self._reactor = reactor
        self._guard = guard
        self._host = host
        self._port = port
        self._tls = tls
        self._timeout = timeout

    def connect(self, factory: Any) -> Deferred[Any]:
        """Connect to the first allowed address that answers."""
        return Deferred.fromCoroutine(self._connect(factory))

    async def _connect(self, factory: Any) -> Any:
        looking = self._guard.addresses(self._host, self._port)
        addresses = await as_deferred(looking)
        failure: Exception = AddressRefused(f"{self._host} has no address")
        for ip, port in addresses:
            endpoint: Any = HostnameEndpoint(
                self._reactor, ip, port, timeout=min(self._timeout, 30.0)
            )
            if self._tls is not None:
                endpoint = wrapClientTLS(self._tls, endpoint)
            try:
                return await endpoint.connect(factory)
            except Exception as error:  # noqa: BLE001 - the next address may answer
                failure = error
        raise failure


def as_deferred(coroutine: Any) -> Deferred[Any]:
    """An asyncio coroutine, awaitable from Twisted's own."""
    return Deferred.fromFuture(asyncio.ensure_future(coroutine))
