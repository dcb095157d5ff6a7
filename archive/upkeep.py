"""The commands that look after an archive: verify, export, cdxj, offload, calendar, and so on."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from archive.console import Failure, as_json, out
from archive.counting import many
from archive.options import Directory, Json

PARTIAL, NOTHING = 3, 4


def verify(
    archive: Directory = Path(),
    sample: Annotated[
        str | None, typer.Option(help="Check so many records drawn by lot: 1000, or 5%.")
    ] = None,
    scrub: Annotated[
        bool,
        typer.Option("--scrub", help="Check sealed files, those verified longest ago first."),
    ] = False,
    for_: Annotated[
        str | None, typer.Option("--for", help="How long a scrub may take: 30m, 2h.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option(help="How much to read a second at most: 20MB.")
    ] = None,
    since_root: Annotated[
        str | None, typer.Option(help="A root that you wrote down: is it in the chain?")
    ] = None,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="First put right what a kill left; deletes nothing."),
    ] = False,
    as_json_: Json = False,
) -> None:
    """Check every record, digest, sealed file, row and root against each other.

    Each damaged record is named, with what rests on it and where its payload is left. No WARC file
    is changed, but for what --repair does to one that a killed process left open.

    Exit codes: 0 all as recorded, 1 something is damaged, 3 as recorded so far, but --for ran out.
    """
    from archive import account
    from archive.fixity.options import options
    from archive.store import Archive
    from archive.verify import verify as check

    try:
        asked = options(sample=sample, scrub=scrub, for_=for_, rate=rate, since_root=since_root)
    except ValueError as error:
        raise Failure(str(error), code=2) from error
    with Archive.open(archive) as opened, account.telling() as tell:
        verdict = check(opened, **asked, repair=repair, progress=tell)
    if as_json_:
        typer.echo(as_json(verdict.as_mapping()))
    else:
        account.print_verdict(verdict)
    if code := account.exit_code(verdict):
        raise typer.Exit(code)


def export(
    file: Annotated[Path, typer.Argument(help="The WACZ file to make.")],
    archive: Directory = Path(),
    outlet: Annotated[
        list[str], typer.Option("--outlet", "-o", help="All of an outlet, by id.")
    ] = [],  # noqa: B006 - typer copies it
    article: Annotated[
        list[str], typer.Option("--article", "-a", help="An article with all its versions, by id.")
    ] = [],  # noqa: B006 - typer copies it
    query: Annotated[
        str | None, typer.Option("--query", "-q", help="All articles that a search finds.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What players call the file.")] = None,
    sign: Annotated[
        bool, typer.Option("--sign", help="Sign it with the archive's key, made when first used.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Export as WACZ: one file that replayweb.page and other players show, offline.

    It holds the records as they were received, with everything that revisits rest on.

    Example:  kliping export harbour.wacz --query 'harbour budget' --sign
    """
    from archive import console
    from archive.store import Archive
    from archive.wacz.export import Wanted, export_wacz

    if not outlet and not article and not query:
        raise Failure("Say what to export: --outlet ID, --article ID or --query WORDS.", code=2)
    wanted = Wanted(outlets=tuple(outlet), articles=tuple(article), query=query)
    with Archive.open(archive) as opened, console.spinner("Exporting") as tell:
        export = export_wacz(opened, wanted, file, title=title, signed=sign, tell=tell)
    if as_json_:
        typer.echo(as_json(export))
    else:
        console.print_export(export)
    if export.problems:
        raise typer.Exit(PARTIAL)


def cdxj(archive: Directory = Path()) -> None:
    """Print the index of all sealed WARC files: CDXJ lines, sorted, for pywb and its like.

    An index that is missing is made from its WARC file first. Exit code 1 if one cannot be made.

    Example:  kliping cdxj > index.cdxj
    """
    import sys

    from archive.cdxj import indexes_of, lines_of
    from archive.console import err
    from archive.store import Archive

    with Archive.open(archive) as opened:
        indexes, is_whole = indexes_of(opened, err.print)
        sys.stdout.buffer.writelines(lines_of(opened, indexes))
        sys.stdout.buffer.flush()
    if not is_whole:
        raise typer.Exit(1)


