"""robots.txt over the wire: fetched first, followed, decoded, archived, and never gone around."""

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from hostile import BEHAVIOURS, Line, Origin, answer
from scrapy import Request

from archive.digests import sha256
from archive.records import OutletId
from crawler.capture.obey import fresh_seconds
from crawler.errand import Errand
from crawler.manners.robots import RefusedByRobots
from crawler.outlets.spec import RobotsChoice

URL = "http://origin.example/plain"
REFUSES = b"User-agent: *\nDisallow: /plain\n"

Says = Callable[..., None]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    """Have a path answer with these bytes."""

    def say(said: bytes | Callable[[Line], None], path: str = "robots.txt") -> None:
        behaviour = said if callable(said) else lambda line: line.say(said)
        monkeypatch.setitem(BEHAVIOURS, path, behaviour)

    return say


def errand(**says: Any) -> Errand:
    return Errand(
        outlet=OutletId("origin"), config_digest=sha256(b""), **{"delay_seconds": 0, **says}
    )


def paths(origin: Origin) -> list[str]:
    return [talk.path for talk in origin.talks]


def is_refused(recorder: Any, reason: str = "disallowed") -> bool:
    (told,) = recorder.ask(URL)
    if told.error is None:
        return False
    assert isinstance(told.error, RefusedByRobots)
    assert reason in str(told.error)
    return True


def test_it_is_asked_for_first_and_archived(origin: Origin, recorder: Any) -> None:
    recorder.ask(URL)
    assert paths(origin) == ["/robots.txt", "/plain"]
    kept = recorder.of("http://origin.example/robots.txt")
    assert kept["response"].block == bytes(origin.last("/robots.txt").wrote)
    assert kept["metadata"].fields["hopsFromSeed"] == "P"


def test_what_it_disallows_is_not_asked_for(origin: Origin, recorder: Any, says: Says) -> None:
    says(answer(b"", REFUSES))
    assert is_refused(recorder)
    assert paths(origin) == ["/robots.txt"]


@pytest.mark.parametrize("status", [b"404 No", b"410 No", b"418 No"])
def test_a_client_error_means_that_there_is_none(recorder: Any, says: Says, status: bytes) -> None:
    says(answer(b"", REFUSES, status=status))
    assert not is_refused(recorder)


@pytest.mark.parametrize("status", [b"401 No", b"403 No"])
def test_one_that_is_closed_to_us_refuses_until_the_outlets_file_says_otherwise(
    origin: Origin, recorder: Any, says: Says, status: bytes
) -> None:
    says(answer(b"", REFUSES, status=status))
    assert is_refused(recorder, "robots.txt is closed to us")
    assert "/plain" not in paths(origin)
    allowed = errand(robots=RobotsChoice(unauthorized="allow"))
    (told,) = recorder.ask(Request(URL, meta={"errand": allowed}))
    assert told.error is None


def test_one_that_is_not_to_count_is_archived_and_the_records_say_by_what_right(
    origin: Origin, recorder: Any, says: Says
) -> None:
    says(answer(b"", REFUSES))
    deposit = errand(robots=RobotsChoice(ignore=True, basis="Deposit Act, s. 3"))
    (told,) = recorder.ask(Request(URL, meta={"errand": deposit}))
    assert told.error is None
    assert paths(origin) == ["/robots.txt", "/plain"]
    said = recorder.of(URL)["metadata"].fields
    assert said["robots"] == "ignored; basis: Deposit Act, s. 3"


@pytest.mark.parametrize("status", [b"500 Oh", b"502 Oh", b"429 Slow"])
def test_an_error_of_the_server_means_leave_all_alone(
    origin: Origin, recorder: Any, says: Says, status: bytes
) -> None:
    says(answer(b"", b"", status=status))
    assert is_refused(recorder, f"robots.txt unreachable (HTTP {status.decode()[:3]})")
    assert paths(origin) == ["/robots.txt"]


def test_no_answer_means_leave_all_alone(origin: Origin, recorder: Any, says: Says) -> None:
    says(Line.hang_up)
    assert is_refused(recorder, "robots.txt unreachable (no answer: ")
    assert "/plain" not in paths(origin)


def test_an_answer_cut_off_means_leave_all_alone(recorder: Any, says: Says) -> None:
    def cut(line: Line) -> None:
        line.say(answer(b"", b"User-agent: *\nAllow: /\n" * 9)[:-20])
        line.hang_up()

    says(cut)
    assert is_refused(recorder, "robots.txt unreachable")


def test_a_redirect_is_followed_and_the_rules_are_the_first_origins(
    origin: Origin, recorder: Any, says: Says
) -> None:
    says(answer(b"Location: /elsewhere.txt\r\n", b"", status=b"301 Moved"))
    says(answer(b"", REFUSES), "elsewhere.txt")
    assert is_refused(recorder, "disallowed by http://origin.example/robots.txt")
    assert paths(origin) == ["/robots.txt", "/elsewhere.txt"]


def test_too_many_redirects_mean_that_there_is_none(
    origin: Origin, recorder: Any, says: Says
) -> None:
    says(answer(b"Location: /robots.txt\r\n", b"", status=b"302 Found"))
    assert not is_refused(recorder)
    assert 5 < len(paths(origin)) < 12


