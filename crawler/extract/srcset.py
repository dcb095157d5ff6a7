"""`srcset`: one picture in many sizes, of which one is worth keeping (HTML §4.8.4.2.1)."""

import re
from collections.abc import Iterator
from itertools import islice

WIDEST = 1600
"""Pixels (`1600w`); enough for a column of text on a screen of double density."""
DENSEST = 2.0
"""Of `2x`; a third pixel is not seen on a page that is read."""
MOST_CANDIDATES = 100
"""Of one attribute; real ones have up to 20."""

_URL = re.compile(r"[\s,]*+([^\s]++)")
_DESCRIPTORS = re.compile(r"(?:[^,(]|\([^)]*+\)?)*+")
_WIDTH = re.compile(r"(?:^|\s)(\d{1,6})w(?:\s|$)")
_DENSITY = re.compile(r"(?:^|\s)(\d{0,6}(?:\.\d{1,6})?)x(?:\s|$)")


def chosen(srcset: str) -> str | None:
    """The address of the largest candidate that is not too large, else of the smallest."""
    wide: list[tuple[float, str]] = []
    dense: list[tuple[float, str]] = []
    for url, descriptors in islice(_candidates(srcset), MOST_CANDIDATES):
        if width := _WIDTH.search(descriptors):
            wide.append((int(width[1]), url))
        elif not descriptors:
            dense.append((1.0, url))
        elif (density := _DENSITY.search(descriptors)) and density[1] not in ("", "."):
            dense.append((float(density[1]), url))
    return _largest(wide, WIDEST) if wide else _largest(dense, DENSEST)


def widths(srcset: str) -> list[tuple[str, int]]:
    """The address and the width of every candidate that names its width."""
    found = islice(_candidates(srcset), MOST_CANDIDATES)
    sized = ((url, _WIDTH.search(descriptors)) for url, descriptors in found)
    return [(url, int(width[1])) for url, width in sized if width]


def _candidates(srcset: str) -> Iterator[tuple[str, str]]:
    """Address and descriptors of each; an address ends at a space, so it may hold commas."""
    at = 0
    while found := _URL.match(srcset, at):
        at, url = found.end(), found[1].rstrip(",")
        descriptors = ""
        if url == found[1] and (rest := _DESCRIPTORS.match(srcset, at)):
            at, descriptors = rest.end(), rest[0].strip()
        if url:
            yield url, descriptors


def _largest(sized: list[tuple[float, str]], limit: float) -> str | None:
    if not sized:
        return None
    fitting = [one for one in sized if one[0] <= limit]
    best = max(fitting, key=_size) if fitting else min(sized, key=_size)
    return best[1]


def _size(candidate: tuple[float, str]) -> float:
    return candidate[0]
