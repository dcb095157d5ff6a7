"""Calls get their answers, events are told, and nobody is waited for too long."""

import json
import os
import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest

from crawler.screenshots import devtools as module
from crawler.screenshots.devtools import DevTools, NoPicture

Script = Callable[[dict[str, Any]], bytes | None]


class Peer:
    """The other end of the pipes: answers each call as a script says."""

    def __init__(self, script: Script) -> None:
        self._in, writer = os.pipe()
        reader, self._out = os.pipe()
        os.set_blocking(writer, False)
        os.set_blocking(reader, False)
        self.ends = (writer, reader)
        self.heard: list[dict[str, Any]] = []
        self._thread = Thread(target=self._serve, args=(script,), daemon=True)
        self._thread.start()

    def _serve(self, script: Script) -> None:
        with os.fdopen(self._in, "rb") as told, os.fdopen(self._out, "wb") as out:
            held = b""
            while some := told.read1(1 << 16):
                held += some
                *whole, held = held.split(b"\0")
                for one in whole:
                    self.heard.append(json.loads(one))
                    answer = script(self.heard[-1])
                    if answer is None:
                        return
                    out.write(answer)
                    out.flush()

    def close(self) -> None:
        os.close(self.ends[0])
        self._thread.join(5)
        os.close(self.ends[1])


@pytest.fixture
def meet() -> Iterator[Callable[[Script], tuple[DevTools, Peer]]]:
    made: list[Peer] = []

    def new(script: Script) -> tuple[DevTools, Peer]:
        made.append(Peer(script))
        return DevTools(*made[-1].ends), made[-1]

    yield new
    for peer in made:
        peer.close()


def said(**what: Any) -> bytes:
    return json.dumps(what).encode() + b"\0"


def soon(seconds: float = 5) -> float:
    return time.monotonic() + seconds


Meet = Callable[[Script], tuple[DevTools, Peer]]


def test_a_call_gets_its_answer_and_events_are_told_meanwhile(meet: Meet) -> None:
    def script(call: dict[str, Any]) -> bytes:
        event = said(method="Page.x", params={"a": 1}, sessionId="s")
        return event + said(id=call["id"], result={"b": "ü" * 100_000})

    tools, peer = meet(script)
    heard: list[Any] = []
    tools.on_event = lambda *what: heard.append(what)
    assert tools.call("A.b", {"c": 2}, by=soon(), session="s") == {"b": "ü" * 100_000}
    assert heard == [("Page.x", {"a": 1}, "s")]
    assert peer.heard == [{"id": 1, "method": "A.b", "params": {"c": 2}, "sessionId": "s"}]


def test_an_event_may_have_us_send_while_we_wait(meet: Meet) -> None:
    def script(call: dict[str, Any]) -> bytes:
        if call["method"] == "Fetch.fulfill":
            return said(id=99, result={}) + said(method="Done")
        return said(method="Paused") * 3 + said(id=call["id"], result={"ok": True})

    tools, peer = meet(script)
    done: list[str] = []

    def on_event(name: str, _: dict[str, Any], __: str | None) -> None:
        if name == "Paused":
            tools.post("Fetch.fulfill", {"body": "x" * 500_000}, by=soon())
        else:
            done.append(name)

    tools.on_event = on_event
    assert tools.call("Page.navigate", by=soon()) == {"ok": True}
    tools.wait(lambda: len(done) == 3, by=soon(), what="the end")
    assert [one["method"] for one in peer.heard].count("Fetch.fulfill") == 3


def test_a_refusal_is_said_and_one_of_a_posted_call_is_told(meet: Meet) -> None:
    tools, _ = meet(lambda call: said(id=call["id"], error={"message": "no such thing"}))
    with pytest.raises(NoPicture, match=r"refused A\.b: no such thing"):
        tools.call("A.b", by=soon())
    refused: list[int] = []
    tools.on_refused = refused.append
    number = tools.post("A.c", by=soon())
    tools.wait(lambda: bool(refused), by=soon(), what="it")
    assert refused == [number]


def test_silence_ends_in_time(meet: Meet) -> None:
    tools, _ = meet(lambda _: b"")
    began = time.monotonic()
    with pytest.raises(NoPicture, match=r"did not answer in time \(A\.b\)"):
        tools.call("A.b", by=soon(0.2))
    assert time.monotonic() - began < 2


def test_endless_events_end_in_time(meet: Meet) -> None:
    def script(call: dict[str, Any]) -> bytes:
        return said(method="Again")

    tools, _ = meet(script)
    tools.on_event = lambda *_: tools.post("More", by=soon()) and None
    with pytest.raises(NoPicture, match="in time"):
        tools.call("A.b", by=soon(0.3))
    began = time.monotonic()
    tools.linger(0.2, by=soon(0.4))
    assert time.monotonic() - began < 2


def test_one_that_does_not_listen_is_not_spoken_to_for_ever() -> None:
    told, writer = os.pipe()
    reader, out = os.pipe()
    os.set_blocking(writer, False)
    os.set_blocking(reader, False)
    tools = DevTools(writer, reader)
    with pytest.raises(NoPicture, match="did not listen in time"):
        tools.post("A.b", {"x": "y" * 1_000_000}, by=soon(0.2))
    for one in (told, writer, reader, out):
        os.close(one)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "Chromium ended"),
        (b"{broken\0", "no message"),
        (b"[1]\0", "no message"),
        (b"x" * 5000, "more than a picture can be"),
    ],
)
def test_what_is_no_answer_is_said(
    meet: Meet, monkeypatch: pytest.MonkeyPatch, answer: bytes | None, reason: str
) -> None:
    monkeypatch.setattr(module, "LARGEST", 4000)
    tools, _ = meet(lambda _: answer)
    with pytest.raises(NoPicture, match=reason):
        tools.call("A.b", by=soon())
