"""The archive's own commands; `kliping` has them beside those that crawl.

Each parses, calls one function and prints: a table for people, `--json` for programs. Exit codes
are in docs/operating.md: 0 ok, 1 failed, 2 usage, 3 partial, 4 nothing found, 130 stopped.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from archive import coverage, safekeeping, terms, upkeep, workers
from archive.briefing import today
from archive.console import Failure, as_json, err, human, out
from archive.options import Directory, Json

NOTHING = 4


def add_commands(app: typer.Typer) -> None:
    """Give an app the archive's commands."""
    asking, keeping = (init, search, show, status, today), upkeep.COMMANDS
    for command in (*asking, *keeping):
        app.command()(command)
    coverage.add_commands(app)
    terms.add_commands(app)
    workers.add_commands(app)
    safekeeping.add_commands(app)


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
    Filters: outlet:id lang:id author:"Name" section:sport tag:harbour wire:Antara
    kind:liveblog since:2026-03 until:2026-03-04 is:edited is:gone is:corrected

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
    screenshot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Write its screenshot to a new file; - is output."),
    ] = None,
    as_json_: Json = False,
) -> None:
    """Show an article: its text, its versions, its evidence, what it looks like."""
    from archive import console
    from archive.errors import NotCaptured
    from archive.query import history
    from archive.query.particulars import particulars_of
    from archive.query.rights import rights_of
    from archive.query.screenshots import screenshot_meant, screenshots_of
    from archive.store import Archive
    from archive.structure import sections_of

    with Archive.open(archive) as opened:
        now, stated = opened.clock.now(), None
        with opened.reading() as connection:
            found = history.find_article(connection, article, now)
            held = history.captures_of(connection, found, now)
            said = history.claims_of(connection, found.current.last_capture)
            more = particulars_of(connection, found.current.last_capture)
            shots = screenshots_of(connection, found, now)
            with suppress(NotCaptured):
                stated = rights_of(connection, found.current.last_capture, now)
        if screenshot:
            meant = screenshot_meant(found, shots, article)
            _write_picture(opened.fetch_screenshot(meant.id), screenshot)
        elif html:
            from archive.coding import decode

            reply = opened.fetch(history.capture_meant(found, article))
            sys.stdout.buffer.write(decode(reply.entity, reply.message.header(b"Content-Encoding")))
        elif as_json_:
            shown = {"article": found, "particulars": more, "captures": held, "claims": said}
            shown["sections"] = sections_of(found.current.body, more.outline)
            typer.echo(as_json({**shown, "screenshots": shots, "rights": stated}))
        elif versions:
            console.print_versions(found)
        else:
            console.print_article(found, held, said if claims else None, shots, more)
            if stated:
                terms.print_line(stated)


def _write_picture(png: bytes, to: Path) -> None:
    if str(to) == "-":
        sys.stdout.buffer.write(png)
        return
    try:
        with to.open("xb") as file:
            file.write(png)
    except FileExistsError as error:
        raise Failure(f"{to} is there already; name another file, or move it away.") from error
    err.print(f"Wrote {to}, {human(len(png))}.")


def status(archive: Directory = Path(), as_json_: Json = False) -> None:
    """Say where the archive stands: each outlet's ledger, what is due, the last runs."""
    from archive import console
    from archive.query.status import reasons
    from archive.query.status import status as count
    from archive.store import Archive

    with Archive.open(archive) as opened, opened.reading() as connection:
        found = count(connection, opened.clock.now())
        why = {one.id: reasons(connection, one.id, opened.clock.now()) for one in found.outlets}
    if as_json_:
        typer.echo(as_json(found))
    else:
        console.print_status(found, why, archive)
