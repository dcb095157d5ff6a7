"""Every claim that a page makes about a field, in the order it was heard."""

from collections.abc import Iterable

from archive.records import Claim, Origin
from crawler.extract.plain import plain

CLAIMS_LIMIT = 12
"""Claims kept a field; a page with more of them is not better evidence."""

_LENGTHS = {
    "title": 500,
    "authors": 200,
    "summary": 2000,
    "section": 200,
    "site_name": 200,
    "image": 2000,
    "canonical": 2000,
    "published": 100,
    "modified": 100,
    "language": 35,
    "tags": 500,
    "wire": 200,
    "correction": 2000,
}
_LENGTH = 500
_MANY = {"tags": 40}


class Claims:
    """Claims by field, each made plain, within limits, none twice."""

    def __init__(self) -> None:
        self._by_field: dict[str, list[Claim]] = {}

    def add(self, field: str, origin: Origin, value: object) -> Claim | None:
        """Note what `origin` says `field` is, and return the claim; None if it says nothing."""
        text = plain(value, _LENGTHS.get(field, _LENGTH))
        known = self._by_field.setdefault(field, [])
        if not text or len(known) >= _MANY.get(field, CLAIMS_LIMIT):
            return None
        claim = Claim(origin=origin, value=text)
        if claim not in known:
            known.append(claim)
        return claim

    def add_all(self, field: str, origin: Origin, values: Iterable[object]) -> None:
        """Note several values of one origin."""
        for value in values:
            self.add(field, origin, value)

    def of(self, field: str) -> tuple[Claim, ...]:
        """The claims about `field`, in the order heard or the chosen one first."""
        return tuple(self._by_field.get(field, ()))

    def values(self, field: str, *origins: Origin) -> list[str]:
        """What was claimed of `field`, by these origins only if any are named."""
        return [c.value for c in self.of(field) if not origins or c.origin in origins]

    def choose(self, field: str, chosen: Iterable[Claim]) -> None:
        """Put the chosen claims first."""
        first = list(chosen)
        rest = [claim for claim in self.of(field) if claim not in first]
        self._by_field[field] = [*first, *rest]

    def as_mapping(self) -> dict[str, tuple[Claim, ...]]:
        """All claims, for a draft."""
        return {field: tuple(claims) for field, claims in self._by_field.items() if claims}
