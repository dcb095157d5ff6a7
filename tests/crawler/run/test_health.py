"""The health page over a real socket: well or not, and as Prometheus reads it."""

import asyncio
import json
import urllib.error
import urllib.request
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from support.archives import NOW

from archive.records import OutletId
from crawler.run.health import CannotListen, is_public, listening, read_address
from crawler.run.reactor import run
from crawler.run.standing import Standing


def standing(**said: Any) -> Standing:
    usual: dict[str, Any] = {
        "state": "running", "since": NOW, "now": NOW, "run": "run-1", "scheduled": 3,
        "underway": (), "coming": ((NOW, OutletId("paper")),), "last_visit_at": None,
        "lag": timedelta(), "most_overdue": None, "free_bytes": 10**12, "min_free_bytes": 10**9,
        "backlog": 2, "counts": Counter({"captures": 7, "articles/new": 4}),
    }  # fmt: skip
    return Standing(**(usual | said))


def asked(path: str, one: Standing, method: str = "GET") -> tuple[int, str, str]:
    def ask(port: int) -> tuple[int, str, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Content-Type"], error.read().decode()

    async def main() -> tuple[int, str, str]:
        with listening(("127.0.0.1", 0), lambda: one) as port:
            return await asyncio.to_thread(ask, port)

    return run(main())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, 200),
        ({"state": "paused"}, 503),
        ({"state": "stopping"}, 503),
        ({"state": "failed"}, 503),
        ({"lag": timedelta(minutes=59)}, 200),
        ({"lag": timedelta(minutes=60), "most_overdue": OutletId("paper")}, 503),
    ],
)
def test_it_is_well_while_it_runs_and_is_not_late(said: dict[str, Any], code: int) -> None:
    status, media, text = asked("/health", standing(**said))
    told = json.loads(text)
    assert (status, media) == (code, "application/json")
    assert told["ok"] is (code == 200)
    assert told["next"] == [{"at": NOW.isoformat(), "outlet": "paper"}]
    assert told["lane_backlog"] == 2


def test_metrics_are_lines_that_prometheus_reads() -> None:
    status, media, text = asked("/metrics", standing(state="paused"))
    assert status == 200
    assert media.startswith("text/plain; version=0.0.4")
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
    assert samples["kliping_up"] == "0"
    assert samples["kliping_captures_total"] == "7"
    assert samples['kliping_articles_total{outcome="new"}'] == "4"
    assert all(float(number) >= 0 for number in samples.values())


def test_other_paths_and_other_methods_find_nothing() -> None:
    assert asked("/", standing())[0] == 404
    assert asked("/healthy", standing())[0] == 404
    assert asked("/health", standing(), method="POST")[0] == 405
    assert asked("/health", standing(), method="HEAD")[0] == 200


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8641", ("127.0.0.1", 8641)),
        ("8641", ("127.0.0.1", 8641)),
        (":8641", ("127.0.0.1", 8641)),
        ("[::1]:80", ("::1", 80)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),
    ],
)
def test_an_address_is_on_loopback_unless_it_says_otherwise(
    text: str, address: tuple[str, int]
) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize("text", ["", "x", "localhost:80", "127.0.0.1:", "127.0.0.1:99999", "-1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(CannotListen, match="write it as"):
        read_address(text)


def test_a_port_that_is_taken_is_said() -> None:
    async def main() -> None:
        with listening(("127.0.0.1", 0), standing) as port:
            taken = pytest.raises(CannotListen, match=f"{port}: .*in use")
            with taken, listening(("127.0.0.1", port), standing):
                pass

    run(main())


@pytest.mark.parametrize(
    ("host", "public"), [("127.0.0.1", False), ("::1", False), ("0.0.0.0", True), ("::", True)]
)
def test_an_address_that_others_can_reach_is_known_for_one(host: str, public: bool) -> None:  # noqa: FBT001
    assert is_public(host) is public
