"""`kliping workers`: who works for an archive on PostgreSQL, on which machine, and at what."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table

from archive.console import as_json, out
from archive.options import Directory, Json
from archive.tables import print_table

if TYPE_CHECKING:
    from archive.jobs import Shift, Working

PARTIAL, NOTHING = 3, 4
SHOWN = 4
"""Outlets that a terminal is shown of each worker; `--json` names all."""


def add_commands(app: typer.Typer) -> None:
    """Give an app the commands of this module."""
    app.command()(workers)


def workers(archive: Directory = Path(), as_json_: Json = False) -> None:
    """Show the workers of `kliping run --workers`: machine, process, and what each is at.

    Of jobs: how many wait, are done now, are stalled at a worker that is silent, and have failed
    within a day. A worker that is silent for a minute is taken for dead, and its jobs are done
    again.

    Exit codes: 0 all is well, 3 a worker is silent, or jobs are stalled or have failed, 4 nobody
    works.

    Example:  kliping workers -A my-archive --json
    """
    from archive.jobs import Jobs
    from archive.store import Archive

    with Archive.open(archive) as opened:
        shift = Jobs(opened).shift()
    if as_json_:
        typer.echo(as_json(_mapping(shift)))
    else:
        print_shift(shift)
    if not shift.workers:
        raise typer.Exit(NOTHING)
    if not shift.is_well:
        raise typer.Exit(PARTIAL)


def print_shift(shift: "Shift") -> None:
    """A line for each worker, and one for the jobs."""
    if not shift.workers:
        out.print("Nobody works.  Next:  kliping run --workers 2")
    else:
        table = Table(box=None, pad_edge=False)
        for heading in ("machine", "pid", "since", "heard of", "visits", ""):
            table.add_column(heading)
        for one in shift.workers:
            table.add_row(*_cells(one))
        print_table(out, table, folds=("visits",))
    out.print(
        f"Jobs: {shift.waiting} waiting, {shift.doing} doing, {shift.stalled} stalled, "
        f"{shift.failed} failed within a day."
    )


def _cells(one: "Working") -> tuple[str, ...]:
    silent = one.silent_seconds
    visits = ", ".join(one.outlets[:SHOWN])
    if len(one.outlets) > SHOWN:
        visits += f" and {len(one.outlets) - SHOWN} more"
    said = "SILENT" if one.is_silent else "leads" if one.leads else ""
    return (
        one.machine,
        str(one.pid),
        one.since.isoformat(timespec="seconds"),
        "never" if silent is None else f"{silent:.0f} s ago",
        visits or "-",
        said,
    )


def _mapping(shift: "Shift") -> dict[str, Any]:
    return {
        "workers": [
            {
                "machine": one.machine,
                "pid": one.pid,
                "since": one.since,
                "silent_seconds": one.silent_seconds,
                "is_silent": one.is_silent,
                "leads": one.leads,
                "outlets": one.outlets,
            }
            for one in shift.workers
        ],
        "jobs": {
            "waiting": shift.waiting,
            "doing": shift.doing,
            "stalled": shift.stalled,
            "failed": shift.failed,
        },
    }
