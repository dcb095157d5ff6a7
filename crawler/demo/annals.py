"""What the Harbour Gazette printed in the months before the demo begins, for `kliping backfill`.

No listing of the day names these articles, so no daily crawl meets them: only the months' sitemaps
do, which robots.txt names, and the archive page of each day::

    /sitemaps/index.xml      names /sitemaps/2026-01.xml …, the newest first, with their lastmod
    /archive/2026/01/16/     the articles of a day; 404 if there were none
"""

from calendar import month_name
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from html import escape

from crawler.demo.content import Article, DemoOutlet
from crawler.demo.markup import stamp
from crawler.demo.replies import Reply, page

OUTLET = "harbour-gazette"
MONTHS = ((2025, 10), (2025, 11), (2025, 12), (2026, 1))
_DAYS = (4, 11, 16, 27)
_SHIPS = ("Calloway Belle", "Marigold", "Second Wind", "Heron", "Patience")
_ARRIVED = (
    "The {ship} came in before noon on day {day} of {month} and has been made fast at berth "
    "{berth}, where she will lie until the wind has gone round to the west."
)
_MASTER = (
    "Her master said that number {number} in the harbour's register had seen worse, and that "
    "nobody aboard was in a hurry. The pilots are not so sure, and have asked for a second line to "
    "the quay before the tide turns."
)
_NORTH = (
    "Berths on the north side stay free for the ferry. Whoever has business there is asked to "
    "speak to the harbour office first, between eight and four."
)
INDEX = "/sitemaps/index.xml"
PAGES = "/archive/{yyyy}/{mm}/{dd}/"
_WRITTEN_AT = datetime(2026, 2, 1, tzinfo=UTC)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def annals_of(outlet: DemoOutlet) -> tuple[Article, ...]:
    """The outlet's articles of earlier months, oldest first; most have none."""
    return tuple(_articles(outlet)) if outlet.id == OUTLET else ()


def answer(outlet: DemoOutlet, base: str, path: str) -> Reply | None:
    """The reply for a listing of the past; None if the path is none."""
    articles = annals_of(outlet)
    if not articles:
        return None
    if path == INDEX:
        return _xml(_index(outlet, base))
    if path.startswith("/sitemaps/"):
        chosen = [a for a in articles if path == f"/sitemaps/{a.published:%Y-%m}.xml"]
        return _xml(_month(outlet, base, chosen)) if chosen else None
    if path.startswith("/archive/"):
        chosen = [a for a in articles if path == f"/archive/{a.published:%Y/%m/%d}/"]
        return page(_day(outlet, base, chosen), changed=chosen[0].published) if chosen else None
    return None


def _articles(outlet: DemoOutlet) -> Iterator[Article]:
    number = 3000
    for year, month in MONTHS:
        for day in _DAYS:
            number += 1
            yield _article(outlet, date(year, month, day), number)


def _article(outlet: DemoOutlet, day: date, number: int) -> Article:
    ship, berth = _SHIPS[number % len(_SHIPS)], number % 7 + 1
    slug = f"{ship.lower().replace(' ', '-')}-at-berth-{berth}-{day:%d}"
    month = f"{month_name[day.month]} {day.year}"
    return Article(
        outlet=outlet.id,
        slug=slug,
        section="harbour",
        number=number,
        path=f"/harbour/{day:%Y}/{day:%m}/{slug}",
        title=f"The {ship} lies at berth {berth} until the weather turns",
        language=outlet.language,
        authors=("Ines Falk",),
        published=datetime.combine(day, time(9, 30), outlet.zone),
        paragraphs=tuple(
            text.format(ship=ship, berth=berth, day=day.day, month=month, number=number)
            for text in (_ARRIVED, _MASTER, _NORTH)
        ),
    )


def _xml(text: str) -> Reply:
    return Reply(media="application/xml; charset=utf-8", body=text.encode(), changed=_WRITTEN_AT)


def _index(outlet: DemoOutlet, base: str) -> str:
    rows = "".join(
        f"<sitemap><loc>{base}/sitemaps/{year}-{month:02}.xml</loc>"
        f"<lastmod>{year}-{month:02}-{_DAYS[-1]}</lastmod></sitemap>\n"
        for year, month in reversed(MONTHS)
    )
    return f"{_XML}<sitemapindex {_SPACE}>\n{rows}</sitemapindex>\n"


def _month(outlet: DemoOutlet, base: str, articles: list[Article]) -> str:
    rows = "".join(
        f"<url><loc>{escape(base + article.path)}</loc>"
        f"<lastmod>{stamp(outlet, article.published)}</lastmod></url>\n"
        for article in articles
    )
    return f"{_XML}<urlset {_SPACE}>\n{rows}</urlset>\n"


def _day(outlet: DemoOutlet, base: str, articles: list[Article]) -> str:
    rows = "".join(
        f'<h3><a href="{escape(base + article.path)}">{escape(article.title)}</a></h3>\n'
        for article in articles
    )
    title = f"{outlet.name}, {outlet.day(articles[0].published)}"
    return (
        f'<!doctype html>\n<html lang="{outlet.language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body><main>\n{rows}</main></body></html>\n"
    )
