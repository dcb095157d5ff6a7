"""Pages are pictured from what is supplied, and from nothing else, whatever they try."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from socket import socket
from threading import Thread
from urllib.parse import quote

import pytest
from support.chromium import PROGRAM, alive, needs_chromium, pretender
from support.pngs import colours, png, size

from crawler.screenshots import browser as module
from crawler.screenshots import chromium
from crawler.screenshots.browser import TALLEST, VIEWPORT, Answer, Browser
from crawler.screenshots.chromium import ChromiumMissing
from crawler.screenshots.devtools import NoPicture

URL = "http://paper.example/2026/harbour"
RED, GREEN, BLUE = (255, 0, 0), (0, 128, 0), (0, 0, 255)
SQUARE = "position:absolute;left:%dpx;top:0;width:40px;height:40px;background:%s"


def html(body: str, head: str = "") -> Answer:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return answer(page.encode(), "text/html; charset=utf-8")


def answer(body: bytes, media: str, status: int = 200, **headers: str) -> Answer:
    pairs = (("Content-Type", media), *headers.items())
    return Answer(status=status, headers=pairs, body=body)


class Shelf(dict[str, Answer]):
    """What is supplied, and what was asked for."""

    def __init__(self, **answers: Answer) -> None:
        super().__init__()
        self.asked: list[str] = []

    def __call__(self, url: str) -> Answer | None:
        self.asked.append(url)
        return self.get(url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all pages of this module, as in a run."""
    assert PROGRAM
    with Browser(PROGRAM) as one:
        yield one


@pytest.fixture
def trap() -> Iterator[tuple[int, list[bytes]]]:
    """A port on loopback, and whatever reaches it."""
    hits: list[bytes] = []
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                hits.append(b"connected")
                connection.close()

        Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1], hits
        listening.shutdown(2)


@needs_chromium
def test_a_page_is_drawn_with_its_sheets_and_pictures(browser: Browser) -> None:
    shelf = Shelf()
    shelf["http://paper.example/a.css"] = answer(b"body { background: #008000 }", "text/css")
    shelf["http://cdn.example/red.png"] = answer(png(60, 60, RED), "image/png")
    page = html(
        "<img src=http://cdn.example/red.png><img src=/missing.png>",
        "<link rel=stylesheet href=/a.css><link rel=icon href=/favicon.ico>",
    )
    shot = browser.picture(URL, page, shelf)
    assert size(shot.png) == VIEWPORT
    assert {RED, GREEN} <= colours(shot.png, 80)
    assert not shot.is_cut
    assert sorted(shelf.asked) == [
        "http://cdn.example/red.png",
        "http://paper.example/a.css",
        "http://paper.example/missing.png",
    ]
    assert browser.software.partition("/")[0].endswith("Chrome")


@needs_chromium
def test_a_page_is_drawn_whole_and_the_tallest_are_cut(browser: Browser) -> None:
    shot = browser.picture(URL, html("<p style='height: 3000px'>Long."), Shelf())
    assert size(shot.png)[1] > 3000
    assert not shot.is_cut
    shot = browser.picture(URL, html("<p style='height: 90000px'>Endless."), Shelf())
    assert size(shot.png) == (VIEWPORT[0], TALLEST)
    assert shot.is_cut


@needs_chromium
def test_redirects_and_frames_are_drawn_from_what_is_supplied(browser: Browser) -> None:
    shelf = Shelf()
    shelf["http://paper.example/old.png"] = answer(b"", "", 301, Location="/new.png")
    shelf["http://paper.example/new.png"] = answer(png(60, 60, RED), "image/png")
    shelf["http://frame.example/"] = html(
        "<img src=blue.png style='position:absolute;left:0;top:0'>"
    )
    shelf["http://frame.example/blue.png"] = answer(png(60, 60, BLUE), "image/png")
    body = "<img src=/old.png><iframe src=http://frame.example/ frameborder=0></iframe>"
    shot = browser.picture(URL, html(body), shelf)
    assert {RED, BLUE} <= colours(shot.png, 160)


