"""`kliping schedule`: who is visited again and again, what that will do, and how it ends."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text
from typer.core import TyperCommand

from archive.console import Failure, as_json, clean, out
from archive.counting import many
from archive.options import Directory, Json, flowing
from archive.tables import print_table

if TYPE_CHECKING:
    from archive.schedules import Boost, Schedule
    from archive.store import Archive
    from crawler.outlets.spec import Outlet


def schedule(  # noqa: PLR0913, PLR0917 - options, each by its name
    what: Annotated[
        list[str], typer.Argument(help="An outlet by id; or `list`; or `remove` and outlets.")
    ],
    archive: Directory = Path(),
    profile: Annotated[
        str | None, typer.Option(help="Adaptive: daily-news, front-page or event.")
    ] = None,
    every: Annotated[str | None, typer.Option(help="At fixed intervals: 30m, 6h, 1d.")] = None,
    cron: Annotated[
        str | None, typer.Option(help="At the instants of a cron line: '0 6 * * *'.")
    ] = None,
    tz: Annotated[
        str | None,
        typer.Option(help="The zone of the cron line and of dates. Default: the outlet's, or UTC."),
    ] = None,
    front_page: Annotated[
        str | None,
        typer.Option(help="Front and section pages at an interval: 'every 30m'. With a profile."),
    ] = None,
    boost: Annotated[
        list[str],
        typer.Option(help="More often for a while, and then as before; see below."),
    ] = [],  # noqa: B006 - typer copies it
    end_boost: Annotated[
        str | None, typer.Option("--end-boost", help="End the boost of this name early.")
    ] = None,
    as_json_: Json = False,
) -> None:
    """Visit an outlet again and again, once `kliping run` is started.

    A profile looks as often as is worth it: feeds that bring much are asked often. --every and
    --cron visit at fixed instants. Setting a schedule again replaces it; its boosts stay.

    Exit codes: 0 done, 1 there is no such schedule or boost, 2 something cannot be read.

    Example:  kliping schedule paper --profile daily-news --front-page 'every 30m' --boost
    'election 2026-11-28..2026-12-08: front-page every 10m, revisit x3'
    """
    from archive.store import Archive

    asked = {"profile": profile, "every": every, "cron": cron, "tz": tz, "front_page": front_page}
    word, *rest = what
    with Archive.open(archive) as opened:
        if word == "list" and not rest:
            _list(opened, archive, as_json_=as_json_)
        elif word == "remove" and rest:
            _remove(opened, rest, as_json_=as_json_)
        elif rest:
            raise Failure(f"One outlet at a time: {word}, or `remove` before several.", code=2)
        else:
            _set(opened, archive, word, asked, boost, end_boost, as_json_=as_json_)


class WithWords(TyperCommand):
    """The command, whose words `list` and `remove` have helps of their own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As usual; a help that is asked for after a word is the word's."""
        asked = next((one for one in args if one in _WORDS), None)
        if asked and "--help" in args:
            app = typer.Typer(add_completion=False)
            app.command(asked)(_WORDS[asked])
            flowing(app)
            word = typer.main.get_command(app)
            path = f"{ctx.command_path} {asked}"
            typer.echo(word.get_help(ctx.__class__(word, info_name=path)))
            raise typer.Exit
        return super().parse_args(ctx, args)


def _help_of_list(archive: Directory = Path(), as_json_: Json = False) -> None:
    """Show every schedule: the outlet, what is done, the next visit, what it costs, its boosts.

    *Budget* is the share of the requests that the outlet's pace has room for. An outlet that cannot
    be visited is named with the reason.

    Exit codes: 0 shown.

    Example:  kliping schedule list --json
    """


def _help_of_remove(
    outlets: Annotated[list[str], typer.Argument(help="Outlets by id.")],
    archive: Directory = Path(),
    as_json_: Json = False,
) -> None:
    """Visit these outlets no more by themselves; what is held of them stays.

    Exit codes: 0 done, 1 one of them had no schedule.

    Example:  kliping schedule remove harbour-gazette
    """


_WORDS: dict[str, Callable[..., None]] = {"list": _help_of_list, "remove": _help_of_remove}


def _set(
    archive: "Archive",
    where: Path,
    id_: str,
    asked: dict[str, str | None],
    boosts: list[str],
    end_boost: str | None,
    *,
    as_json_: bool,
) -> None:
    from archive.query.schedules import all_schedules
    from crawler.outlets.catalogue import find_outlet
    from crawler.outlook import describe, print_outlook
    from crawler.timewords import read_boost

    outlet = find_outlet(archive.directory, id_)
    with archive.reading() as connection:
        held = next((one for one in all_schedules(connection) if one.outlet == outlet.oid), None)
    wanted = read_schedule(outlet, asked, held, archive.clock.now())
    counts = wanted or held
    if counts is None:
        raise Failure(
            f"{id_} has no schedule yet. Say one: --profile daily-news, --every 30m or "
            "--cron '0 6 * * *'.",
            code=1 if end_boost else 2,
        )
    added = [read_boost(one, ZoneInfo(counts.zone)) for one in boosts]
    _refuse_idle(counts, added)
    with archive.turn() as turn:
        turn.sync_outlet(outlet.declaration, None)
        if wanted is not None:
            turn.schedules.set(wanted)
        for one in added:
            turn.schedules.boost(outlet.oid, one)
        if end_boost and not turn.schedules.end_boost(outlet.oid, end_boost):
            raise Failure(f"{id_} has no boost {end_boost!r} that is not over.")
    with archive.reading() as connection:
        [kept] = [one for one in all_schedules(connection) if one.outlet == outlet.oid]
    told = describe(archive, outlet, kept)
    if as_json_:
        typer.echo(as_json(told))
    else:
        print_outlook(told, where)


