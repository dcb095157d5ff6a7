"""Two simulated days of the service at two outlets: what it catches, and what it asks for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.month import Miss, live

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_everything_is_caught_that_was_announced_for_a_poll_interval(tmp_path: Path) -> None:
    month = live(tmp_path / "archive", BEGIN, outlets=2, days=2, rechecks=False)
    assert month.caught > 50
    assert [one for one in month.misses if not one.is_excused] == []
    asked = month.requests
    assert asked["articles"] == month.caught
    assert asked["rechecks"] == 0
    polls = asked["feeds"] + asked["feeds, not modified"]
    quarter, hourly = month.reckoned
    assert polls < quarter.polls / 2
    assert month.caught >= 0.9 * hourly.caught


def test_a_miss_is_excused_only_by_time_and_only_if_nobody_saw_it() -> None:
    def missed(announced: int, *, was_named: bool = False) -> Miss:
        return Miss(
            url="http://paper-01.example/2026/03/02/1",
            announced=announced * MINUTE,
            every=30 * MINUTE,
            polled_after=31 * MINUTE,
            was_named=was_named,
        )

    assert missed(29).is_excused
    assert not missed(30).is_excused
    assert not missed(5, was_named=True).is_excused
