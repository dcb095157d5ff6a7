"""A query's condition on words, written for each engine; both must find the same documents.

    query                  FTS5                            tsquery
    tax* -sport            ("tax" * NOT "sport")           ('tax':* & !'sport')
    "a b"                  "a b"                           ('a' <1> 'b')
    title:a                {title} : "a"                   'a':A
    NEAR/1(a b)            NEAR("a" "b", 1)                ('a' <1> 'b' | 'a' <2> 'b' | 'b' <1> …

FTS5 searches a table with the columns `title` and `body` that hold `archive.words.indexed` text;
PostgreSQL a tsvector made by `archive.words.tsvector_literal`, to be matched with `@@ :q::tsquery`.

NEAR means what FTS5 means by it: there is one place for each term so that no term ends more than n
tokens before the last of them begins. Terms may overlap, so `NEAR(a a)` is no more than `a`; a term
in between is among the n tokens, so `NEAR/0(a b c)` finds nothing. In PostgreSQL, which has
distances but no NEAR, it is spelled out: each order and distance is a phrase.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from archive.query.nodes import And, Near, Node, Not, Or, Phrase, Prefix, Term, Title, Word
from archive.words import Needle, lexeme

_NOTHING = "'a' & !'a'"
"""A tsquery that no document matches."""
_Placed = dict[int, tuple[str, bool]]
"""Tokens by position; True if only the beginning of one is known."""


def fts5(node: Node) -> str:
    """The FTS5 MATCH expression of a condition.

    Raises:
        ValueError: for a `Not` by itself, which FTS5 cannot say: match its part, and take the rest.
    """
    match node:
        case Word() | Prefix() | Phrase():
            return _fts5_term(node)
        case Near(terms, distance):
            return f"NEAR({' '.join(_fts5_term(term) for term in terms)}, {distance})"
        case And(parts):
            return _fts5_and(parts)
        case Or(parts):
            return f"({' OR '.join(fts5(part) for part in parts)})"
        case Title(part):
            return f"({{title}} : {fts5(part)})"
        case Not():
            raise ValueError("FTS5 cannot search for what is not there")


def _fts5_and(parts: Sequence[Node]) -> str:
    wanted = " AND ".join(fts5(part) for part in parts if not isinstance(part, Not))
    unwanted = " OR ".join(fts5(part.part) for part in parts if isinstance(part, Not))
    if not wanted:
        raise ValueError("FTS5 cannot search for what is not there")
    # NOT is binary in FTS5, and binds tightest
    return f"(({wanted}) NOT ({unwanted}))" if unwanted else f"({wanted})"


def _fts5_term(term: Term) -> str:
    words, is_prefix = _sequence(term)
    quoted = " ".join(words).replace('"', '""')
    return f'"{quoted}" *' if is_prefix else f'"{quoted}"'


def tsquery(node: Node) -> str:
    """The text of a PostgreSQL tsquery: to be cast with `::tsquery`, which parses no language."""
    return _tsquery(node, "")


def _tsquery(node: Node, weight: str) -> str:
    match node:
        case Word() | Prefix() | Phrase():
            words, is_prefix = _sequence(node)
            return _chain(_placed(words, 0, is_prefix=is_prefix), weight)
        case Near():
            return _any(_chain(placed, weight) for placed in _arrangements(node))
        case And(parts):
            return f"({' & '.join(_tsquery(part, weight) for part in parts)})"
        case Or(parts):
            return _any(_tsquery(part, weight) for part in parts)
        case Not(part):
            return f"!{_tsquery(part, weight)}"
        case Title(part):
            return _tsquery(part, "A")


def _any(alternatives: Iterator[str]) -> str:
    # three words have no place within NEAR/0 of each other, and "()" is no tsquery
    return f"({' | '.join(dict.fromkeys(alternatives)) or _NOTHING})"


def _chain(placed: _Placed, weight: str) -> str:
    """Tokens at positions as a phrase with distances."""
    pieces: list[str] = []
    before: int | None = None
    for position, (token, is_prefix) in sorted(placed.items()):
        if before is not None:
            pieces.append(f"<{position - before}>")
        flags = ("*" if is_prefix else "") + weight
        pieces.append(lexeme(token) + (f":{flags}" if flags else ""))
        before = position
    return pieces[0] if len(pieces) == 1 else f"({' '.join(pieces)})"


def _arrangements(near: Near) -> Iterator[_Placed]:
    """Every way to place the terms of a NEAR, by how far each begins before the last one."""
    sequences = [_sequence(term) for term in near.terms]
    reach = [range(near.distance + len(words) + 1) for words, _ in sequences]
    for offsets in product(*reach):
        if min(offsets) > 0:
            continue  # no term is the last one
        placed = _united(
            _placed(words, -offset, is_prefix=is_prefix)
            for (words, is_prefix), offset in zip(sequences, offsets, strict=True)
        )
        if placed is not None:
            yield placed


def _placed(words: Sequence[str], begin: int, *, is_prefix: bool) -> _Placed:
    last = len(words) - 1
    return {begin + i: (word, is_prefix and i == last) for i, word in enumerate(words)}


def _united(all_placed: Iterable[_Placed]) -> _Placed | None:
    """All together, or None if two want different tokens at one position."""
    united: _Placed = {}
    for placed in all_placed:
        for position, wanted in placed.items():
            both = _narrower(united.get(position, ("", True)), wanted)
            if both is None:
                return None
            united[position] = both
    return united


def _narrower(one: tuple[str, bool], other: tuple[str, bool]) -> tuple[str, bool] | None:
    if one == other or (one[1] and other[0].startswith(one[0])):
        return other
    return one if other[1] and one[0].startswith(other[0]) else None


def needles(node: Node) -> tuple[Needle, ...]:
    """What to mark in an excerpt: the terms that a hit may hold, each once."""
    return tuple(dict.fromkeys(_needles(node)))


def _needles(node: Node) -> Iterator[Needle]:
    match node:
        case Word() | Prefix() | Phrase():
            words, is_prefix = _sequence(node)
            yield Needle(words, is_prefix)
        case Near(parts) | And(parts) | Or(parts):
            for part in parts:
                yield from _needles(part)
        case Title(part):
            yield from _needles(part)
        case Not():
            return


def _sequence(term: Term) -> tuple[tuple[str, ...], bool]:
    match term:
        case Word(text):
            return (text,), False
        case Prefix(text):
            return (text,), True
        case Phrase(words, is_prefix):
            return words, is_prefix
