"""What a service says as it goes on: a line when it begins, and a line for each visit."""

from collections.abc import Iterator
from datetime import datetime

from archive.counting import many
from crawler.run.agenda import Agenda, Entry
from crawler.visit import Visit

SHOWN = 8
MISSES = 3
"""Reasons that a line has room for; `kliping today` tells all."""


def introduction(agenda: Agenda, now: datetime) -> list[str]:
    """What a service says when it begins."""
    if not agenda.entries:
        return ["Nothing is scheduled yet: kliping schedule OUTLET --profile daily-news"]
    shown = [f"{outlet} {said_at(max(at, now))}" for at, outlet in agenda.upcoming(SHOWN)]
    number = many(len(agenda.entries), "outlet is", "outlets are")
    return [f"{number} scheduled. Next: {' · '.join(shown)}"]


def told(entry: Entry, visit: Visit | None, failure: str | None) -> str:
    """A visit that has ended, in one line."""
    said = [entry.outlet.id + ":"]
    if visit is not None:
        counts = visit.counts
        numbers = [f"{counts['announced']} announced"]
        names = ("new", "changed", "same", "walled", "refused", "failed")
        numbers += [f"{counts[f'articles/{n}']} {n}" for n in names if counts[f"articles/{n}"]]
        if counts["listings/failed"]:
            numbers.append(f"{many(counts['listings/failed'], 'listing')} failed")
        said.append(", ".join(numbers) + ";")
        said += _remarks(visit)
        if visit.quota_reached:
            said.append(f"ended early by quota ({visit.quota_reached}), the rest stays due;")
        if visit.held_until:
            said.append(f"asked to be left alone until {said_at(visit.held_until)};")
    if failure:
        said.append(f"FAILED: {failure};")
    return " ".join([*said, f"next {said_at(entry.due_at)}"])


def _remarks(visit: Visit) -> Iterator[str]:
    """What was not had and why, what is odd about a robots.txt, what does not balance."""
    misses = [one for one in visit.remarks if one.kind == "miss"]
    if misses:
        told = [f"{one.number} {one.said}" for one in misses[:MISSES]]
        told += [many(len(misses) - MISSES, "other reason")] if len(misses) > MISSES else []
        yield f"not had: {', '.join(told)};"
    for one in visit.remarks:
        if one.kind == "robots":
            yield f"{one.said};"
        elif one.kind == "ledger":
            yield f"THE LEDGER DOES NOT BALANCE: {one.said};"


def said_at(instant: datetime) -> str:
    """An instant, to the second."""
    return instant.isoformat(timespec="seconds")
