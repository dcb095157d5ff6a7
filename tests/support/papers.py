"""Fifty outlets with a month of news: made from a seed, each with a rhythm and a feed of its own.

An outlet prints one to sixty articles a day, more by day than by night, fewer at weekends, and now
and then a burst of a dozen within half an hour. Its feed names the newest ten, so an article of
a busy hour may be announced for minutes only.
"""

import json
import math
import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from html import escape

from archive.clock import Clock
from crawler.demo.replies import Reply, Request, conditioned, http_date, page

FEED_ENTRIES = 10
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BURSTS_A_MONTH = 4
BURST = 12
VOCABULARY = (
    "harbour council market ferry school budget river storm bridge mayor museum strike "
    "vote road hospital clinic festival match league train station union farm flood "
    "winter summer water energy price tax rent house court judge police fire rescue "
    "island lighthouse pilot captain crew cargo"
)
WORDS = VOCABULARY.split()


@dataclass(frozen=True, slots=True)
class Piece:
    """One article: when it is printed, and until when the feed names it."""

    number: int
    published: datetime
    until: datetime


@dataclass(frozen=True)
class Paper:
    """One outlet."""

    number: int
    pieces: tuple[Piece, ...] = field(repr=False)

    @property
    def id(self) -> str:
        return f"paper-{self.number:02}"

    @property
    def host(self) -> str:
        return f"{self.id}.example"

    @cached_property
    def times(self) -> list[datetime]:
        return [piece.published for piece in self.pieces]

    def url(self, piece: Piece) -> str:
        return f"http://{self.host}/{piece.published:%Y/%m/%d}/{piece.number}"

    def toml(self) -> str:
        return (
            f'id = "{self.id}"\nname = "Paper {self.number}"\nlanguages = ["en"]\nzone = "UTC"\n'
            f'home = "http://{self.host}/"\n[listings]\nfeeds = ["/feed.xml"]\n'
            "[urls]\narticle = ['^/\\d{4}/\\d\\d/\\d\\d/\\d+$']\n"
        )


class Papers:
    """All outlets; answers as `crawler.demo.server.Server` asks."""

    def __init__(
        self, clock: Clock, outlets: int, begin: datetime, days: int, seed: int = 2026
    ) -> None:
        self.clock = clock
        # a few outlets are spread over all rates, as fifty are
        numbers = (round(n * 49 / max(outlets - 1, 1)) for n in range(outlets))
        papers = (
            paper(n, begin, days, seed) for n in (numbers if outlets < 50 else range(outlets))
        )
        self.by_host = {one.host: one for one in papers}

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self.by_host)

    def outlet_files(self) -> dict[str, str]:
        return {one.id: one.toml() for one in self.by_host.values()}

    def answer(
        self, request: Request, at: datetime, count: Callable[[str], int] | None = None
    ) -> Reply:
        found = self.by_host.get(request.host.partition(":")[0])
        path = request.path.partition("?")[0]
        if found and path == "/feed.xml":
            return conditioned(feed(found, at), request, ("etag", "last-modified"))
        if found and path.count("/") == 4 and path.rpartition("/")[2].isdigit():
            number = int(path.rpartition("/")[2])
            if number < len(found.pieces) and found.pieces[number].published <= at:
                return conditioned(story(found, found.pieces[number]), request, ("etag",))
        return page("<!doctype html><title>Not here</title><p>Not here.</p>", status=404)


def paper(number: int, begin: datetime, days: int, seed: int) -> Paper:
    """An outlet's month; outlets are from one article a day to sixty, evenly on a log scale."""
    dice = random.Random(f"{seed}/{number}")
    rate = 60 ** (number % 50 / 49)
    times = []
    for hour in range(days * 24):
        at = begin + hour * HOUR
        weekend = 0.5 if at.weekday() > 4 else 1.0
        daylight = 0.15 + 1.7 * max(0.0, math.sin((at.hour - 5) / 17 * math.pi))
        times += [
            at + dice.random() * HOUR for _ in range(poisson(dice, rate / 24 * daylight * weekend))
        ]
    for _ in range(dice.randrange(BURSTS_A_MONTH + 1)):
        at = begin + dice.random() * days * DAY
        times += [at + dice.random() * HOUR / 2 for _ in range(BURST)]
    times = sorted(t.replace(microsecond=0) for t in times)
    end = begin + (days + 365) * DAY
    pushed = [*times[FEED_ENTRIES:], *[end] * min(FEED_ENTRIES, len(times))]
    return Paper(
        number,
        tuple(Piece(n, at, out) for n, (at, out) in enumerate(zip(times, pushed, strict=True))),
    )


def poisson(dice: random.Random, mean: float) -> int:
    limit, product, n = math.exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        n += 1
    return n


def feed(one: Paper, at: datetime) -> Reply:
    printed = bisect_right(one.times, at)
    newest = one.pieces[max(0, printed - FEED_ENTRIES) : printed][::-1]
    changed = newest[0].published if newest else at.replace(hour=0, minute=0, second=0)
    items = "".join(
        f"<item><title>{escape(title(one, piece))}</title><link>{one.url(piece)}</link>"
        f"<pubDate>{http_date(piece.published)}</pubDate></item>"
        for piece in newest
    )
    text = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{one.id}</title>'
        f"<link>http://{one.host}/</link>{items}</channel></rss>"
    )
    return Reply(media="application/rss+xml", body=text.encode(), changed=changed)


def title(one: Paper, piece: Piece) -> str:
    dice = random.Random(f"{one.number}/{piece.number}")
    return " ".join(dice.choices(WORDS, k=6)).capitalize()


def story(one: Paper, piece: Piece) -> Reply:
    dice = random.Random(f"{one.number}/{piece.number}/text")
    said = title(one, piece)
    paragraphs = [
        ". ".join(" ".join(dice.choices(WORDS, k=9)).capitalize() for _ in range(4)) + "."
        for _ in range(4)
    ]
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": said,
        "datePublished": piece.published.isoformat(),
        "author": {"@type": "Person", "name": "Rowan Teague"},
    }
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return page(
        f'<!doctype html><html lang="en"><head><title>{said}</title>'
        f'<script type="application/ld+json">{json.dumps(facts)}</script></head>'
        f"<body><article><h1>{said}</h1>{body}</article></body></html>",
        changed=piece.published,
    )
