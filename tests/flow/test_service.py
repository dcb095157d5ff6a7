"""The service over the demo newspaper: due outlets visited, one at a time each, days kept apart."""

import asyncio
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flow.parts import HARBOUR, Elsewhere, Press, Site, article, feed, is_sound, paced, rows
from sqlalchemy import func, select

from archive.clock import SimulatedClock
from archive.concerns import notes
from archive.config import CONFIG_NAME, Guard, read_config, render_config
from archive.db.crawling import frontier
from archive.db.crawling import run as run_table
from archive.db.schema import capture, daily_root, warc_file
from archive.query.morning import morning
from archive.query.schedules import all_schedules
from archive.query.status import status
from archive.records import OutletId
from archive.schedules import Boost, Schedule
from archive.store import Archive
from archive.verify import verify
from crawler.outlets.catalogue import find_outlet, own_outlets
from crawler.readers import Readers
from crawler.run.crawl import Report, open_desk
from crawler.run.reactor import run
from crawler.run.service import Service

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def schedule(archive: Archive, *ids: str, **said: Any) -> None:
    usual = {} if {"every", "cron", "profile"} & set(said) else {"profile": "daily-news"}
    boosts = said.pop("boosts", ())
    with archive.turn() as turn:
        for outlet in [find_outlet(archive.directory, one) for one in ids] or own_outlets(
            archive.directory
        ):
            turn.sync_outlet(outlet.declaration, None)
            turn.schedules.set(
                Schedule(outlet=outlet.oid, set_at=archive.clock.now(), **usual, **said)
            )
            for boost in boosts:
                turn.schedules.boost(outlet.oid, boost)


class Told(list[str]):
    """What a service said."""

    def __call__(self, sentence: str) -> None:
        self.append(sentence)

    def of(self, outlet: str) -> list[str]:
        return [line for line in self if line.startswith(f"{outlet}:")]


def served(archive: Archive, readers: Readers, **how: Any) -> tuple[Service, Report, Told]:
    told = Told()
    during: Callable[[Service], Any] | None = how.pop("during", None)
    free = how.pop("free", lambda _: 10**12)
    service = Service(archive, tell=told, free=free, look_every=how.pop("look_every", HOUR))

    async def main() -> Report:
        beside = asyncio.create_task(during(service)) if during else None
        try:
            return await service.serve(readers=readers, **how)
        finally:
            if beside:
                beside.cancel()

    return service, run(main()), told


def count(archive: Archive, statement: Any) -> int:
    return int(rows(archive, statement)[0][0])


def lent(archive: Archive) -> int:
    return count(
        archive,
        select(func.count()).select_from(frontier).where(frontier.c.lease_token.is_not(None)),
    )


def visits_to(press: Press, path: str, host: str = f"{HARBOUR}.example") -> list[datetime]:
    return [one.at for one in press.server.log if one.host == host and one.path == path]


# what is due


def test_once_visits_each_outlet_that_is_due_and_ends(press: Press) -> None:
    schedule(press.archive)
    _service, report, _told = served(press.archive, press.readers, once=True)
    assert report.outcome == "finished"
    assert len(report.visits) == 5
    assert report.counts["articles/new"] > 10
    assert lent(press.archive) == 0
    assert all(one.last_begun_at for one in schedules_of(press.archive))
    again = len(press.server.log)
    _, report, _ = served(press.archive, press.readers, once=True)
    assert report.visits == {}
    assert len(press.server.log) == again


def schedules_of(archive: Archive) -> list[Schedule]:
    with archive.reading() as connection:
        return all_schedules(connection)


def test_nothing_that_is_scheduled_is_said_and_waited_for(press: Press) -> None:
    _, report, told = served(press.archive, press.readers, until=press.clock.now() + 2 * HOUR)
    assert told == ["Nothing is scheduled yet: kliping schedule OUTLET --profile daily-news"]
    assert report.outcome == "finished"