def read_schedule(
    outlet: "Outlet", asked: dict[str, str | None], held: "Schedule | None", now: datetime
) -> "Schedule | None":
    """The schedule that was typed; None if nothing of it was, so that the held one stays.

    Raises:
        Failure: if two kinds of schedule are named, or what goes with none of them.
        TimeSyntax: if a duration or a cron line cannot be read.
    """
    from archive.schedules import Schedule
    from crawler.timetable import PROFILES
    from crawler.timewords import read_cron, read_duration, read_every

    kinds = [name for name in ("profile", "every", "cron") if asked[name]]
    if len(kinds) > 1:
        raise Failure(f"--{kinds[0]} and --{kinds[1]} are two schedules; say one.", code=2)
    if not any(asked.values()):
        return None
    profile, every, cron = asked["profile"], asked["every"], asked["cron"]
    if not kinds and held is not None:
        profile, cron = held.profile, held.cron
    if profile and profile not in PROFILES:
        raise Failure(f"--profile is one of {', '.join(PROFILES)}, not {profile!r}.", code=2)
    interval = read_duration(every) if every else held.every if held and not kinds else None
    if not (profile or interval or cron):
        raise Failure("Say a schedule: --profile daily-news, --every 30m or --cron …", code=2)
    if asked["front_page"] and not profile:
        raise Failure(
            "--front-page goes with --profile: at fixed instants every listing is asked for.",
            code=2,
        )
    return Schedule(
        outlet=outlet.oid,
        profile=profile,
        every=interval,
        cron=read_cron(cron) if cron else None,
        zone=_zone(asked["tz"] or (held.zone if held else None) or outlet.zone or "UTC"),
        front_page=read_every(asked["front_page"]) if asked["front_page"] else None,
        set_at=now,
    )


def _zone(name: str) -> str:
    import difflib
    from zoneinfo import available_timezones

    if name in available_timezones():
        return name
    near = difflib.get_close_matches(name, available_timezones(), 1)
    hint = f"Did you mean {near[0]}?" if near else "Write it as Asia/Jakarta."
    raise Failure(f"--tz: there is no zone {name!r}. {hint}", code=2)


def _refuse_idle(schedule: "Schedule", boosts: "list[Boost]") -> None:
    """Refuse what would change nothing: an interval for a profile, a front page without one."""
    for one in boosts:
        if schedule.profile and one.every:
            raise Failure(
                f"boost {one.name}: `every` is for --every and --cron; of a profile say "
                "`front-page every …` or `feeds every …`.",
                code=2,
            )
        if not schedule.profile and (one.front_page or one.feeds):
            raise Failure(
                f"boost {one.name}: at fixed instants every listing is asked for; say `every 10m`.",
                code=2,
            )


def _list(archive: "Archive", where: Path, *, as_json_: bool) -> None:
    from archive.errors import ConfigError
    from archive.query.schedules import all_schedules
    from crawler.outlets.catalogue import find_outlet
    from crawler.outlook import describe, iso

    with archive.reading() as connection:
        held = all_schedules(connection)
    told: list[dict[str, Any]] = []
    wrong: dict[str, str] = {}
    for one in held:
        try:
            told.append(describe(archive, find_outlet(archive.directory, one.outlet), one))
        except ConfigError as error:  # the others are shown all the same
            wrong[one.outlet] = str(error)
    if as_json_:
        unread = [{"outlet": id_, "problem": why} for id_, why in wrong.items()]
        typer.echo(as_json([*told, *unread]))
        return
    from rich.table import Table

    table = Table("outlet", "schedule", "next", "budget", "boosts", box=None, header_style="dim")
    for row in told:
        boosts = [f"{b['name']} ({b['state']})" for b in row["boosts"] if b["state"] != "over"]
        table.add_row(
            row["outlet"], clean(row["does"]), iso(row["next"][0]),
            f"{row['share_of_pace']:.0%}", clean(", ".join(boosts)),
        )  # fmt: skip
    if told:
        print_table(out, table, folds=("schedule", "boosts"))
    for id_, why in wrong.items():
        out.print(Text(clean(f"{id_}: is not visited: {why}"), "red"))
    at = "" if where == Path() else f" -A {where}"
    also = f"kliping run{at}" if told else f"kliping schedule{at} OUTLET --profile daily-news"
    said = f"{many(len(told), 'schedule')}." if told else "Nothing is scheduled."
    out.print(f"{said} Next:  {also}")


def _remove(archive: "Archive", ids: list[str], *, as_json_: bool) -> None:
    from archive.records import OutletId

    with archive.turn() as turn:
        gone = [one for one in ids if turn.schedules.remove(OutletId(one))]
    missing = [one for one in ids if one not in gone]
    if as_json_:
        typer.echo(as_json({"removed": gone, "had_none": missing}))
    else:
        for one in gone:
            out.print(f"{one}: visited no more by itself; what is held stays.")
        for one in missing:
            out.print(Text(f"{clean(one)}: had no schedule", "yellow"))
    if missing:
        raise typer.Exit(1)
