"""Progress on standard error while a run goes on; a few plain lines where nobody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import rich.progress
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from archive.console import err, human
from archive.counting import many
from crawler.desk import Desk

REFRESHES_A_SECOND = 4
ROWS = 8


@contextmanager
def Progress(desk: Desk, title: str | Callable[[], str] = "") -> Iterator[None]:  # noqa: N802 - read as a thing
    """Show a desk's numbers until the block ends."""
    if not err.is_terminal:
        yield
        return
    with Live(
        get_renderable=lambda: picture(desk, title if isinstance(title, str) else title()),
        console=err,
        refresh_per_second=REFRESHES_A_SECOND,
        transient=True,
    ):
        yield


@contextmanager
def bytes_read() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for what is read from front to back; gives what to tell: what is done, and how far."""
    if not err.is_terminal:
        yield lambda *_: None
        return
    bar = rich.progress.Progress(
        rich.progress.TextColumn("{task.description}"),
        rich.progress.BarColumn(),
        rich.progress.TaskProgressColumn(),
        rich.progress.TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    with bar:
        tasks: dict[str, rich.progress.TaskID] = {}

        def tell(doing: str, done: int, total: int) -> None:
            if doing not in tasks:
                tasks[doing] = bar.add_task(doing)
            bar.update(tasks[doing], completed=done, total=total)

        yield tell


def picture(desk: Desk, title: str = "") -> Group:
    """The numbers as they are now: all outlets in a line, the busy ones in a row each."""
    counts = desk.counts
    line = Text(title or desk.clock.now().isoformat(timespec="seconds"), "bold")
    line.append(f"  {many(counts['captures'], 'capture')}, {human(counts['bytes'])}", "default")
    line.append(f"  {counts['articles/new']} new", "green")
    line.append(f"  {counts['articles/changed']} changed", "yellow")
    line.append(f"  {counts['articles/failed'] + counts['listings/failed']} failed", "red")
    table = Table(box=None, show_header=False, padding=(0, 2))
    for visit in [one for one in desk.visits if one.is_open][:ROWS]:
        mine = visit.counts
        table.add_row(
            visit.outlet.id,
            f"{mine['announced']} announced",
            f"{mine['articles/new']} new",
            f"{mine['articles/same']} same",
            Text(visit.doing[:60], "dim"),
        )
    if desk.stopping:
        line.append("  stopping, finishing what is under way …", "bold")
    return Group(line, table)
