"""When a page was published and last changed, by the best place that says so; never a guess.

Places in order: rule, JSON-LD, OpenGraph, microdata and `<time>` beside the headline, other meta
elements, the day in the URL, a byline or dateline in the text, and what a listing said. A page
that says nothing there is searched once more, for elements made for its date. Dates anywhere else
(related links, the © line, a sentence) belong to something else: a page that has lost its metadata
got a wrong date from such a guess in 19 to 22 % of cases.

On 718 pages with a day by hand, their metadata removed: 79 % right, 3.5 % wrong, 17 % unknown. With
the visible dates removed, too, none is given.
"""

from dataclasses import dataclass

from lxml.html import HtmlElement

from archive.records import Claim, Moment, Origin
from crawler.extract.claims import Claims
from crawler.extract.datejudge import FINENESS, choose, has_day, is_settled
from crawler.extract.datelines import spoken_beside
from crawler.extract.datemarks import GRADES, Mark, marked_dates
from crawler.extract.datetext import Locale, dates_in
from crawler.extract.datewords import UPDATED
from crawler.extract.moments import declared, is_believable
from crawler.extract.page import Page
from crawler.extract.recall import dated_places
from crawler.extract.stamps import stamped, stamps_of
from crawler.extract.urldays import url_day


@dataclass(frozen=True, slots=True)
class Dating:
    """The two moments of an article."""

    published: Moment | None = None
    modified: Moment | None = None


def choose_dates(
    claims: Claims,
    page: Page,
    tree: HtmlElement,
    headline: HtmlElement | None,
    near: list[HtmlElement],
    opening: str | None,
    locale: Locale,
) -> Dating:
    """Choose both moments and put their claims first.

    `near` is what stands beside the headline, `opening` the first paragraphs of the body.
    """
    moments: dict[Claim, Moment] = {}
    for field in ("published", "modified"):
        for claim in claims.of(field):
            if moment := _read(claim.value, locale):
                moments[claim] = moment
    _hear_times(claims, moments, near, locale)
    _hear_url(claims, moments, page)
    seen_at = page.captured_at if page.is_dated else None
    if page.memory and not has_day(claims, moments, page.captured_at):
        for line in dated_places(tree, page.memory):
            if seen := next(iter(dates_in(line, locale)), None):
                _hear(claims, moments, "published", "memory", line, seen.moment)
    if not is_settled(claims, moments, page.captured_at):
        for spoken in spoken_beside(near, opening, locale, seen_at):
            field = "modified" if spoken.is_update else "published"
            _hear(claims, moments, field, "text", spoken.text, spoken.moment)
    if not has_day(claims, moments, page.captured_at):
        _hear_marks(claims, moments, marked_dates(tree, headline, locale, seen_at), page)
    _hear_witness(claims, moments, page)
    return Dating(
        published=choose("published", claims, moments, page.captured_at, locale.region),
        modified=choose("modified", claims, moments, page.captured_at, locale.region),
    )


def _hear_marks(
    claims: Claims, moments: dict[Claim, Moment], marks: list[Mark], page: Page
) -> None:
    """Believe the marks if they agree on a day, those that a label or class names first."""
    believed = [m for m in marks if is_believable(m.spoken.moment, page.captured_at)]
    firsts = [m for m in believed if not m.spoken.is_update]
    for grade in GRADES:
        group = [m for m in firsts if m.grade == grade]
        days = {m.spoken.moment.on for m in group}
        if len(days) == 1:
            best = max(group, key=lambda m: FINENESS[m.spoken.moment.precision])
            _hear(claims, moments, "published", "text", best.spoken.text, best.spoken.moment)
            return
        if days:
            return


def _read(value: str, locale: Locale) -> Moment | None:
    if moment := declared(value, locale.zone):
        return moment
    return next((seen.moment for seen in dates_in(value, locale)), None)


def _hear_times(
    claims: Claims, moments: dict[Claim, Moment], near: list[HtmlElement], locale: Locale
) -> None:
    for element in near:
        for time in stamped(element):
            value, moment = _stamp(time, locale)
            if moment:
                field = "modified" if _is_update(time) else "published"
                _hear(claims, moments, field, "time", value, moment)


def _stamp(element: HtmlElement, locale: Locale) -> tuple[str, Moment | None]:
    """What an element says the time is: to machines, or, if it is a `<time>`, to readers."""
    if element.tag == "time" and (value := (element.get("datetime") or "")[:100]):
        return value, _read(value, locale)
    for value in stamps_of(element):
        moment = declared(value, locale.zone)
        if moment and FINENESS[moment.precision] >= FINENESS["day"]:
            return value, moment
    value = element.text_content()[:100] if element.tag == "time" else ""
    return value, _read(value, locale)


def _is_update(time: HtmlElement) -> bool:
    parent = time.getparent()
    label = f"{time.get('class')} {time.get('itemprop')} {time.text or ''}"
    if parent is not None:
        before = time.getprevious()
        said = parent.text if before is None else f"{before.text_content()} {before.tail or ''}"
        label += f" {(said or '')[-40:]} {parent.get('class') or ''}"
    return bool(UPDATED.search(label))


def _hear_url(claims: Claims, moments: dict[Claim, Moment], page: Page) -> None:
    if day := url_day(page.url, page.zone):
        _hear(claims, moments, "published", "url", day.isoformat(), day)


def _hear_witness(claims: Claims, moments: dict[Claim, Moment], page: Page) -> None:
    if not (witness := page.witness) or witness.kind == "seed" or witness.kind == "page":  # noqa: PLR1714 - mypy narrows this
        return
    for field, moment in (("published", witness.published), ("modified", witness.modified)):
        if moment:
            _hear(claims, moments, field, witness.kind, moment.isoformat(), moment)


def _hear(
    claims: Claims,
    moments: dict[Claim, Moment],
    field: str,
    origin: Origin,
    value: str,
    moment: Moment,
) -> None:
    if claim := claims.add(field, origin, value):
        moments.setdefault(claim, moment)
