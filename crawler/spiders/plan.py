"""The plan of a backfill: every article that a survey found, under what is to become of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crawler.discovery.survey import Survey

NEVER_ASKED = ("pending", False)
"""How an article stands that is known, was never asked for and is not held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPlan:
    """What a backfill would do.

    `found` = `held` + `asked` + `disallowed` + `requests`; what was refused, is outside these days
    or undated is not among them. `rechecks` are articles that a rescue asks for again at its end.
    `seconds` are for all requests at the outlet's pace, what pages need aside.
    """

    outlet: str
    first: date
    last: date
    listings: int
    listings_missing: int
    listings_failed: int
    listings_left: int
    found: int
    held: int
    asked: int
    disallowed: int
    refused: dict[str, int]
    outside: int
    undated: int
    beyond: int
    requests: int
    delay_seconds: float
    seconds: float
    rechecks: int = 0


def plan_of(
    survey: Survey,
    known: Iterable[tuple[str, bool]],
    *,
    disallowed: int,
    requests: int,
    failed: int,
    delay: float,
    rechecks: int = 0,
) -> PastPlan:
    """The plan for what a survey found.

    Args:
        survey: what the listings say.
        known: how those of its articles stand that are known: state, and whether it is held.
        disallowed: how many of the others robots.txt disallows.
        requests: how many are left to ask for.
        failed: listings that could not be read.
        delay: seconds between two requests.
        rechecks: how many are asked for again at the end.
    """
    standings = list(known)
    return PastPlan(
        outlet=survey.outlet.id,
        first=survey.span.first,
        last=survey.span.last,
        listings=survey.read,
        listings_missing=survey.missing,
        listings_failed=failed,
        listings_left=survey.left,
        found=len(survey.found),
        held=sum(is_held for _, is_held in standings),
        asked=sum(not is_held and state != "pending" for state, is_held in standings),
        disallowed=disallowed,
        refused=dict(survey.refused),
        outside=survey.outside,
        undated=survey.undated,
        beyond=survey.beyond,
        requests=requests,
        delay_seconds=delay,
        seconds=(requests + rechecks) * delay,
        rechecks=rechecks,
    )
