"""The chain of roots: files under days, day upon day, and the journal that says so as well.

Who can alter the database cannot alter the journal by the same slip, nor a root that was written
down elsewhere: all three must agree.
"""

import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.db import files, roots
from archive.db.files import SealedRow
from archive.db.roots import DailyRoot
from archive.fixity import holdings
from archive.fixity.verdict import Verdict
from archive.journal import lines_of
from archive.merkle import day as root_of_day
from archive.records import Digest
from archive.roots import rooted_as_json
from archive.store import Archive

_OF_A_FILE = ("bytes", "sha256", "root", "records")
_OF_A_DAY = ("root", "previous", "files", "records")
_PAUSES = (0, 0.1, 0.4, 1.5)
"""Seconds between looks: a crawl's line is in the journal a moment before its row is committed."""

Acts = dict[str, list[Mapping[str, Any]]]
"""Of one kind: by the file or the day that they are about."""


def check_chain(archive: Archive, verdict: Verdict, since: Digest | None = None) -> None:
    """Compare every day's root with its files, the days with each other, the journal with both.

    Args:
        archive: open.
        verdict: what is found goes here.
        since: a root that was written down; it is a fault if no day has it.
    """
    with archive.reading() as connection:
        sealed = {row.name: row for row in files.sealed_rows(connection)}
        days = roots.every(connection)
    _check_days(days, sealed, verdict)
    _check_cover(days, sealed, verdict)
    acts, rooted = _acts(archive.directory / "journal", verdict)
    _check_sealed(sealed, acts, verdict)
    _check_rooted(days, sealed, rooted, verdict)
    _check_known(archive, acts, rooted, verdict)
    if days:
        verdict.last_root, verdict.last_root_on = days[-1].root, days[-1].day
    if since is not None:
        verdict.since_root_on = next((one.day for one in days if one.root == since), None)
        if verdict.since_root_on is None:
            verdict.faults.append(
                f"{since} is the root of no day: what it was written down for is not what is here"
            )


def _check_days(
    days: Sequence[DailyRoot], sealed: Mapping[str, SealedRow], verdict: Verdict
) -> None:
    previous: Digest | None = None
    for one in days:
        rows = [sealed[name] for name in one.files if name in sealed]
        root = root_of_day(one.previous, [row.root for row in rows if row.root])
        problem = None
        if one.previous != previous:
            problem = f"it is chained to {one.previous}, and the day before has {previous}"
        elif len(rows) != len(one.files):
            gone = sorted(set(one.files) - sealed.keys())
            problem = f"it covers {', '.join(gone)}, of which the database knows nothing"
        elif root != one.root:
            problem = f"its files make {root}"
        elif one.records != sum(row.records or 0 for row in rows):
            problem = f"its files do not hold {one.records} records"
        if problem:
            verdict.faults.append(f"the root of {one.day}, {one.root}: {problem}")
        else:
            verdict.days += 1
        previous = one.root


def _check_cover(
    days: Sequence[DailyRoot], sealed: Mapping[str, SealedRow], verdict: Verdict
) -> None:
    covered = {name: one.day for one in days for name in one.files}
    for row in sealed.values():
        if row.rooted_on != covered.get(row.name):
            verdict.faults.append(
                f"{row.name}: noted under the root of {row.rooted_on or 'no day'}, and it is under "
                f"that of {covered.get(row.name) or 'no day'}"
            )


def _acts(directory: Path, verdict: Verdict) -> tuple[Acts, Acts]:
    """What the journal says of files and of days."""
    sealed: Acts = defaultdict(list)
    rooted: Acts = defaultdict(list)
    for place, line in lines_of(directory):
        try:
            act = json.loads(line)
            kind = act["act"]
        except (ValueError, TypeError, KeyError):
            verdict.faults.append(f"{place}: not a line of the journal; restore it from a backup")
            continue
        if kind == "sealed":
            sealed[str(act.get("name"))].append(act)
        elif kind == "rooted":
            rooted[str(act.get("day"))].append(act)
    return sealed, rooted


def _check_sealed(sealed: Mapping[str, SealedRow], acts: Acts, verdict: Verdict) -> None:
    for name, row in sealed.items():
        for act in acts.get(name, []):
            # a line from before roots were kept says nothing of them
            wrong = [key for key in _OF_A_FILE if key in act and act[key] != getattr(row, key)]
            if wrong:
                verdict.faults.append(
                    f"{name}: the journal says another {', '.join(wrong)} than the database; one "
                    "of them was altered"
                )
        if name not in acts:
            verdict.faults.append(f"{name}: the journal does not know that it was sealed")


def _check_rooted(
    days: Sequence[DailyRoot], sealed: Mapping[str, SealedRow], acts: Acts, verdict: Verdict
) -> None:
    for one in days:
        rows = [sealed[name] for name in one.files if name in sealed]
        said = rooted_as_json(one, rows)
        told = acts.get(str(one.day), [])
        # a turn that failed after its line was written was made again: one must agree
        if not any(all(act.get(key) == said[key] for key in _OF_A_DAY) for act in told):
            verdict.faults.append(
                f"the root of {one.day}: the journal does not say the same; one of them was altered"
            )


def _check_known(archive: Archive, acts: Acts, rooted: Acts, verdict: Verdict) -> None:
    """Whether the database knows every file and every day that disk and journal know."""
    here = {name for name in holdings.names_here(archive) if not holdings.is_growing(archive, name)}
    files_unknown, days_unknown = here | acts.keys(), set(rooted)
    for pause in _PAUSES:
        time.sleep(pause)
        with archive.reading() as connection:
            files_unknown -= files.sealed_names(connection)
            days_unknown -= {str(one.day) for one in roots.every(connection)}
        if not files_unknown and not days_unknown:
            return
    for name in sorted(files_unknown):
        verdict.faults.append(
            f"{name}: not noted in the database; `kliping verify --repair` does so"
            if name in here
            else f"{name}: the journal says that it was sealed; the database does not know it, and "
            "it is missing. Restore it from a backup."
        )
    for day in sorted(days_unknown):
        verdict.faults.append(
            f"the root of {day} is in the journal, and not in the database: that was altered, or "
            "is older than the journal"
        )
