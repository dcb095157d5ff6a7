"""Authors: persons first, the outlet or its desk only where no person signs."""

import re
from collections.abc import Iterable, Mapping

from archive.records import Claim, Origin
from crawler.extract import roles
from crawler.extract.agencies import is_agencies
from crawler.extract.claims import Claims
from crawler.extract.names import names_in
from crawler.extract.plain import folded

AUTHORS_LIMIT = 20
RANK: dict[Origin, int] = {
    "rule": 0,
    "json-ld": 1,
    "meta": 2,
    "opengraph": 3,
    "text": 4,
    "microdata": 5,
    "trafilatura": 6,
    "feed": 7,
    "sitemap": 7,
    "section": 7,
}
"""The order of belief. F1 of each place's persons where it names any, on two halves of the outlets
(news; other pages): JSON-LD 96 and 92 (82 and 92), text 85 and 86 (91 and 82), meta 70 and 91 (74
and 73), OpenGraph 87 and 86 (80 and 86), microdata on few pages (69 and 58). In this order all are
84.4 and 79.1; with microdata before the text 84.4 and 78.6, with the text before meta elements 84.2
and 78.9, before JSON-LD 80.6 and 76.4."""
_NOISE = re.compile(rf"\b(?:{roles.any_of(roles.NOISE)})\b", re.IGNORECASE)
_DESK = re.compile(rf"(?<!\w)(?:{roles.any_of(roles.DESKS)})(?!\w)", re.IGNORECASE)
_OFFICE = re.compile(
    rf"(?<!\w)(?:{roles.any_of(roles.OFFICES + roles.STAMPS)})(?!\w)", re.IGNORECASE
)
_ADDRESS = re.compile(r"\w\.(?:com?|org|net|info|news|tv|de|at|ch|fr|it|es|id|uk|in|eu)\b")
_SHORT_NAME = 3
_EXACT: tuple[Origin, ...] = ("rule", "json-ld")  # where "MDR Thüringen" was meant to sign

Names = Mapping[str, str]


def choose_authors(claims: Claims, sites: set[str]) -> tuple[str, ...]:
    """Choose the authors, put their claims first, and return their names.

    Persons in JSON-LD come first, then meta elements, bylines and listings. The outlet's own name,
    or its desk's, counts only if no person is named anywhere: many an agency piece is signed so.
    """
    heard = sorted(claims.of("authors"), key=lambda c: RANK.get(c.origin, 9))
    agencies: tuple[list[Claim], list[str]] | None = None
    signed: tuple[list[Claim], list[str]] | None = None
    for origin in dict.fromkeys(c.origin for c in heard):
        mine = [c for c in heard if c.origin == origin]
        names = _names(mine, origin)
        people = [n for key, n in names.items() if _is_somebody(key, n, sites, origin)]
        if any(not is_agencies(name) for name in people):
            claims.choose("authors", mine)
            return tuple(people[:AUTHORS_LIMIT])
        agencies = agencies or ((mine, list(names.values())) if people else None)
        signed = signed or ((mine, list(names.values())) if names else None)
    chosen, found = agencies or signed or ([], [])
    claims.choose("authors", chosen)
    return tuple(found[:AUTHORS_LIMIT])


def names_a_person(claims: Claims, sites: set[str]) -> bool:
    """Whether any place names a person, rather than an account, a desk, an agency or the outlet."""
    return any(
        _is_somebody(folded(name), name, sites, claim.origin) and not is_agencies(name)
        for claim in claims.of("authors")
        for name in _names([claim], claim.origin).values()
    )


def _is_somebody(key: str, name: str, sites: set[str], origin: Origin) -> bool:
    """Whether a name is neither the outlet's nor its desk's: `MDR Thüringen`, `Web Desk`."""
    first = folded(name.split(maxsplit=1)[0])
    is_outlet = key in sites or (
        origin not in _EXACT and len(first) >= _SHORT_NAME and first in sites
    )
    return not (is_outlet or _DESK.search(name) or _ADDRESS.search(name))


def _names(heard: Iterable[Claim], origin: Origin) -> dict[str, str]:
    names: dict[str, str] = {}
    for claim in heard:
        for name in names_in(claim.value):
            if not _NOISE.search(name) and not (origin == "text" and _OFFICE.search(name)):
                names.setdefault(folded(name), name)
    return names
