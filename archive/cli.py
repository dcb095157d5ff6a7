"""The archive's commands: init, search, show, status, verify, cdxj, upgrade.

Each parses, calls one function and prints: a table for people, `--json` for programs. Exit codes
are in docs/operating.md: 0 ok, 1 failed, 2 usage, 3 partial, 4 nothing found, 130 stopped.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from archive.console import Failure, as_json, out

Directory = Annotated[
    Path,
    typer.Option(
        "--archive",
        "-A",
        envvar="KLIPING_ARCHIVE",
        help="The archive directory.",
        show_default="the current directory",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")]
PARTIAL, NOTHING = 3, 4


def add_commands(app: typer.Typer) -> None:
    """Give an app the archive's commands."""
    for command in (init, search, show, status, verify, export, cdxj, upgrade, reindex):
        app.command()(command)


def init(
    directory: Annotated[Path, typer.Argument(help="Where the archive shall be.")],
    contact: Annotated[
        str | None,
        typer.Option(help="E-mail or URL where publishers can reach you. Asked for if not given."),
    ] = None,
    operator: Annotated[str, typer.Option(help="Who answers for the crawl.")] = "",
    database: Annotated[
        str, typer.Option(help="A file in the directory, or postgresql://user@host/name.")
    ] = "archive.db",
) -> None:
    """Make an archive: a directory for articles, their versions and their evidence.

    A crawl says who you are, so that a publisher can reach you; without a contact nothing but
    this machine is crawled.
    """
    from pydantic import ValidationError

    from archive.config import ArchiveConfig
    from archive.judge import explain
    from archive.store import Archive

    if contact is None:
        contact = _ask_contact()
    try:
        config = ArchiveConfig(contact=contact, operator=operator, database=database)
    except ValidationError as error:
        raise Failure(f"--contact: {explain(error, ArchiveConfig)}", code=2) from error
    Archive.create(directory, config).close()
    out.print(f"Made an archive in [bold]{directory}[/], with its database in {database}.")
    if not contact:
        out.print("It has no contact yet: put one into kliping.toml before crawling live sites.")
    out.print(f"Next:  kliping crawl -A {directory} https://paper.example/")


def _ask_contact() -> str:
    if not os.isatty(0):
        return ""
    asked = "Contact for publishers (e-mail or URL; empty for none)"
    return str(typer.prompt(asked, default="", show_default=False))


def search(
    query: Annotated[list[str], typer.Argument(help="What to look for; see below.")],
    archive: Directory = Path(),
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Hits to show.")] = 20,
    order: Annotated[
        str, typer.Option("--sort", help="date (newest first) or relevance.")
    ] = "date",
    as_json_: Json = False,
) -> None:
    r"""Search the current text of every article.

    Words must all be there; OR, NOT, -word, "a phrase", prefix*, NEAR/5, title:word.
    Filters: outlet:id lang:id author:"Name" section:sport since:2026-03 until:2026-03-04
    is:edited is:gone

    Example:  kliping search 'harbour NEAR/5 budget -opinion since:2026-03'
    """
    from archive.query.search import search as ask
    from archive.store import Archive

    if order not in ("date", "relevance"):
        raise Failure(f"--sort is `date` or `relevance`, not {order!r}", code=2)
    with Archive.open(archive) as opened, opened.reading() as connection:
        answer = ask(
            connection,
            " ".join(query),
            now=opened.clock.now(),
            order=order,  # type: ignore[arg-type]
            limit=limit,
        )
    if as_json_:
        typer.echo(as_json(answer))
    else:
        from archive.console import print_hits

        print_hits(answer, " ".join(query))
    if not answer.total:
        raise typer.Exit(NOTHING)


def show(
    article: Annotated[
        str, typer.Argument(help="An id (a:…, v:…, r:…), the beginning of one, or a URL.")
    ],
    archive: Directory = Path(),
    versions: Annotated[
        bool, typer.Option("--versions", help="What changed from version to version.")
    ] = False,
    claims: Annotated[
        bool, typer.Option("--claims", help="Where each field came from, and what others said.")
    ] = False,
    html: Annotated[
        bool, typer.Option("--html", help="The page as it was received, to standard output.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Show an article: its text, its versions, its evidence."""
    from archive import console
    from archive.query import history
    from archive.store import Archive

    with Archive.open(archive) as opened:
        now = opened.clock.now()
        with opened.reading() as connection:
            found = history.find_article(connection, article, now)
            held = history.captures_of(connection, found, now)
            said = history.claims_of(connection, found.current.last_capture)
        if html:
            import sys

            from archive.coding import decode

            reply = opened.fetch(history.capture_meant(found, article))
            sys.stdout.buffer.write(decode(reply.entity, reply.message.header(b"Content-Encoding")))
        elif as_json_:
            typer.echo(as_json({"article": found, "captures": held, "claims": said}))
        elif versions:
            console.print_versions(found)
        else:
            console.print_article(found, held, said if claims else None)


def status(archive: Directory = Path(), as_json_: Json = False) -> None:
    """Say where the archive stands: each outlet's ledger, what is due, the last runs."""
    from archive import console
    from archive.query.status import reasons
    from archive.query.status import status as count
    from archive.store import Archive

    with Archive.open(archive) as opened, opened.reading() as connection:
        found = count(connection, opened.clock.now())
        why = {one.id: reasons(connection, one.id) for one in found.outlets}
    if as_json_:
        typer.echo(as_json(found))
    else:
        console.print_status(found, why, archive)


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


def upgrade(archive: Directory = Path()) -> None:
    """Bring an archive written by an older version up to this one, after a backup."""
    from archive.clock import SystemClock
    from archive.config import read_config
    from archive.store import Archive

    opened = Archive(archive, read_config(archive), SystemClock())
    try:
        for sentence in [*opened.upgrade(), *opened.recover()]:
            out.print(sentence)
    finally:
        opened.close()


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
