"""The tree of a parsed query: conditions on words, and filters on what is known of an article.

    pajak "cukai rokok"* -title:(sport OR bola) outlet:tempo

    Query(
        text=And((Word("pajak"), Phrase(("cukai", "rokok"), is_prefix=True),
                  Not(Title(Or((Word("sport"), Word("bola"))))))),
        filters=(Filter("outlet", "tempo"),),
    )

Words are tokens as `archive.words` makes them. Every node but `Not` finds something by itself, and
`Not` stands only in an `And` beside a node that does, or alone as the `text` of a `Query`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Word:
    """One token of the index."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a token: `tax*`."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more tokens in a row; of the last, perhaps only its beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False


Term = Word | Prefix | Phrase


@dataclass(frozen=True, slots=True)
class Near:
    """Terms in any order, with at most `distance` tokens between the first and the last of them."""

    terms: tuple[Term, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """All of these; some parts may be `Not`, never all."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """None of this."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Title:
    """This, in the title."""

    part: "Node"


Node = Word | Prefix | Phrase | Near | And | Or | Not | Title
FilterName = Literal[
    "outlet", "lang", "author", "section", "tag", "wire", "kind", "since", "until", "date", "is"
]


class Days(NamedTuple):
    """The days that a year, a month or a day means, both ends inside."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on what is known of an article, not on its words.

    `days` is set for `since` (from `days.first`), `until` (to `days.last`) and `date` (within).
    The values of `outlet`, `lang`, `kind` and `is` are in lower case; others are as
    they were typed.
    """

    name: FilterName
    value: str
    is_negated: bool = False
    days: Days | None = None
    column: int = field(default=1, compare=False, repr=False)


_SINGLE = frozenset(["outlet", "lang", "section", "wire", "kind", "date"])


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: a condition on words, or None, and filters that all the hits meet.

    `text` is a `Not` only beside a filter (`outlet:x -sport`): all that the filters allow, less
    what its part finds.
    """

    text: Node | None
    filters: tuple[Filter, ...]

    @property
    def conditions(self) -> tuple[tuple[Filter, ...], ...]:
        """The filters in groups: of each group one must hold, and of all groups."""
        groups: dict[object, list[Filter]] = {}
        for place, item in enumerate(self.filters):
            either = item.name in _SINGLE and not item.is_negated
            groups.setdefault(item.name if either else place, []).append(item)
        return tuple(tuple(group) for group in groups.values())
