"""What was learned of an outlet from the pages that are stored of it.

A memory is small, says of each thing on how many pages it rests, and has a digest of its own: two
texts made under different memories are not compared (DESIGN decision 14, `Fingerprint.memory`).

    {"version": 1, "pages": 40, "container": ["div.story-body", 38, 40],
     "furniture": [["div.author-bio", 31, 40], ...], "lines": [["followusonwhatsapp", 12, 40], ...],
     "suffixes": [["Example Post", 40, 40]], "date_places": [["span.date", 39, 40]],
     "date_order": ["DMY", 22, 40], "zone": ["Etc/GMT-7", 40, 40]}
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from archive.digests import sha256
from archive.records import Digest

VERSION = 1
"""Of the form above. A memory of another version is not used, and learned anew."""


@dataclass(frozen=True, slots=True)
class Learned:
    """One thing that pages agree on: what, on how many pages, of how many that could tell."""

    what: str
    pages: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletMemory:
    """What pages of one outlet have in common.

    Attributes:
        pages: how many pages it was learned from, near-copies counted once.
        container: the kind of element (`div.story-body`) that holds the article's text.
        furniture: kinds of elements that hold no text of the article.
        lines: lines that are the site's and not an article's, folded.
        suffixes: what the title element adds to a headline.
        date_places: kinds of elements in which the day of publication stands.
        date_order: `DMY` or `MDY`, as its numeric dates are written.
        zone: the zone of its times, where all agree in winter and in summer.
    """

    pages: int
    container: Learned | None = None
    furniture: tuple[Learned, ...] = ()
    lines: tuple[Learned, ...] = ()
    suffixes: tuple[Learned, ...] = ()
    date_places: tuple[Learned, ...] = ()
    date_order: Learned | None = None
    zone: Learned | None = None

    def as_json(self) -> dict[str, Any]:
        """The memory as plain JSON, in the form drawn above."""
        plain = {name: _plain(value) for name, value in asdict(self).items()}
        said = {name: value for name, value in plain.items() if value not in (None, [])}
        return {"version": VERSION, **said}

    @property
    def order(self) -> Literal["DMY", "MDY"] | None:
        """The order of day and month, for reading dates."""
        if self.date_order is None:
            return None
        return "MDY" if self.date_order.what == "MDY" else "DMY"

    @property
    def gist(self) -> frozenset[tuple[str, str]]:
        """What it says, without how many pages say so: two with the same gist do the same."""
        said: list[tuple[str, str]] = []
        for name in ("furniture", "lines", "suffixes", "date_places"):
            said += [(name, one.what) for one in getattr(self, name)]
        for name in ("container", "date_order", "zone"):
            one = getattr(self, name)
            said += [(name, one.what)] if one else []
        return frozenset(said)

    @property
    def is_visible(self) -> bool:
        """Whether a page of the outlet shows anything of it, by which a layout can be told."""
        return bool(self.furniture or self.container)

    @property
    def digest(self) -> Digest:
        """The digest of its JSON with sorted keys."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return sha256(text.encode())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def memory_from_json(plain: Mapping[str, Any]) -> OutletMemory | None:
    """The memory again, or None if it has another version's form."""
    if plain.get("version") != VERSION:
        return None
    values: dict[str, Any] = {"pages": plain["pages"]}
    for name in ("container", "date_order", "zone"):
        values[name] = Learned(*plain[name]) if name in plain else None
    for name in ("furniture", "lines", "suffixes", "date_places"):
        values[name] = tuple(Learned(*one) for one in plain.get(name, ()))
    return OutletMemory(**values)
