"""From the tracks of an outlet's pages to what they agree on."""

from collections import Counter
from collections.abc import Iterable, Sequence

from crawler.extract.memory import Learned, OutletMemory
from crawler.memory.trace import TELLING, Trace

MIN_PAGES = 4
"""Pages without which nothing is learned."""
AGREEING = 3
"""Pages that must show the same before it is believed."""
COPY_SHARE = 0.5
"""Pages that share this much of their text are one article under two addresses."""
EVIDENCE_SHARE = 0.75
"""Share of a kind's elements that must look like furniture for all of them to be it."""
BODY_SHARE = 0.25
"""Of a page's body: a kind that holds more of it on any page is not furniture."""
LINE_PAGES = 0.2
"""Of the pages: a line on fewer belongs to a series of articles, or to some of them."""
LINE_SHARE = 0.2
"""Of a page's body: a line that is more of it anywhere is a text of its own."""
LINES_LIMIT = 200
SURE_SHARE = 0.9
"""Of the pages on which a kind holds a day, it must be the day of publication."""
PLACES_LIMIT = 3
_WESTERNMOST, _EASTERNMOST = -12, 14
_WINTER = (11, 12, 1, 2)
_BETWEEN = (3, 4, 9, 10)
"""Months in which clocks are changed somewhere."""
FURNITURE_LIMIT = 100


def learn(traces: Iterable[Trace]) -> OutletMemory | None:
    """What the pages agree on; None if they are too few."""
    pages = _without_copies(traces)
    if len(pages) < MIN_PAGES:
        return None
    return OutletMemory(
        pages=len(pages),
        container=_container(pages),
        furniture=tuple(_furniture(pages)),
        lines=tuple(_lines(pages)),
        suffixes=tuple(_common((p.suffix for p in pages), len(pages))),
        date_places=tuple(_date_places(pages)),
        date_order=_date_order(pages),
        zone=_zone(pages),
    )


def _without_copies(traces: Iterable[Trace]) -> list[Trace]:
    kept: list[Trace] = []
    for page in sorted(traces, key=lambda one: one.url):
        if not page.lines:
            continue
        if not any(_shared(page, other) >= COPY_SHARE for other in kept):
            kept.append(page)
    return kept


def _shared(page: Trace, other: Trace) -> float:
    return sum(share for line, share in page.lines.items() if line in other.lines)


def _common(values: Iterable[str | None], of: int) -> list[Learned]:
    """Values that enough pages show, the commonest first."""
    counts = Counter(value for value in values if value)
    return [Learned(v, n, of) for v, n in counts.most_common(5) if n >= AGREEING]


def _container(pages: Sequence[Trace]) -> Learned | None:
    counts = Counter(kind for page in pages for kind in page.containers)
    size = {kind: i for page in pages for i, kind in reversed(list(enumerate(page.containers)))}
    likely = [kind for kind, n in counts.items() if n >= max(AGREEING, 0.8 * len(pages))]
    best = min(likely, key=lambda kind: (size[kind], -counts[kind], kind), default=None)
    return Learned(best, counts[best], len(pages)) if best else None


def _lines(pages: Sequence[Trace]) -> list[Learned]:
    counts = Counter(line for page in pages for line in page.lines if len(line) >= TELLING)
    large = {line for page in pages for line, share in page.lines.items() if share > LINE_SHARE}
    least = max(AGREEING, LINE_PAGES * len(pages))
    often = [Learned(x, n, len(pages)) for x, n in counts.items() if n >= least and x not in large]
    return sorted(often, key=lambda one: (-one.pages, one.what))[:LINES_LIMIT]


def _furniture(pages: Sequence[Trace]) -> list[Learned]:
    seen = Counter(
        text for p in pages for text in {t for h in p.holdings.values() for t in h.texts}
    )
    headlines = {page.headline for page in pages} - {""}
    held = Counter(kind for page in pages for kind in page.holdings)
    found = []
    for kind, on in held.items():
        if on < AGREEING:
            continue
        its = [page.holdings[kind] for page in pages if kind in page.holdings]
        if max(h.share for h in its) > BODY_SHARE:
            continue
        telling = [
            is_beside or seen[text] >= AGREEING or text in headlines
            for holding in its
            for text, is_beside in zip(holding.texts, holding.beside, strict=True)
            if len(text) >= TELLING
        ]
        if len(telling) >= AGREEING and sum(telling) >= EVIDENCE_SHARE * len(telling):
            found.append(Learned(kind, on, len(pages)))
    return sorted(found, key=lambda one: (-one.pages, one.what))[:FURNITURE_LIMIT]


def _date_places(pages: Sequence[Trace]) -> list[Learned]:
    """Kinds of elements that hold the day of publication wherever they hold a day."""
    dated = Counter(place.kind for page in pages for place in page.places)
    right = Counter(place.kind for page in pages for place in page.places if place.agrees)
    sure = [
        Learned(kind, n, dated[kind])
        for kind, n in right.items()
        if n >= AGREEING and n >= SURE_SHARE * dated[kind]
    ]
    return sorted(sure, key=lambda one: (-one.pages, one.what))[:PLACES_LIMIT]


def _date_order(pages: Sequence[Trace]) -> Learned | None:
    """The order that all pages show on which the two orders differ."""
    told = [{place.order for place in page.places} - {None} for page in pages]
    orders = Counter(order for page in told for order in page if len(page) == 1)
    if len(orders) != 1:
        return None
    [(order, n)] = orders.items()
    return Learned(str(order), n, len(pages)) if n >= AGREEING else None


def _zone(pages: Sequence[Trace]) -> Learned | None:
    told = [page for page in pages if page.offset is not None and page.month is not None]
    offsets = {page.offset for page in told}
    seasons = {page.month in _WINTER for page in told if page.month not in _BETWEEN}
    if len(told) < AGREEING or len(offsets) != 1 or seasons != {True, False}:
        return None
    hours, rest = divmod(offsets.pop() or 0, 60)
    # UTC tells nothing: half of all systems write it, whatever the clock of their readers
    if rest or not hours or not _WESTERNMOST <= hours <= _EASTERNMOST:
        return None
    return Learned(f"Etc/GMT{-hours:+d}", len(told), len(pages))
