"""The DevTools protocol over a pair of pipes: calls, answers and events.

    {"id": 7, "method": "Page.navigate", "params": {…}, "sessionId": "…"} NUL     to Chromium
    {"id": 7, "result": {…}} NUL     {"method": "Page.loadEventFired", …} NUL     from it

Every wait has an end: an instant of the monotonic clock, given with each call.
Format: https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
import select
import time
from collections.abc import Callable
from typing import Any

PIECE = 1 << 16
LARGEST = 256 << 20
"""Bytes of one message: a tall picture in base64 is a tenth of it."""

Event = Callable[[str, dict[str, Any], str | None], None]
"""Takes an event's name, what it says, and its session."""


class NoPicture(Exception):
    """A page cannot be pictured; why, in words."""


class DevTools:
    """Speaks with one Chromium, in one thread.

    Args:
        writer: the descriptor it reads from; not blocking.
        reader: the descriptor it writes to; not blocking.
    """

    def __init__(self, writer: int, reader: int) -> None:
        self.on_event: Event = lambda *_: None
        self.on_refused: Callable[[int], None] = lambda _: None
        """Told the number of a call that was posted and refused."""
        self._writer = writer
        self._reader = reader
        self._number = 0
        self._held = bytearray()
        self._searched = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self._awaited: set[int] = set()

    def call(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        *,
        by: float,
        session: str | None = None,
    ) -> dict[str, Any]:
        """Ask for something, and wait for the answer; events are told meanwhile.

        Raises:
            NoPicture: if it refuses, is gone, or does not answer in time.
        """
        number = self.post(method, params, by=by, session=session)
        self._awaited.add(number)
        try:
            self.wait(lambda: number in self._answers, by=by, what=method)
        finally:
            self._awaited.discard(number)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise NoPicture(f"Chromium refused {method}: {answer['error'].get('message')}")
        return dict(answer.get("result", {}))

    def post(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        *,
        by: float,
        session: str | None = None,
    ) -> int:
        """Ask for something, and wait for nothing; gives the call's number."""
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": params or {}}
        if session:
            said["sessionId"] = session
        self._send(json.dumps(said).encode() + b"\0", by)
        return self._number

    def wait(self, is_done: Callable[[], bool], *, by: float, what: str) -> None:
        """Hear what is said until something is so.

        Raises:
            NoPicture: if it is not so in time, or Chromium is gone.
        """
        while not is_done():
            self._hear(by, what)

    def linger(self, seconds: float, *, by: float) -> None:
        """Hear what is said until nothing is for so long, or the time is over."""
        self._take_whole()
        while self._readable(min(seconds, by - time.monotonic())):
            self._fill()
            self._take_whole()

    def _hear(self, by: float, what: str) -> None:
        if self._take_whole():
            return
        if not self._readable(by - time.monotonic()):
            raise NoPicture(f"Chromium did not answer in time ({what})")
        self._fill()

    def _readable(self, seconds: float) -> bool:
        return seconds > 0 and bool(select.select([self._reader], [], [], seconds)[0])

    def _send(self, said: bytes, by: float) -> None:
        rest = memoryview(said)
        while rest:
            left = max(0.0, by - time.monotonic())
            # it may have to be heard before it can listen
            heard, ready, _ = select.select([self._reader], [self._writer], [], left)
            if heard:
                self._fill()
            if ready:
                try:
                    rest = rest[os.write(self._writer, rest[:PIECE]) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise NoPicture("Chromium ended") from error
            elif not heard:
                raise NoPicture("Chromium did not listen in time")

    def _take_whole(self) -> bool:
        """Take each message that has come whole; whether there was any."""
        taken = False
        while (end := self._held.find(b"\0", self._searched)) >= 0:
            said = bytes(self._held[:end])
            del self._held[: end + 1]
            self._searched = 0  # before it is taken: an event may have us send, and so hear more
            self._take(said)
            taken = True
        self._searched = len(self._held)
        return taken

    def _fill(self) -> None:
        try:
            some = os.read(self._reader, PIECE)
        except BlockingIOError:
            return
        except OSError as error:
            raise NoPicture("Chromium ended") from error
        if not some:
            raise NoPicture("Chromium ended")
        self._held += some
        if len(self._held) > LARGEST:
            raise NoPicture("Chromium said more than a picture can be")

    def _take(self, said: bytes) -> None:
        try:
            message = json.loads(said)
        except ValueError as error:
            raise NoPicture("Chromium said something that is no message") from error
        if not isinstance(message, dict):
            raise NoPicture("Chromium said something that is no message")
        if "id" in message:
            if message["id"] in self._awaited:
                self._answers[message["id"]] = message
            elif "error" in message:
                self.on_refused(message["id"])
        elif "method" in message:
            self.on_event(message["method"], message.get("params", {}), message.get("sessionId"))