def offload(
    names: Annotated[list[str], typer.Argument(help="WARC files by name. None: all.")] = [],  # noqa: B006 - typer copies it
    archive: Directory = Path(),
    older_than: Annotated[
        str, typer.Option(help="Only what was sealed this long ago: 36h, 7d, 4w.")
    ] = "0h",
    keep_local: Annotated[
        bool, typer.Option("--keep-local", help="Leave the files here as well.")
    ] = False,
    recall: Annotated[bool, typer.Option("--recall", help="Fetch moved files back.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Move sealed WARC files to the storage that kliping.toml names, or fetch them back.

    A file is removed here only after its bytes were read back there. It can be read, replayed and
    verified from there as before. Credentials come from the environment (AWS_ACCESS_KEY_ID …).

    Exit codes: 0 all moved, 1 nothing could be, 3 some could not be, 4 nothing was to be moved.
    """
    from archive import console
    from archive import offload as moving
    from archive.store import Archive

    age = _age(older_than)
    if recall and (keep_local or age):
        raise Failure("--recall goes with neither --keep-local nor --older-than", code=2)
    with Archive.open(archive) as opened, console.spinner("Moving") as tell:
        if recall:
            report = moving.recall(opened, names, dry_run=dry_run, progress=tell)
        else:
            report = moving.offload(
                opened,
                names,
                older_than=age,
                keep_local=keep_local,
                dry_run=dry_run,
                progress=tell,
            )
    if as_json_:
        typer.echo(as_json(report))
    else:
        console.print_moves(report, dry_run=dry_run)
    if report.failed:
        raise typer.Exit(PARTIAL if report.moved else 1)
    if not report.moved:
        raise typer.Exit(NOTHING)


def _age(said: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})([hdw])", said)
    if not found:
        raise Failure(
            f"--older-than is hours, days or weeks, such as 36h, 7d or 4w, not {said!r}", code=2
        )
    unit = {"h": "hours", "d": "days", "w": "weeks"}[found[2]]
    return timedelta(**{unit: int(found[1])})


def upgrade(archive: Directory = Path()) -> None:
    """Bring an archive written by an older version up to this one, after a backup."""
    from archive.clock import SystemClock
    from archive.config import read_config
    from archive.jobs import renew
    from archive.store import Archive

    opened = Archive(archive, read_config(archive), SystemClock())
    try:
        for sentence in [*opened.upgrade(), *renew(opened), *opened.recover()]:
            out.print(sentence)
    finally:
        opened.close()


def reindex(archive: Directory = Path(), as_json_: Json = False) -> None:
    """Make the database anew from the WARC files and the journal: same ids, same answers.

    The database as it was is kept beside the new one. Without the journal, captures and articles
    still come back. Exit code 3 if something could not be read; it is named.
    """
    from archive import console
    from archive.reindex import reindex as rebuild

    with console.spinner("Reindexing") as tell:
        rebuilt = rebuild(archive, tell=tell)
    if as_json_:
        typer.echo(as_json(rebuilt))
    else:
        console.print_rebuilt(rebuilt, archive)
    if not rebuilt.is_whole:
        raise typer.Exit(PARTIAL)


def calendar(
    directory: Annotated[Path, typer.Argument(help="Where the pages shall be.")],
    archive: Directory = Path(),
    replay: Annotated[
        str | None,
        typer.Option(help="Where captured pages can be seen: https://replay.example/news/"),
    ] = None,
    as_json_: Json = False,
) -> None:
    """Make index pages, one for each outlet and day, that lead to everything that is held.

    Articles by section with their versions, what was captured together, and the pages that were
    no articles. Static files, for any server; made anew each time, so that what was restricted
    since is gone from them.

    Exit codes: 0 made, 4 nothing is held yet.

    Example:  kliping calendar exports/calendar --replay https://replay.library.example/news/
    """
    from archive.calendar import Calendar
    from archive.console import spinner
    from archive.store import Archive

    if replay and not re.match(r"https?://[^\s/]+", replay):
        raise Failure(f"--replay begins with http:// or https://, not {replay!r}", code=2)
    with Archive.open(archive) as opened:
        pages = Calendar(directory, opened.clock.now(), replay, within=opened.directory)
        with opened.reading() as connection, spinner("Making the pages of") as tell:
            made = pages.write(connection, tell)
    if as_json_:
        typer.echo(as_json(made))
    else:
        out.print(
            f"{many(made.outlets, 'outlet')}, {many(made.days, 'day')}, "
            f"{many(made.articles, 'article')}: {many(made.written, 'page')} written, "
            f"{made.unchanged} unchanged, {made.removed} removed."
        )
        out.print(f"Next:  open {directory / 'index.html'}")
    if not made.days:
        raise typer.Exit(NOTHING)


COMMANDS = (verify, export, cdxj, offload, calendar, upgrade, reindex)
