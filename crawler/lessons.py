"""`kliping outlet learn`: what an outlet's stored pages have in common, shown and kept."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from archive.console import Failure, as_json, clean, err, out
from archive.options import Directory, Json

if TYPE_CHECKING:
    from archive.memories import Memory
    from archive.store import Archive
    from crawler.extract.memory import Learned, OutletMemory
    from crawler.learning import Lesson
    from crawler.outlets.spec import Outlet

NOTHING = 4
_EFFECTS = {
    "container": "holds the article",
    "furniture": "holds no text of an article: taken out",
    "lines": "stands in other articles too: taken out",
    "suffixes": "is added to headlines: taken off",
    "date_places": "holds the day of publication: read there",
    "date_order": "is the order of day and month in numbers",
    "zone": "is the zone of its times",
}
_SHOWN = 12


def learn(
    outlet: Annotated[str, typer.Argument(help="The outlet's id.")],
    archive: Directory = Path(),
    pages: Annotated[int, typer.Option(help="The last articles to look at.", min=4, max=400)] = 40,
    show: Annotated[
        bool, typer.Option("--show", help="Show what is in use; learn nothing.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be learned; keep nothing.")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Use it no more, until it is learned by hand again.")
    ] = False,
    all_: Annotated[bool, typer.Option("--all", help="Every line, not the first few.")] = False,
    as_json_: Json = False,
) -> None:
    """Learn from an outlet's stored articles what they have in common.

    Boxes and lines that recur, the element that holds the text, what is added to headlines, the
    zone of its times: each with the number of pages that show it. Later pages are read with it, and
    every text names the memory that it was made under. Crawls learn by themselves once there are 12
    articles, and anew when the layout changes; this command is for looking, and for learning now.

    Exit codes: 0 done, 2 no such outlet, 4 too few pages, or nothing known (--show, --forget).

    Example:  kliping outlet learn paper --dry-run
    """
    from archive.store import Archive
    from crawler.outlets.catalogue import find_outlet

    if show + dry_run + forget > 1:
        raise Failure("--show, --dry-run or --forget: one of them.", code=2)
    with Archive.open(archive) as opened:
        found = find_outlet(opened.directory, outlet)
        if show:
            _show(opened, found, all_=all_, as_json_=as_json_)
        elif forget:
            _forget(opened, found)
        else:
            _learn(opened, found, pages, dry_run=dry_run, all_=all_, as_json_=as_json_)


def _show(archive: "Archive", outlet: "Outlet", *, all_: bool, as_json_: bool) -> None:
    from archive.query.memories import memories_of
    from crawler.extract.memory import memory_from_json

    with archive.reading() as connection:
        kept = memories_of(connection, outlet.oid, archive.clock)
    if as_json_:
        typer.echo(as_json([_told(one) for one in kept]))
    used = next((one for one in kept if one.forgotten_at is None), None)
    memory = memory_from_json(used.learned) if used else None
    if used is None or memory is None:
        last = f" Memory {kept[0].number} ended: {kept[0].why_forgotten}." if kept else ""
        err.print(Text(f"Nothing is in use of {outlet.id}.{last} kliping outlet learn {outlet.id}"))
        raise typer.Exit(NOTHING)
    if not as_json_:
        out.print(Text(f"{outlet.id}: memory {used.number}, since {used.learned_at:%Y-%m-%d}"))
        _print(memory, all_=all_)


def _told(one: "Memory") -> dict[str, Any]:
    return {
        "number": one.number,
        "digest": one.digest,
        "learned_at": one.learned_at,
        "forgotten_at": one.forgotten_at,
        "why_forgotten": one.why_forgotten,
        "learned": one.learned,
    }


def _forget(archive: "Archive", outlet: "Outlet") -> None:
    from crawler.learning import BY_A_PERSON

    with archive.turn() as turn:
        had = turn.learning.forgotten(outlet.oid, BY_A_PERSON)
    if not had:
        err.print(Text(f"Nothing is known of {outlet.id}."))
        raise typer.Exit(NOTHING)
    out.print(
        Text(
            f"What was known of {outlet.id} is used no more, and crawls do not learn it again. "
            f"By hand: kliping outlet learn {outlet.id}"
        )
    )


def _learn(
    archive: "Archive",
    outlet: "Outlet",
    pages: int,
    *,
    dry_run: bool,
    all_: bool,
    as_json_: bool,
) -> None:
    from crawler.memory.learn import MIN_PAGES

    lesson = _look(archive, outlet, pages)
    memory = lesson.memory
    for id_, why in lesson.unread:
        err.print(Text(f"Not read: {id_}: {clean(why)}"))
    if memory is None:
        err.print(
            Text(
                f"{lesson.looked_at} pages of {outlet.id} tell nothing: at least {MIN_PAGES} are "
                f"needed, copies counted once. kliping crawl {outlet.id}"
            )
        )
        raise typer.Exit(NOTHING)
    number = None if dry_run else _keep(archive, outlet, lesson, memory)
    if as_json_:
        typer.echo(as_json({"outlet": outlet.id, "number": number, "learned": memory.as_json()}))
        return
    end = "nothing kept (--dry-run)" if number is None else f"kept as memory {number}"
    out.print(Text(f"{outlet.id}: learned from {memory.pages} articles, {end}"))
    _print(memory, all_=all_)


def _look(archive: "Archive", outlet: "Outlet", pages: int) -> "Lesson":
    from crawler.learning import look
    from crawler.readers import Readers

    async def main() -> "Lesson":
        readers = Readers(1)
        try:
            return await look(archive, outlet, readers.read, limit=pages)
        finally:
            readers.close()

    return asyncio.run(main())


def _keep(archive: "Archive", outlet: "Outlet", lesson: "Lesson", memory: "OutletMemory") -> int:
    from crawler.learning import keep

    with archive.turn() as turn:
        number = keep(turn, outlet.oid, lesson, memory)
    if number is None:
        raise Failure(
            "Something was taken down while the pages were read, so nothing is kept. "
            f"Again: kliping outlet learn {outlet.id}"
        )
    return number


def _print(memory: "OutletMemory", *, all_: bool) -> None:
    table = Table("what", "pages", "it", box=None, header_style="bold")
    for name, effect in _EFFECTS.items():
        said = getattr(memory, name)
        several: Iterable[Learned] = said if isinstance(said, tuple) else filter(None, (said,))
        listed = list(several)
        for one in listed if all_ else listed[:_SHOWN]:
            table.add_row(Text(clean(one.what)), f"{one.pages} of {one.of}", effect)
        if (left := len(listed) - _SHOWN) > 0 and not all_:
            table.add_row(f"… {left} more: --all", "", effect)
    if table.row_count:
        out.print(table)
    else:
        out.print(f"{memory.pages} articles, and nothing that they share.")
