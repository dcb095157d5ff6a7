"""What many workers of one archive agree on in its database: who lives, who leads, what is held."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from support.archives import NOW, opened
from support.crews import asked, begin, no_queue_after

from archive.clock import SimulatedClock
from archive.jobs import SILENT_FOR, Jobs, NoQueue, Working, renew
from archive.records import OutletId
from archive.store import Archive

PAPER, GAZETTE = OutletId("paper"), OutletId("gazette")
HOUR = timedelta(hours=1)
TOO_LONG = SILENT_FOR.total_seconds() + 1


@pytest.fixture
def shared(new_directory, clock: SimulatedClock) -> Iterator[Archive]:
    with (
        new_directory("postgresql") as directory,
        opened(directory, clock) as archive,
        no_queue_after(archive),
    ):
        yield archive


@pytest.fixture
def jobs(shared: Archive) -> Jobs:
    made = Jobs(shared)
    assert made.prepare()
    return made


def given(archive: Archive, outlet: str, status: str, worker: int | None = None) -> None:
    asked(
        archive,
        "INSERT INTO kliping_jobs.procrastinate_jobs (queue_name, task_name, lock, args, status, "
        "worker_id) VALUES ('visits', 'visit', :lock, '{}', "
        "CAST(:status AS kliping_jobs.procrastinate_job_status), :worker)",
        lock=f"outlet:{outlet}",
        status=status,
        worker=worker,
    )


# the queue's schema


def test_an_archive_on_sqlite_has_no_queue(sqlite_archive: Archive) -> None:
    with pytest.raises(NoQueue, match=r"need PostgreSQL.*`kliping reindex`"):
        Jobs(sqlite_archive)
    assert renew(sqlite_archive) == []


def test_the_schema_is_made_once(jobs: Jobs) -> None:
    assert not jobs.prepare()


def test_without_a_schema_nobody_works(shared: Archive) -> None:
    shift = Jobs(shared).shift()
    assert (shift.workers, shift.waiting, shift.is_well) == ((), 0, False)
    assert renew(shared) == []  # no worker ever ran


def test_a_schema_of_another_version_is_made_anew(shared: Archive, jobs: Jobs) -> None:
    asked(shared, "UPDATE kliping_jobs.made SET by = '0.1'")
    given(shared, PAPER, "todo")
    assert renew(shared) == ["The queue of the workers was made anew."]
    assert jobs.live() == {}
    assert renew(shared) == []


def test_it_is_not_while_workers_of_that_version_live(shared: Archive, jobs: Jobs) -> None:
    asked(shared, "UPDATE kliping_jobs.made SET by = '0.1'")
    worker = begin(shared, 1)
    with pytest.raises(NoQueue, match=r"procrastinate 0\.1.*Stop them all first"):
        jobs.prepare()
    assert jobs.is_known(worker)


def test_nor_do_the_dead_stand_in_its_way(shared: Archive, jobs: Jobs) -> None:
    asked(shared, "UPDATE kliping_jobs.made SET by = '0.1'")
    begin(shared, 1, silent=TOO_LONG)
    assert jobs.prepare()


def test_without_the_library_it_is_said_how_to_get_it(
    shared: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import metadata

    def absent(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("archive.jobs.metadata.version", absent)
    with pytest.raises(NoQueue, match=r"pip install 'kliping\[workers\]'"):
        Jobs(shared).prepare()


# leading


def test_one_leads_and_another_does_when_it_ends(jobs: Jobs) -> None:
    first = jobs.try_to_lead()
    assert first is not None
    assert jobs.try_to_lead() is None
    first.check()
    first.end()
    second = jobs.try_to_lead()
    assert second is not None
    second.end()


def test_a_leader_whose_connection_is_cut_learns_it_and_another_leads(
    shared: Archive, jobs: Jobs
) -> None:
    first = jobs.try_to_lead()
    assert first is not None
    asked(
        shared,
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'",
    )
    with pytest.raises(Exception, match=r"terminat|closed"):
        first.check()
    second = jobs.try_to_lead()
    assert second is not None
    second.end()
    first.end()  # of a connection that is gone


# who works


def test_workers_come_lead_and_go(shared: Archive, jobs: Jobs) -> None:
    one, two = begin(shared, 11), begin(shared, 12)
    jobs.note_leader(two)
    jobs.note_leader(one)
    assert [(w.pid, w.leads) for w in jobs.shift().workers] == [(11, True), (12, False)]
    jobs.arrive(one, "far", 11)  # said again, it changes nothing
    jobs.leave([one])
    assert not jobs.is_known(one)
    assert jobs.is_known(two)


def test_the_silent_and_those_known_to_be_gone_are_dead(shared: Archive, jobs: Jobs) -> None:
    begin(shared, 1)
    begin(shared, 2, silent=TOO_LONG)
    begin(shared, 3, machine="here")
    forgotten = begin(shared, 4)
    asked(shared, "DELETE FROM kliping_jobs.procrastinate_workers WHERE id = :id", id=forgotten)
    dead = jobs.dead(lambda machine, _: machine == "here")
    assert sorted(one.pid for one in dead) == [2, 3, 4]


def test_jobs_at_a_silent_worker_are_stalled(shared: Archive, jobs: Jobs) -> None:
    alive, silent = begin(shared, 1), begin(shared, 2, silent=TOO_LONG)
    given(shared, "a", "doing", alive)
    given(shared, "b", "doing", silent)
    given(shared, "c", "todo")
    given(shared, "d", "failed")
    shift = jobs.shift()
    assert (shift.waiting, shift.doing, shift.stalled, shift.failed) == (1, 1, 1, 1)
    assert not shift.is_well
    assert [one.outlets for one in shift.workers] == [("a",), ("b",)]
    assert jobs.live() == {"a": "doing", "b": "doing", "c": "todo"}


@pytest.mark.parametrize(("silent", "is_silent"), [(None, True), (0.0, False), (TOO_LONG, True)])
def test_who_says_nothing_for_a_minute_is_silent(silent: float | None, *, is_silent: bool) -> None:
    one = Working(
        id=1, machine="m", pid=1, since=NOW, leads=False, silent_seconds=silent, outlets=()
    )
    assert one.is_silent is is_silent


# pauses


def test_an_outlet_is_left_alone_until_an_instant(jobs: Jobs, clock: SimulatedClock) -> None:
    jobs.pause(PAPER, NOW + HOUR, 1)
    jobs.pause(PAPER, NOW + 2 * HOUR, 2)  # the last word counts
    jobs.pause(GAZETTE, NOW, 0)
    assert jobs.pauses() == {PAPER: NOW + 2 * HOUR}
    assert (jobs.failures_of(PAPER), jobs.failures_of(GAZETTE)) == (2, 0)
    assert jobs.failures_of(OutletId("unheard-of")) == 0
    clock.advance(2 * HOUR)
    assert jobs.pauses() == {}