def test_an_interval_keeps_its_grid_and_a_missed_one_is_made_up_for_once(press: Press) -> None:
    schedule(press.archive, HARBOUR, every=2 * HOUR)
    began = press.clock.now()
    served(press.archive, press.readers, until=began + 5 * HOUR)
    press.clock.advance_to(began + 13 * HOUR)  # nothing ran: six instants were missed
    served(press.archive, press.readers, until=began + 15 * HOUR)
    feeds = [round((at - began) / HOUR, 1) for at in visits_to(press, "/feed.xml")]
    assert [round(hours) for hours in feeds] == [0, 2, 4, 13, 14]


def test_a_profile_is_visited_when_something_of_it_is_due(press: Press) -> None:
    schedule(press.archive, HARBOUR)
    began = press.clock.now()
    served(press.archive, press.readers, until=began + 2 * HOUR)
    gaps = visits_to(press, "/feed.xml")
    assert 4 <= len(gaps) <= 9
    assert all(b - a >= 15 * MINUTE for a, b in itertools.pairwise(gaps))


def test_an_outlet_that_is_being_visited_is_not_begun_again(press: Press) -> None:
    schedule(press.archive, HARBOUR, every=MINUTE)  # a visit takes longer
    served(press.archive, press.readers, until=press.clock.now() + 10 * MINUTE)
    path = press.directory / "journal"
    begun = [
        (datetime.fromisoformat(act["begun_at"]), datetime.fromisoformat(act["at"]))
        for file in path.glob("*.jsonl")
        for act in map(json.loads, file.read_text().splitlines())
        if act["act"] == "visited"
    ]
    assert len(begun) > 2
    assert begun[0][1] - begun[0][0] > MINUTE
    assert all(b[0] >= a[1] for a, b in itertools.pairwise(begun))


def test_a_boost_begins_by_itself_and_is_over_by_itself(press: Press) -> None:
    began = press.clock.now()
    boost = Boost(
        name="flood", begins_at=began + 6 * HOUR, ends_at=began + 7 * HOUR, every=10 * MINUTE
    )
    schedule(press.archive, HARBOUR, every=4 * HOUR, boosts=[boost])
    served(press.archive, press.readers, until=began + 13 * HOUR)
    hours = [(at - began) / HOUR for at in visits_to(press, "/feed.xml")]
    assert [round(at) for at in hours if at < 5.9 or at >= 7.1] == [0, 4, 8, 12]
    assert len([at for at in hours if 5.9 <= at < 7.1]) == 6


def test_a_schedule_that_is_set_or_removed_meanwhile_counts(press: Press) -> None:
    schedule(press.archive, HARBOUR, every=HOUR)
    began = press.clock.now()

    async def change(service: Service) -> None:
        while press.clock.now() < began + 2 * HOUR:  # noqa: ASYNC110 - nobody would tell
            await asyncio.sleep(0.005)
        schedule(press.archive, "harian-contoh", every=HOUR)
        with press.archive.turn() as turn:
            turn.schedules.remove(OutletId(HARBOUR))

    _, _report, told = served(
        press.archive,
        press.readers,
        until=began + 8 * HOUR,
        during=change,
        look_every=10 * MINUTE,
    )
    assert 2 <= len(told.of(HARBOUR)) <= 5
    assert len(told.of("harian-contoh")) >= 3


def test_a_file_with_a_mistake_is_named_and_the_others_are_visited(press: Press) -> None:
    schedule(press.archive, HARBOUR, "harian-contoh")
    path = press.directory / "outlets" / f"{HARBOUR}.toml"
    path.write_text(path.read_text("utf-8") + "\n[paec]\n", "utf-8")
    service, report, told = served(press.archive, press.readers, once=True)
    assert list(report.visits) == ["harian-contoh"]
    assert any("is not visited" in line and "did you mean" in line.lower() for line in told)
    assert HARBOUR in service.standing().problems


