"""A picture of a service on standard error while it goes on: outlets now and next, held hosts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from archive.console import clean, err, human
from archive.counting import many
from crawler.run.standing import Standing

REFRESHES_A_SECOND = 2
ROWS = 12


@contextmanager
def watching(ask: Callable[[], Standing]) -> Iterator[None]:
    """Show how a service stands until the block ends."""
    with Live(
        get_renderable=lambda: picture(ask()),
        console=err,
        refresh_per_second=REFRESHES_A_SECOND,
        transient=True,
    ):
        yield


def picture(one: Standing) -> Group:
    """The service as it stands: a line of numbers, what goes on, what comes, who is held."""
    counts = one.counts
    line = Text(one.now.isoformat(timespec="seconds"), "bold")
    line.append(f"  {one.state}", "green" if one.is_well else "bold red")
    line.append(f"  {many(counts['captures'], 'capture')}, {human(counts['bytes'])}", "default")
    line.append(f"  {counts['articles/new']} new", "green")
    line.append(f"  {counts['articles/changed']} changed", "yellow")
    line.append(f"  {counts['articles/failed'] + counts['listings/failed']} failed", "red")
    line.append(f"  {human(one.free_bytes)} free", "dim")
    if one.most_overdue and one.lag > timedelta(minutes=1):
        line.append(f"  {one.most_overdue} waits for {_minutes(one.lag)}", "yellow")
    return Group(line, _outlets(one), *_notes(one))


def _outlets(one: Standing) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    for visit in one.underway[:ROWS]:
        mine = visit.counts
        table.add_row(
            "now",
            visit.outlet,
            f"{mine['announced']} announced, {mine['articles/new']} new",
            Text(clean(visit.doing)[:60], "dim"),
        )
    if len(one.underway) > ROWS:
        table.add_row("", f"… and {many(len(one.underway) - ROWS, 'other')}")
    for at, outlet in one.coming:
        table.add_row("next", outlet, at.isoformat(timespec="seconds"), "")
    return table


def _notes(one: Standing) -> list[Text]:
    found = [
        Text(clean(f"{host} is left alone until {until.isoformat(timespec='seconds')} ({why})"))
        for host, until, why in one.held[:ROWS]
    ]
    found += [
        Text(clean(f"{id_}: quota {name} reached"), "yellow") for id_, name in one.quotas.items()
    ]
    found += [Text(clean(f"{id_}: {why}"), "red") for id_, why in one.problems.items()]
    return found


def _minutes(lag: timedelta) -> str:
    return f"{round(lag / timedelta(minutes=1))} min"