@pytest.mark.parametrize(
    "said",
    [
        answer(b"Content-Encoding: gzip\r\n", gzip.compress(REFUSES, mtime=0)),
        answer(b"", b"\xef\xbb\xbf" + REFUSES),
        answer(b"Content-Type: text/html\r\n", REFUSES.replace(b"\n", b"\r\n")),
        answer(b"", b"\xff\xfe\x00garbage\n" + REFUSES),
        answer(b"", REFUSES + b"# " + b"x" * 1_000_000),
        answer(b"Content-Encoding: gzip\r\n", gzip.compress(REFUSES + b"#" * 60_000_000)),
    ],
    ids=["gzip", "bom", "crlf", "garbage", "a-megabyte", "a-bomb"],
)
def test_it_is_obeyed_however_it_is_wrapped(recorder: Any, says: Says, said: bytes) -> None:
    says(said)
    assert is_refused(recorder)


@pytest.mark.parametrize(
    "said",
    [
        answer(b"Content-Encoding: gzip\r\n", b"no gzip at all"),
        answer(b"", b"<html><title>Front page</title></html>"),
        answer(b"", b"#" * 600_000 + b"\n" + REFUSES),
        answer(b"Content-Encoding: gzip\r\n", gzip.compress(bytes(200_000_000))),
    ],
    ids=["lying-gzip", "html", "rules-past-the-limit", "bomb"],
)
def test_what_cannot_be_read_disallows_nothing(recorder: Any, says: Says, said: bytes) -> None:
    says(said)
    assert not is_refused(recorder)


def test_a_redirect_to_what_is_disallowed_is_refused_at_the_hop(
    origin: Origin, recorder: Any, says: Says
) -> None:
    says(answer(b"", REFUSES))
    (told,) = recorder.ask("http://origin.example/redirect")
    assert isinstance(told.error, RefusedByRobots)
    assert paths(origin) == ["/robots.txt", "/redirect"]


def test_a_robots_file_is_allowed_whatever_it_says(recorder: Any, says: Says) -> None:
    # RFC 9309 §2.2.2: "The /robots.txt URI is implicitly allowed."
    says(answer(b"", b"User-agent: *\nDisallow: /\n"))
    (told,) = recorder.ask("http://origin.example/robots.txt")
    assert told.error is None


def test_a_crawl_delay_is_kept_from_the_next_request_on(
    origin: Origin, recorder: Any, says: Says
) -> None:
    says(answer(b"", b"User-agent: *\nCrawl-delay: 0.3\n"))
    told = recorder.ask(URL, "http://origin.example/chunks")
    first, second = (one.capture.captured_at for one in told)
    assert (second - first).total_seconds() >= 0.3


def test_the_outlets_own_delay_is_kept_at_every_host(origin: Origin, recorder: Any) -> None:
    slowly = errand(delay_seconds=0.3)
    wanted = [
        Request(f"http://origin.example/{name}", meta={"errand": slowly})
        for name in ("plain", "chunks")
    ]
    told = recorder.ask(*wanted)
    first, second = (one.capture.captured_at for one in told)
    assert (second - first).total_seconds() >= 0.3


def test_five_redirects_across_hosts_are_followed(
    origin: Origin, recorder: Any, says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leads(target: str) -> bytes:
        return answer(b"Location: " + target.encode() + b"\r\n", b"", status=b"302 Found")

    say = [
        f"http://{host}.example/hop{n}.txt"
        for n, host in enumerate(["two", "three"] * 2 + ["four"])
    ]
    names = {**recorder.archive.config.resolve}
    names |= {f"{one}.example": origin.address for one in ("two", "three", "four")}
    changed = recorder.archive.config.model_copy(update={"resolve": names})
    monkeypatch.setattr(recorder.archive, "config", changed)
    says(leads(say[0]))
    for n in range(4):
        says(leads(say[n + 1]), f"hop{n}.txt")
    says(answer(b"", REFUSES), "hop4.txt")
    assert is_refused(recorder, "disallowed by http://origin.example/robots.txt")
    assert paths(origin) == ["/robots.txt", *(f"/hop{n}.txt" for n in range(5))]
    kept = recorder.of("http://four.example/hop4.txt")
    assert kept["metadata"].fields["hopsFromSeed"] == "PRRRRR"
    with recorder.archive.turn() as turn:
        file = turn.hosts.robots_of("http://origin.example")
    assert file.capture == "r:" + kept["response"].get("WARC-Record-ID")[10:-1]


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/", "http://169.254.169.254/robots.txt"])
def test_one_that_leads_to_a_private_address_cannot_be_had(
    origin: Origin, recorder: Any, says: Says, target: str
) -> None:
    says(answer(b"Location: " + target.encode() + b"\r\n", b"", status=b"301 Moved"))
    assert is_refused(recorder, "robots.txt unreachable (no answer: ")
    assert paths(origin) == ["/robots.txt"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, None), ("", None), ("public", None), ("no-cache", 0), ("private, no-store", 0),
        ("max-age=60", 60), ("Public, Max-Age = 60", 60), ('max-age="60"', 60),
        ("max-age=soon", None), ("s-maxage=5", None), ("max-age=5, max-age=60", 5),
        ("no-cache=\"Set-Cookie\"", 0),
    ],
)  # fmt: skip
def test_cache_control_is_read(said: str | None, seconds: int | None) -> None:
    assert fresh_seconds(said) == seconds


def test_every_request_says_who_asks_and_where_to_complain(
    origin: Origin, recorder: Any, says: Says
) -> None:
    says(answer(b"Location: /elsewhere.txt\r\n", b"", status=b"301 Moved"))
    says(answer(b"", b""), "elsewhere.txt")
    recorder.ask("http://origin.example/redirect")
    assert len(origin.talks) == 4
    for talk in origin.talks:
        assert re.search(
            rb"\r\nUser-Agent: kliping/[0-9.]+ \(\+https://\S+; me@library\.example\)\r\n",
            talk.read,
        )
        assert b"\r\nFrom: me@library.example\r\n" in talk.read
        assert b"Mozilla" not in talk.read