@needs_chromium
def test_no_script_runs_in_a_page_or_a_frame(browser: Browser) -> None:
    paints = "<script>document.body.style.background = 'red'</script>"
    frame = "http://frame.example/"
    shelf = Shelf()
    shelf[frame] = html(f"<p>Frame.{paints}")
    body = (
        f'{paints}<iframe src={frame}></iframe><iframe srcdoc="<p>{paints}"></iframe>'
        "<img src=x onerror=\"document.body.style.background='red'\">"
        "<svg onload=\"document.body.style.background='red'\"></svg>"
        "<script src=/late.js></script><noscript>Read on.</noscript>"
    )
    shot = browser.picture(URL, html(body), shelf)
    assert RED not in colours(shot.png, 300)
    assert "http://paper.example/late.js" not in shelf.asked


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of this machine that no page should see."""
    path = tmp_path / "secret.png"
    path.write_bytes(png(60, 60, RED))
    return path


def hostile(port: int, secret: Path) -> Answer:
    """A page that tries every way out that we know of, to a port here and to a file."""
    here = f"127.0.0.1:{port}"
    head = "".join(
        [
            f"<meta http-equiv=refresh content='0;url=http://{here}/refresh'>",
            f"<base target=_top><link rel=preconnect href=http://{here}>",
            f"<link rel=dns-prefetch href=http://{here}>",
            f"<link rel=prefetch href=http://{here}/prefetch>",
            f"<link rel=prerender href=http://{here}/prerender>",
            f"<link rel=preload as=image href=http://{here}/preload>",
            f"<link rel=modulepreload href=http://{here}/module>",
            f"<link rel=stylesheet href=http://{here}/style.css>",
            f"<link rel=manifest href=http://{here}/manifest>",
            f"<style>@import 'http://localhost:{port}/x.css'; @font-face {{ font-family: f;",
            f"src: url(http://{here}/font) }} p {{ font-family: f }}</style>",
            f"<script>new WebSocket('ws://{here}/'); fetch('http://{here}/');",
            f"new RTCPeerConnection({{iceServers: [{{urls: 'stun:{here}'}}]}});",
            f"navigator.sendBeacon('http://{here}/'); location = 'http://{here}/'</script>",
            '<script type=speculationrules>{"prefetch": [{"urls": ',
            f'["http://{here}/rules"]}}]}}</script>',
        ]
    )
    body = "".join(
        [
            "<p>Hostile.",
            f"<img src=http://{here}/a.png><img src=http://[::1]:{port}/b.png>",
            f"<img src=http://localhost:{port}/c.png><img src=ftp://{here}/d.png>",
            f"<img src={secret.as_uri()}><iframe src={secret.as_uri()}></iframe>",
            f"<iframe src=http://{here}/frame></iframe><object data=http://{here}/o></object>",
            f"<embed src=http://{here}/e><video src=http://{here}/v autoplay></video>",
            f"<iframe src='javascript:location=\"http://{here}/j\"'></iframe>",
            f"<iframe srcdoc='<meta http-equiv=refresh content=0;url=http://{here}/>'></iframe>",
            "<iframe src=chrome://version></iframe><iframe src=view-source:http://x/></iframe>",
            f"<a ping=http://{here}/ href=http://{here}/ autofocus>x</a>",
            f"<form action=http://{here}/ method=post><input autofocus></form>",
        ]
    )
    return html(body, head)


@needs_chromium
def test_nothing_that_a_page_tries_leaves_the_machine_or_reaches_it(
    browser: Browser, trap: tuple[int, list[bytes]], secret: Path
) -> None:
    port, hits = trap
    shelf = Shelf()
    shot = browser.picture(URL, hostile(port, secret), shelf)
    assert RED not in colours(shot.png, 500)
    assert not any(url.startswith(("file:", "ftp:", "chrome:")) for url in shelf.asked)
    # nor if a supply were fooled into sending the page there
    here = f"http://127.0.0.1:{port}/away"
    shelf["http://paper.example/away.png"] = answer(b"", "", 302, Location=here)
    shelf["http://paper.example/file.png"] = answer(b"", "", 302, Location=secret.as_uri())
    body = "<img src=/away.png><img src=/file.png><iframe src=/away.png></iframe>"
    shot = browser.picture(URL, html(body), shelf)
    assert RED not in colours(shot.png, 100)
    time.sleep(0.3)
    assert hits == []


@needs_chromium
@pytest.mark.parametrize(("is_walled", "gets_out"), [(True, False), (False, True)])
def test_the_second_wall_holds_by_itself_and_without_it_the_page_would_get_out(
    monkeypatch: pytest.MonkeyPatch,
    trap: tuple[int, list[bytes]],
    secret: Path,
    *,
    is_walled: bool,
    gets_out: bool,
) -> None:
    """Nothing is paused here: the page asks for what it likes, as if that were broken."""
    assert PROGRAM
    port, hits = trap
    monkeypatch.setattr(module, "_WALLS", ())
    if not is_walled:
        wall = ("--proxy-", "--host-resolver-rules", "--blink-settings")
        flags = tuple(flag for flag in chromium._FLAGS if not flag.startswith(wall))
        monkeypatch.setattr(chromium, "_FLAGS", flags)
    page = hostile(port, secret).body.decode()
    address = f"data:text/html,{quote(page)}"
    with Browser(PROGRAM, page_seconds=5) as browser, contextlib.suppress(NoPicture):
        browser.picture(address, html(""), Shelf())
    time.sleep(0.3)
    assert bool(hits) == gets_out


@needs_chromium
def test_a_page_that_leads_on_is_pictured_where_it_is(browser: Browser) -> None:
    shelf = Shelf()
    shelf["http://paper.example/red"] = html("<body bgcolor=red>")
    head = "<meta http-equiv=refresh content='0;url=/red'>"
    shot = browser.picture(URL, html(f"<p style='{SQUARE % (0, 'blue')}'>", head), shelf)
    found = colours(shot.png, 60)
    assert BLUE in found
    assert RED not in found


@needs_chromium
def test_pages_know_nothing_of_each_other(browser: Browser) -> None:
    shelf = Shelf()
    shelf["http://paper.example/a.png"] = answer(png(60, 60, RED), "image/png", **{
        "Cache-Control": "max-age=9999", "Set-Cookie": "a=b",
    })  # fmt: skip
    browser.picture(URL, html("<img src=/a.png>"), shelf)
    other = Shelf()
    other["http://paper.example/a.png"] = answer(png(60, 60, BLUE), "image/png")
    shot = browser.picture(URL, html("<img src=/a.png>"), other)
    found = colours(shot.png, 100)
    assert BLUE in found
    assert RED not in found


@needs_chromium
def test_odd_answers_cost_no_page(browser: Browser) -> None:
    shelf = Shelf()
    shelf["http://paper.example/1.png"] = answer(b"x", "image/png", 999)
    shelf["http://paper.example/2.png"] = answer(b"x", "image/png\r\nx: y")
    shelf["http://paper.example/3.png"] = answer(b"", "image/png", 304)
    shelf["http://paper.example/4.png"] = answer(b"", "", 302, Location="http://[")
    shelf["http://paper.example/5.png"] = answer(b"", "", 302, Location="/5.png")
    body = "".join(f"<img src=/{number}.png>" for number in range(1, 6))
    assert size(browser.picture(URL, html(body), shelf).png) == VIEWPORT


@needs_chromium
def test_a_page_that_is_drawn_too_long_is_given_up_and_the_next_has_a_new_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert PROGRAM
    slow = Shelf()

    def late(url: str) -> Answer | None:
        time.sleep(1.1)
        return slow(url)

    with Browser(PROGRAM, page_seconds=8) as browser:
        browser.picture(URL, html("<p>Well."), slow)
        (first,) = [browser._chromium]
        assert first
        monkeypatch.setattr(browser, "_page_seconds", 1)
        with pytest.raises(NoPicture, match="in time"):
            browser.picture(URL, html("<img src=/a><img src=/b>"), late)
        assert not first.profile.exists()
        monkeypatch.setattr(browser, "_page_seconds", 8)
        assert browser.picture(URL, html("<p>Well."), slow)


@needs_chromium
def test_a_browser_that_is_killed_costs_one_picture() -> None:
    assert PROGRAM
    with Browser(PROGRAM) as browser:

        def killing(_: str) -> Answer | None:
            assert browser._chromium
            os.killpg(browser._chromium._process, signal.SIGKILL)
            return None

        with pytest.raises(NoPicture, match="Chromium ended"):
            browser.picture(URL, html("<img src=/a>"), killing)
        assert browser.picture(URL, html("<p>Well."), Shelf())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("time.sleep(60)\n", "did not answer in time"),
        ("print('no sandbox here', file=sys.stderr)\n", "Chromium ended. no sandbox here"),
        ("os.write(4, b'nonsense\\0'); time.sleep(60)\n", "no message"),
    ],
)
def test_one_that_is_of_no_use_is_said_and_ended(tmp_path: Path, body: str, reason: str) -> None:
    program = pretender(tmp_path / "chromium", body)
    with (
        Browser(program, page_seconds=1) as browser,
        pytest.raises(ChromiumMissing, match=f"is of no use: .*{reason}"),
    ):
        browser.picture(URL, html("<p>x"), Shelf())
    assert list(alive(program)) == []


HANGS = """
while (call := said())['method'] != {where!r}:
    say(id=call['id'], result=dict(product='Chrome/1', browserContextId='c', targetId='t',
                                   sessionId='s'))
{then}
"""


@pytest.mark.parametrize("where", ["Target.createTarget", "Fetch.enable", "Page.navigate"])
def test_one_that_hangs_costs_one_picture_and_leaves_no_process(tmp_path: Path, where: str) -> None:
    program = pretender(tmp_path / "chromium", HANGS.format(where=where, then="time.sleep(60)"))
    with Browser(program, page_seconds=1) as browser:
        began = time.monotonic()
        with pytest.raises(NoPicture, match=f"did not answer in time \\({where}\\)"):
            browser.picture(URL, html("<p>x"), Shelf())
        assert time.monotonic() - began < 5
        assert list(alive(program)) == []


def test_one_that_shows_an_error_is_no_picture(tmp_path: Path) -> None:
    then = "say(id=call['id'], result=dict(errorText='net::ERR_ABORTED'))\ntime.sleep(60)"
    hangs = HANGS.format(where="Page.navigate", then=then)
    with (
        Browser(pretender(tmp_path / "chromium", hangs), page_seconds=5) as browser,
        pytest.raises(NoPicture, match=r"does not show the page \(net::ERR_ABORTED\)"),
    ):
        browser.picture(URL, html("<p>x"), Shelf())


@needs_chromium
def test_a_page_may_ask_for_so_much_and_no_more(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_REQUESTS", 3)
    shelf = Shelf()
    browser.picture(URL, html("".join(f"<img src=/{n}>" for n in range(9))), shelf)
    assert len(shelf.asked) == 2  # and the page itself
