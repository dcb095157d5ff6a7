"""`kliping workers`: who works, at what, and the code that a script goes by."""

import json
from collections.abc import Iterator

import pytest
from support.archives import opened
from support.crews import asked, begin, no_queue_after
from typer.testing import CliRunner

from archive.clock import SimulatedClock
from archive.jobs import SILENT_FOR, Jobs
from archive.store import Archive
from crawler.cli import app


@pytest.fixture
def shared(new_directory, clock: SimulatedClock) -> Iterator[Archive]:
    with (
        new_directory("postgresql") as directory,
        opened(directory, clock) as archive,
        no_queue_after(archive),
    ):
        Jobs(archive).prepare()
        yield archive


def workers(archive: Archive, *words: str):
    return CliRunner().invoke(app, ["workers", "-A", str(archive.directory), *words])


def test_nobody_works(shared: Archive) -> None:
    done = workers(shared)
    assert done.exit_code == 4
    assert "Nobody works." in done.output
    assert "kliping run --workers 2" in done.output


def test_all_is_well(shared: Archive) -> None:
    id_ = begin(shared, 4711, machine="mill")
    Jobs(shared).note_leader(id_)
    done = workers(shared)
    assert done.exit_code == 0
    assert "mill" in done.output
    assert "4711" in done.output
    assert "leads" in done.output
    assert "0 waiting, 0 doing, 0 stalled, 0 failed" in done.output


def at(archive: Archive, worker: int, *outlets: str) -> None:
    for one in outlets:
        asked(
            archive,
            "INSERT INTO kliping_jobs.procrastinate_jobs (queue_name, task_name, lock, args, "
            "status, worker_id) VALUES ('visits', 'visit', :lock, '{}', 'doing', :worker)",
            lock=f"outlet:{one}",
            worker=worker,
        )


def test_many_outlets_are_counted_on_a_terminal_and_named_as_json(shared: Archive) -> None:
    outlets = [f"o{n}" for n in range(6)]
    at(shared, begin(shared, 1), *outlets)
    assert "and 2 more" in " ".join(workers(shared).output.split())
    [one] = json.loads(workers(shared, "--json").stdout)["workers"]
    assert one["outlets"] == outlets


def test_a_silent_worker_is_told_of_with_its_stalled_jobs(shared: Archive) -> None:
    at(shared, begin(shared, 1, silent=SILENT_FOR.total_seconds() + 5), "paper")
    done = workers(shared)
    assert done.exit_code == 3
    assert "SILENT" in done.output
    assert "1 stalled" in done.output
    said = json.loads(workers(shared, "--json").stdout)
    assert said["workers"][0]["is_silent"]
    assert said["jobs"] == {"waiting": 0, "doing": 0, "stalled": 1, "failed": 0}


def test_a_worker_that_the_queue_forgot_was_never_heard_of(shared: Archive) -> None:
    id_ = begin(shared, 1)
    asked(shared, "DELETE FROM kliping_jobs.procrastinate_workers WHERE id = :id", id=id_)
    done = workers(shared)
    assert done.exit_code == 3
    assert "never" in done.output
