"""The life of a URL as a person reads it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

from rich.text import Text

from archive.console import clean, out
from archive.counting import many
from archive.query.life import Attempt, Standing
from crawler.cadence import span
from crawler.why.inquiry import Why

HIDDEN = "A restriction hides this URL: nothing else can be said of it."


def print_why(why: Why, now: datetime, archive: Path) -> None:
    """Everything in the order in which it happened, and the next command."""
    # an id is not to give away the URL that a restriction hides
    out.print(Text(clean(why.asked if why.life.is_restricted else why.url), "bold"))
    for line in lines(why, now):
        out.print(Text(clean(line)))
    where = "" if archive == Path() else f" -A {archive}"
    if why.life.is_restricted:
        return
    shown = why.life.article
    following = (
        f"kliping show{where} {shown}" if shown else f"kliping crawl{where} {quote(why.url)}"
    )
    out.print(Text(clean(f"Next:  {following}")))


def lines(why: Why, now: datetime) -> Iterator[str]:
    """The story, a line each."""
    if why.life.is_restricted:
        yield HIDDEN
        return
    yield f"  known as    {why.life.urlkey}"
    if why.stripped:
        yield f"  left out    {', '.join(why.stripped)}"
    yield from _rules(why)
    if not why.is_known:
        yield from _unknown(why)
        return
    yield from _sightings(why)
    for attempt in why.life.attempts:
        yield _attempt(attempt)
    if why.life.article:
        number = len(why.life.versions)
        yield f"  article     {why.life.article}, {many(number, 'version')}"
    if why.life.gone_at:
        yield f"  gone        since {_at(why.life.gone_at)}: {why.life.gone_cause}"
    for standing in why.life.standings:
        yield from _standing(standing, now)


def _rules(why: Why) -> Iterator[str]:
    yield f"  outlet      {why.outlet or 'none: no outlet has this host'}"
    for pattern in why.deny:
        yield f"  rule        urls.deny {pattern!r} leaves it out"
    if why.trap:
        yield f"  trap        {why.trap}: left out, unless urls.article or urls.allow matches it"
    if why.looks_like_article is not None:
        verb = "matches" if why.looks_like_article else "matches none"
        yield f"  rule        urls.article {verb}: what a section links to must match one"
    yield f"  robots      {why.robots}"
    host = why.life.host
    if host and (host.state.delay or host.state.held_until):
        yield from (f"  pace        {host.host}: {said}" for said in host.sentences)
    elif why.delay_seconds is not None:
        where = urlsplit(why.url).hostname
        yield (
            f"  pace        {why.delay_seconds:g} s between two requests to {where}, by the "
            "outlet's file"
        )


def _unknown(why: Why) -> Iterator[str]:
    yield "  unknown     no listing has named it, and nobody asked for it"
    if why.outlet is None:
        yield "              `kliping crawl URL` would begin a new outlet for its host"
    elif why.trap:
        yield f"              if a listing of {why.outlet} named it, it would be left out as a trap"
    elif why.is_denied:
        yield f"              if a listing of {why.outlet} named it, its rules would leave it out"
    elif why.ruling and not why.ruling.is_allowed:
        yield f"              if a listing of {why.outlet} named it, robots.txt would refuse it"
    else:
        yield f"              {why.outlet} would take it if one of its listings named it"


def _sightings(why: Why) -> Iterator[str]:
    for one in why.life.sightings:
        seen = _at(one.first_at)
        if one.last_at != one.first_at:
            seen += f" .. {_at(one.last_at)}"
        by = "asked for by a person" if one.listing == one.url else f"named by {one.listing}"
        said = f": {one.title!r}" if one.title else ""
        said += f", published {one.published}" if one.published else ""
        yield f"  sighted     {seen} {by}{said}"


def _attempt(one: Attempt) -> str:
    label = "asked for  " if not one.hop else f"  hop {one.hop}    "
    came = f"HTTP {one.status}" if one.status else f"no answer ({one.error or 'none came'})"
    if one.status and one.error:
        came += f", {one.error}"
    if one.location:
        came += f" to {one.location}"
    read = ""
    if one.outcome:
        why = one.wall or one.reason
        read = f"; read as {one.outcome}" + (f" ({why})" if why else "")
        read += f", {one.version}" if one.version else ""
    return f"  {label} {_at(one.at)} {came}{read}  {one.id}"


def _standing(one: Standing, now: datetime) -> Iterator[str]:
    why = f": {one.reason}" if one.reason else ""
    since = f" since {_at(one.settled_at)}" if one.settled_at else ""
    yield f"  stands      {one.kind} of {one.outlet}, {one.state}{since}{why}"
    if one.attempts:
        yield f"              {one.attempts} setbacks in a row, weighing {one.score:g}"
    if one.retired_at:
        yield f"  retired     {_at(one.retired_at)}"
    if one.lent_until and one.lent_until > now:
        yield f"  lent        to {one.lent_to} until {_at(one.lent_until)}"
    if one.next_due_at is None:
        due = "never"
    elif one.next_due_at <= now:
        due = f"now, since {_at(one.next_due_at)}"
    else:
        due = f"{_at(one.next_due_at)}, in {span(one.next_due_at - now)}"
    yield f"  due         {due}" + (f" ({one.due_reason})" if one.due_reason else "")


def _at(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
