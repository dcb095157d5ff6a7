"""What a way of polling would catch of a timeline and ask for: reckoned, nothing is fetched."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from support.papers import FEED_ENTRIES, Paper, Piece

from crawler import cadence
from crawler.cadence import Tempo

UNJUDGED = Tempo().longest
"""What was printed so shortly before the end may be caught after it."""

Policy = Callable[[datetime, int, int, timedelta | None], timedelta]
"""When a poll has been had, with so many items, of them so many known, and its interval so far:
the interval from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What came of it."""

    name: str
    polls: int
    caught: int
    missed: int

    @property
    def requests(self) -> int:
        """Each poll, and each article once."""
        return self.polls + self.caught


def reckon(
    name: str, papers: Iterable[Paper], begin: datetime, end: datetime, policy: Policy
) -> Reckoned:
    """All papers polled by one policy."""
    polls, caught, missed = 0, 0, 0
    for paper in papers:
        number, known = _polled(paper, begin, end, policy)
        polls += number
        caught += len(known)
        missed += sum(piece.number not in known for piece in judged(paper, begin, end))
    return Reckoned(name=name, polls=polls, caught=caught, missed=missed)


def judged(paper: Paper, begin: datetime, end: datetime) -> list[Piece]:
    """The articles that were announced meanwhile, those of the last hours aside."""
    return [one for one in paper.pieces if one.published <= end - UNJUDGED and one.until > begin]


def every(interval: timedelta) -> Policy:
    """At one interval, whatever a poll brings."""
    return lambda *_: interval


def adaptive(tempo: Tempo = Tempo()) -> Policy:  # noqa: B008 - frozen
    """As the cadence says."""

    def policy(at: datetime, items: int, known: int, so_far: timedelta | None) -> timedelta:
        due = cadence.poll(at, "feed", items=items, known=known, every=so_far, tempo=tempo)
        assert due.every is not None
        return due.every

    return policy


def _polled(paper: Paper, begin: datetime, end: datetime, policy: Policy) -> tuple[int, set[int]]:
    at, interval, polls = begin, None, 0
    known: set[int] = set()
    before: set[int] | None = None
    while at < end:
        polls += 1
        printed = bisect_right(paper.times, at)
        named = {one.number for one in paper.pieces[max(0, printed - FEED_ENTRIES) : printed]}
        fresh = named != before  # or it is answered with 304
        items, old = (len(named), len(named & known)) if fresh else (0, 0)
        known |= named
        before = named
        interval = policy(at, items, old, interval)
        at += interval
    return polls, known
