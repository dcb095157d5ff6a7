"""What kind of failure a reason speaks of, how heavy it weighs, and how long to wait after it.

    temporary  0.25   the server is busy or cannot be reached; it will pass by itself
    soft       0.5    an answer that is of no use: refused, cut, unreadable; somebody may mend it
    hard       1      there is nothing at that address: no name, no page, no trust in its TLS

The weights add up from the last success (Media Cloud's, and its classes); past a limit, what
failed is retired. So a listing that is gone is dead after a week, and one whose server is down
after a month. Read from the reason and not from the exception, so that what stands in the
frontier can be explained years later.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Kind = Literal["temporary", "soft", "hard"]

WEIGHTS: dict[Kind, float] = {"temporary": 0.25, "soft": 0.5, "hard": 1.0}

_HTTP = re.compile(r"HTTP (\d{3})")
_GONE = (404, 410)
_BUSY = (408, 425, 429)
_SERVER = range(500, 600)
_TLS = re.compile(r"\bSSL|\bTLS|certificate|CERTIFICATE|handshake", re.IGNORECASE)
_NO_NAME = re.compile(r"^(?:CannotResolveHost\b|gaierror \(\[Errno -[25]\])")
_PASSING = re.compile(
    r"^(?:gaierror|DownloadTimeout|Timeout|DownloadConnectionRefused|Connection|DownloadFailed"
    r"|Connect|ResponseNeverReceived|NoRoute|TCPTimedOut|Tunnel|OS\b|robots\.txt unreachable)"
)
"""Beginnings of reasons that `crawler.spiders.news.explain` makes of what the network does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How failures of one kind are waited out: `first`, times `factor` each time, up to `most`."""

    first: timedelta
    factor: int
    most: timedelta = timedelta(days=1)

    def after(self, attempts: int) -> timedelta:
        """How long to wait after a failure, `attempts` earlier ones in a row."""
        wait: timedelta = self.first * self.factor ** min(attempts, 10)
        return min(wait, self.most)


LISTINGS: dict[Kind, Patience] = {
    "temporary": Patience(first=timedelta(minutes=10), factor=2),
    "soft": Patience(first=timedelta(minutes=30), factor=2),
    "hard": Patience(first=timedelta(hours=1), factor=2),
}
LISTING_LIMIT = 10.0
"""Ten hard failures take six days, twenty soft ones two weeks, forty temporary ones a month."""
PROBE_EVERY = timedelta(days=30)
"""A retired listing is asked for again; papers do come back."""

ARTICLES: dict[Kind, Patience] = {
    "temporary": Patience(first=timedelta(minutes=10), factor=3),
    "soft": Patience(first=timedelta(hours=1), factor=6),
    "hard": Patience(first=timedelta(hours=1), factor=6),
}
ARTICLE_LIMIT = 2.0
"""Two hard failures (a feed may name a page before it is there), four soft ones (a day), eight
temporary ones (four days: an outlet that is down for a weekend loses nothing)."""


def classify(reason: str) -> Kind:
    """The kind of a failure, by its reason; what is not known is soft."""
    if found := _HTTP.match(reason):
        status = int(found[1])
        if status in _GONE:
            return "hard"
        return "temporary" if status in _BUSY or status in _SERVER else "soft"
    if _NO_NAME.match(reason) or (_TLS.search(reason) and not reason.startswith("not a ")):
        return "hard"
    return "temporary" if _PASSING.match(reason) else "soft"
