"""The download handler: guard, turn, exchange, record, and only then the response.

Everything that goes over the wire passes here: pages, listings, robots.txt, redirect hops, and
each try again. No response is handed on before its record is durable, so nothing is ever parsed
that was not first recorded.
"""

import logging
import time
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadTimeoutError,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future

from archive.records import Capture, Exchange, Truncation
from archive.turn import Turn
from archive.urls import canonical, host_of
from crawler.capture.endpoint import GuardedEndpoints
from crawler.capture.wire import TapFactory, TapPool, Wire
from crawler.desk import Desk
from crawler.errand import Errand
from crawler.manners.pace import SLOW_DOWN, RunStopped

logger = logging.getLogger(__name__)

_CUTS: tuple[tuple[type[BaseException], Truncation], ...] = (
    (DownloadTimeoutError, "time"),
    (RunStopped, "time"),
    (DownloadCancelledError, "length"),
    (StopDownload, "length"),
    (ResponseDataLossError, "disconnect"),
)


class RecordingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler with a tap on its wire."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = TapFactory  # noqa: SLF001 - guarded by tests/crawler/capture

    async def download_request(self, request: Request) -> Response:
        """Fetch one URL once, with manners, and record whatever crossed the wire.

        Raises:
            AddressRefused: if the URL leads to a private address; nothing was sent.
            HostHeld: if its host wants to be left alone for long; nothing was sent.
            RunStopped: if the run is asked to end before it came to that, and nothing was sent; or
                while it came, too slowly to wait for.
            OSError: if the exchange could not be recorded.
            Exception: why the fetch failed, as Scrapy names it; what came was recorded.
        """
        desk: Desk = self._crawler.spider.desk  # type: ignore[union-attr]
        url = canonical(request.url)
        proxy = request.meta.get("proxy")
        if proxy:
            desk.guard.check_literal(url)
        errand: Errand = request.meta["errand"]
        desk.pace.slow(host_of(url), errand.delay_seconds)
        async with desk.pace.turn(url):
            wire = Wire(now=desk.clock.now, proxied=bool(proxy))
            began = time.monotonic()  # a duration: the run's clock may be a simulated one
            response, failure = await self._fetch(request, wire, desk)
            request.meta["transfer_seconds"] = time.monotonic() - began
            if wire.began_at:
                # the host had read the request when it answered; when it did not, who knows
                simulated = desk.clock.is_simulated and wire.began_at
                desk.pace.had(url, simulated or wire.heard_at or desk.clock.now())
            exchange = wire.exchange(
                url, truncated=_truncation(failure), error=_said(failure) if failure else None
            )
            # under a simulated clock everybody's waiting is everybody's latency
            latency = None if desk.clock.is_simulated else wire.latency
            capture = await self._record(desk, exchange, errand, latency)
            request.meta["capture"] = capture
            retry_after = _header(response, b"Retry-After")
            await desk.pace.heed(url, capture.status, retry_after)
            desk.counts["holds"] += capture.status in SLOW_DOWN
        if failure is not None:
            raise failure
        return cast("Response", response)

    async def _fetch(
        self, request: Request, wire: Wire, desk: Desk
    ) -> tuple[Response | None, Exception | None]:
        agent = _TapAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=TapPool(self._pool, wire),  # type: ignore[arg-type]
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        agent.guard = desk.guard
        desk.under_way.add(agent.cut_short)
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request)), None
        except Exception as error:  # noqa: BLE001 - recorded first, raised after
            if agent.was_cut_short:
                return None, RunStopped("the run was asked to end while it came")
            return None, error
        finally:
            desk.under_way.discard(agent.cut_short)

    async def _record(
        self, desk: Desk, exchange: Exchange, errand: Errand, latency: float | None
    ) -> Capture:
        provenance = errand.provenance(desk.run)

        def act(turn: Turn) -> Capture:
            made = turn.record(exchange, provenance)
            desk.pace.answered(turn, exchange.url, status=made.status, seconds=latency)
            return made

        capture = await desk.lane.do(act)
        desk.spend(errand.outlet, len(exchange.response))
        return capture


class _TapAgent(_ScrapyAgent):
    guard: Any = None
    was_cut_short = False

    def cut_short(self) -> None:
        """End the exchange as if its time were over."""
        call: Any = self._timeout_cl
        if call is not None and call.active():
            self.was_cut_short = True
            call.reset(0)

    def _get_agent(self, request: Request, timeout: float) -> Any:
        agent = super()._get_agent(request, timeout)
        if not request.meta.get("proxy"):
            from twisted.internet import reactor  # noqa: PLC0415 - installed by now

            agent._endpointFactory = GuardedEndpoints(  # noqa: SLF001
                reactor, self.guard, self._contextFactory, timeout
            )
        return agent


def _truncation(failure: Exception | None) -> Truncation | None:
    if failure is None:
        return None
    return next((cut for kind, cut in _CUTS if isinstance(failure, kind)), "unspecified")


def _said(failure: Exception) -> str:
    text = str(failure).strip().splitlines()
    return f"{type(failure).__name__}: {text[0]}" if text else type(failure).__name__


def _header(response: Response | None, name: bytes) -> str | None:
    value = response.headers.get(name) if response is not None else None
    return value.decode("latin-1") if value else None
