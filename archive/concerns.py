"""What of an outlet's day is worth a person's look, and the command that tells more."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from archive.counting import many

if TYPE_CHECKING:
    from archive.query.morning import Morning, OutletMorning
    from archive.remarks import Remark

COMPLETE = 0.95
"""If more than the rest of what was announced is missing, it is worth a look. Not measured."""
TOGETHER = 3
"""So many outlets that are silent for one reason are told in one line."""
NAMED = 4

Note = tuple[str, str]
"""A sentence, and the command that tells more."""


def notes(one: "OutletMorning") -> Iterator[Note]:
    """What is worth a look about an outlet, loudest first."""
    for remark in one.remarks:
        if remark.kind == "ledger":
            yield f"THE LEDGER DOES NOT BALANCE: {remark.said}", f"coverage {one.id}"
    for remark in one.remarks:
        if remark.kind == "visit":
            times = f", {remark.number} times" if remark.number > 1 else ""
            yield f"VISIT FAILED{times}: {remark.said}", f"crawl {one.id}"
    yield from _pages(one)
    for remark in one.remarks:
        if remark.kind == "robots":
            yield f"ROBOTS: {remark.said}", f"why {shlex.quote(remark.url or one.id)}"
    if one.missing > (1 - COMPLETE) * one.announced:
        failed, pending = (one.states.get(name, 0) for name in ("failed", "pending"))
        yield f"INCOMPLETE: {failed} failed, {pending} pending", f"coverage {one.id}"
    if not one.announced:
        yield f"NOTHING announced: {silence(one)}", f"coverage {one.id}"


def _pages(one: "OutletMorning") -> Iterator[Note]:
    for wall in one.walls:
        since = wall.since.isoformat(timespec="minutes")
        yield (
            f"WALL since {since}: {many(wall.pages, 'page')} ({wall.reason})",
            f"why {shlex.quote(wall.example)}",
        )
    for url, reason in one.failed_listings.items():
        yield f"LISTING FAILED: {url} ({reason})", f"why {shlex.quote(url)}"
    for gap in one.gaps:
        began, ended = (at.isoformat(timespec="minutes") for at in (gap.began_at, gap.ended_at))
        days = f"--from {gap.began_at.date()} --to {gap.ended_at.date()}"
        yield f"GAP {began} to {ended}: {gap.listing}", f"backfill {one.id} {days}"
    for suspicion in one.suspicions:
        yield f"LAYOUT? {suspicion}", f"search outlet:{one.id} -n 5"


def silence(one: "OutletMorning") -> str:
    """Why nothing was announced, as far as is known."""
    if not one.polls:
        return "no listing was asked for"
    if one.failed_polls >= one.polls:
        return "no listing could be read"
    return "its listings name nothing new"


def silent(found: "Morning") -> dict[str, list["OutletMorning"]]:
    """Outlets of which nothing is to be said but that they are silent, by reason, if they are many.

    Those of a reason that has few are left where they are.
    """
    by_reason: dict[str, list[OutletMorning]] = {}
    for one in found.outlets:
        is_all = not (one.announced or one.edits or one.deletions) and len(list(notes(one))) == 1
        if is_all:
            by_reason.setdefault(silence(one), []).append(one)
    return {reason: some for reason, some in by_reason.items() if len(some) >= TOGETHER}


def missed(found: "Morning") -> Iterator[str]:
    """What was not had of all outlets, a line for each reason, the most frequent first."""
    number: Counter[str] = Counter()
    of: dict[str, list[Remark]] = {}
    for one in found.outlets:
        for remark in one.remarks:
            if remark.kind == "miss":
                number[remark.said] += remark.number
                of.setdefault(remark.said, []).append(remark)
    for said, times in number.most_common():
        ids = list(dict.fromkeys(remark.outlet for remark in of[said]))
        url = next((remark.url for remark in of[said] if remark.url), None)
        example = f", such as {url}" if url else ""
        yield f"{times:,} {said} ({named(ids)}{example})"


def named(ids: Sequence[str]) -> str:
    """Some outlets by name, and how many others there are."""
    rest = len(ids) - NAMED
    return ", ".join(ids[:NAMED]) + (f" and {many(rest, 'other')}" if rest > 0 else "")
