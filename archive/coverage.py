"""`kliping coverage`: what was announced, what is held of it, and what was missed, day by day."""

import math
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import Failure, as_json, clean, out
from archive.counting import many
from archive.options import Directory, Json

if TYPE_CHECKING:
    from archive.query.coverage import Coverage, Day

NOTHING, GAP = 4, 6
SHADES, PLAIN = tuple("█▓▒░×·!"), tuple("#+=-x.!")
"""All, nine tenths, half, some, none; nothing announced; a gap. On a terminal, and in a file."""
NEVER = "?"
LABEL = 24


def add_commands(app: typer.Typer) -> None:
    """Give an app the command."""
    app.command()(coverage)


def coverage(
    outlet: Annotated[str | None, typer.Argument(help="An outlet by id. None: all.")] = None,
    archive: Directory = Path(),
    from_: Annotated[str | None, typer.Option("--from", help="The first day: 2026-03-01.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="The last day; else today.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="So many days up to the last.")] = 14,
    as_json_: Json = False,
) -> None:
    """Show what each outlet announced day by day, what is held of it, and what was missed.

    Announced = captured + refused + failed + pending, for the URLs first sighted that day where the
    outlet is. A gap is proved when a listing names nothing any more that is known. Days without a
    poll are shown as `?`: nobody looked.

    Exit codes: 0 no gap, 4 no such days, 6 a gap was detected.

    Example:  kliping coverage harbour-gazette --days 30
    """
    from archive.query.coverage import coverage as ask
    from archive.records import OutletId
    from archive.store import Archive

    since, until = _day(from_, "--from"), _day(to, "--to")
    if since and until and until < since:
        raise Failure(f"--to {until} is before --from {since}", code=2)
    with Archive.open(archive) as opened, opened.reading() as connection:
        found = ask(
            connection,
            opened.clock.now(),
            only=OutletId(outlet) if outlet else None,
            since=since,
            until=until,
            days=days,
        )
    if outlet and not found:
        raise Failure(
            f"No outlet {outlet!r} was crawled here. `kliping status` shows them.", code=2
        )
    if as_json_:
        typer.echo(as_json({"outlets": found}))
    else:
        print_coverage(found, archive, is_one=outlet is not None)
    if any(one.gaps for one in found):
        raise typer.Exit(GAP)
    if not found:
        raise typer.Exit(NOTHING)


def _day(said: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Failure(f"{name} is a day such as 2026-03-01, not {said!r}", code=2) from error


def print_coverage(found: "tuple[Coverage, ...]", archive: Path, *, is_one: bool) -> None:
    """A row for each day of one outlet, or for each outlet; the picture; gaps and the next step."""
    if not found:
        out.print(f"Nothing crawled yet. Begin with: kliping crawl -A {archive} https://…/")
        return
    _print_table(found, is_one=is_one)
    shown = sys.stdout.isatty()
    for line in picture(found, shutil.get_terminal_size().columns, shades=shown):
        out.print(line, markup=False)
    for one in found:
        for gap in one.gaps:
            began, ended = (at.isoformat(timespec="minutes") for at in (gap.began_at, gap.ended_at))
            said = f"  GAP  {one.id}: {began} .. {ended}, {gap.listing}"
            out.print(clean(f"{said}: none of its {many(gap.items, 'item')} was known"))
        for old in one.retired:
            since, probe = (at and at.date() for at in (old.retired_at, old.probed_at))
            said = f"  RETIRED  {one.id}: {old.url} since {since}: {old.reason or 'no reason'}"
            out.print(clean(f"{said}; probed next on {probe or 'no day'}"), markup=False)
    if not any(day.polls for one in found for day in one.days):
        out.print("Nobody looked in these days; name others with --from and --to.")
    where = "" if archive == Path() else f" -A {archive}"
    out.print(f"Next:  kliping why{where} URL   kliping status{where}")


def _print_table(found: "tuple[Coverage, ...]", *, is_one: bool) -> None:
    from rich.table import Table

    from archive.tables import print_table

    names = ("announced", "captured", "walled", "refused", "failed", "pending")
    first = "day" if is_one else "outlet"
    table = Table(first, *names, "complete", "left out", "polls", box=None, header_style="dim")
    for one in found:
        rows = [(str(day.day), [day]) for day in one.days] if is_one else [(one.id, [*one.days])]
        for label, days in rows:
            sums = {name: sum(getattr(day, name) for day in days) for name in names}
            of_these_days = sums["announced"] - sum(day.backlog for day in days)
            share = f"{sums['captured'] / of_these_days:.1%}" if of_these_days else ""
            asked = sum(day.polls for day in days)
            failed = sum(day.failed_polls for day in days)
            polls = f"{asked}, {failed} failed" if failed else str(asked)
            denied = max((day.denied for day in days), default=0)
            table.add_row(label, *(str(n) for n in sums.values()), share, str(denied), polls)
    print_table(out, table)
    if is_one:
        why: dict[str, int] = {}
        for day in found[0].days:
            for reason, number in day.why.items():
                why[reason] = why.get(reason, 0) + number
        for reason, number in sorted(why.items(), key=lambda pair: -pair[1]):
            out.print(clean(f"  {number} {reason}"), markup=False, style="dim")


def picture(found: "tuple[Coverage, ...]", width: int, *, shades: bool) -> list[str]:
    """A row of cells for each outlet, a day or several in each; what each mark means."""
    label = min(max(len(one.id) for one in found), LABEL)
    most = max(len(one.days) for one in found)
    a_cell = max(math.ceil(most / max(width - label - 2, 10)), 1)
    marks = SHADES if shades else PLAIN
    lines = []
    for one in found:
        chunks = [one.days[n : n + a_cell] for n in range(0, len(one.days), a_cell)]
        cells = "".join(cell(days, marks) for days in chunks)
        lines.append(f"{one.id[:label]:<{label}}  {cells}")
    spans = (
        "a cell is a day" if a_cell == 1 else f"a cell is {a_cell} days, the worst of them shown"
    )
    full, most_of, half, some, none, empty, gap = (f"'{mark}'" for mark in marks)
    lines.append(
        f"{full} complete  {most_of} 90 %  {half} half  {some} less  {none} none  "
        f"{empty} nothing announced  {gap} gap  {NEVER!r} nobody looked  ({spans})"
    )
    return lines


def cell(days: "tuple[Day, ...]", marks: tuple[str, ...]) -> str:
    """One mark for some days: a gap, or how complete the worst of them is."""
    full, most_of, half, some, none, empty, gap = marks
    if any(day.gaps for day in days):
        return gap
    shares = [day.complete for day in days if day.complete is not None]
    if not shares:
        return empty if any(day.polls for day in days) else NEVER
    worst = min(shares)
    steps = ((1.0, full), (0.9, most_of), (0.5, half))
    return next((mark for least, mark in steps if worst >= least), some if worst else none)
