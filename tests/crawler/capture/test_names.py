"""The private names of Scrapy and Twisted that the tap rests on.

If a test here fails after an upgrade, the tap may record nothing, or the wrong bytes, without any
error. Then: read `crawler/capture/wire.py` and `handler.py` beside the library's new source, find
what took over the name's work, move the tap there, and see that `test_wire.py` passes, which
compares each byte. Until then stay on the versions pinned in pyproject.toml; the way out if the
hooks are gone for good is a recording proxy before an unchanged handler.
"""

import inspect
from importlib.metadata import version
from typing import Any

import pytest
from scrapy.core.downloader.handlers import http11
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.protocols.basic import LineReceiver
from twisted.web import _newclient, client
from twisted.web.http import _ChunkedTransferDecoder, _MalformedChunkedDataError

from crawler.capture import wire
from crawler.capture.handler import RecordingHandler, _TapAgent

MOVED = (
    "{name} is not what it was: {why}. The wire tap rests on it, and may now record nothing or the "
    "wrong bytes in silence. See this file's first lines for what to do."
)


def source(of: Any) -> str:
    return inspect.getsource(of)


def _decodes(framed: bytes) -> tuple[bytes, ...] | None:
    given: list[bytes] = []
    try:
        _ChunkedTransferDecoder(given.append, given.append).dataReceived(framed)
    except _MalformedChunkedDataError:
        return None
    return tuple(given)


HOLDS = {
    "HTTP11DownloadHandler._pool is made in __init__": (
        "self._pool" in source(HTTP11DownloadHandler.__init__)
    ),
    "HTTPConnectionPool._factory is set by Scrapy": (
        "self._pool._factory" in source(HTTP11DownloadHandler.__init__)
    ),
    "HTTPConnectionPool._newConnection builds with _factory": (
        "self._factory(" in source(client.HTTPConnectionPool._newConnection)
    ),
    "_LenientHTTP11ClientFactory.buildProtocol takes _quiescentCallback": (
        "_quiescentCallback" in source(http11._LenientHTTP11ClientFactory.buildProtocol)
    ),
    "_LenientHTTP11ClientProtocol is a HTTP11ClientProtocol": issubclass(
        http11._LenientHTTP11ClientProtocol, _newclient.HTTP11ClientProtocol
    ),
    "HTTP11ClientProtocol.request calls request.writeTo(transport)": (
        "request.writeTo(self.transport)" in source(_newclient.HTTP11ClientProtocol.request)
    ),
    "HTTP11ClientProtocol.dataReceived feeds the parser": (
        "self._parser.dataReceived" in source(_newclient.HTTP11ClientProtocol.dataReceived)
    ),
    "HTTP11ClientProtocol.request makes the parser, and only it": (
        "self._parser = HTTPClientParser(" in source(_newclient.HTTP11ClientProtocol.request)
    ),
    "HTTPClientParser is a LineReceiver whose MAX_LENGTH bounds a header line": (
        issubclass(_newclient.HTTPClientParser, LineReceiver)
        and "lineLength > self.MAX_LENGTH" in source(LineReceiver.dataReceived)
    ),
    "HTTPClientParser.dataReceived notes that something came, even if it is nothing": (
        "self._everReceivedData = True" in source(_newclient.HTTPClientParser.dataReceived)
    ),
    "HTTP11ClientProtocol._giveUp(reason) drops the connection and tells the parser": list(
        inspect.signature(_newclient.HTTP11ClientProtocol._giveUp).parameters
    )
    == ["self", "reason"],
    "ParseError(reason, data) is what a bad head raises": list(
        inspect.signature(_newclient.ParseError).parameters
    )
    == ["reason", "data"],
    "_ChunkedTransferDecoder hands on the rest, and refuses an empty size line": _decodes(
        b"1\r\nx\r\n0\r\n\r\nrest"
    )
    == (b"x", b"rest")
    and _decodes(b"\r\n1\r\nx\r\n0\r\n\r\n") is None,
    "HTTP11ClientProtocol._finishResponse takes the rest": list(
        inspect.signature(_newclient.HTTP11ClientProtocol._finishResponse_WAITING).parameters
    )
    == ["self", "rest"],
    "HTTP11ClientProtocol.request hands _finishResponse to the parser": (
        "HTTPClientParser(request, self._finishResponse)"
        in source(_newclient.HTTP11ClientProtocol.request)
    ),
    "_ScrapyAgent._get_agent(request, timeout) makes the agent": list(
        inspect.signature(_ScrapyAgent._get_agent).parameters
    )
    == ["self", "request", "timeout"],
    "_ScrapyAgent's time limit is a delayed call, and what it cuts is a timeout": (
        "self._timeout_cl = reactor.callLater(timeout" in source(_ScrapyAgent.download_request)
        and "self._timeout_cl.active()" in source(_ScrapyAgent._cb_timeout)
        and "raise DownloadTimeoutError" in source(_ScrapyAgent._cb_timeout)
    ),
    "Agent._endpointFactory says where to connect": (
        "self._endpointFactory.endpointForURI" in source(client.Agent._getEndpoint)
    ),
    "the retry on a dead connection sends the same request": (
        "self._newRequest" not in source(client._RetryingHTTP11ClientProtocol.request)
    ),
    "the handler's limits are still named so": all(
        name in source(HTTP11DownloadHandler)
        for name in ("_contextFactory", "_bind_address", "_default_maxsize", "_default_warnsize",
                     "_fail_on_dataloss")
    ),
    "wrap_twisted_exceptions is where it was": hasattr(http11, "wrap_twisted_exceptions"),
    "RedirectMiddleware.handle_referer(request, response) is asked at each hop": list(
        inspect.signature(RedirectMiddleware.handle_referer).parameters
    )[:3]
    == ["self", "request", "response"],
    "the reactor has an asyncio loop that can be run again": (
        "_asyncioEventloop" in source(AsyncioSelectorReactor)
    ),
    "the reactor can stop and forget its threads": (
        "self.threadpool = None" in source(AsyncioSelectorReactor._stopThreadPool)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOLDS)
def test_a_private_name_is_what_it_was(name: str) -> None:
    assert HOLDS[name], MOVED.format(
        name=name.split(maxsplit=1)[0], why=f"{name!r} is no longer true"
    )


def test_the_tap_overrides_what_there_is_to_override() -> None:
    for ours, theirs, names in (
        (wire.TapProtocol, http11._LenientHTTP11ClientProtocol,
         ("request", "dataReceived", "_finishResponse", "_giveUp")),
        (wire.TapFactory, http11._LenientHTTP11ClientFactory, ("buildProtocol",)),
        (_TapAgent, _ScrapyAgent, ("_get_agent",)),
        (RecordingHandler, HTTP11DownloadHandler, ("download_request",)),
    ):  # fmt: skip
        for name in names:
            assert name in vars(ours)
            assert hasattr(theirs, name), MOVED.format(name=name, why=f"{theirs} has it no more")


@pytest.mark.parametrize(("package", "tried"), [("scrapy", "2.19."), ("twisted", "26.10.")])
def test_the_versions_are_those_the_tap_was_tried_with(package: str, tried: str) -> None:
    found = version(package)
    assert found.startswith(tried), (
        f"{package} is {found}; the tap was tried with {tried}x. If all of tests/crawler/capture "
        "passes, move the pin in pyproject.toml and this line."
    )
