"""`kliping today`: the morning report, on a terminal, by mail or to a webhook."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.concerns import missed, named, notes, silent
from archive.console import Failure, as_json, clean, err, human, out
from archive.counting import many
from archive.options import Directory, Json
from archive.tables import print_table

if TYPE_CHECKING:
    from archive.query.morning import Morning
    from archive.store import Archive

PARTIAL = 3
WIDTH = 100
"""Columns of a mail."""
MISSES = 8
"""Reasons for not having pages that a person is shown."""
SOON = 30
"""Days of room left from which on something should be done."""
STALE = 0.5
"""The least part of the files that should have been verified within a month."""


def today(
    archive: Directory = Path(),
    on: Annotated[
        str | None,
        typer.Option(help="A day instead of the last 24 hours, in each outlet's own zone."),
    ] = None,
    mail: Annotated[
        list[str], typer.Option(help="Send it to this address, too; see \\[notify] in the docs.")
    ] = [],  # noqa: B006 - typer copies it
    webhook: Annotated[
        list[str],
        typer.Option(envvar="KLIPING_WEBHOOK", help="Post it there, too, as JSON with a `text`."),
    ] = [],  # noqa: B006 - typer copies it
    as_json_: Json = False,
) -> None:
    """Report on the last 24 hours: what came in, what is missing and why, what to do next.

    Completeness by outlet, edits and deletions, walls, pages that no longer read as they did,
    room on the disk, and how much of the archive was verified lately.

    Exit codes: 0 reported, 3 reported but a mail or a webhook failed.

    Example:  kliping today --mail webarchive@library.example
    """
    from archive.query.morning import morning
    from archive.store import Archive

    try:
        day = date.fromisoformat(on) if on else None
    except ValueError as error:
        raise Failure(f"--on is a day such as 2026-11-23, not {on!r}", code=2) from error
    with Archive.open(archive) as opened:
        with opened.reading() as connection:
            found = morning(connection, opened.directory, opened.clock.now(), day)
        typer.echo(as_json(as_mapping(found))) if as_json_ else show(found, archive, out)
        failed = list(_send(opened, found, mail, webhook))
    for reason in failed:
        err.print(Text(clean(reason), "red"))
    if failed:
        raise typer.Exit(PARTIAL)


def _send(
    opened: "Archive", found: "Morning", mail: list[str], webhook: list[str]
) -> Iterator[str]:
    """Send the report to all; gives a sentence for each that did not get it."""
    from archive import dispatch

    text = as_text(found, opened.directory)
    for address in mail:
        try:
            dispatch.send_mail(opened.config.notify, address, subject(found), text, opened.clock)
            err.print(f"Sent to {address}.")
        except dispatch.NotSent as error:
            yield str(error)
    for url in webhook:
        message = dispatch.as_message(f"{subject(found)}\n\n{text}", as_mapping(found))
        try:
            dispatch.post(url, message, opened.user_agent)
            err.print("Posted to the webhook.")
        except dispatch.NotSent as error:
            yield str(error)


def subject(found: "Morning") -> str:
    """One line that says how it went."""
    announced = sum(one.announced for one in found.outlets)
    captured = sum(one.captured for one in found.outlets)
    alarms = sum(1 for one in found.outlets for _ in notes(one))
    said = f"{captured} of {announced} captured"
    return f"kliping {_title(found)}: {said}" + (f", {alarms} to look at" if alarms else "")


def as_text(found: "Morning", archive: Path) -> str:
    """The report as plain text."""
    page = StringIO()
    show(found, archive, Console(file=page, width=WIDTH, color_system=None, highlight=False))
    return page.getvalue()


def as_mapping(found: "Morning") -> dict[str, Any]:
    """The report for programs."""
    outlets = [
        {
            **json.loads(as_json(one)),
            "announced": one.announced,
            "captured": one.captured,
            "complete": one.complete,
            "notes": [said for said, _ in notes(one)],
        }
        for one in found.outlets
    ]
    whole: dict[str, Any] = json.loads(as_json(found))
    storage = {**whole["storage"], "days_left": found.storage.days_left}
    return {**whole, "outlets": outlets, "storage": storage, "next": list(_next(found))}


def show(found: "Morning", archive: Path, page: Console) -> None:
    """The report as a person reads it."""
    where = "" if archive == Path() else f" -A {archive}"
    page.print(Text(_title(found), "bold"))
    if not found.outlets:
        page.print("No outlet was crawled yet.")
        page.print(Text(f"Do next:  kliping crawl https://…/{where}"))
        return
    _print_outlets(found, page)
    _print_missed(found, page)
    for host, (until, why) in found.held.items():
        until_ = until.isoformat(timespec="minutes")
        page.print(Text(clean(f"{host} asked to be left alone until {until_} ({why})")))
    for change in found.robots:
        page.print(Text(clean(f"robots.txt changed: {change}")))
    page.print(_storage(found))
    if found.last_news_at:
        quiet = found.last_news_at.date()
        page.print(f"Something new was last named on {quiet}: kliping today --on {quiet}{where}")
    steps = list(_next(found))
    for number, step in enumerate(steps):
        said = ("Do next:  " if number == 0 else "          ") + f"kliping {step}{where}"
        page.print(Text(clean(said)))
    if not steps:
        page.print("Nothing needs to be done.")


def _print_outlets(found: "Morning", page: Console) -> None:
    names = ("announced", "captured", "edits", "deleted", "complete")
    table = Table("outlet", *names, "look at", box=None, header_style="dim")
    quiet = silent(found)
    together = _together(found)
    for one in found.outlets:
        if one.id in together:
            continue
        complete = "" if one.complete is None else f"{one.complete:.1%}"
        numbers = (one.announced, one.captured, one.edits, one.deletions)
        said = "\n".join(clean(note) for note, _ in notes(one))
        style = "yellow" if said else ""
        table.add_row(one.id, *map(str, numbers), complete, Text(said, style))
    if table.row_count:
        print_table(page, table, folds=("look at",))
    for reason, some in quiet.items():
        said = f"{len(some)} outlets announced nothing, {reason}: {named([one.id for one in some])}"
        page.print(Text(clean(said), "yellow"))


def _together(found: "Morning") -> set[str]:
    """Outlets that are told of in one line with others."""
    return {one.id for some in silent(found).values() for one in some}


def _print_missed(found: "Morning", page: Console) -> None:
    lines = list(missed(found))
    for line in lines[:MISSES]:
        page.print(Text(clean(f"not had: {line}"), "dim"))
    if len(lines) > MISSES:
        page.print(f"not had: {many(len(lines) - MISSES, 'other reason')}; --json has them all")


def _next(found: "Morning") -> Iterator[str]:
    together = _together(found)
    loud = [one for one in found.outlets if one.id not in together]
    steps = dict.fromkeys(step for one in loud for _, step in notes(one))
    yield from list(steps)[:5]
    if together:
        yield "coverage"
    days = found.storage.days_left
    if days is not None and days < SOON:
        yield "offload"
    if found.storage.held and found.storage.verified < STALE:
        yield "verify --scrub --for 30m"


def _storage(found: "Morning") -> str:
    room = found.storage
    left = (
        f"full in {many(room.days_left, 'day')}" if room.days_left is not None else "nothing grows"
    )
    moved = f", {human(room.moved)} of them moved" if room.moved else ""
    return (
        f"storage: {human(room.held)} of WARC files{moved}, {human(room.a_day)} a day, "
        f"{human(room.free)} free ({left}); fixity: {room.verified:.1%} verified within 30 days"
    )


def _title(found: "Morning") -> str:
    if found.on:
        return f"{found.on:%a} {found.on.isoformat()}"
    return f"24 hours to {found.at:%a} {found.at.isoformat(timespec='minutes')}"
