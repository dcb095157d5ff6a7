import re
import urllib.request

import pytest

from archive.clock import SimulatedClock
from archive.errors import ArchiveError
from crawler.demo import serve
from crawler.demo.newspaper import Newspaper
from crawler.demo.server import Server


def test_the_welcome_names_addresses_that_answer() -> None:
    paper = Newspaper(SimulatedClock(serve.STEADY_AT))
    with Server(paper, steady=True) as server:
        text = serve.welcome(paper, server.port)
        urls = re.findall(r"http://\S+", text)
        assert len(urls) == 10
        for url in urls:
            host = {"Host": "harian-contoh.example"} if "/berita/" in url else {}
            with urllib.request.urlopen(urllib.request.Request(url, headers=host)) as answer:
                assert answer.status == 200
    assert "Ctrl-C" in text


def test_it_serves_until_interrupted(monkeypatch, capsys) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serve.time, "sleep", interrupt)
    serve.serve_steady(0)
    told = capsys.readouterr()
    assert "Wednesday 04 March 2026, 12:30 UTC" in told.out
    assert told.out.endswith("Stopped.\n")
    assert told.err == ""


def test_a_taken_port_is_an_error_for_people(server: Server) -> None:
    with pytest.raises(ArchiveError, match="choose another one"):
        serve.serve_steady(server.port)
