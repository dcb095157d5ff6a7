"""Through TLS, a proxy, or a tunnel: every answer is kept as it is when nothing lies between."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from endings import COMPLETE, CUT, RESCUED, SILENT
from hostile import ConnectProxy, Origin

Route = tuple[Origin, Callable[..., Any], str]
"""The origin, a way to ask it along this route, and the URL its paths hang from."""


@pytest.fixture
def tls(tls_origin: Origin, tls_recorder: Any, trusted: None) -> Route:
    return tls_origin, tls_recorder.ask, "https://tls.example/"


@pytest.fixture
def proxy(origin: Origin, recorder: Any) -> Route:
    def ask(*urls: str, **settings: Any) -> Any:
        return recorder.ask(*urls, proxy=f"http://{origin.address}", **settings)

    return origin, ask, "http://origin.example/"


@pytest.fixture
def tunnel(tls_origin: Origin, tls_recorder: Any, trusted: None) -> Iterator[Route]:
    with ConnectProxy(tls_origin.address) as between:

        def ask(*urls: str, **settings: Any) -> Any:
            return tls_recorder.ask(*urls, proxy=f"http://{between.address}", **settings)

        yield tls_origin, ask, "https://tls.example/"


@pytest.fixture(params=["tls", "proxy", "tunnel"])
def route(request: pytest.FixtureRequest) -> Route:
    return request.getfixturevalue(request.param)


@pytest.fixture
def kept(request: pytest.FixtureRequest, route: Route) -> Callable[[str], dict[str, Any]]:
    """The records of an exchange along the route, by the name of the behaviour."""
    recorder = "recorder" if route[2].startswith("http:") else "tls_recorder"
    return lambda name: request.getfixturevalue(recorder).of(route[2] + name)


def test_every_complete_exchange_is_kept_byte_for_byte(route: Route, kept: Any) -> None:
    origin, ask, url = route
    names = [*COMPLETE, *RESCUED]
    told = {one.url.removeprefix(url): one for one in ask(*(url + name for name in names))}
    for name in names:
        records, talk = kept(name), origin.last(f"/{name}")
        assert told[name].error is None, name
        assert records["request"].block == talk.read, name
        assert records["response"].block == bytes(talk.wrote), name
        assert records["response"].get("WARC-Truncated") is None, name
    for name, page in RESCUED.items():
        assert told[name].response.body == page, name


def test_every_exchange_cut_off_is_kept_as_far_as_it_came(route: Route, kept: Any) -> None:
    origin, ask, url = route
    answers = ask(*(url + name for name in CUT), DOWNLOAD_TIMEOUT=1.0)
    told = {one.url.removeprefix(url): one for one in answers}
    for name, (truncated, error) in CUT.items():
        records, talk = kept(name), origin.last(f"/{name}")
        assert isinstance(told[name].error, error), name
        assert records["request"].block == talk.read, name
        assert records["response"].block == bytes(talk.wrote), name
        assert records["response"].get("WARC-Truncated") == truncated, name


def test_every_request_without_an_answer_is_a_request_record(route: Route, kept: Any) -> None:
    origin, ask, url = route
    told = ask(*(url + name for name in SILENT), DOWNLOAD_TIMEOUT=1.0)
    assert all(isinstance(one.error, SILENT[one.url.removeprefix(url)]) for one in told)
    for name in SILENT:
        assert set(kept(name)) == {"request", "metadata"}, name
        assert kept(name)["request"].block == origin.last(f"/{name}").read, name


@pytest.mark.parametrize("name", ["endless-head", "endless-trailers"])
def test_who_never_stops_is_hung_up_on(route: Route, kept: Any, name: str) -> None:
    origin, ask, url = route
    (told,) = ask(url + name)
    block = kept(name)["response"].block
    assert "Timeout" not in type(told.error).__name__
    assert bytes(origin.last(f"/{name}").wrote).startswith(block)
    assert len(block) < 400_000