def test_a_service_on_either_engine_goes_on_where_another_ended(
    directory: Path, site: Site, clock: SimulatedClock, readers: Readers
) -> None:
    site.has("/feed", feed(site.has("/1", article("One"))), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    shutil.copy(site.directory / "outlets" / "site.toml", directory / "outlets")
    address = f"127.0.0.1:{site.port}"
    config = read_config(directory).model_copy(
        update={"guard": Guard(allow=(address,)), "resolve": {"site.example": address}}
    )
    (directory / CONFIG_NAME).write_text(render_config(config), "utf-8")
    counts = Counter[str]()
    for _ in range(2):
        with Archive.open(directory, clock=clock) as archive:
            if not schedules_of(archive):
                schedule(archive, "site")
            service, _, _ = served(archive, readers, until=clock.now() + HOUR)
            counts.update(service.standing().counts)
            assert service.standing().free_bytes == 10**12
            assert lent(archive) == 0
    assert counts["articles/new"] == 1
    assert counts["articles/same"] > 3
    assert counts["listings/failed"] == 0


# days


def test_each_day_has_its_run_its_files_and_its_root(press: Press) -> None:
    schedule(press.archive, HARBOUR, every=5 * HOUR)
    press.clock.advance_to(press.clock.now().replace(hour=19))
    began = press.clock.now()
    service, _report, _ = served(press.archive, press.readers, until=began + 55 * HOUR)
    found = rows(
        press.archive, select(run_table.c.outcome, run_table.c.outlets, run_table.c.counts)
    )
    assert [outcome for outcome, _, _ in found] == ["finished"] * 4
    assert all(outlets == [HARBOUR] for _, outlets, _ in found)
    captures = count(press.archive, select(func.count()).select_from(capture))
    assert sum(counts.get("captures", 0) for _, _, counts in found) == captures
    assert service.standing().counts["captures"] == captures
    assert count(press.archive, select(func.count()).select_from(warc_file)) == 3
    assert count(press.archive, select(func.count()).select_from(daily_root)) == 2
    journals = list((press.directory / "journal").glob("*.jsonl"))
    assert len(journals) == 4
    assert verify(press.archive).faults == []


# quotas and room


def quota(directory: Path, outlet: str, **said: float) -> None:
    path = directory / "outlets" / f"{outlet}.toml"
    lines = "".join(f"{key} = {value}\n" for key, value in said.items())
    path.write_text(f"{path.read_text('utf-8')}\n[quota]\n{lines}", "utf-8")


def test_a_quota_of_pages_ends_a_visit_and_the_rest_waits_for_tomorrow(press: Press) -> None:
    schedule(press.archive, HARBOUR)
    quota(press.directory, HARBOUR, pages_per_day=8)
    began = press.clock.now()
    _service, report, told = served(press.archive, press.readers, until=began + 12 * HOUR)
    assert 8 <= len(press.server.log) <= 10
    assert report.quotas == {HARBOUR: "pages_per_day"}
    assert report.counts["quota/pages_per_day"] == 1
    assert "ended early by quota (pages_per_day), the rest stays due" in told.of(HARBOUR)[0]
    assert lent(press.archive) == 0
    waiting = select(func.count()).select_from(frontier).where(frontier.c.state == "pending")
    assert count(press.archive, waiting) > 0
    served(press.archive, press.readers, until=began + 13 * HOUR)  # a new process knows it as well
    assert len(press.server.log) <= 10
    served(press.archive, press.readers, until=began + 19 * HOUR)
    assert len(press.server.log) > 14


def test_a_quota_of_minutes_ends_a_visit_and_it_goes_on_after_a_breath(press: Press) -> None:
    schedule(press.archive, HARBOUR)
    quota(press.directory, HARBOUR, minutes_per_visit=0.5)
    _, report, _told = served(press.archive, press.readers, until=press.clock.now() + 14 * MINUTE)
    assert report.counts["quota/minutes_per_visit"] >= 2
    first, second = visits_to(press, "/robots.txt")[0], press.server.log[-1].at
    assert second - first > 5 * MINUTE


def test_a_disk_that_is_low_pauses_and_room_resumes(press: Press) -> None:
    schedule(press.archive, HARBOUR)
    began = press.clock.now()
    states: list[str] = []

    def free(_: Path) -> int:
        states.append(service_of[0].standing().state)
        return 10**6 if press.clock.now() < began + 3 * HOUR else 10**12

    told = Told()
    service_of = [Service(press.archive, tell=told, free=free, look_every=HOUR)]
    run(service_of[0].serve(readers=press.readers, until=began + 4 * HOUR))
    assert [line.split(":")[0] for line in told if "bytes are free" in line] == [
        "Paused",
        "Goes on",
    ]
    assert states.count("paused") == 2 * 3  # two places are looked at
    assert press.server.log[0].at >= began + 3 * HOUR


def test_a_clock_that_is_set_back_stops_nobody_from_looking_at_the_disk(press: Press) -> None:
    looks: list[datetime] = []

    def free(_: Path) -> int:
        looks.append(press.clock.now())
        return 10**12

    service = Service(press.archive, free=free, look_every=HOUR)
    began = press.clock.now()

    async def look() -> None:
        async with open_desk(press.archive, readers=press.readers) as desk:
            await service._days.begin(desk)
            await service._keep_house()
            press.clock.instant = began - 5 * HOUR
            await service._keep_house()
            press.clock.instant = began

    run(look())
    assert looks == [began] * 2 + [began - 5 * HOUR] * 2


# the end


def test_stopping_gives_back_what_is_borrowed_and_the_next_goes_on(press: Press) -> None:
    schedule(press.archive, HARBOUR, every=6 * HOUR)

    async def stop(service: Service) -> None:
        while len(press.server.log) < 6:  # noqa: ASYNC110 - nobody would tell
            await asyncio.sleep(0.001)
        service.stop("SIGTERM")

    service, report, _ = served(press.archive, press.readers, during=stop)
    assert service.stopped_by == "SIGTERM"
    assert report.outcome == "interrupted"
    assert lent(press.archive) == 0
    assert schedules_of(press.archive)[0].last_begun_at is None
    before = len(press.server.log)
    _, report, _ = served(press.archive, press.readers, once=True)
    assert len(press.server.log) > before
    assert report.counts["articles/new"] > 3


def test_leases_of_a_dead_process_are_taken_back_while_it_runs(press: Press) -> None:
    schedule(press.archive, HARBOUR)
    served(press.archive, press.readers, once=True)
    child = subprocess.Popen(["true"])
    child.wait()
    dead = f"20260302T060000000000Z-{child.pid}-{os.uname().nodename.lower()}"

    async def die(service: Service) -> None:
        await asyncio.sleep(0)
        with press.archive.turn() as turn:
            turn.ask_for(OutletId(HARBOUR), f"http://{HARBOUR}.example/late")  # type: ignore[arg-type]
            assert turn.lease(OutletId(HARBOUR), limit=1, for_=DAY, holder=dead)

    served(
        press.archive,
        press.readers,
        until=press.clock.now() + HOUR,
        during=die,
        look_every=5 * MINUTE,
    )
    assert lent(press.archive) == 0


# the process


def schedule_elsewhere(there: Elsewhere, *ids: str) -> None:
    with Archive.open(there.directory) as archive:
        schedule(archive, *ids)


@pytest.fixture
def running(elsewhere: Elsewhere) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        started.append(elsewhere.start("run", *words))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


Running = Callable[..., "subprocess.Popen[str]"]


def asked(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize(
    ("kind", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["term", "int"]
)
def test_a_signal_ends_it_cleanly(
    elsewhere: Elsewhere, running: Running, kind: signal.Signals, code: int
) -> None:
    schedule_elsewhere(elsewhere, HARBOUR)
    paced(elsewhere.directory, 0.2, was=0.0)
    process = running()
    elsewhere.until(4, process)
    process.send_signal(kind)
    _said, complained = process.communicate(timeout=30)
    assert process.returncode == code, complained
    assert "Traceback" not in complained
    assert "1 outlet is scheduled" in complained
    assert not list((elsewhere.directory / "warc").glob("*.open"))
    with Archive.open(elsewhere.directory) as archive:
        assert lent(archive) == 0
    assert is_sound(elsewhere.directory)


def test_it_tells_of_its_health_and_a_second_one_is_refused(
    elsewhere: Elsewhere, running: Running
) -> None:
    schedule_elsewhere(elsewhere, HARBOUR)
    process = running("--health", "0")
    assert process.stderr is not None
    address = process.stderr.readline().split()[1].removesuffix("/health")
    elsewhere.until(3, process)
    give_up = time.monotonic() + 30
    while True:
        code, said = asked(f"{address}/health")
        told = json.loads(said)
        if told["last_visit_at"] or time.monotonic() > give_up:
            break
        time.sleep(0.1)
    assert code == 200
    assert told["state"] == "running"
    assert told["scheduled"] == 1
    assert told["lag_seconds"] == 0
    code, said = asked(f"{address}/metrics")
    assert code == 200
    assert "\nkliping_up 1\n" in f"\n{said}"
    assert 'kliping_articles_total{outcome="new"} ' in said
    assert asked(f"{address}/")[0] == 404

    second = elsewhere.run("run", "--once")
    assert second.returncode == 1
    assert f"process {process.pid} on" in second.stderr
    beside = elsewhere.run("crawl", "harian-contoh")  # leases keep them apart
    assert beside.returncode in (0, 3), beside.stderr
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert is_sound(elsewhere.directory)


def test_killed_it_loses_nothing_and_goes_on_at_once(
    elsewhere: Elsewhere, running: Running
) -> None:
    schedule_elsewhere(elsewhere, HARBOUR, "harian-contoh")
    paced(elsewhere.directory, 0.1, was=0.0)
    process = running()
    elsewhere.until(12, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    done = elsewhere.run("run", "--once")
    assert done.returncode in (0, 3), done.stderr
    assert f"It did not end by itself: `kliping run`, process {process.pid}" in done.stderr
    assert "sealed" in done.stderr
    with Archive.open(elsewhere.directory) as archive:
        assert lent(archive) == 0
        waiting = select(func.count()).where(frontier.c.state == "pending")
        assert count(archive, waiting.select_from(frontier)) == 0
    assert is_sound(elsewhere.directory)
    assert elsewhere.run("run", "--once").returncode == 4


def test_a_reader_that_dies_costs_nothing_to_a_service_that_goes_on(
    site: Site, clock: SimulatedClock
) -> None:
    site.has("/feed", feed(site.has("/1", article("One"))), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    readers = Readers(1)
    with site.opened(clock) as archive:
        schedule(archive, "site", every=HOUR)

        async def kill(service: Service) -> None:
            while not service.standing().last_visit_at:  # noqa: ASYNC110 - nobody would tell
                await asyncio.sleep(0.005)
            assert readers._pool is not None
            for pid in readers._pool._processes:
                os.kill(pid, signal.SIGKILL)
            url = site.has("/2", article("Two"))
            site.has("/feed", feed(url), media="application/rss+xml")

        _, report, _ = served(
            archive, readers, until=clock.now() + 10 * HOUR, during=kill, look_every=DAY
        )
    readers.close()
    assert report.failed_outlets == {}
    assert report.counts["articles/new"] == 2


def test_a_unit_for_systemd_is_printed(elsewhere: Elsewhere) -> None:
    done = elsewhere.run("run", "--print-unit", "--health", "8641")
    assert done.returncode == 0
    assert f"--archive {elsewhere.directory.resolve()} --health 8641" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--health", "nowhere"], "write it as"), (["--until", "soon"], "--until is an instant")],
)
def test_what_cannot_be_is_refused(elsewhere: Elsewhere, words: list[str], says: str) -> None:
    done = elsewhere.run("run", *words)
    assert done.returncode == 2
    assert says in done.stderr


def test_an_archive_can_be_verified_while_a_service_writes_it(press: Press) -> None:
    schedule(press.archive)
    found: list[list[str]] = []

    def look() -> list[str]:
        with Archive.open(press.directory, clock=press.clock) as beside:
            return verify(beside).faults

    async def verifying(_: Service) -> None:
        while True:
            found.append(await asyncio.to_thread(look))

    _, report, _ = served(press.archive, press.readers, once=True, during=verifying)
    assert report.outcome == "finished"
    assert len(found) > 3
    assert not any(found)


def test_what_a_service_could_not_do_is_said_kept_and_told_after_a_restart(
    site: Site, readers: Readers, clock: SimulatedClock
) -> None:
    site.has("/robots.txt", "User-agent: *\nCrawl-delay: 500\n", media="text/plain")
    gone, there = site.has("/1", "no", status=500), site.has("/2", article("Two"))
    site.has("/feed", feed(gone, there), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    with site.opened(clock) as archive:
        schedule(archive, "site", every=DAY)
        _, _, told = served(archive, readers, once=True)
    [line] = told.of("site")
    assert "not had: 1 failed: HTTP 500;" in line
    assert "asks for 500 s between two requests" in line
    with site.opened(clock) as archive:
        with archive.reading() as connection:
            [one] = morning(connection, archive.directory, clock.now()).outlets
            lately = status(connection, clock.now()).remarks
        assert [(r.kind, r.number, r.url) for r in one.remarks] == [
            ("robots", 1, "http://site.example"),
            ("miss", 1, gone),
        ]
        assert lately == one.remarks
        service, _, _ = served(archive, readers, until=clock.now() + MINUTE)
        assert service.standing().as_mapping()["remarks"] == {
            "miss": 1,
            "robots": 1,
            "visit": 0,
            "ledger": 0,
        }


def test_an_error_that_breaks_a_visit_off_is_said_kept_and_told_after_a_restart(
    site: Site, readers: Readers, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.has("/feed", feed(site.has("/1", article("One"))), media="application/rss+xml")
    site.declare(feeds=["/feed"])

    def broken(*_: object) -> None:
        raise RuntimeError("a bug at http://site.example/secret\nwith more to say")

    monkeypatch.setattr("crawler.run.crawl.known_of", broken)
    with site.opened(clock) as archive:
        schedule(archive, "site", every=HOUR)
        _, report, told = served(archive, readers, until=clock.now() + 2 * HOUR)
    assert list(report.failed_outlets) == ["site"]
    assert len(told.of("site")) > 1  # it was tried again
    assert "FAILED: RuntimeError: a bug" in told.of("site")[0]
    with site.opened(clock) as archive:
        with archive.reading() as connection:
            found = morning(connection, archive.directory, clock.now())
        [failed] = found.outlets[0].remarks
        assert (failed.kind, failed.number) == ("visit", len(told.of("site")))
        assert failed.said == "RuntimeError: a bug at …"  # an address may be hidden one day
        [(said, step), *_] = notes(found.outlets[0])
        assert said == f"VISIT FAILED, {failed.number} times: RuntimeError: a bug at …"
        assert step == "crawl site"


def test_a_closed_day_that_does_not_balance_is_said_and_kept(
    site: Site, readers: Readers, clock: SimulatedClock
) -> None:
    """Its visits had no hand in the day any more; it is checked when it is closed."""
    site.has("/feed", feed(site.has("/1", article("One"))), media="application/rss+xml")
    site.declare(feeds=["/feed"])
    with site.opened(clock) as archive:
        schedule(archive, "site", every=DAY)
        served(archive, readers, once=True)
        with archive.writing() as connection:
            lost = frontier.update().where(frontier.c.kind == "article")
            connection.execute(lost.values(state="pending", next_due_at=None))
        clock.advance(DAY)
        site.has("/feed", feed(), media="application/rss+xml")
        _, report, told = served(archive, readers, once=True)
        [fault] = report.faults
        assert fault.endswith("1 neither had nor due nor given up")
        assert f"THE LEDGER DOES NOT BALANCE: {fault};" in told.of("site")[0]
        with archive.reading() as connection:
            [one] = morning(connection, archive.directory, clock.now()).outlets
    assert [remark.said for remark in one.remarks if remark.kind == "ledger"] == [fault]
