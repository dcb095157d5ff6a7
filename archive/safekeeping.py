"""`kliping backup`: a copy of the archive elsewhere, made and checked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import rich.progress
import typer
from rich.text import Text

from archive.console import Failure, as_json, clean, err, human, out
from archive.counting import many
from archive.options import Directory, Json

if TYPE_CHECKING:
    from archive.backup import Backup

DAMAGED, PARTIAL = 1, 3
SHOWN = 50
"""Faults that a terminal is shown; `--json` lists all."""


def add_commands(app: typer.Typer) -> None:
    """Give an app the commands of this module."""
    app.command()(backup)


def backup(
    directory: Annotated[Path, typer.Argument(help="Where the copy is, or shall be.")],
    archive: Directory = Path(),
    check: Annotated[
        bool, typer.Option("--check", help="Make none: read that backup again, and compare.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Copy the archive into a directory, while it is in use: all that a restored one needs.

    A second backup into the same directory copies only what is new. Nothing that is not of this
    archive's backup is written over. What was moved to other storage is named and not copied.

    Exit codes: 0 made, or all as it was copied; 1 not made, or the check found damage; 3 made, but
    something of the archive is missing or damaged.

    Example:  kliping backup /backup/my-archive && kliping backup /backup/my-archive --check
    """
    if check:
        _check(directory, as_json_=as_json_)
        return
    from archive.backup import back_up
    from archive.store import Archive

    with Archive.open(archive) as opened, _bar("Copying") as tell:
        done = back_up(opened, directory, tell)
    if as_json_:
        typer.echo(as_json(done))
    else:
        print_backup(done)
    if done.problems:
        raise typer.Exit(PARTIAL)


def _check(directory: Path, *, as_json_: bool) -> None:
    from archive.manifest import NAME, faults_of, read_manifest

    manifest = read_manifest(directory)
    if manifest is None:
        raise Failure(f"{directory} is no backup: it has no {NAME}.", code=2)
    with _bar("Reading", manifest.bytes) as tell:
        faults = list(faults_of(directory, manifest, tell))
    if as_json_:
        typer.echo(
            as_json(
                {
                    "sound": not faults,
                    "ended_at": manifest.ended_at,
                    "files": len(manifest.files),
                    "bytes": manifest.bytes,
                    "faults": faults,
                }
            )
        )
    else:
        _print_check(len(manifest.files), manifest.bytes, faults)
    if faults:
        raise typer.Exit(DAMAGED)


def _print_check(files: int, size: int, faults: list[str]) -> None:
    out.print(f"{many(files, 'file')}, {human(size)}.")
    for fault in faults[:SHOWN]:
        out.print(Text(clean(f"DAMAGED  {fault}"), "red"))
    if left := faults[SHOWN:]:
        out.print(f"… and {len(left)} more; --json lists all.")
    out.print(
        f"{many(len(faults), 'fault')}. Remove what is named and make the backup again."
        if faults
        else "[green]All as it was copied.[/]"
    )


def print_backup(done: "Backup") -> None:
    """What was copied, what is not in it, and what to do next."""
    out.print(
        f"{many(done.files, 'file')}, {human(done.total)}: {len(done.copied)} copied "
        f"({human(done.bytes)}), {len(done.linked)} linked, {done.kept} there already."
    )
    if done.elsewhere:
        out.print(f"{many(len(done.elsewhere), 'file')} in other storage, not in this backup.")
    for problem in done.problems:
        out.print(Text(clean(f"NOT WHOLE  {problem}"), "red"))
    if done.linked:
        out.print("Linked files lie on the archive's own disk: keep a backup on another as well.")
    out.print(f"Next:  kliping backup {done.directory} --check")


@contextmanager
def _bar(what: str, total: int | None = None) -> Iterator[Callable[[str, int], None]]:
    """A bar on standard error; gives what to tell: the file at hand, and how much more of it."""
    if not err.is_terminal:
        yield lambda *_: None
        return
    with rich.progress.Progress(
        rich.progress.TextColumn("{task.description}"),
        rich.progress.BarColumn(),
        rich.progress.DownloadColumn(),
        console=err,
        transient=True,
    ) as bar:
        task = bar.add_task(what, total=total)
        yield lambda name, more: bar.update(task, description=f"{what} {name}", advance=more)
