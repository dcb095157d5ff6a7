"""robots.txt as RFC 9309 has it: what each answer means, and how long it is believed."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from archive.clock import SimulatedClock
from archive.robotstxt import RobotsFile
from crawler.lane import Lane
from crawler.manners.pace import Pace
from crawler.manners.robots import OBEY, RefusedByRobots, Robots, is_unreachable
from crawler.outlets.spec import RobotsChoice

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PAGE = "http://paper.example/news/1"
REFUSAL = (
    r"^disallowed by http://paper\.example/robots\.txt "
    r"\(line 2, 'Disallow: /news/', for User-agent \*\)$"
)
DISALLOWS = "User-agent: *\nDisallow: /news/\n"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@dataclass
class Hosts:
    """What origins answer, and how often they were asked."""

    lane: Lane
    clock: SimulatedClock
    status: int | None = 200
    body: str | None = DISALLOWS
    reason: str | None = None
    fresh: timedelta | None = None
    asked: list[str] = field(default_factory=list)
    robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.pace = Pace(self.lane, self.clock)
        self.robots = Robots(self.lane, self.pace, self.clock)

    async def fetch(self, origin: str) -> RobotsFile:
        self.asked.append(origin)
        body = self.body if self.status and 200 <= self.status < 300 else None
        now = self.clock.now()
        return RobotsFile(
            origin=origin,
            fetched_at=now,
            status=self.status,
            body=body,
            reason=self.reason,
            ask_again_at=None if self.fresh is None else now + self.fresh,
        )

    def allows(self, url: str = PAGE, choice: RobotsChoice = OBEY) -> bool:
        try:
            asyncio.run(self.robots.check(url, self.fetch, choice))
        except RefusedByRobots:
            return False
        return True


@pytest.fixture
def hosts(lane: Lane, clock: SimulatedClock) -> Hosts:
    return Hosts(lane, clock)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (200, False), (204, True), (301, True), (400, True), (401, False), (403, False),
        (404, True), (410, True), (418, True), (429, False), (500, False), (502, False),
        (503, False), (599, False), (None, False),
    ],
)  # fmt: skip
def test_what_an_answer_means(hosts: Hosts, status: int | None, allowed: bool) -> None:  # noqa: FBT001
    hosts.status = status
    hosts.body = DISALLOWS if status == 200 else None
    assert hosts.allows() is allowed


def test_a_refusal_names_the_file_the_line_and_the_rule(hosts: Hosts) -> None:
    with pytest.raises(RefusedByRobots, match=REFUSAL):
        asyncio.run(hosts.robots.check(PAGE, hosts.fetch))


def test_a_refusal_names_the_status_of_what_cannot_be_had(hosts: Hosts) -> None:
    hosts.status = 503
    with pytest.raises(RefusedByRobots, match=r"^robots.txt unreachable \(HTTP 503\)$"):
        asyncio.run(hosts.robots.check(PAGE, hosts.fetch))


def test_a_refusal_says_why_there_was_no_answer_if_that_is_known(hosts: Hosts) -> None:
    hosts.status = None
    hosts.reason = "no answer: refused"
    with pytest.raises(RefusedByRobots, match=r"\(no answer: refused\)$"):
        asyncio.run(hosts.robots.check(PAGE, hosts.fetch))


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /\n", False),
        ("User-agent: kliping\nDisallow: /\n", False),
        ("User-agent: KLIPING\nDisallow: /\n", False),
        ("User-agent: kliping\nAllow: /\n\nUser-agent: *\nDisallow: /\n", True),
        ("User-agent: other\nDisallow: /\n", True),
        ("User-agent: *\nDisallow: /\nAllow: /news/\n", True),
        ("User-agent: *\nDisallow: /*/1$\n", False),
        ("User-agent: *\nDisallow: /*/2$\n", True),
        ("\ufeffUser-agent: *\nDisallow: /\n", False),
        ("User-agent: *\r\nDisallow: /\r\n", False),
        ("<!doctype html><title>Not found</title>", True),
        ("\x00\x01\x02 garbage \ufffd\nDisallow: /", True),
    ],
)
def test_rules_are_read_as_written(hosts: Hosts, rules: str, allowed: bool) -> None:  # noqa: FBT001
    hosts.body = rules
    assert hosts.allows() is allowed


def test_each_origin_has_its_own(hosts: Hosts) -> None:
    for url in (PAGE, "https://paper.example/x", "http://paper.example:8080/x", PAGE):
        hosts.allows(url)
    assert hosts.asked == [
        "http://paper.example",
        "https://paper.example",
        "http://paper.example:8080",
    ]


def test_many_who_ask_at_once_fetch_it_once(hosts: Hosts) -> None:
    hosts.body = ""

    async def all_at_once() -> None:
        await asyncio.gather(*(hosts.robots.check(PAGE, hosts.fetch) for _ in range(9)))

    asyncio.run(all_at_once())
    assert len(hosts.asked) == 1


# how long it is believed


def test_it_is_believed_for_a_day(hosts: Hosts, clock: SimulatedClock) -> None:
    hosts.allows()
    clock.advance(timedelta(hours=23, minutes=59))
    hosts.allows()
    assert len(hosts.asked) == 1
    clock.advance(timedelta(minutes=1))
    hosts.body = ""
    assert hosts.allows()
    assert len(hosts.asked) == 2


def test_it_is_believed_over_a_restart(hosts: Hosts) -> None:
    hosts.allows()
    hosts.restart()
    assert not hosts.allows()
    assert len(hosts.asked) == 1


@pytest.mark.parametrize("status", [None, 429, 500])
def test_what_cannot_be_had_is_asked_for_again_after_five_minutes(
    hosts: Hosts, clock: SimulatedClock, status: int | None
) -> None:
    hosts.status = status
    assert not hosts.allows()
    clock.advance(timedelta(minutes=4))
    assert not hosts.allows()
    assert len(hosts.asked) == 1
    clock.advance(timedelta(minutes=1))
    hosts.status = 404
    assert hosts.allows()


def test_the_time_until_it_is_asked_for_again_doubles_up_to_a_day(
    hosts: Hosts, clock: SimulatedClock
) -> None:
    hosts.status = 503
    waits = []
    for _ in range(12):
        before = clock.now()
        with pytest.raises(RefusedByRobots) as told:
            asyncio.run(hosts.robots.check(PAGE, hosts.fetch))
        assert told.value.until is not None
        waits.append((told.value.until - before).total_seconds() / 60)
        clock.advance_to(told.value.until)
        hosts.restart()  # it is remembered
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440]
    hosts.status = 200
    hosts.allows()
    clock.advance(timedelta(days=1))
    hosts.status = 503
    hosts.allows()
    clock.advance(timedelta(minutes=5))
    hosts.status = 404
    assert hosts.allows()


def test_its_own_retry_after_is_waited_for(hosts: Hosts, clock: SimulatedClock) -> None:
    hosts.status = 429
    asyncio.run(hosts.pace.heed(PAGE, 429, "7200"))
    with pytest.raises(RefusedByRobots) as told:
        asyncio.run(hosts.robots.check(PAGE, hosts.fetch))
    assert told.value.until == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("said", "counts"),
    [(0, 1), (0.5, 1), (2, 2), (24, 24), (24 * 365, 24), (None, 24)],
    ids=["no-cache", "half-an-hour", "two-hours", "a-day", "a-year", "nothing"],
)
def test_its_own_cache_control_can_only_shorten_a_day(
    hosts: Hosts, clock: SimulatedClock, said: float | None, counts: float
) -> None:
    hosts.fresh = None if said is None else timedelta(hours=said)
    hosts.allows()
    clock.advance(timedelta(hours=counts, seconds=-1))
    hosts.allows()
    assert len(hosts.asked) == 1
    clock.advance(timedelta(seconds=1))
    hosts.allows()
    assert len(hosts.asked) == 2


# what the outlet's file decides


@pytest.mark.parametrize("status", [401, 403])
def test_one_that_is_closed_to_us_is_the_outlets_files_to_judge(hosts: Hosts, status: int) -> None:
    hosts.status = status
    with pytest.raises(RefusedByRobots, match=rf"HTTP {status}; \[robots\] unauthorized = \"allow"):
        asyncio.run(hosts.robots.check(PAGE, hosts.fetch))
    assert "ask it" in hosts.robots.remarks["http://paper.example"]
    assert hosts.allows(choice=RobotsChoice(unauthorized="allow"))


@pytest.mark.parametrize("status", [200, 401, 503, None])
def test_one_that_is_not_to_count_is_kept_and_waited_for_all_the_same(
    hosts: Hosts, status: int | None
) -> None:
    hosts.status = status
    hosts.body = "User-agent: *\nCrawl-delay: 7\nDisallow: /\n"
    deposit = RobotsChoice(ignore=True, basis="Deposit Act 1990, s. 3")
    assert hosts.allows(choice=deposit)
    assert hosts.asked == ["http://paper.example"]
    assert "(Deposit Act 1990, s. 3)" in hosts.robots.remarks["http://paper.example"]
    assert not hosts.allows()  # for another outlet on the same host


def test_a_fetch_that_breaks_is_believed_by_nobody(hosts: Hosts) -> None:
    async def breaking(origin: str) -> RobotsFile:
        raise RuntimeError(origin)

    with pytest.raises(RuntimeError):
        asyncio.run(hosts.robots.check(PAGE, breaking))
    assert not hosts.allows()
    assert len(hosts.asked) == 1


# Crawl-delay


@pytest.mark.parametrize(
    ("asked", "seconds"), [("10", 10), ("0.5", 0.5), ("3600", 60), ("no", 0), ("-5", 0)]
)
def test_a_crawl_delay_is_kept_up_to_a_minute(
    hosts: Hosts, clock: SimulatedClock, asked: str, seconds: float
) -> None:
    hosts.body = f"User-agent: *\nCrawl-delay: {asked}\n"
    hosts.allows()

    async def two() -> float:
        for _ in range(2):
            async with hosts.pace.turn(PAGE):
                pass
        return (clock.now() - NOW).total_seconds()

    assert asyncio.run(two()) == seconds


def test_a_crawl_delay_that_is_capped_is_said(hosts: Hosts) -> None:
    hosts.body = "User-agent: *\nCrawl-delay: 3600\n"
    hosts.allows()
    said = hosts.robots.remarks["http://paper.example"]
    assert said.startswith("paper.example asks for 3600 s between two requests (Crawl-delay)")
    assert "it gets 60 s" in said


def test_a_crawl_delay_that_is_taken_back_counts_no_more(
    hosts: Hosts, clock: SimulatedClock
) -> None:
    hosts.body = "User-agent: *\nCrawl-delay: 30\n"
    hosts.allows()
    clock.advance(timedelta(days=1))
    hosts.body = ""
    hosts.allows()
    began = clock.now()

    async def two() -> float:
        for _ in range(2):
            async with hosts.pace.turn(PAGE):
                pass
        return (clock.now() - began).total_seconds()

    assert asyncio.run(two()) == 0


def test_what_nobody_asked_for_in_two_days_is_let_go_of_and_read_from_the_archive(
    hosts: Hosts, clock: SimulatedClock
) -> None:
    hosts.body = "User-agent: *\nCrawl-delay: 3600\n"
    hosts.allows()
    clock.advance(timedelta(days=1, hours=23))
    hosts.robots.forget()
    assert hosts.robots.known("http://paper.example")
    clock.advance(timedelta(hours=1))
    hosts.robots.forget()
    assert hosts.robots.known("http://paper.example") is None
    assert hosts.robots.remarks == {}
    assert hosts.allows()
    assert hosts.robots.remarks


@pytest.mark.parametrize(
    ("status", "unreachable"), [(None, True), (429, True), (500, True), (404, False), (200, False)]
)
def test_unreachable_is_a_matter_of_the_status(status: int | None, unreachable: bool) -> None:  # noqa: FBT001
    assert is_unreachable(status) is unreachable
