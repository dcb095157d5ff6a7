"""`kliping`, the one command: the crawling commands beside the archive's own."""

import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from archive.cli import add_commands
from archive.console import Failure, as_json, clean, err, out
from archive.counting import many
from archive.errors import ArchiveError
from archive.options import Directory, Json, flowing
from crawler import backfill, outlet, schedules, service
from crawler.answers import command as answers
from crawler.why import command as why

if TYPE_CHECKING:
    from archive.records import CaptureId
    from archive.store import Archive
    from crawler.run.screenshots import Pictured
    from crawler.visit import Plan

PARTIAL, NOTHING_NEW, BLOCKED, INTERRUPTED = 3, 4, 5, 130
_REMEDIES = dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "Make room") | dict.fromkeys(
    (errno.EACCES, errno.EPERM, errno.EROFS), "See that it may be read and written"
)
"""What to do about errors of the system, by their number."""

app = typer.Typer(
    name="kliping",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="""Crawl news outlets, keep each article with its versions and its evidence, and ask.

    New here?  [bold]kliping demo[/]  makes a small archive of a make-believe newspaper.""",
)


@app.command()
def crawl(
    what: Annotated[
        list[str], typer.Argument(help="Outlets by id, or URLs. None: all of yours.")
    ] = [],  # noqa: B006 - typer copies it
    archive: Directory = Path(),
    limit: Annotated[
        int | None, typer.Option(min=1, help="Articles to store of each outlet, newest first.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="Who can be reached, if kliping.toml does not say.")
    ] = None,
    screenshot: Annotated[
        bool,
        typer.Option("--screenshot", help="Picture what is new or changed, when all is fetched."),
    ] = False,
    as_json_: Json = False,
) -> None:
    """Crawl now: what is due of these outlets, newest first.

    A URL crawls the outlet it belongs to, or begins a new one; the URL of an article fetches that
    article alone. Ctrl-C stops cleanly, and the next crawl goes on from there.

    Exit codes: 0 something new, 3 an outlet, a listing or a screenshot failed, 4 nothing new,
    5 all refused, 130 stopped.
    """
    from crawler.readers import begin_preload

    begin_preload()  # first: it goes on while Scrapy is imported below
    from archive.store import Archive
    from crawler.account import exit_code, print_report
    from crawler.progress import Progress
    from crawler.run.crawl import Report, open_desk
    from crawler.run.crawl import crawl as run_crawl
    from crawler.run.reactor import run
    from crawler.run.screenshots import pages_of_run
    from crawler.screenshots.chromium import find_chromium

    chromium = find_chromium() if screenshot else None
    with Archive.open(archive) as opened:
        plans = plan(opened, what)
        if not contact:
            opened.require_contact([plan.only or plan.outlet.home for plan in plans])
        else:
            opened.speak_for(contact)
        for sentence in opened.recover():
            err.print(sentence)

        async def main() -> Report:
            async with open_desk(opened) as desk:
                with Progress(desk):
                    return await run_crawl(desk, plans, limit=limit)

        report = run(main())
        if chromium and report.outcome == "finished":
            pages = pages_of_run(opened, report.run)
            report.screenshots = _take(opened, pages, chromium)
    if as_json_:
        typer.echo(as_json(report))
    else:
        print_report(report, archive)
    if code := exit_code(report):
        raise typer.Exit(code)


@app.command()
def screenshot(
    what: Annotated[list[str], typer.Argument(help="Articles by id (a:…, v:…, r:…) or URL.")] = [],  # noqa: B006 - typer copies it
    archive: Directory = Path(),
    outlet: Annotated[
        list[str], typer.Option("--outlet", "-o", help="All articles of an outlet, by id.")
    ] = [],  # noqa: B006 - typer copies it
    query: Annotated[
        str | None, typer.Option("--query", "-q", help="All articles that a search finds.")
    ] = None,
    versions: Annotated[
        bool, typer.Option("--versions", help="Each version, not the current one alone.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Those too that have a screenshot already.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Picture articles that are held: as they were captured, from the archive alone.

    The system's Chromium draws the page from its capture and from the captures of its pictures and
    style sheets around that time. No site is asked, and no script runs.

    Exit codes: 0 something was pictured, 1 there is no Chromium, 3 some could not be, 4 nothing to
    do, 130 stopped.

    Example:  kliping screenshot --query 'harbour budget'
    """
    from archive.records import OutletId
    from archive.store import Archive
    from crawler.account import print_pictured, screenshot_code
    from crawler.run.screenshots import Wanted, pages_wanted
    from crawler.screenshots.chromium import find_chromium

    if not what and not outlet and not query:
        raise Failure("Say what to picture: an article, --outlet ID or --query WORDS.", code=2)
    chromium = find_chromium()
    wanted = Wanted(
        articles=tuple(what),
        outlets=tuple(map(OutletId, outlet)),
        query=query,
        all_versions=versions,
    )
    with Archive.open(archive) as opened:
        for sentence in opened.recover():
            err.print(sentence)
        done = _take(opened, pages_wanted(opened, wanted), chromium, again=again)
    if as_json_:
        typer.echo(as_json(done))
    else:
        print_pictured(done, archive)
    if code := screenshot_code(done):
        raise typer.Exit(code)


def _take(
    archive: "Archive", pages: "list[CaptureId]", chromium: str, *, again: bool = False
) -> "Pictured":
    from archive.console import spinner
    from crawler.run.screenshots import take_screenshots
    from crawler.screenshots.browser import Browser

    with Browser(chromium) as browser, spinner("Picturing") as tell:
        return take_screenshots(archive, pages, browser, again=again, tell=tell)


def plan(archive: "Archive", what: list[str]) -> "list[Plan]":
    """What to crawl, from what a person typed.

    Raises:
        ConfigError: if an outlet is unknown, or there is none.
        Failure: if a URL is none.
    """
    from archive.urls import canonical
    from crawler.outlets.catalogue import find_outlet, new_outlet, outlet_for_url, own_outlets
    from crawler.visit import Plan

    plans: list[Plan] = []
    for word in what:
        if "://" not in word and "." not in word:
            plans.append(Plan(outlet=find_outlet(archive.directory, word)))
            continue
        try:
            url = canonical(word if "://" in word else f"https://{word}")
        except ValueError as error:
            raise Failure(f"{word}: {error}", code=2) from error
        outlet = outlet_for_url(archive.directory, url)
        if outlet is None:
            outlet, path = new_outlet(archive.directory, url)
            err.print(f"A new outlet: {path} (edit freely).")
        path_only = url.split("://", 1)[1].partition("/")[2]
        is_home = not path_only or url.rstrip("/") == outlet.home.rstrip("/")
        plans.append(Plan(outlet=outlet, only=None if is_home else url))
    if not what:
        plans = [Plan(outlet=outlet) for outlet in own_outlets(archive.directory)]
    if not plans:
        raise Failure(
            f"{archive.directory} has no outlets yet. Name one: kliping crawl https://paper.example/",
            code=2,
        )
    return plans


@app.command(name="import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="WARC or WACZ files.")],
    archive: Directory = Path(),
    outlet: Annotated[
        str | None, typer.Option("--outlet", "-o", help="Everything belongs to this outlet.")
    ] = None,
    new_outlets: Annotated[
        bool, typer.Option(help="Make an outlet for each host with pages that has none.")
    ] = True,
    extract: Annotated[bool, typer.Option(help="Read the pages, and keep their articles.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come.")] = False,
    as_json_: Json = False,
) -> None:
    """Take in what other programs archived: WARC and WACZ files, as they are.

    Damaged records are left out and named. A file that leads out of its directory, or unpacks to
    more than anybody's would, is refused, and then nothing of any file is kept. Importing again
    finishes what was stopped, and changes nothing else.

    Exit codes: 0 something new, 3 records were damaged, 4 nothing new, 130 stopped.

    Example:  kliping import crawl.wacz --outlet lantern
    """
    import asyncio

    from archive.store import Archive
    from crawler.account import import_code, print_imported
    from crawler.outlets.catalogue import find_outlet
    from crawler.progress import bytes_read
    from crawler.run.adopt import import_files
    from crawler.run.homes import Wish

    with Archive.open(archive) as opened:
        wish = Wish(
            outlet=find_outlet(archive, outlet) if outlet else None,
            may_begin=new_outlets,
            reads=extract,
            is_trial=dry_run,
        )
        if not dry_run:
            for sentence in opened.recover():
                err.print(sentence)
        with bytes_read() as tell:
            done = asyncio.run(import_files(opened, files, wish, tell=tell))
    if as_json_:
        typer.echo(as_json(done))
    else:
        print_imported(done, archive, is_trial=dry_run)
    if code := import_code(done):
        raise typer.Exit(code)


@app.command()
def outlets(
    find: Annotated[str, typer.Argument(help="Part of an id, a name or a country.")] = "",
    archive: Directory = Path(),
    as_json_: Json = False,
) -> None:
    """List the outlets that can be crawled by name: your own, and the catalogue."""
    from rich.table import Table

    from archive.tables import print_table
    from crawler.outlets.catalogue import outlet_files
    from crawler.outlets.spec import read_outlet

    known = [read_outlet(path) for path in outlet_files(archive)]
    words = find.lower()
    found = [o for o in known if words in f"{o.id} {o.name} {o.country or ''}".lower()]
    if as_json_:
        typer.echo(as_json([o.model_dump(mode="json") for o in found]))
        return
    table = Table("id", "name", "country", "languages", "home", box=None, header_style="dim")
    for o in found:
        table.add_row(o.id, o.name, o.country or "", " ".join(o.languages), o.home)
    print_table(out, table)
    out.print(f"{len(found)} of {many(len(known), 'outlet')}. Crawl one with: kliping crawl ID")


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help="Where the demo archive shall be.")] = Path(
        "kliping-demo"
    ),
    steady: Annotated[
        bool, typer.Option("--steady", help="Only serve the newspaper, frozen, for other clients.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
) -> None:
    """Crawl a make-believe newspaper over five simulated days, offline, in a minute.

    It starts a small, misbehaving news site on loopback, makes an archive, and shows what a year
    of crawling meets: edits, deletions, walls, broken feeds, hosts that ask for patience.
    """
    if steady:
        from crawler.demo.serve import serve_steady

        serve_steady(port or 8642)
        return
    from crawler.demo.tour import tour

    tour(directory, port)


add_commands(app)
app.command(cls=schedules.WithWords)(schedules.schedule)
app.command()(service.run)
why.add_commands(app)
answers.add_commands(app)
backfill.add_commands(app)
outlet.add_commands(app)
flowing(app)


def main() -> None:
    """Run a command; what goes wrong is one sentence on standard error, and an exit code."""
    try:
        app()
    except (ArchiveError, Failure) as error:
        code = error.code if isinstance(error, Failure) else error.exit_code
        said = clean(str(error))  # it may quote what a stranger wrote
        err.print(Text("kliping: ", "bold red").append(said, "default"))
        sys.exit(code)
    except OSError as error:
        said = f"kliping: {error.strerror or error}: {error.filename or ''}".rstrip(": ")
        if remedy := _REMEDIES.get(error.errno or 0):
            said += f". {remedy}, and run the same command again."
        err.print(Text(clean(said)))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
