"""Kill a crawl of the demo newspaper again and again, and see whether anything is lost.

    python bench/crash.py [--run] [--kills 200] [--rounds 15] [--seed N] [--keep DIR]

It crawls the newspaper's five days twice: undisturbed, and killed by SIGKILL at random instants,
with the power failing after some of the kills. Then it asserts what docs/operating.md promises, and
prints what it saw. Exit code 1 with the name of the claim if one does not hold.
"""

import argparse
import contextlib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.aftermath import Broken  # noqa: E402
from support.kills import CRAWL, SERVICE, Toll, Trial, days  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=15, help="crawls over the five days")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--keep", type=Path, help="where to leave the archives; a new directory")
    parser.add_argument("--run", action="store_true", help="kill `kliping run`, not a crawl")
    given = parser.parse_args()
    print(f"seed {given.seed}, {given.kills} kills in {given.rounds} rounds", flush=True)
    with room(given.keep) as work:
        trial = Trial(
            work=work,
            kills=given.kills,
            instants=tuple(days(given.rounds)),
            program=SERVICE if given.run else CRAWL,
            dice=random.Random(given.seed),
            tell=lambda line: print(f"  {line}", flush=True),
        )
        try:
            trial.run()
        except Broken as broken:
            report(trial.toll)
            print(f"BROKEN  {broken}")
            return 1
    report(trial.toll)
    print("Every claim holds: nothing recorded was lost, nothing is there twice.")
    return 0


@contextlib.contextmanager
def room(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="kliping-crash-") as made:
            yield Path(made)
    else:
        keep.mkdir(parents=True)
        yield keep


def report(toll: Toll) -> None:
    rows = (
        ("kills of a running crawl", f"{toll.kills}: {listed(toll.phases)}"),
        ("  aimed at", listed(toll.aims)),
        ("crawls not killed", f"{toll.whole}, and {toll.missed} that ended before their kill"),
        ("torn by a kill alone", f"{toll.torn_by_kill} records"),
        ("torn by a power cut", f"{toll.torn_by_power} records ({listed(toll.power)})"),
        (
            "indexed by recovery",
            f"{toll.captures_indexed} captures and {toll.texts_indexed} texts without rows",
        ),
        (
            "requests",
            f"{toll.requests}, undisturbed {toll.undisturbed_requests}",
        ),
        ("records", listed(toll.records)),
        ("held", listed(toll.holdings)),
        ("time", f"{toll.seconds:.0f} s"),
    )
    for name, said in rows:
        print(f"{name:26} {said}")


def listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.most_common()) or "none"


if __name__ == "__main__":
    sys.exit(main())
