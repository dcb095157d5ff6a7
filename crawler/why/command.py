"""`kliping why`: the life of a URL, from the listing that named it to when it is due again."""

from pathlib import Path
from typing import Annotated

import typer

from archive.console import Failure, as_json
from archive.options import Directory, Json


def add_commands(app: typer.Typer) -> None:
    """Give an app the command."""
    app.command()(why)


def why(
    what: Annotated[str, typer.Argument(help="A URL, or an article's id (a:…).")],
    archive: Directory = Path(),
    as_json_: Json = False,
) -> None:
    """Say why a URL is held, or is not: its whole life.

    Who named it and when, how it is spelled, which rules of its outlet and of robots.txt match, how
    its host is paced, each time it was asked for with the record that proves it, what was made of
    it, and when it is due again and how that was reckoned.

    Exit codes: 0 it is known, 4 nothing was ever heard of it.

    Example:  kliping why https://paper.example/2026/03/harbour
    """
    from archive.store import Archive
    from crawler.why.inquiry import inquire
    from crawler.why.story import HIDDEN, print_why

    with Archive.open(archive) as opened:
        try:
            found = inquire(opened, what)
        except ValueError as error:
            raise Failure(f"{what}: {error}", code=2) from error
        now = opened.clock.now()
    if not as_json_:
        print_why(found, now, archive)
    elif found.life.is_restricted:
        typer.echo(as_json({"asked": what, "is_restricted": True, "reason": HIDDEN}))
    else:
        typer.echo(as_json(found))
    if not found.is_known and not found.life.is_restricted:
        raise typer.Exit(4)
