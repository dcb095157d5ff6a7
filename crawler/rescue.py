"""`kliping outlet rescue`: all of a paper that ends, and a certificate of what was had."""

from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from archive.console import Failure, as_json, clean, err, out
from archive.counting import many
from archive.options import Directory, Json

if TYPE_CHECKING:
    from archive.certificate import Checked
    from archive.query.rescue import Accounted
    from archive.store import Archive
    from crawler.outlets.spec import Outlet
    from crawler.run.rescue import Rescued
    from crawler.spiders.plan import PastPlan

PARTIAL = 3
SHOWN = 10


class Policy(StrEnum):
    """What pages need to look right, and how much of it is fetched."""

    NONE = "none"
    SAME_SITE = "same-site"
    ALL = "all"


def rescue(
    outlet: Annotated[str | None, typer.Argument(help="The outlet's id.")] = None,
    archive: Directory = Path(),
    until: Annotated[
        str | None, typer.Option(help="The last day it can be asked: 2026-03-31.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Read the listings, show the plan, fetch no article.")
    ] = False,
    requisites: Annotated[
        Policy | None, typer.Option(help="Pictures and style sheets, in place of the file's word.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="Who can be reached, if kliping.toml does not say.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Look at a certificate again; fetch nothing.")
    ] = None,
    as_json_: Json = False,
) -> None:
    """Fetch all that an outlet ever printed, before it ends, and certify what was had.

    Its whole past by sitemaps and archive pages, from the newest and the oldest end in turn; then
    what is held once more. As slow as the outlet's file and robots.txt say; no quota counts. Ctrl-C
    stops cleanly, and the same command goes on, today or next week. At the end a signed
    certificate in exports/ says what was announced, what is held, and what is not, and why.

    Exit codes: 0 had or refused, all of it (with --plan: something to fetch), 3 something failed or
    is left, 4 with --plan: nothing to fetch, 5 all refused, 130 stopped. With --check: 0 all as
    certified, 1 not.

    Example:  kliping outlet rescue paper --until 2026-03-31 --plan
    """
    from archive.store import Archive
    from crawler.outlets.catalogue import find_outlet
    from crawler.run.rescue import at_rescue

    if (outlet is None) == (check is None):
        raise Failure("Say which outlet, or --check FILE: one of them.", code=2)
    closes_on = _day(until)
    with Archive.open(archive) as opened:
        if check is not None:
            _check(opened, check, as_json_=as_json_)
            return
        found = at_rescue(
            find_outlet(opened.directory, outlet or ""), requisites.value if requisites else None
        )
        today = opened.clock.now().astimezone(found.tz).date()
        if closes_on and closes_on < today:
            raise Failure(f"--until {until} is over: it is {today} there.", code=2)
        if contact:
            opened.speak_for(contact)
        else:
            opened.require_contact([found.home])
        for sentence in opened.recover():
            err.print(sentence)
        done = _run(opened, found, closes_on, only_plan=plan, quiet=as_json_)
        certified = _certified(opened, done)
    if as_json_:
        typer.echo(as_json(_told(done, certified)))
    else:
        _print_end(done, certified, archive, only_plan=plan)
    if code := exit_code(done, certified, only_plan=plan):
        raise typer.Exit(code)


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Failure(f"--until is a day such as 2026-03-31, not {said!r}", code=2) from error


def _run(
    archive: "Archive", outlet: "Outlet", closes_on: date | None, *, only_plan: bool, quiet: bool
) -> "Rescued":
    from crawler.progress import Progress
    from crawler.run.crawl import open_desk
    from crawler.run.reactor import run
    from crawler.run.rescue import rescue as run_rescue
    from crawler.spiders.rescue import headway

    async def main() -> "Rescued":
        async with open_desk(archive) as desk:
            plans: list[PastPlan] = []

            def tell(made: "PastPlan") -> None:
                plans.append(made)
                if not quiet:
                    print_plan(made, outlet, closes_on, desk.clock.now().date())

            def title() -> str:
                if not plans:
                    return f"{outlet.id}: reading its listings"
                return f"{outlet.id}: {headway(plans[0], desk.counts, plans[0].delay_seconds)}"

            with Progress(desk, title):
                return await run_rescue(
                    desk,
                    outlet,
                    closes_on=closes_on,
                    only_plan=only_plan,
                    tell=tell,
                    tell_headway=lambda far: None if err.is_terminal else err.print(str(far)),
                )

    return run(main())


def _certified(archive: "Archive", done: "Rescued") -> "tuple[Path, Accounted] | None":
    from crawler.run.rescue import certify

    return certify(archive, done) if done.is_over else None


def exit_code(
    done: "Rescued", certified: "tuple[Path, Accounted] | None", *, only_plan: bool
) -> int:
    """The documented code for how a rescue, or its plan, went."""
    from crawler import account, backfill

    if only_plan:
        return backfill.exit_code(done.report, done.plan, only_plan=True)
    code = account.exit_code(done.report)
    if certified is None or code in (account.PARTIAL, account.BLOCKED):
        return code or PARTIAL
    if code not in (0, account.NOTHING_NEW):
        return code
    states, plan = certified[1].states, done.plan
    is_short = plan is None or plan.beyond or plan.listings_left
    return PARTIAL if is_short or any(states.get(one) for one in ("failed", "pending")) else 0


def _told(done: "Rescued", certified: "tuple[Path, Accounted] | None") -> dict[str, object]:
    path, account = certified or (None, None)
    return {
        "plan": done.plan,
        "report": done.report,
        "certificate": path and str(path),
        "account": account,
        "unknown": done.unknown,
    }


def print_plan(plan: "PastPlan", outlet: "Outlet", closes_on: date | None, today: date) -> None:
    """The plan of a rescue as a person reads it, and whether it can be done before the end."""
    from crawler.backfill import print_plan as print_past

    print_past(plan, "newest and oldest first", "taken as of today")
    policy = outlet.requisites.policy
    needs = {
        "none": "not fetched (--requisites same-site would)",
        "same-site": "fetched as well, those of its own site",
        "all": "fetched as well, wherever they are",
    }
    out.print(f"           pictures and style sheets: {needs[policy]}")
    if closes_on is None:
        return
    days = (closes_on - today).days + 1
    if plan.seconds <= timedelta(days=days).total_seconds():
        out.print(f"           it closes on {closes_on}: there is time enough")
        return
    fit = int(timedelta(days=days).total_seconds() / plan.delay_seconds)
    short = plan.requests + plan.rechecks - fit
    out.print(
        Text(
            f"           IT CLOSES ON {closes_on}: at this pace some {short:,} requests stay "
            "undone, those from the middle. Ask the outlet whether you may go faster, "
            "and put [rescue] delay_seconds into its file",
            "bold yellow",
        )
    )


def _print_end(
    done: "Rescued",
    certified: "tuple[Path, Accounted] | None",
    archive: Path,
    *,
    only_plan: bool,
) -> None:
    from crawler.account import print_report

    where = "" if archive == Path() else f" -A {archive}"
    outlet = next(iter(done.report.visits), "OUTLET")
    if only_plan and done.plan and done.report.outcome == "finished":
        for sentence in done.unknown:
            out.print(Text(f"  {clean(sentence)}", "dim"))
        out.print(f"No article was fetched. Next:  kliping outlet rescue{where} {outlet}")
        return
    print_report(done.report, archive)
    if certified is None:
        out.print(f"The rescue goes on with:  kliping outlet rescue{where} {outlet}")
        return
    path, account = certified
    print_certificate(account, done.unknown)
    out.print(Text(f"Certificate: {path}"))
    out.print(
        f"Next:  kliping outlet rescue{where} --check {path}   "
        f"kliping export{where} {outlet}.wacz --outlet {outlet} --sign"
    )


def print_certificate(account: "Accounted", unknown: list[str]) -> None:
    """What was certified, as a person reads it."""
    states = account.states
    out.print(f"[bold]{account.outlet}[/]: what was announced, and what came of it")
    lines = [
        (account.announced, f"announced, by {len(account.listings)} listings"),
        (account.captured, "captured"),
        *((states.get(one, 0), one) for one in ("refused", "failed", "pending")),
        (len(account.files), f"WARC files hold its {account.captures:,} captures"),
    ]
    for number, what in lines:
        out.print(f"{number:>9,}  {what}")
    for one in account.missing[:SHOWN]:
        out.print(Text(clean(f"  {one.state}: {one.reason or 'not asked for'}  {one.url}"), "dim"))
    if len(account.missing) > SHOWN:
        out.print(
            f"  … and {many(len(account.missing) - SHOWN, 'other')}; the certificate has them."
        )
    for sentence in unknown:
        out.print(Text(f"  {clean(sentence)}", "dim"))
    if account.root:
        out.print(Text(f"  the root of {account.root.day} is {account.root.root}", "dim"))


def _check(archive: "Archive", path: Path, *, as_json_: bool) -> None:
    from archive.certificate import check

    found = check(path, archive)
    if as_json_:
        typer.echo(as_json(found))
    else:
        print_checked(found, path)
    if found.bad:
        raise typer.Exit(1)


def print_checked(found: "Checked", path: Path) -> None:
    """What a certificate says that is so, and what is not."""
    out.print(Text(clean(f"{path}: {found.outlet}, certified at {found.certified_at}")))
    for said in found.good:
        out.print(Text(f"  ok    {clean(said)}", "green"))
    for said in found.bad:
        out.print(Text(f"  NOT   {clean(said)}", "bold red"))
    out.print("Next:  kliping verify   reads every record that it stands on.")
