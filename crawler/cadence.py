"""When to look again, and why then; pure functions of what happened.

Listings are polled so that most, but not all, of what they name is known already. Articles follow
a ladder by age (NewsDiffs' observation: edits come early), stretched while nothing changes.
Failures back off and end. A page that seems gone is asked for again before it is believed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler import failures
from crawler.failures import Patience

FEWEST_KNOWN, MOST_KNOWN = 0.6, 0.9
"""The band for the share of known items in a poll. At its lower edge a poll still overlaps the one
before by more than half, so that a burst of twice the usual loses nothing; above its upper edge
less than one item in ten is new, and asking was hardly worth it."""
FASTER, SLOWER = 0.5, 1.2
"""Quicker down than up: an item that was missed is worse than a request too many.

Reckoned for the month of `bench/month.py --reckon` (50 feeds of ten entries, 18,668 articles with
bursts); hourly polling asks 36,000 times and misses 140:

    slower        1.1      1.2      1.3      1.4      1.5
    polls      16,847   13,637   12,274   11,398   10,780
    missed        245      285      371      453      524

From 1.5 to 1.2 an article more costs 12 polls, from there to 1.1 it costs 80, and to hourly polling
154: what is left are bursts, which no interval of hours foresees.
"""
LONGEST_FRESH = timedelta(hours=1)
"""A longer Cache-Control max-age is a template for pictures, and says nothing of a listing."""

_LADDER = (
    # younger than this, since first sighted: look again after this
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
    (timedelta(days=360), timedelta(days=30)),
)
STRETCH = 1.2
LONGEST_STEP = timedelta(days=90)

DAILY = timedelta(hours=20)
"""What is refused or walled may be open tomorrow.

