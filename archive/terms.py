"""The command that tells what an outlet states of rights, and how that reads.

`kliping rights` reports words and where they stand. It gives no legal advice.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from archive.console import Failure, as_json, clean, out
from archive.counting import many
from archive.options import Directory, Json
from archive.query.rights import CaptureRights, OutletRights, OutletSignal
from archive.tables import print_table

NOTHING = 4
SHOWN = 40
"""Signals that a terminal is shown; `--json` lists all."""
_LINE_SHOWN = 70


def add_commands(app: typer.Typer) -> None:
    """Give an app the commands of this module."""
    app.command()(rights)


def rights(
    outlet: Annotated[str, typer.Argument(help="An outlet's id.")],
    archive: Directory = Path(),
    as_json_: Json = False,
) -> None:
    """Say what an outlet states of rights: which uses it reserves, since when, and where.

    Read from robots.txt, tdmrep.json, ai.txt, response heads and pages as they were captured. Each
    signal is shown as it stands, with the record that holds it. This is a report of what was said
    and no legal advice.

    Exit codes: 0 something is stated, 2 there is no such outlet, 4 nothing is stated.

    Example:  kliping rights harbour-gazette
    """
    from archive.db import outlets
    from archive.query.rights import outlet_rights
    from archive.records import OutletId
    from archive.store import Archive

    with Archive.open(archive) as opened, opened.reading() as connection:
        if not outlets.is_known(connection, OutletId(outlet)):
            raise Failure(f"No outlet {outlet!r} here. `kliping status` lists them.", code=2)
        found = outlet_rights(connection, OutletId(outlet), opened.clock.now())
    if as_json_:
        typer.echo(as_json(found))
    else:
        print_rights(found, archive)
    if not found.signals:
        raise typer.Exit(NOTHING)


def print_rights(found: OutletRights, archive: Path) -> None:
    """The report on an outlet, as it could be sent to its publisher."""
    if not found.signals:
        out.print(
            f"No signal of {found.outlet} was captured: nothing is granted or reserved by it."
        )
        return
    last = found.last_at.date().isoformat() if found.last_at else "never"
    out.print(
        f"[bold]{found.outlet}[/]: {many(found.captures, 'capture')} of pages of which something "
        f"is stated; its last page was captured on {last}."
    )
    for use, number in found.reserving.items():
        out.print(f"  {use:<12} reserved in {number} of {many(found.captures, 'capture')}")
    if not found.reserving:
        out.print("  No use is reserved.")
    table = Table("stated in", "signal", "captures", "since", "last", "as it stands", box=None,
                  header_style="dim")  # fmt: skip
    for one in found.signals[:SHOWN]:
        table.add_row(*_row(one), style="" if one.is_current else "dim")
    print_table(out, table, folds=("signal", "as it stands"))
    if len(found.signals) > SHOWN:
        out.print(f"  … and {many(len(found.signals) - SHOWN, 'other')}; --json has all.")
    out.print("These are the outlet's signals as captured, and no legal advice.")
    where = "" if archive == Path() else f" -A {archive}"
    out.print(f"Next:  kliping rights{where} {found.outlet} --json   kliping show{where} ID")


def _row(one: OutletSignal) -> tuple[str | Text, ...]:
    said = one.signal
    to = f" ({said.agent})" if said.agent not in (None, "*") else ""
    return (
        one.source,
        Text(clean(f"{said.name}={said.value}{to}")[:_LINE_SHOWN]),
        str(one.captures),
        one.first_at.date().isoformat(),
        "still" if one.is_current else one.last_at.date().isoformat(),
        Text(clean(said.line)[:_LINE_SHOWN]),
    )


def print_line(found: CaptureRights) -> None:
    """What was reserved at one capture, on one line, under an article."""
    if found.reserved:
        sources: dict[str, list[str]] = {}
        for one in found.reserved:
            places = sources.setdefault(one.use, [])
            if one.source not in places:
                places.append(one.source)
        said = "; ".join(f"{use} ({', '.join(places)})" for use, places in sources.items())
        out.print(Text(f"  rights at the last capture: reserved: {said}", "yellow"))
    elif found.statements:
        out.print(Text("  rights at the last capture: stated, and no use reserved", "dim"))
    else:
        asked = ", ".join(one.source for one in found.asked)
        looked = f" (looked in the page, {asked})" if asked else ""
        out.print(Text(f"  rights at the last capture: nothing stated{looked}", "dim"))
