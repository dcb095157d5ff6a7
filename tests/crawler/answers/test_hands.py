"""Hands: processes that answer lines, and what becomes of a line that ends one of them."""

from collections.abc import Iterator

import pytest
from support.answerers import work

from crawler.answers import hands as module
from crawler.answers.hands import Done, Hands


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(work, 2, seconds=1) as made:
        yield made


def done_by(hands: Hands, *lines: bytes) -> list[Done]:
    found: list[Done] = []
    for number, line in enumerate(lines, 1):
        while hands.are_all_busy:
            found += hands.wait()[1]
        hands.give(number, line)
    while len(found) < len(lines):
        found += hands.wait()[1]
    return sorted(found, key=lambda one: one.number)


def answers(found: list[Done]) -> list[bytes | str]:
    return [one.answer.line if one.answer else one.reason for one in found]


def test_lines_are_answered_by_other_processes(hands: Hands) -> None:
    assert answers(done_by(hands, b"a", b"b", b"c")) == [b"1:a\n", b"2:b\n", b"3:c\n"]
    assert not hands.are_all_busy


def test_a_line_that_ends_its_process_costs_itself_alone(hands: Hands) -> None:
    assert answers(done_by(hands, b"a", b"die", b"b", b"die", b"c")) == [
        b"1:a\n",
        "the process that read it died (code 9)",
        b"3:b\n",
        "the process that read it died (code 9)",
        b"5:c\n",
    ]


def test_a_line_stuck_inside_c_is_ended_when_its_cpu_is_spent(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WALL_FACTOR", 100)  # on a busy machine
    spun, fine = done_by(hands, b"spin", b"a")
    assert spun.reason == "not read within 1 seconds of CPU"
    assert fine.answer


def test_a_line_that_waits_for_ever_is_ended_by_the_clock(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    done_by(hands, b"slow", b"slow")  # the processes are there
    monkeypatch.setattr(module, "WALL_FACTOR", 3)
    slept, fine = done_by(hands, b"sleep", b"a")
    assert slept.reason == "not read within 3 seconds"
    assert fine.answer


def test_a_process_gives_way_to_a_new_one_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.limits, "STALE_BYTES", 0)  # not heard by the children
    with Hands(work, 1, seconds=1) as one:
        first, second = answers(done_by(one, b"pid", b"pid"))
        assert first == second
        one._hands[0].process.kill()
        one._hands[0].process.join()
        (second_pid,) = answers(done_by(one, b"pid"))
        assert second_pid != first


def test_a_process_killed_while_it_is_idle_is_replaced_and_costs_no_line(hands: Hands) -> None:
    done_by(hands, b"a", b"b")  # the processes are there
    for hand in hands._hands:
        hand.process.kill()
        hand.process.join()
    assert answers(done_by(hands, b"a", b"b", b"c")) == [b"1:a\n", b"2:b\n", b"3:c\n"]


def test_processes_end_with_their_owner() -> None:
    with Hands(work, 2, seconds=1) as made:
        made.give(1, b"sleep")
        processes = [hand.process for hand in made._hands]
    assert not any(process.is_alive() for process in processes)
