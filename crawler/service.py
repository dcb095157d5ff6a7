"""`kliping run`: the one long-lived process, which visits what is scheduled."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from archive.console import Failure, as_json, clean, err
from archive.counting import many
from archive.options import Directory, Json

if TYPE_CHECKING:
    from archive.store import Archive
    from crawler.run.crawl import Report
    from crawler.run.service import Service

INTERRUPTED = 130


def run(
    archive: Directory = Path(),
    once: Annotated[
        bool, typer.Option("--once", help="Visit what is due now, each outlet once, and end.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(help="End at this instant: 2026-11-29T06:00, in UTC or with +07:00."),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show what goes on, on a terminal.")
    ] = False,
    health: Annotated[
        str | None, typer.Option(help="Answer /health and /metrics at 127.0.0.1:8641.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="On PostgreSQL: so many processes here, and more elsewhere."),
    ] = None,
    print_unit: Annotated[
        bool, typer.Option("--print-unit", help="Print a unit for systemd, and do nothing else.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Visit every scheduled outlet when it is due, for as long as this runs.

    One for each archive; `kliping crawl` may run beside it. Schedules are made by `kliping
    schedule`, and may be changed meanwhile. Ctrl-C and SIGTERM stop it cleanly; what was not
    fetched stays due.

    Exit codes: 0 ended by SIGTERM or by --until, 1 nothing can be written or another runs,
    2 usage, 130 Ctrl-C. With --once as of `kliping crawl`: 0 something new, 3 partial, 4 nothing
    new, 5 all refused.

    With --workers, processes on this machine and others share the outlets out among themselves, a
    job for each visit; `kliping workers` shows them. One that dies is begun again.

    Example:  kliping run -A my-archive --health 127.0.0.1:8641
    """
    from archive.lock import held
    from archive.store import Archive
    from crawler.account import exit_code, print_report

    if print_unit:
        _print_unit(archive, health)
        return
    ends = _instant(until)
    if workers is not None:
        _run_crew(archive, workers, ends, asks_more=bool(once or watch or health or as_json_))
        return
    with Archive.open(archive) as opened, held(archive, opened.clock) as before:
        _require_contact(opened)
        for sentence in [*filter(None, [before]), *opened.recover()]:
            err.print(sentence)
        service, report = _serve(opened, once=once, until=ends, watch=watch, health=health)
    if as_json_:
        typer.echo(as_json(report))
    else:
        print_report(report, archive)
    code = exit_code(report) if once or report.outcome == "failed" else 0
    if service.stopped_by == "SIGTERM" and report.outcome != "failed":
        code = 0
    elif service.stopped_by == "SIGINT" and report.outcome != "failed":
        code = INTERRUPTED
    if code:
        raise typer.Exit(code)


def _serve(
    archive: "Archive", *, once: bool, until: datetime | None, watch: bool, health: str | None
) -> "tuple[Service, Report]":
    from crawler.run.health import is_public, listening, read_address
    from crawler.run.reactor import run as run_reactor
    from crawler.run.service import Service

    is_shown = watch and err.is_terminal
    service = Service(archive, tell=_hush if is_shown else _tell)
    address = read_address(health) if health else None

    async def main() -> "Report":
        with ExitStack() as beside:
            if address:
                port = beside.enter_context(listening(address, service.standing))
                name = f"[{address[0]}]" if ":" in address[0] else address[0]
                err.print(f"Health: http://{name}:{port}/health")
                if is_public(address[0]):
                    err.print(
                        "Other machines can read it: it names outlets, hosts and problems, and "
                        "asks nobody for a password. Keep it behind a firewall, or on 127.0.0.1."
                    )
            if is_shown:
                beside.enter_context(_watching(service))
            return await service.serve(once=once, until=until)

    return service, run_reactor(main())


def _run_crew(archive: Path, number: int, until: datetime | None, *, asks_more: bool) -> None:
    from archive.jobs import Jobs
    from archive.lock import held
    from archive.store import Archive
    from crawler.run.crew import Crew

    if asks_more:
        raise Failure(
            "--once, --watch, --health and --json are for one process: leave them out, "
            "and ask `kliping workers` how it goes.",
            code=2,
        )
    with Archive.open(archive) as opened:
        jobs = Jobs(opened)  # first, for on SQLite there is nothing to share
        with held(archive, opened.clock, "kliping run --workers", shared=True):
            _require_contact(opened)
            jobs.prepare()
            for sentence in opened.recover():
                err.print(sentence)
            crew = Crew(archive, number, opened.clock, _tell)
            _tell(f"{many(number, 'worker begins', 'workers begin')}. Next:  kliping workers")
            ended_well = crew.run(until)
    if not ended_well:
        raise typer.Exit(1)
    if crew.stopped_by == "SIGINT":
        raise typer.Exit(INTERRUPTED)


def _tell(sentence: str) -> None:
    err.print(Text(clean(sentence)))


def _hush(sentence: str) -> None:
    """The picture shows it."""


@contextmanager
def _watching(service: "Service") -> Iterator[None]:
    from crawler.watch import watching

    with watching(service.standing):
        yield


def _require_contact(archive: "Archive") -> None:
    """Refuse to begin without a contact, rather than visit nobody for years.

    Raises:
        ContactMissing: if it is missing, and an outlet that is scheduled is not on this machine.
    """
    from archive.query.schedules import all_schedules
    from crawler.outlets.catalogue import outlet_files
    from crawler.outlets.spec import read_outlet

    if archive.config.contact:
        return
    with archive.reading() as connection:
        ids = {one.outlet for one in all_schedules(connection)}
    paths = [path for path in outlet_files(archive.directory) if path.stem in ids]
    archive.require_contact([read_outlet(path).home for path in paths])


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise Failure(
            f"--until is an instant such as 2026-11-29T06:00, not {text!r}", code=2
        ) from error
    return said.replace(tzinfo=UTC) if said.tzinfo is None else said


def _print_unit(archive: Path, health: str | None) -> None:
    import getpass

    from archive.config import read_config
    from crawler.run.health import read_address
    from crawler.run.unit import unit

    config = read_config(archive)
    if health:
        read_address(health)
    database = config.database_file(archive)
    typer.echo(
        unit(archive, user=getpass.getuser(), health=health, on_postgresql=database is None),
        nl=False,
    )
