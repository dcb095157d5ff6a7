"""The judge of dates: which of the moments heard is believed, and on which clock it is given."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from archive.records import Claim, Moment, Origin
from crawler.extract.claims import Claims
from crawler.extract.moments import is_believable
from crawler.extract.regions import read_on

_RANK: dict[Origin, int] = {
    "rule": 0,
    "json-ld": 1,
    "opengraph": 2,
    "meta": 2,
    "microdata": 3,
    "time": 3,
    "url": 4,
    "memory": 4,
    "text": 5,
    "feed": 6,
    "sitemap": 6,
    "section": 6,
}
"""Which place is believed first."""
WEB_YEAR = 1990
"""An earlier day, which one place states and no other, is a default; a paper's archive says it in
several places, or is contradicted in none."""
FINENESS = {"year": 0, "month": 1, "day": 2, "minute": 3, "second": 4}
_WIDEST = timedelta(hours=14)
_QUARTER = timedelta(minutes=15)


def is_settled(claims: Claims, moments: dict[Claim, Moment], captured_at: datetime) -> bool:
    """Whether the lines beside the headline have nothing to add: a declared local instant."""
    believed = _believed("published", claims, moments, captured_at)
    if not believed or believed[0][1].precision in ("year", "month"):
        return False
    claim, moment = believed[0]
    return claim.origin != "meta" and not _is_in_utc(moment)


def _believed(
    field: str, claims: Claims, moments: dict[Claim, Moment], captured_at: datetime
) -> list[tuple[Claim, Moment]]:
    heard = [(c, moments[c]) for c in claims.of(field) if c in moments]
    believed = [
        (c, m) for c, m in heard if is_believable(m, captured_at) and not _is_only_month(c, m)
    ]
    old = {c.origin for c, m in believed if m.on.year < WEB_YEAR}
    if len(old) == 1 and any(c.origin not in old for c, _ in believed):
        believed = [pair for pair in believed if pair[1].on.year >= WEB_YEAR]
    return sorted(believed, key=lambda pair: _RANK.get(pair[0].origin, 9))


def _is_only_month(claim: Claim, moment: Moment) -> bool:
    """Whether it is the month of a URL, which is kept as a witness: no answer."""
    return claim.origin == "url" and moment.precision != "day"


def choose(
    field: str,
    claims: Claims,
    moments: dict[Claim, Moment],
    captured_at: datetime,
    region: str | None,
) -> Moment | None:
    """The moment believed of `field`, its claim put first; None if nothing believable was heard.

    A place that says the same more exactly goes before the best place.
    """
    believed = _believed(field, claims, moments, captured_at)
    if not believed:
        return None
    first = believed[0][1]
    chosen = max(believed, key=lambda pair: _adds(first, pair[1]) and FINENESS[pair[1].precision])
    if not _adds(first, chosen[1]):
        chosen = believed[0]
    if chosen[0].origin == "meta":
        chosen = next((pair for pair in believed if _outweighs(pair, chosen)), chosen)
    claims.choose(field, [chosen[0]])
    return _as_read(chosen[1], [moment for _, moment in believed], region)


def _outweighs(visible: tuple[Claim, Moment], chosen: tuple[Claim, Moment]) -> bool:
    """Whether what stands beside the headline corrects a meta element.

    It does where its day is the later one or a day off: 3 + 0 of 718 pages better, none worse. An
    earlier one is of something else.
    """
    later = visible[1].on - chosen[1].on
    is_seen = visible[0].origin in ("time", "text")
    return is_seen and later >= timedelta(days=-1) and later != timedelta()


def _is_in_utc(moment: Moment) -> bool:
    return FINENESS[moment.precision] > FINENESS["day"] and (
        moment.zone == "declared" and not moment.at.utcoffset()
    )


def _as_read(chosen: Moment, believed: list[Moment], region: str | None) -> Moment:
    """The same instant on the clock that the page shows, if its stamp is UTC.

    The clock is told by another claim of the same instant with its offset, or of the same minute
    past some hour without one; else by a neighbouring day and the country of the address. On
    718 pages with a day by hand 2 + 5 better and 1 + 1 worse (halves by domain).
    """
    if not _is_in_utc(chosen):
        return chosen
    for other in believed:
        if FINENESS[other.precision] <= FINENESS["day"]:
            continue
        shift = _clock(other) - _clock(chosen)
        is_same = other.utc == chosen.utc if other.zone == "declared" else not shift % _QUARTER
        if is_same and timedelta() != abs(shift) <= _WIDEST:
            return replace(chosen, at=chosen.at.astimezone(timezone(shift)))
    days = {other.on for other in believed if other.precision == "day"} - {chosen.on}
    if region and len(days) == 1 and (local := read_on(chosen.at, days.pop(), region)):
        return replace(chosen, at=local)
    return chosen


def _adds(first: Moment, other: Moment) -> bool:
    """Whether `other` says the same as the best claim, more exactly."""
    if FINENESS[other.precision] <= FINENESS[first.precision]:
        return False
    if first.precision == "day":
        return other.on == first.on
    return first.precision in ("year", "month") and other.isoformat().startswith(first.isoformat())


def has_day(claims: Claims, moments: dict[Claim, Moment], captured_at: datetime) -> bool:
    """Whether any place gave a believable day of publication."""
    return any(
        c in moments
        and is_believable(moments[c], captured_at)
        and moments[c].precision not in ("year", "month")
        for c in claims.of("published")
    )


def _clock(moment: Moment) -> datetime:
    """What a clock on the page's wall showed, to the minute."""
    return moment.at.replace(tzinfo=None, second=0, microsecond=0)