Less than a day, so that who crawls each day at six asks each day: what was settled a minute past
six is due at six the next day.
"""
DAILY_FOR, NOW_AND_THEN, ASKED_FOR = timedelta(days=7), timedelta(days=3), timedelta(days=30)
"""So long daily; then so often; and after so long no more."""

GONE_CHECKS = 3
"""404s come back to life: a page is gone when it was gone this often in a row."""
GONE_EVERY = timedelta(hours=5)
"""Less than six hours, for the same reason: a crawl every six hours looks each time."""
GONE_AGAIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How eagerly an outlet is followed.

    Attributes:
        shortest: listings are polled no more often than this.
        longest: and no less often than this.
        section_every: front and section pages at a fixed interval; None lets them adapt.
        recheck_factor: 3.0 looks at articles three times as often.
    """

    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=6)
    section_every: timedelta | None = None
    recheck_factor: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When something is due (None is never), and how that was reckoned, in a few words.

    Attributes:
        every: of a listing, its interval from now on.
        weight: of a failure.
        is_retired: whether it is given up; a listing is probed all the same.
    """

    at: datetime | None
    why: str
    every: timedelta | None = None
    weight: float = 0.0
    is_retired: bool = False


def poll(
    now: datetime,
    kind: str,
    *,
    items: int,
    known: int,
    every: timedelta | None,
    wish: timedelta | None = None,
    tempo: Tempo,
) -> Due:
    """After a listing was had.

    Args:
        now: when it was.
        kind: `feed`, `sitemap` or `section`.
        items: what it named; 0 if it had not changed, which counts as all known.
        known: how many of these were known before.
        every: its interval so far; None the first time.
        wish: how often its publisher would like it to be asked for.
        tempo: how eagerly its outlet is followed.
    """
    if kind == "section" and tempo.section_every:
        fixed = tempo.section_every
        return Due(at=now + fixed, why=f"section: every {span(fixed)}", every=fixed)
    share = known / items if items else 1.0
    seen = f"{share:.0%} known of {items}" if items else "nothing new"
    if every is None:
        step, said = tempo.shortest, f"read for the first time, {span(tempo.shortest)}"
    else:
        factor = _factor(share)
        step, said = every * factor, f"{seen}, {span(every)}"
        said += f" × {factor} = {span(step)}" if factor != 1 else ""
    if (bounded := min(max(step, tempo.shortest), tempo.longest)) != step:
        edge = "at least" if bounded > step else "at most"
        step, said = bounded, f"{said}, {edge} {span(bounded)}"
    if wish and (wished := min(wish, tempo.longest)) > step:
        step, said = wished, f"{said}, but it asks for {span(wish)}"
        said += f", at most {span(wished)}" if wished < wish else ""
    return Due(at=now + step, why=f"{kind}: {said}", every=step)


def _factor(share: float) -> float:
    if share < FEWEST_KNOWN:
        return FASTER
    return SLOWER if share > MOST_KNOWN else 1.0


def gap(
    now: datetime, *, items: int, known: int, polled_at: datetime | None, oldest: datetime | None
) -> tuple[datetime, datetime] | None:
    """Between which instants items must have gone by unseen; None if nothing proves it.

    A listing that was polled before and names nothing that is known has been replaced from end to
    end meanwhile: what stood between the two was never seen. One that names a single item shows the
    latest, and proves nothing. `oldest` is when the oldest item it names now was published, as far
    as it says.
    """
    if polled_at is None or items <= 1 or known:
        return None
    return polled_at, oldest if oldest and polled_at < oldest < now else now


def wish(ttl: timedelta | None, cache_control: str | None) -> timedelta | None:
    """How often a publisher would like a listing to be asked for: its own ttl, or HTTP's max-age.

    RFC 9111 §5.2.2.1; no-cache and no-store (§5.2.2.4, 5) are about keeping it, not about asking.
    """
    said = [ttl] if ttl else []
    for directive in (cache_control or "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        seconds = value.strip(' "')
        if name == "max-age" and seconds.isascii() and seconds.isdigit():
            fresh = timedelta(seconds=min(int(seconds), 10**9))
            said += [fresh] if fresh <= LONGEST_FRESH else []
    return max(said, default=None)


def child() -> Due:
    """After a sitemap that only an index names was had: the index says when it has changed."""
    return Due(at=None, why="sitemap: when its index says that it changed")


def listing_failed(now: datetime, reason: str, *, attempts: int, score: float) -> Due:
    """After a listing could not be had, `attempts` failures of a total weight `score` before."""
    kind = failures.classify(reason)
    weight = failures.WEIGHTS[kind]
    if score + weight >= failures.LISTING_LIMIT:
        return Due(
            at=now + failures.PROBE_EVERY,
            why=f"retired after {attempts + 1} failures: probed every {span(failures.PROBE_EVERY)}",
            weight=weight,
            is_retired=True,
        )
    return _waited_out(now, kind, failures.LISTINGS[kind], attempts)


def refused_listing(now: datetime, reason: str, *, attempts: int) -> Due:
    """After a listing was refused: never retired, for asking its robots.txt costs nothing."""
    return _refused(now, reason, attempts) or Due(at=now + DAILY, why=f"refused: {span(DAILY)}")


def recheck(now: datetime, first_sighted_at: datetime, unchanged: int, factor: float = 1.0) -> Due:
    """After an article was stored: when to look for an edit, or never if it is too old for any.

    Each recheck without a change stretches the step by a fifth (NewsSniffer). With a factor of
    three, three rechecks stretch it as far as one does otherwise: three times as often throughout.
    """
    steps = min(unchanged / factor, 20)
    age = max(now - first_sighted_at, timedelta())
    for younger_than, step in _LADDER:
        if age < younger_than:
            stretched: timedelta = step * STRETCH**steps / factor
            wait = min(stretched, LONGEST_STEP)
            why = f"article {span(age)} old: {span(step)}"
            why += f" × {STRETCH}^{steps:.3g} unchanged" if unchanged else ""
            why += f" ÷ {factor:g}" if factor != 1 else ""
            return Due(at=now + wait, why=why if wait == step else f"{why} = {span(wait)}")
    return Due(at=None, why=f"article older than {span(_LADDER[-1][0])}: no more rechecks")


def page_failed(now: datetime, reason: str, *, attempts: int, score: float, is_held: bool) -> Due:
    """After a page could not be had: tried again, or given up; one that is held is seen monthly."""
    kind = failures.classify(reason)
    weight = failures.WEIGHTS[kind]
    if score + weight < failures.ARTICLE_LIMIT:
        return _waited_out(now, kind, failures.ARTICLES[kind], attempts)
    tried = f"after {attempts + 1} failures, the last {kind}"
    if is_held:
        why = f"held, {tried}: every {span(GONE_AGAIN)}"
        return Due(at=now + GONE_AGAIN, why=why, weight=weight)
    return Due(at=None, why=f"given up {tried}", weight=weight, is_retired=True)


def closed(
    now: datetime, outcome: str, reason: str, *, first_sighted_at: datetime, attempts: int
) -> Due:
    """After an article was refused or walled: daily, then now and then, then given up."""
    if passing := _refused(now, reason, attempts):
        return passing
    age = now - first_sighted_at
    if age >= ASKED_FOR:
        return Due(at=None, why=f"given up, {outcome} for {span(ASKED_FOR)}", is_retired=True)
    wait = DAILY if age < DAILY_FOR else NOW_AND_THEN
    return Due(at=now + wait, why=f"{outcome}, {span(max(age, timedelta()))} old: {span(wait)}")


def no_article(outcome: str) -> Due:
    """After a page was found to be no article, or could not be read: it will not become one."""
    return Due(at=None, why=f"{outcome}: not asked for again")


def requisite(now: datetime, outcome: str, attempts: int) -> Due:
    """After a picture or a style sheet: if it could not be had, once more tomorrow."""
    if outcome == "failed" and attempts == 0:
        return Due(at=now + DAILY, why=f"requisite: once more after {span(DAILY)}")
    return Due(at=None, why="requisite: when a page needs it again")


def gone_again(now: datetime, checks: int) -> Due:
    """After a page we hold was gone for the `checks`-th time in a row."""
    wait = GONE_AGAIN if checks >= GONE_CHECKS else GONE_EVERY
    return Due(at=now + wait, why=f"gone, check {checks} of {GONE_CHECKS}: {span(wait)}")


def _refused(now: datetime, reason: str, attempts: int) -> Due | None:
    """A robots.txt that cannot be had for the moment is asked for again soon."""
    if failures.classify(reason) != "temporary":
        return None
    wait = min(Patience(first=timedelta(hours=1), factor=2).after(attempts), DAILY)
    return Due(at=now + wait, why=f"robots.txt unreachable {attempts + 1} times: {span(wait)}")


def _waited_out(now: datetime, kind: failures.Kind, patience: Patience, attempts: int) -> Due:
    wait = patience.after(attempts)
    why = f"{kind} failure {attempts + 1} in a row: {span(wait)}"
    return Due(at=now + wait, why=why, weight=failures.WEIGHTS[kind])


def span(time: timedelta) -> str:
    """A time as a person says it, two units at most: `45 min`, `1 h 30 min`, `3 d`."""
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    said = [(number, unit) for number, unit in parts]
    first = next((n for n, (number, _) in enumerate(said) if number), None)
    if first is None:
        return "0 s"
    return " ".join(f"{number} {unit}" for number, unit in said[first : first + 2] if number)
