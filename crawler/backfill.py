"""`kliping backfill`: what an outlet printed before it was crawled."""

import calendar
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from archive.console import Failure, as_json, clean, err, out
from archive.options import Directory, Json

if TYPE_CHECKING:
    from crawler.run.crawl import Report
    from crawler.spiders.plan import PastPlan

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_NOTHING, _PARTIAL, _BLOCKED = 4, 3, 5


def add_commands(app: typer.Typer) -> None:
    """Give an app the command."""
    app.command()(backfill)


def backfill(
    outlet: Annotated[str, typer.Argument(help="The outlet's id.")],
    first: Annotated[str, typer.Option("--from", help="The first day: 2019-03-02, 2019-03, 2019.")],
    last: Annotated[str, typer.Option("--to", help="The last day, included.")],
    archive: Directory = Path(),
    plan: Annotated[
        bool, typer.Option("--plan", help="Read the listings, show the plan, fetch no article.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Articles to store.")] = None,
    contact: Annotated[
        str | None, typer.Option(help="Who can be reached, if kliping.toml does not say.")
    ] = None,
    as_json_: Json = False,
) -> None:
    """Fetch what an outlet printed on some days, newest first, with the manners of a crawl.

    Its sitemaps, those that its robots.txt names, and the archive pages that its file declares are
    read first; those of the last day are read from the archive. Then the plan is shown, and the
    articles are fetched. Ctrl-C stops cleanly, and the same command goes on from there. What a
    daily crawl knows is left to it.

    Exit codes: 0 something new (with --plan: something to fetch), 3 a listing failed, 4 nothing
    new, 5 all refused, 130 stopped.

    Example:  kliping backfill paper --from 2019-01 --to 2019-12 --plan
    """
    from archive.store import Archive
    from crawler.discovery.periods import Period
    from crawler.outlets.catalogue import find_outlet
    from crawler.progress import Progress
    from crawler.run.backfill import backfill as run_backfill
    from crawler.run.crawl import open_desk
    from crawler.run.reactor import run

    with Archive.open(archive) as opened:
        found = find_outlet(opened.directory, outlet)
        today = opened.clock.now().astimezone(found.tz).date()
        span = span_of(first, last, today)
        if contact:
            opened.speak_for(contact)
        else:
            opened.require_contact([found.home])
        for sentence in opened.recover():
            err.print(sentence)

        async def main() -> "tuple[Report, PastPlan | None]":
            async with open_desk(opened) as desk:
                with Progress(desk):
                    return await run_backfill(
                        desk,
                        found,
                        Period(*span),
                        limit=limit,
                        only_plan=plan,
                        tell=lambda made: None if as_json_ else print_plan(made),
                    )

        report, made = run(main())
    if as_json_:
        typer.echo(as_json({"plan": made, "report": report}))
    else:
        _print_end(report, made, archive, only_plan=plan)
    if code := exit_code(report, made, only_plan=plan):
        raise typer.Exit(code)


def span_of(first: str, last: str, today: date) -> tuple[date, date]:
    """The days that a person means, not after today.

    Raises:
        Failure: if one is none, or they are in the wrong order.
    """
    begins, ends = _day(first, "--from")[0], min(_day(last, "--to")[1], today)
    if begins > ends:
        raise Failure(f"--from {first} is after {ends}, the last day asked for", code=2)
    return begins, ends


def _day(said: str, option: str) -> tuple[date, date]:
    """The first and the last day of a day, a month or a year."""
    found = _DAY.fullmatch(said)
    year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    try:
        begins = date(year, month or 1, day or 1)  # there is no year 0
    except ValueError as error:
        raise Failure(
            f"{option} is a day, a month or a year, such as 2019-03-02, not {said!r}", code=2
        ) from error
    months = month or 12
    return begins, begins.replace(
        month=months, day=day or calendar.monthrange(begins.year, months)[1]
    )


def exit_code(report: "Report", plan: "PastPlan | None", *, only_plan: bool) -> int:
    """The documented code for how a backfill, or its plan, went."""
    from crawler import account

    if not only_plan or plan is None or report.outcome != "finished" or report.failed_outlets:
        return account.exit_code(report)
    if plan.listings_failed:
        return _PARTIAL if plan.listings or plan.requests else _BLOCKED
    if plan.requests:
        return 0
    return _BLOCKED if plan.disallowed else _NOTHING


def print_plan(plan: "PastPlan", order: str = "newest first", undated: str = "left out") -> None:
    """The plan as a person reads it: what was found, what not and why, and how long it takes."""
    out.print(f"[bold]{plan.outlet}[/], {plan.first} to {plan.last}: a plan")
    lines = [
        (plan.listings, "listings read"),
        (plan.listings_missing, "archive pages are not there"),
        (plan.listings_failed, "listings failed, or were refused"),
        (plan.listings_left, "listings left out: too many; ask for fewer days"),
        (plan.found, "articles of these days"),
        (plan.held, "of them held already"),
        (plan.asked, "asked for before, and no article came of it"),
        (plan.disallowed, "disallowed by robots.txt"),
        *((number, f"more refused: {reason}") for reason, number in sorted(plan.refused.items())),
        (plan.outside, "more of other days"),
        (plan.undated, f"more of no known day: {undated}"),
        (plan.beyond, "more than fit in one plan: ask for fewer days"),
    ]
    for number, what in lines:
        if number or what in ("listings read", "articles of these days"):
            out.print(Text(f"{number:>9,}  {clean(what)}"))
    took = f"{_duration(plan.seconds)} at {plan.delay_seconds:g} s each"
    if plan.rechecks:
        out.print(f"{plan.rechecks:>9,}  asked for once more, at the end")
    left = plan.requests + plan.rechecks
    out.print(f"{left:>9,}  requests left: {took}, {order}")


def _duration(seconds: float) -> str:
    for name, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:.1f} {name}"
    return f"{seconds:.0f} seconds"


def _print_end(
    report: "Report", plan: "PastPlan | None", archive: Path, *, only_plan: bool
) -> None:
    from crawler.account import print_report

    if not only_plan or plan is None or report.outcome != "finished":
        print_report(report, archive)
        return
    for url, outcome, reason in report.misses:
        out.print(Text(clean(f"  {outcome}: {reason}  {url}"), "yellow"))
    where = "" if archive == Path() else f" -A {archive}"
    if plan.requests:
        days = f"--from {plan.first} --to {plan.last}"
        out.print(f"No article was fetched. Next:  kliping backfill{where} {plan.outlet} {days}")
    else:
        out.print("There is nothing to fetch.")
