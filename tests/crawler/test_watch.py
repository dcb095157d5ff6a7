"""The picture of a service: what goes on, what comes next, who is left alone, what is wrong."""

from collections import Counter
from datetime import timedelta
from typing import Any

from rich.console import Console
from support.archives import NOW

from archive.records import OutletId
from crawler.run.standing import Standing, Underway
from crawler.watch import ROWS, picture


def shown(**said: Any) -> str:
    usual: dict[str, Any] = {
        "state": "running", "since": NOW, "now": NOW, "run": "run-1", "scheduled": 3,
        "underway": (), "coming": (), "last_visit_at": None, "lag": timedelta(),
        "most_overdue": None, "free_bytes": 5 * 10**9, "min_free_bytes": 10**9, "backlog": 0,
        "counts": Counter({"captures": 7, "articles/new": 4}),
    }  # fmt: skip
    console = Console(width=160)
    with console.capture() as capture:
        console.print(picture(Standing(**(usual | said))))
    return capture.get()


def visit(outlet: str, doing: str = "") -> Underway:
    return Underway(outlet=OutletId(outlet), since=NOW, doing=doing, counts=Counter())


def test_it_shows_what_goes_on_and_what_comes_next() -> None:
    said = shown(
        underway=(visit("paper", "https://paper.example/a\x1b[31m"),),
        coming=((NOW + timedelta(minutes=5), OutletId("gazette")),),
    )
    assert "running  7 captures" in said
    assert "4 new" in said
    assert "5.0 GB free" in said
    assert "paper" in said
    assert "\x1b[31m" not in said
    assert "gazette  2026-03-02T06:05:00+00:00" in " ".join(said.split()).replace(
        "gazette 2026", "gazette  2026"
    )


def test_it_names_who_waits_who_is_held_and_what_is_wrong() -> None:
    said = shown(
        lag=timedelta(minutes=90),
        most_overdue=OutletId("late"),
        held=(("slow.example", NOW, "HTTP 429"),),
        problems={OutletId("odd"): "no such key"},
        quotas={OutletId("large"): "pages_per_day"},
    )
    assert "late waits for 90 min" in said
    assert "slow.example is left alone until 2026-03-02T06:00:00+00:00 (HTTP 429)" in said
    assert "odd: no such key" in said
    assert "large: quota pages_per_day reached" in said


def test_many_visits_do_not_fill_the_screen() -> None:
    said = shown(underway=tuple(visit(f"paper-{n}") for n in range(40)))
    assert f"and {40 - ROWS} others" in said
