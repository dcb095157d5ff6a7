"""`kliping extract`: what a page says, one page for people or many for programs."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.console import Failure, err
from archive.options import Directory, Json

if TYPE_CHECKING:
    from crawler.answers.batch import Count
    from crawler.extract.memory import OutletMemory

SOME_FAILED = 3
PRELOAD = ("crawler.extract.article", "crawler.answers.answer")
"""Imported once, before processes are forked."""


def add_commands(app: typer.Typer) -> None:
    """Give an app the command."""
    app.command()(extract)


def extract(  # noqa: PLR0913, PLR0917 - options, each by its name
    context: typer.Context,
    what: Annotated[
        str | None, typer.Argument(metavar="FILE|URL|-", help="A page: saved, by URL, or stdin.")
    ] = None,
    archive: Directory = Path(),
    url: Annotated[
        str | None, typer.Option("--url", help="The address of a page that is a file.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="Who can be reached, if kliping.toml does not say.")
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch", metavar="FILE|-", help="Read many pages; a line of JSON names one."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes of a batch. All cores, if not said.")
    ] = None,
    timed: Annotated[
        bool, typer.Option("--timed", help="In a batch: CPU milliseconds of each page, as `ms`.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Read a page and print each field: its value, where it came from, and what others said.

    A file may be gzipped. A URL that the archive holds is read from its newest capture; any other
    is fetched once, with all manners, into an archive that is thrown away: nothing is kept.

    With --batch each line {"id", "url", "html_path"} is answered by a line {"id", "title", "date",
    "authors", "body", "language", …} on standard output, in the same order. Each depends on its
    page alone; with --archive also on what is known of outlets there.

    Exit codes: 0 read, 1 it cannot be read, 2 nothing to read was named, 3 pages of a batch failed,
    5 refused, 130 stopped.

    Example:  kliping extract page.html.gz --url https://paper.example/harbour
    """
    if (what is None) == (batch is None):
        raise Failure("Name a page, or a list of pages with --batch.", code=2)
    if batch is not None:
        source = context.get_parameter_source("archive")
        remembered = archive if source is not None and source.name != "DEFAULT" else None
        count = _batch(batch, workers or _cores(), is_timed=timed, archive=remembered)
        if count.failed:
            err.print(f"{count.failed} of {count.pages} pages could not be read.")
            raise typer.Exit(SOME_FAILED)
        if not count.pages:
            err.print("No line names a page: there was nothing to read.")
        return
    from crawler.answers.sheet import as_object, print_sheet
    from crawler.answers.source import draft_of

    draft = draft_of(what or "-", archive, url=url, contact=contact)
    if as_json_:
        typer.echo(as_object(draft))
    else:
        print_sheet(draft)


def _batch(source: str, workers: int, *, is_timed: bool, archive: Path | None) -> "Count":
    from crawler.answers.answer import answer_line
    from crawler.answers.batch import Lines, answer_all
    from crawler.answers.hands import Hands

    descriptor = _opened(source)

    def write(line: bytes) -> None:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()

    work = partial(answer_line, is_timed=is_timed, memories=_memories(archive) if archive else {})
    with Hands(work, workers, preload=PRELOAD) as hands, _progress(descriptor) as tell:
        return answer_all(Lines(descriptor), write, hands, tell)


def _opened(source: str) -> int:
    """The descriptor of the list of pages.

    Raises:
        Failure: if there is no such list.
    """
    if source == "-":
        if sys.stdin is None:  # its descriptor was closed when we were started
            raise Failure("Standard input is closed. Name a list of pages with --batch.", code=2)
        return sys.stdin.fileno()
    try:
        if Path(source).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        return os.open(source, os.O_RDONLY)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Failure(f"The list of pages {source} cannot be read: {reason}.", code=2) from error


def _memories(directory: Path) -> "dict[str, OutletMemory]":
    from archive.store import Archive
    from crawler.learning import all_known

    with Archive.open(directory) as opened:
        return all_known(opened)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress(descriptor: int) -> "Iterator[Callable[[Count], None]]":
    """A bar on a terminal, by bytes of a file; of a pipe nobody knows the end."""
    if not err.is_terminal:
        yield lambda _: None
        return
    import rich.progress

    found = os.fstat(descriptor)
    total = found.st_size if stat.S_ISREG(found.st_mode) else None
    bar = rich.progress.Progress(
        rich.progress.BarColumn(),
        rich.progress.TextColumn("{task.description}"),
        rich.progress.TimeElapsedColumn(),
        console=err,
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=total)

        def tell(count: "Count") -> None:
            failed = f", {count.failed} failed" if count.failed else ""
            bar.update(task, completed=count.bytes_read, description=f"{count.pages} pages{failed}")

        yield tell
