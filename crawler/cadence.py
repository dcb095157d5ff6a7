"""When to look again; pure functions of what happened.

Articles follow a ladder by age (NewsDiffs' observation: edits come early), stretched while nothing
changes. Failures back off and end. A page that seems gone is asked for again before it is believed.
"""

from datetime import datetime, timedelta

LISTING_EVERY = timedelta(minutes=15)
LISTING_FAILED = timedelta(minutes=30)
LONGEST_LISTING_BACK_OFF = timedelta(days=1)

_LADDER = (
    # younger than this, since first sighted: look again after this
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
    (timedelta(days=360), timedelta(days=30)),
)

TRIES = 6
"""A page that failed this often in a row is not asked for again."""
FIRST_RETRY = timedelta(minutes=10)
WAITS = {"refused": timedelta(hours=20), "walled": timedelta(hours=20)}
"""What is refused or walled may be open tomorrow; what is no article is not asked for again.

Less than a day, so that who crawls each day at six asks each day: what was settled a minute past
six is due at six the next day.
"""

REQUISITE_AGAIN = timedelta(hours=20)

GONE_CHECKS = 3
"""404s come back to life: a page is gone when it was gone this often in a row."""
GONE_EVERY = timedelta(hours=5)
"""Less than six hours, for the same reason: a crawl every six hours looks each time."""
GONE_AGAIN = timedelta(days=30)


def listing_again(now: datetime) -> datetime:
    """After a listing was read, or had not changed."""
    return now + LISTING_EVERY


def listing_failed(now: datetime, attempts: int) -> datetime:
    """After a listing could not be had; feeds do answer 404 and come back, so never never."""
    doubled: timedelta = LISTING_FAILED * 2 ** min(attempts, 10)
    return now + min(doubled, LONGEST_LISTING_BACK_OFF)


def recheck(now: datetime, first_sighted_at: datetime, unchanged: int) -> datetime | None:
    """After an article was stored: when to look for an edit, or None if it is too old for any.

    Each recheck without a change stretches the step by a fifth (NewsSniffer).
    """
    age = now - first_sighted_at
    for younger_than, step in _LADDER:
        if age < younger_than:
            return now + min(step * 1.2 ** min(unchanged, 20), timedelta(days=90))
    return None


def retry(now: datetime, attempts: int) -> datetime | None:
    """After a failure, `attempts` earlier ones: when to try again, or None to give up."""
    if attempts + 1 >= TRIES:
        return None
    step: timedelta = FIRST_RETRY * 3**attempts
    return now + step


def requisite(now: datetime, attempts: int) -> datetime | None:
    """After a picture or a style sheet could not be had: once more tomorrow, then not again."""
    return now + REQUISITE_AGAIN if attempts == 0 else None


def gone_again(now: datetime, checks: int) -> datetime:
    """After a page we hold was gone for the `checks`-th time in a row."""
    return now + (GONE_AGAIN if checks >= GONE_CHECKS else GONE_EVERY)
