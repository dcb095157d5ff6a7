"""The agenda: who is due when, and for how long an outlet is left after a visit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.archives import NOW

from archive.clock import SimulatedClock
from archive.records import OutletId
from archive.schedules import Boost, Schedule
from archive.store import Archive
from crawler.outlets.catalogue import find_outlet
from crawler.run.agenda import Agenda, Entry

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAPER = OutletId("paper")
Declare = Callable[..., None]


@pytest.fixture
def archive(new_archive: Callable[..., Archive], clock: SimulatedClock) -> Archive:
    return new_archive(clock)


@pytest.fixture
def declare(archive: Archive) -> Declare:
    def new(id_: str = PAPER, **said: object) -> None:
        (archive.directory / "outlets" / f"{id_}.toml").write_text(
            f'id = "{id_}"\nname = "{id_}"\nhome = "https://{id_}.example/"\n', "utf-8"
        )
        usual = said or {"profile": "daily-news"}
        with archive.turn() as turn:
            turn.sync_outlet(find_outlet(archive.directory, id_).declaration, None)
            turn.schedules.set(Schedule(outlet=OutletId(id_), set_at=NOW, **usual))  # type: ignore[arg-type]

    return new


def read(archive: Archive) -> Agenda:
    agenda = Agenda(archive)
    agenda.read()
    return agenda


def test_the_outlets_that_are_due_come_longest_first(
    archive: Archive, declare: Declare, clock: SimulatedClock
) -> None:
    declare("late")
    clock.advance(HOUR)
    declare("later")
    declare("tomorrow", cron="0 6 * * *")
    agenda = read(archive)
    assert [one.outlet.id for one in agenda.due(clock.now())] == ["late", "later"]
    assert agenda.next_at() == NOW
    assert [outlet for _, outlet in agenda.upcoming(2)] == ["late", "later"]


def test_one_that_is_being_visited_is_not_due_and_stays_though_its_schedule_is_gone(
    archive: Archive, declare: Declare
) -> None:
    declare()
    agenda = read(archive)
    agenda.entries[PAPER].begins(NOW)
    assert agenda.due(NOW + HOUR) == []
    assert agenda.next_at() is None
    with archive.turn() as turn:
        turn.schedules.remove(PAPER)
    agenda.read()
    assert agenda.entries[PAPER].is_running
    agenda.entries[PAPER].ends(NOW, has_failed=False, not_before=None)
    agenda.read_one(PAPER)
    assert agenda.entries == {}


def entry(archive: Archive, **said: object) -> Entry:
    outlet = find_outlet(archive.directory, PAPER)
    usual = {"profile": "daily-news"} | said
    return Entry(outlet=outlet, schedule=Schedule(outlet=PAPER, set_at=NOW, **usual))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ({}, 15),
        ({"profile": "event"}, 5),
        ({"profile": None, "every": 2 * MINUTE}, 2),
        ({"front_page": 3 * MINUTE}, 3),
        (
            {
                "boosts": (
                    Boost(name="x", begins_at=NOW, ends_at=NOW + HOUR, feeds=timedelta(seconds=90)),
                )
            },
            1.5,
        ),
    ],
    ids=["usual", "event", "interval", "front-page", "boost"],
)
def test_between_two_visits_an_outlet_is_left_alone_unless_it_is_to_be_denser(
    archive: Archive, declare: Declare, said: dict[str, object], minutes: float
) -> None:
    declare()
    one = entry(archive, **said)
    one.begins(NOW)
    one.ends(NOW + MINUTE, has_failed=False, not_before=None)
    assert one.rests_until == NOW + minutes * MINUTE
    one.hear(one.schedule, NOW)
    if one.schedule.profile:
        assert one.due_at == NOW + minutes * MINUTE


def test_a_visit_that_was_cut_short_goes_on_sooner(archive: Archive, declare: Declare) -> None:
    declare()
    one = entry(archive)
    one.begins(NOW)
    one.ends(NOW + MINUTE, has_failed=False, not_before=None, is_cut_short=True)
    assert one.rests_until == NOW + 5 * MINUTE


def test_a_long_visit_is_followed_by_a_short_breath(archive: Archive, declare: Declare) -> None:
    declare()
    one = entry(archive)
    one.begins(NOW)
    one.ends(NOW + HOUR, has_failed=False, not_before=None)
    assert one.rests_until == one.not_before == NOW + HOUR + timedelta(seconds=10)


def test_a_listing_waits_for_no_breath_articles_do(archive: Archive, declare: Declare) -> None:
    declare()
    one = entry(archive)
    one.begins(NOW)
    one.ends(NOW + MINUTE, has_failed=False, not_before=None)
    visited = Schedule(outlet=PAPER, set_at=NOW, profile="daily-news", last_begun_at=NOW)
    one.hear(visited, NOW + 2 * MINUTE, NOW + 7 * MINUTE)
    assert one.due_at == NOW + 7 * MINUTE
    one.hear(visited, NOW + 2 * MINUTE, NOW + HOUR)
    assert one.due_at == NOW + 15 * MINUTE


def test_a_listing_that_a_visit_left_undone_is_not_asked_for_at_once(
    archive: Archive, declare: Declare
) -> None:
    declare()
    one = entry(archive)
    one.begins(NOW)
    one.ends(NOW + MINUTE, has_failed=False, not_before=None)
    visited = Schedule(outlet=PAPER, set_at=NOW, profile="daily-news", last_begun_at=NOW)
    one.hear(visited, NOW, NOW)
    assert one.due_at == NOW + 15 * MINUTE
    one.ends(NOW + MINUTE, has_failed=False, not_before=NOW + HOUR)
    one.hear(visited, NOW + 2 * MINUTE, NOW + 2 * MINUTE)
    assert one.due_at == NOW + HOUR


def test_failures_in_a_row_are_left_longer_and_longer_up_to_an_hour(
    archive: Archive, declare: Declare
) -> None:
    declare()
    one = entry(archive)
    waits = []
    for _ in range(6):
        one.begins(NOW)
        one.ends(NOW, has_failed=True, not_before=None)
        assert one.not_before
        waits.append((one.not_before - NOW) / MINUTE)
    assert waits == [5, 10, 20, 40, 60, 60]
    one.begins(NOW)
    one.ends(NOW, has_failed=False, not_before=NOW + 3 * HOUR)
    assert (one.failures, one.not_before) == (0, NOW + 3 * HOUR)


def test_a_mended_file_counts_again(
    archive: Archive, declare: Declare, clock: SimulatedClock
) -> None:
    declare()
    path = archive.directory / "outlets" / "paper.toml"
    good = path.read_text("utf-8")
    path.write_text(good + "[paec]\n", "utf-8")
    agenda = Agenda(archive)
    [sentence] = agenda.read()
    assert "paper is not visited" in sentence
    assert agenda.read() == []  # said once
    assert agenda.entries == {}
    path.write_text(good, "utf-8")
    assert agenda.read() == []
    assert list(agenda.entries) == [PAPER]


def test_nobody_is_asked_without_a_contact(
    new_archive: Callable[..., Archive], clock: SimulatedClock, tmp_path: Path
) -> None:
    archive = new_archive(clock, contact="")
    (archive.directory / "outlets" / "paper.toml").write_text(
        'id = "paper"\nname = "P"\nhome = "https://paper.example/"\n', "utf-8"
    )
    with archive.turn() as turn:
        turn.sync_outlet(find_outlet(archive.directory, PAPER).declaration, None)
        turn.schedules.set(Schedule(outlet=PAPER, every=HOUR, set_at=NOW))
    agenda = Agenda(archive)
    [sentence] = agenda.read()
    assert "needs a contact" in sentence
    assert agenda.due(datetime.max.replace(tzinfo=NOW.tzinfo)) == []


def test_whatever_a_file_holds_the_other_outlets_are_on_the_agenda(
    archive: Archive, declare: Declare
) -> None:
    declare()
    declare("other")
    path = archive.directory / "outlets" / "paper.toml"
    good = path.read_text("utf-8")
    for bad in (f"{good}x = {'[' * 5000}{']' * 5000}\n", f"{good}\0", "id ="):
        path.write_text(bad, "utf-8")
        agenda = read(archive)
        assert list(agenda.entries) == ["other"]
        assert list(agenda.problems) == ["paper"]
    path.unlink()
    path.mkdir()
    assert list(read(archive).problems) == ["paper"]
