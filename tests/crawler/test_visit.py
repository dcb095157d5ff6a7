"""A visit: what it borrows, how each lease ends, and that nothing stays borrowed."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from archive.clock import SimulatedClock
from archive.db.crawling import frontier
from archive.records import Discovery, Lease, Url
from archive.store import Archive
from archive.urls import urlkey
from crawler.desk import Desk, is_over, new_desk
from crawler.outlets.spec import Outlet
from crawler.readers import Readers
from crawler.visit import BORROW, IN_FLIGHT, Plan, Visit, prepare

HOME = "https://paper.example"
OUTLET = Outlet(id="paper", name="Paper", home=f"{HOME}/", country="id", zone="Asia/Jakarta")


@pytest.fixture
def desk(sqlite_archive: Archive) -> Iterator[Desk]:
    desk = new_desk(sqlite_archive, Readers(1))
    with sqlite_archive.turn() as turn:
        prepare(turn, Plan(outlet=OUTLET))
    yield desk
    desk.lane.close()


def announce(desk: Desk, articles: int) -> None:
    listing = Url(f"{HOME}/")
    found = [
        Discovery(url=Url(f"{HOME}/{n}"), listing=listing, kind="section") for n in range(articles)
    ]
    with desk.archive.turn() as turn:
        turn.discover(OUTLET.oid, found)


def lent(desk: Desk) -> list[str]:
    with desk.archive.reading() as connection:
        statement = select(frontier.c.url).where(frontier.c.lease_token.is_not(None))
        return list(connection.execute(statement).scalars())


def visiting(visit: Visit, on_lease: Callable[[Lease], Awaitable[Any]]) -> list[Lease]:
    """Take what comes until nothing does; each lease is begun as the spider would."""

    async def main() -> list[Lease]:
        taken: list[Lease] = []
        tasks = []
        while (lease := await visit.next()) is not None:
            taken.append(lease)
            tasks.append(asyncio.ensure_future(on_lease(lease)))
        await asyncio.gather(*tasks)
        return taken

    return asyncio.run(main())


def settling(visit: Visit, outcome: str = "new") -> Callable[[Lease], Awaitable[None]]:
    async def settle(lease: Lease) -> None:
        await asyncio.sleep(0)
        await visit.settle(lease, "polled" if lease.is_listing else outcome)  # type: ignore[arg-type]

    return settle


def test_it_takes_all_that_is_due_listings_first(desk: Desk) -> None:
    announce(desk, 20)
    visit = Visit(desk, OUTLET)
    taken = visiting(visit, settling(visit))
    assert [lease.is_listing for lease in taken] == [True] + [False] * 20
    assert visit.is_balanced
    assert visit.counts["articles/new"] == 20
    assert visit.counts["listings/polled"] == 1
    assert lent(desk) == []


@pytest.mark.parametrize("limit", [1, 3, BORROW, BORROW + 3])
def test_a_limit_counts_what_is_stored(desk: Desk, limit: int) -> None:
    announce(desk, 20)
    visit = Visit(desk, OUTLET, limit=limit)
    visiting(visit, settling(visit))
    assert visit.counts["articles/new"] == limit
    assert visit.is_balanced
    assert lent(desk) == []


def test_a_limit_is_made_up_for_when_pages_are_no_articles(desk: Desk) -> None:
    announce(desk, 20)
    visit = Visit(desk, OUTLET, limit=3)
    outcomes = iter(["not-article", "walled", "new", "failed", "new", "not-article"] * 9)

    async def settle(lease: Lease) -> None:
        outcome = "polled" if lease.is_listing else next(outcomes)
        await visit.settle(lease, outcome, reason="because")  # type: ignore[arg-type]

    visiting(visit, settle)
    assert visit.counts["articles/new"] == 3
    assert visit.is_balanced


def test_a_limit_waits_for_all_listings_so_that_the_newest_are_stored(
    desk: Desk, clock: SimulatedClock
) -> None:
    announce(desk, 5)
    visit = Visit(desk, OUTLET, limit=2)

    async def settle(lease: Lease) -> None:
        if not lease.is_listing:
            await visit.settle(lease, "new")
            return
        await asyncio.sleep(0.05)  # the listing takes its time, the older articles are due
        clock.advance(timedelta(minutes=1))
        listing = Url(f"{HOME}/")
        newer = [
            Discovery(url=Url(f"{HOME}/newer-{n}"), listing=listing, kind="section")
            for n in range(2)
        ]
        await visit.settle(
            lease, "polled", act=lambda turn: turn.discover(OUTLET.oid, newer) and None
        )

    taken = visiting(visit, settle)
    assert sorted(lease.url for lease in taken[1:]) == [f"{HOME}/newer-0", f"{HOME}/newer-1"]
    assert lent(desk) == []


def test_only_so_many_are_in_flight(desk: Desk) -> None:
    announce(desk, 30)
    visit = Visit(desk, OUTLET)
    inside, most = 0, 0

    async def settle(lease: Lease) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        inside -= 1
        await visit.settle(lease, "polled" if lease.is_listing else "new")

    visiting(visit, settle)
    assert 1 < most <= IN_FLIGHT


def test_a_stop_gives_back_what_was_not_begun(desk: Desk) -> None:
    announce(desk, 20)
    visit = Visit(desk, OUTLET)

    async def settle(lease: Lease) -> None:
        await asyncio.sleep(0)
        await visit.settle(lease, "polled" if lease.is_listing else "new")
        if visit.counts["articles/new"] == 3:
            desk.visits.append(visit)
            desk.stop()

    visiting(visit, settle)
    assert 3 <= visit.counts["articles/new"] < 20
    assert visit.is_balanced
    assert lent(desk) == []


def test_a_host_that_is_held_ends_the_visit_and_its_leases_stay_due(
    desk: Desk, clock: SimulatedClock
) -> None:
    announce(desk, 20)
    visit = Visit(desk, OUTLET)
    until = clock.now() + timedelta(hours=1)

    async def release(lease: Lease) -> None:
        await visit.release(lease, "paper.example is left alone", until=until)

    visiting(visit, release)
    assert visit.held_until == until
    assert visit.is_balanced
    assert lent(desk) == []
    again = Visit(desk, OUTLET)
    assert len(visiting(again, settling(again))) == 21


def test_what_is_due_by_another_is_not_taken(desk: Desk) -> None:
    announce(desk, 3)

    async def main() -> tuple[Lease | None, Lease | None]:
        one, other = Visit(desk, OUTLET), Visit(desk, OUTLET)
        first = await one.next()
        return first, await other.next()

    first, second = asyncio.run(main())
    assert first is not None
    assert second is None


def test_one_article_alone_may_be_asked_for(desk: Desk) -> None:
    announce(desk, 3)
    plan = Plan(outlet=OUTLET, only=Url(f"{HOME}/9"))
    with desk.archive.turn() as turn:
        prepare(turn, plan)
    visit = Visit(desk, OUTLET, only=urlkey(f"{HOME}/9"))
    taken = visiting(visit, settling(visit))
    assert [lease.url for lease in taken] == [f"{HOME}/9"]


def test_a_miss_is_told_with_its_reason(desk: Desk) -> None:
    announce(desk, 1)
    visit = Visit(desk, OUTLET)

    async def settle(lease: Lease) -> None:
        if lease.is_listing:
            await visit.settle(lease, "failed", reason="HTTP 500 (again)")
        else:
            await visit.settle(lease, "gone", reason="HTTP 404 (1 of 3 checks)")

    visiting(visit, settle)
    assert visit.misses == [(f"{HOME}/", "failed", "HTTP 500 (again)")]
    assert visit.counts["listings/failed/HTTP 500"] == 1


def test_a_lease_that_ended_cannot_end_again(desk: Desk) -> None:
    visit = Visit(desk, OUTLET)

    async def twice(lease: Lease) -> None:
        await visit.settle(lease, "polled")
        await visit.settle(lease, "failed")

    visiting(visit, twice)
    assert visit.counts["listings/failed"] == 0
    assert visit.is_balanced


def test_a_page_that_breaks_something_of_ours_fails_and_the_visit_goes_on(desk: Desk) -> None:
    announce(desk, 2)
    visit = Visit(desk, OUTLET)

    async def breaks(lease: Lease) -> None:
        await visit.broke(lease, KeyError("ours"))

    assert len(visiting(visit, breaks)) == 3
    assert visit.counts["articles/failed"] == 2
    assert desk.fatal is None


def test_a_full_disk_ends_the_run_and_blames_no_page(desk: Desk) -> None:
    announce(desk, 9)
    visit = Visit(desk, OUTLET)

    async def full(lease: Lease) -> None:
        await visit.broke(lease, OSError(28, "No space left on device"))

    visiting(visit, full)
    assert desk.stopping
    assert "is full: make room" in (desk.fatal or "")
    assert visit.counts["articles/failed"] == 0


def test_leases_of_a_run_that_is_over_are_taken_back(desk: Desk) -> None:
    announce(desk, 3)

    async def main() -> None:
        await Visit(desk, OUTLET).next()

    asyncio.run(main())
    assert len(lent(desk)) == 4
    with desk.archive.turn() as turn:
        assert turn.free_leases(is_over) == 4
    assert lent(desk) == []


@pytest.mark.parametrize(
    ("run", "over"),
    [
        ("20260302T060000000000Z-1-{here}", False),
        ("20260302T060000000000Z-4194999-{here}", True),
        ("20260302T060000000000Z-4194999-elsewhere", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_a_run_is_over_when_its_process_is_gone_from_this_machine(run: str, over: bool) -> None:  # noqa: FBT001
    assert is_over(run.format(here=socket.gethostname().lower())) is over
