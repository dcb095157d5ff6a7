"""The verdict of a verification as a person reads it, and its exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.text import Text

from archive.console import clean, human, out, spinner
from archive.counting import many
from archive.fixity.verdict import Verdict
from archive.verify import Progress, Tell

DAMAGED, PARTIAL = 1, 3
SHOWN = 50
"""Faults that a terminal is shown; `--json` lists all."""


def exit_code(verdict: Verdict) -> int:
    """1 if anything is wrong, 3 if nothing is but the time ran out, else 0."""
    if not verdict.is_sound:
        return DAMAGED
    return PARTIAL if verdict.is_partial else 0


def print_verdict(verdict: Verdict) -> None:
    """What was checked and what was not, what is wrong, and what to do next."""
    for sentence in verdict.repaired:
        out.print(Text(clean(f"repaired  {sentence}")))
    files = f"{many(verdict.files, 'file')}, " if verdict.files else ""
    out.print(
        f"{files}{human(verdict.bytes)}: {many(verdict.records, 'record')} read, "
        f"{many(verdict.digests, 'digest')} compared, "
        f"{many(verdict.rows, 'row')} found their records, "
        f"{many(verdict.revisits, 'revisit')} their responses."
    )
    out.print(
        f"{many(verdict.roots, 'root')} of files and {verdict.days} of days computed again, "
        f"{many(verdict.texts, 'text')} compared."
    )
    _print_rowless(verdict)
    for sentence in verdict.unchecked:
        out.print(Text(clean(f"not checked: {sentence}"), "dim"))
    for fault in verdict.faults[:SHOWN]:
        out.print(Text(clean(f"DAMAGED  {fault}"), "red"))
    if left := verdict.faults[SHOWN:]:
        out.print(f"… and {len(left)} more; --json lists all.")
    _print_roots(verdict)
    _print_end(verdict)


def _print_rowless(verdict: Verdict) -> None:
    pictures = verdict.unindexed_screenshots
    if verdict.unindexed or verdict.unindexed_drafts or pictures:
        others = f" and {many(pictures, 'screenshot')}" if pictures else ""
        out.print(
            f"{many(verdict.unindexed, 'response')} and "
            f"{many(verdict.unindexed_drafts, 'draft')}{others} without a row; "
            "nothing is lost, they are on disk. Index them with: kliping verify --repair"
        )


def _print_roots(verdict: Verdict) -> None:
    if verdict.since_root_on:
        out.print(
            f"The root you gave is that of {verdict.since_root_on}, and the chain holds from there."
        )
    if verdict.last_root and verdict.is_sound:
        out.print(
            f"Write this down somewhere else: {verdict.last_root_on} {verdict.last_root}"
            "\n  Later, kliping verify --since-root proves by it that nothing before was altered."
        )


def _print_end(verdict: Verdict) -> None:
    if verdict.is_sound:
        what = "All that was checked is" if verdict.unchecked else "All"
        more = " Run it again to go on." if verdict.is_partial else ""
        out.print(f"[green]{what} as recorded.[/]{more}")
        return
    damaged = len(verdict.damaged)
    copies = sum(one.copy is not None for one in verdict.damaged)
    held = f"; of {copies} the payload lies here a second time" if copies else ""
    out.print(
        f"{many(len(verdict.faults), 'fault')}, {many(damaged, 'damaged record')}{held}. "
        "Restore the files named from a backup, then: kliping verify"
    )


@contextmanager
def telling() -> Iterator[Tell]:
    """Show on standard error which file is being read, and bytes done of all."""
    with spinner("Verifying") as tell:

        def shown(one: Progress) -> None:
            tell(f"{human(one.done)} of {human(one.total)}  {one.file}")

        yield shown
