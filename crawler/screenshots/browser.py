"""A browser that pictures pages, one after the other; what breaks costs one picture.

Each page has a context of its own, without cookies or cache of those before. Every request that it
makes is paused and answered by `supply`, or fails; the page itself is answered once, so that it
cannot lead the browser elsewhere. No script runs.
"""

import base64
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from crawler.screenshots.chromium import Chromium, ChromiumMissing
from crawler.screenshots.devtools import DevTools, NoPicture

VIEWPORT = (1280, 800)
"""Pixels of CSS, one of the picture each; a desk's window, for which outlets still draw pages."""
TALLEST = 16_000
"""Pixels; Chromium's drawing ends a little above (16384)."""
START_SECONDS = 30.0
PAGE_SECONDS = 30.0
QUIET_SECONDS = 0.3
"""Fonts and pictures of style sheets are asked for after a page has loaded, at once if at all."""
_MOST_REQUESTS = 2000
_SHOWN = frozenset(["Document", "Stylesheet", "Image", "Media", "Font"])
"""What can be seen; no favicon, prefetch or ping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request is answered with."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


Supply = Callable[[str], Answer | None]
"""Gives what a URL is answered with, or None: the request fails then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture of a whole page; `is_cut` if the page is taller than pictures may be."""

    png: bytes = field(repr=False)
    is_cut: bool


class Browser:
    """Started with its first page, and again after it broke. Close it, or use a `with` block."""

    def __init__(self, program: str, *, page_seconds: float = PAGE_SECONDS) -> None:
        self.software = ""
        """What it calls itself, once it was started: `HeadlessChrome/156.0.8078.79`."""
        self._program = program
        self._page_seconds = page_seconds
        self._chromium: Chromium | None = None
        self._devtools: DevTools | None = None

    def picture(self, url: str, page: Answer, supply: Supply) -> Shot:
        """Picture a page.

        Args:
            url: where the page was captured.
            page: the page itself.
            supply: answers whatever else it asks for.

        Raises:
            NoPicture: if it cannot be drawn in time; the next page has a new browser.
            ChromiumMissing: if no browser can be started.
        """
        devtools = self._started()
        by = time.monotonic() + self._page_seconds
        try:
            made = devtools.call("Target.createBrowserContext", by=by)["browserContextId"]
            shot = _Sitting(devtools, made, url, page, supply, by).take()
            devtools.call("Target.disposeBrowserContext", {"browserContextId": made}, by=by)
        except BaseException:
            self.close()
            raise
        return shot

    def close(self) -> None:
        """End the browser."""
        self._devtools = None
        if self._chromium is not None:
            self._chromium.close()
            self._chromium = None

    def _started(self) -> DevTools:
        if self._devtools is not None:
            return self._devtools
        self._chromium = Chromium(self._program)
        devtools = DevTools(self._chromium.writer, self._chromium.reader)
        try:
            by = time.monotonic() + min(START_SECONDS, self._page_seconds)
            self.software = devtools.call("Browser.getVersion", by=by)["product"]
        except NoPicture as error:
            said = self._chromium.said()
            self.close()
            raise ChromiumMissing(
                f"{self._program} was started and is of no use: {error}. {said}".rstrip()
            ) from error
        except BaseException:
            self.close()
            raise
        self._devtools = devtools
        return devtools

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Sitting:
    """One page before the browser."""

    def __init__(
        self,
        devtools: DevTools,
        context: str,
        url: str,
        page: Answer,
        supply: Supply,
        by: float,
    ) -> None:
        self._devtools = devtools
        self._context = context
        self._url = url
        self._page: Answer | None = page
        self._supply = supply
        self._by = by
        self._target = ""
        self._requests = 0
        self._crashed = self._loaded = False
        self._fulfilled: dict[int, tuple[str, str | None]] = {}

    def take(self) -> Shot:
        """Load the page, and picture it."""
        devtools = self._devtools
        where = {"url": "about:blank", "browserContextId": self._context}
        self._target = devtools.call("Target.createTarget", where, by=self._by)["targetId"]
        attach = {"targetId": self._target, "flatten": True}
        session = devtools.call("Target.attachToTarget", attach, by=self._by)["sessionId"]
        devtools.on_event, devtools.on_refused = self._heard, self._refused
        try:
            return self._draw(session)
        finally:
            devtools.on_event, devtools.on_refused = (lambda *_: None), (lambda _: None)

    def _draw(self, session: str) -> Shot:
        def call(method: str, **params: Any) -> dict[str, Any]:
            return self._devtools.call(method, params, by=self._by, session=session)

        width, height = VIEWPORT
        for method, params in _WALLS:
            call(method, **params)
        call("Page.enable")
        call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        went = call("Page.navigate", url=self._url)
        if said := went.get("errorText"):
            raise NoPicture(f"Chromium does not show the page ({said})")
        self._devtools.wait(lambda: self._loaded or self._crashed, by=self._by, what="the page")
        self._devtools.linger(QUIET_SECONDS, by=self._by)
        if self._crashed:
            raise NoPicture("Chromium crashed on the page")
        full = int(call("Page.getLayoutMetrics")["cssContentSize"]["height"])
        tall = min(max(full, height), TALLEST)
        clip = {"x": 0, "y": 0, "width": width, "height": tall, "scale": 1}
        taken = call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return Shot(png=base64.b64decode(taken["data"]), is_cut=full > TALLEST)

    def _heard(self, event: str, said: dict[str, Any], session: str | None) -> None:
        if event == "Fetch.requestPaused":
            self._answer(said, session)
        elif event == "Target.attachedToTarget":
            self._wall_in(said["sessionId"])
        elif event == "Page.loadEventFired":
            self._loaded = True
        elif event == "Inspector.targetCrashed":
            self._crashed = True

    def _wall_in(self, session: str) -> None:
        """A frame in a process of its own, which waits until it is walled in as the page is."""
        for method, params in (*_WALLS, ("Runtime.runIfWaitingForDebugger", {})):
            self._devtools.post(method, params, by=self._by, session=session)

    def _answer(self, paused: dict[str, Any], session: str | None) -> None:
        self._requests += 1
        answer = self._answer_to(paused)
        if answer is None:
            # a document that is aborted leaves what is there; others would show an error page
            is_document = paused.get("resourceType") == "Document"
            why = "Aborted" if is_document else "BlockedByClient"
            fail = {"requestId": paused["requestId"], "errorReason": why}
            self._devtools.post("Fetch.failRequest", fail, by=self._by, session=session)
            return
        fulfil = {
            "requestId": paused["requestId"],
            "responseCode": answer.status,
            "responseHeaders": [{"name": n, "value": v} for n, v in answer.headers],
            "body": base64.b64encode(answer.body).decode(),
        }
        number = self._devtools.post("Fetch.fulfillRequest", fulfil, by=self._by, session=session)
        self._fulfilled[number] = (paused["requestId"], session)

    def _refused(self, number: int) -> None:
        """An answer that Chromium does not take (an odd status, say) is none."""
        if number in self._fulfilled:
            request, session = self._fulfilled.pop(number)
            fail = {"requestId": request, "errorReason": "Failed"}
            self._devtools.post("Fetch.failRequest", fail, by=self._by, session=session)

    def _answer_to(self, paused: dict[str, Any]) -> Answer | None:
        asked = paused.get("request", {})
        is_top = paused.get("resourceType") == "Document" and paused.get("frameId") == self._target
        if is_top:
            page, self._page = self._page, None
            return page
        url = str(asked.get("url", ""))
        is_shown = paused.get("resourceType") in _SHOWN and asked.get("method") == "GET"
        if not is_shown or self._requests > _MOST_REQUESTS:
            return None
        if not url.startswith(("http://", "https://")):
            return None
        with contextlib.suppress(ValueError):  # a URL that is none
            return self._supply(url)
        return None


_WALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}),
    ("Emulation.setScriptExecutionDisabled", {"value": True}),
    (
        "Target.setAutoAttach",
        {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True},
    ),
)
"""What every frame gets before it asks for anything."""
