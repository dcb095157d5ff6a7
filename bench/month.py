"""A simulated month of `kliping run`: is everything caught that was announced long enough?

    python bench/month.py [--outlets 10] [--days 3] [--no-rechecks] [--seed 2026] [--keep DIR]
    python bench/month.py --reckon [--outlets 50] [--days 30]    what intervals would catch

Outlets print from one to sixty articles a day, with bursts, and their feeds name the newest ten.
The real service polls them over loopback with its clock set, by the profile `daily-news`. Printed:
what was caught and missed, each miss with how long it was announced and the interval then in force,
the requests for each article caught, and beside them what polling every 15 minutes and every
hour would have caught and asked for, reckoned from the timeline. Exit code 1 if an article was
missed that was announced for a whole poll interval. `--outlets 50 --days 30 --no-rechecks` is the
whole month, without the requests that look for edits.
"""

import argparse
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.month import Miss, Month, fixed, live  # noqa: E402
from support.papers import Papers  # noqa: E402
from support.reckoning import Reckoned, adaptive, reckon  # noqa: E402

from archive.clock import SimulatedClock  # noqa: E402
from crawler import cadence  # noqa: E402

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--outlets", type=int, default=10)
    parser.add_argument("--days", type=float, default=3)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--keep", type=Path, help="leave the archive here; a new directory")
    parser.add_argument("--no-rechecks", action="store_true", help="look for no edits")
    parser.add_argument("--reckon", action="store_true", help="crawl nothing, reckon the cadence")
    given = parser.parse_args()
    if given.reckon:
        reckon_all(given.outlets, given.days, given.seed)
        return 0
    with tempfile.TemporaryDirectory(prefix="kliping-month-") as made:
        month = live(
            given.keep or Path(made) / "archive",
            BEGIN,
            outlets=given.outlets,
            days=given.days,
            seed=given.seed,
            rechecks=not given.no_rechecks,
            tell=lambda line: print(f"  {line}", flush=True),
        )
    report(month)
    return 1 if any(not one.is_excused for one in month.misses) else 0


def reckon_all(outlets: int, days: float, seed: int) -> None:
    end = BEGIN + timedelta(days=days)
    papers = Papers(SimulatedClock(BEGIN), outlets, BEGIN, int(days), seed).by_host.values()
    rows = fixed(papers, BEGIN, end)
    factors = sorted({cadence.SLOWER, 1.1, 1.2, 1.3, 1.4, 1.5})
    for factor in factors:
        cadence.SLOWER = factor
        rows.append(reckon(f"adaptive, slower {factor}", papers, BEGIN, end, adaptive()))
    show(rows)


def show(rows: list[Reckoned]) -> None:
    print(f"{'':28}{'polls':>9}{'caught':>9}{'missed':>8}{'polls and articles per caught':>31}")
    for one in rows:
        each = one.requests / max(one.caught, 1)
        print(f"  {one.name:26}{one.polls:>9}{one.caught:>9}{one.missed:>8}{each:>31.2f}")


def report(month: Month) -> None:
    caught = max(month.caught, 1)
    print(
        f"{month.outlets} outlets, {month.days:g} days: "
        f"caught {month.caught}, missed {len(month.misses)}"
    )
    tell_misses(month.misses)
    print(f"polls later than due by more than a minute: {month.late}, the latest {month.latest}")
    print(f"\n{'requests':28}{'number':>9}{'per article caught':>20}")
    for name, number in month.requests.most_common():
        print(f"  {name:26}{number:>9}{number / caught:>20.2f}")
    total, to_catch = month.requests.total(), month.to_catch
    print(f"  {'all':26}{total:>9}{total / caught:>20.2f}")
    print(f"  {'all but rechecks':26}{to_catch:>9}{to_catch / caught:>20.2f}")
    polls = month.requests["feeds"] + month.requests["feeds, not modified"]
    print()
    ours = Reckoned(name="kliping run", polls=polls, caught=month.caught, missed=len(month.misses))
    show([ours, *month.reckoned])
    print(
        f"\n{month.visits} visits in {month.seconds:.0f} s: "
        f"{month.cpu / max(month.visits, 1) * 1000:.1f} ms CPU a visit, "
        f"{month.cpu / max(total, 1) * 1000:.1f} ms a request (the server on loopback included)"
    )


def tell_misses(misses: list[Miss]) -> None:
    excused = [one for one in misses if one.is_excused]
    if excused:
        minutes = [one.announced.total_seconds() / 60 for one in excused]
        print(
            f"  {len(excused)} were announced for less than the interval then in force: "
            f"{min(minutes):.0f} to {max(minutes):.0f} minutes, "
            f"median {statistics.median(minutes):.0f}"
        )
    for one in misses:
        if not one.is_excused:
            print(
                f"  MISSED  {one.url} announced for {one.announced}, interval {one.every}, "
                f"polled after {one.polled_after}, {'named' if one.was_named else 'not named'}"
            )


if __name__ == "__main__":
    sys.exit(main())
