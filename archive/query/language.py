r"""The query language: what a researcher types, as a tree that both engines can be asked.

    query    : either?
    either   : both ("OR" both)*
    both     : negated ("AND"? negated)*           words side by side must all be there
    negated  : ("NOT" | "-")? near
    near     : atom ("NEAR/n" atom)?               at most n words between, in any order
    atom     : plain | title:plain | filter:value | filter:"a value"
    plain    : word | word* | "a phrase" | "a phrase"* | NEAR/n(plain plain…) | (either)

`NOT` binds tighter than `AND`, and `AND` tighter than `OR`. Operators are upper case. `NEAR` alone
is NEAR/10. Words are folded as the index folds them (`archive.words`), so a word that the index
cuts in pieces is a phrase: `a-b` is `"a b"`, `it's` is `"it s"`, 东京 is `"东 京"`.

Filters: `outlet:` `lang:` `author:` `section:` `tag:` `wire:` `kind:`, `since:` `until:` `date:`
with a year, a month or a day (`2026`, `2026-03`, `2026-03-04`), `is:edited` `is:gone`
`is:corrected`. They stand beside the words, not under OR; a filter may be negated (`-outlet:x`). An
article has one outlet, language, section, wire, kind and day, so one of these filters given twice
means either.

    valid                                     invalid
    pajak OR cukai                            pajak OR                ends too early
    tax* -sport                               *tax                    a star ends a word
    "climate change" NEAR/5 flood             (a b) NEAR/5 c          words and phrases only
    title:(election OR vote)                  title: vote             value right after the colon
    outlet:tempo since:2026-03 -lang:en       -sport                  needs something to find
    outlet:tempo outlet:kompas corona         corona OR outlet:tempo  filters not under OR
    C++                                       "open                   quotation mark not closed
"""

import re
from dataclasses import replace
from functools import cache
from math import prod
from typing import Any, NamedTuple

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from archive.errors import QuerySyntax
from archive.query.filters import NAMES, Misread, check_spelling, check_together, read_filter
from archive.query.nodes import (
    And,
    Days,
    Filter,
    FilterName,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Title,
    Word,
)
from archive.words import tokens

__all__ = [
    "And",
    "Days",
    "Filter",
    "FilterName",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Query",
    "Term",
    "Title",
    "Word",
    "parse",
]

QUERY_CHARACTERS = 2_000
"""No longer query is a person's; it bounds what one request can cost."""
DEPTH_MAX = 20
"""Parentheses and NOTs inside each other; FTS5's own parser gives up at about a hundred."""
NEAR_DEFAULT = 10
NEAR_MAX = 100
"""Words that NEAR can reach over; below `archive.words.TITLE_GAP`."""
NEAR_PATTERNS = 500
"""PostgreSQL has no NEAR: each order and distance is a phrase, and so many may one NEAR become."""

_QUOTES = '"“”„«»'
_STOP = rf"[\s(){_QUOTES}]|$"
_GRAMMAR = rf"""
start: either?
?either: both (_OR both)*
?both: negated (_AND? negated)*
?negated: (NOT | MINUS) near -> negation | near
?near: atom | atom NEAR atom -> beside
?atom: plain | FILTER -> filter | TITLE plain -> title
?plain: (WORD | PHRASE) -> term | "(" either ")" | NEAR_OPEN atom+ ")" -> group

_OR.9: /OR(?={_STOP})/
_AND.9: /AND(?={_STOP})/
NOT.9: /NOT(?={_STOP})/
NEAR_OPEN.9: /NEAR(\/\d+)?\(/
NEAR.8: /NEAR(\/\d+)?(?={_STOP})/
TITLE.7: /title:(?![\s)]|$)/i
FILTER.6: /({"|".join(NAMES)}):([{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|[^\s(){_QUOTES}]*)/i
MINUS.5: /-+(?=[^\s)-])/
PHRASE: /[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]\*?/
WORD: /-+(?=[\s)]|$)|[^\s(){_QUOTES}-][^\s(){_QUOTES}]*/
%ignore /\s+/
"""
_BRACKETS = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|[()]")


class _Found(NamedTuple):
    """What a piece of the query came to: parts that must all hold, none if it held no word."""

    parts: tuple[Node | Filter, ...]
    column: int


def parse(query: str) -> Query:
    """Read a query.

    A query of spaces is `Query(None, ())`; filters may stand alone.

    Raises:
        QuerySyntax: if it cannot be read, with the column and what to write instead.
    """
    query = re.sub(r"\s", " ", query)  # one for one: columns stay, and the caret has one line
    try:
        _check_size(query)
        return _query(_Reader().transform(_parser().parse(query)))
    except VisitError as error:
        if not isinstance(error.orig_exc, Misread):
            raise
        bad = error.orig_exc
    except UnexpectedInput as error:
        bad = _explained(error, query)
    except Misread as error:
        bad = error
    raise QuerySyntax(str(bad), query=query, column=bad.column)


@cache
def _parser() -> Lark:
    """Made when first asked: it takes a tenth of a second, and most commands never search."""
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True)


def _check_size(query: str) -> None:
    if len(query) > QUERY_CHARACTERS:
        raise Misread(f"A query has at most {QUERY_CHARACTERS:,} characters.", QUERY_CHARACTERS + 1)
    depth = 0
    for match in _BRACKETS.finditer(query):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth > DEPTH_MAX:
            raise Misread(f"At most {DEPTH_MAX} parentheses fit in each other.", match.start() + 1)


class _Reader(Transformer[Token, _Found]):
    """Builds the tree bottom up; each rule of the grammar has a method."""

    def start(self, children: list[_Found]) -> _Found | None:
        return children[0] if children else None

    def either(self, children: list[_Found]) -> _Found:
        return _Found((Or(tuple(_whole(child) for child in children)),), children[0].column)

    def both(self, children: list[_Found]) -> _Found:
        return _Found(tuple(p for child in children for p in child.parts), children[0].column)

    def negation(self, children: tuple[Token, _Found]) -> _Found:
        sign, found = children
        match found.parts:
            case (Filter(name="since" | "until" as name),):
                other = "until" if name == "since" else "since"
                raise Misread(f"{name}: cannot be negated; write {other}: instead.", _column(sign))
            case (Filter() as one,):
                part: Node | Filter = replace(one, is_negated=not one.is_negated)
            case (Not(inner),):
                part = inner
            case _:
                part = Not(_whole(found))
        return _Found((part,), _column(sign))

    def beside(self, children: tuple[_Found, Token, _Found]) -> _Found:
        left, near, right = children
        return _near(near, [left, right], left.column)

    def group(self, children: list[Any]) -> _Found:
        near, *found = children
        return _near(near, [f for f in found if f.parts], _column(near))

    def title(self, children: tuple[Token, _Found]) -> _Found:
        return _Found((Title(_whole(children[1])),), _column(children[0]))

    def term(self, children: list[Token]) -> _Found:
        return _term(children[0])

    def filter(self, children: list[Token]) -> _Found:
        return _Found((read_filter(children[0], _column(children[0])),), _column(children[0]))


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _query(found: _Found | None) -> Query:
    if found is None:
        return Query(None, ())
    filters = tuple(part for part in found.parts if isinstance(part, Filter))
    nodes = tuple(part for part in found.parts if not isinstance(part, Filter))
    check_together(filters)
    if not nodes and filters:
        return Query(None, filters)
    if filters and all(isinstance(node, Not) for node in nodes):
        unwanted = tuple(node.part for node in nodes if isinstance(node, Not))
        return Query(Not(unwanted[0] if len(unwanted) == 1 else Or(unwanted)), filters)
    return Query(_whole(_Found(nodes, found.column)), filters)


def _whole(found: _Found) -> Node:
    """One node that finds something, for a place where no filter may stand."""
    nodes: list[Node] = []
    for part in found.parts:
        if isinstance(part, Filter):
            raise Misread(
                f"{part.name}: cannot stand under OR, NOT, NEAR or title:; "
                "put it beside the rest of the query.",
                part.column,
            )
        nodes.append(part)
    if not nodes:
        raise Misread("There is no letter or digit to search for here; add a word.", found.column)
    if all(isinstance(node, Not) for node in nodes):
        raise Misread(
            "This says only what to leave out; add a word to find, or a filter such as outlet:.",
            found.column,
        )
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def _term(token: Token) -> _Found:
    column = _column(token)
    if token.type == "WORD":
        check_spelling(token, column)
    text = re.sub(f"[{_QUOTES}]", " ", token)
    head, star, rest = text.partition("*")
    words = tuple(tokens(head))
    if tokens(rest) or (star and not words and tokens(text)):
        raise Misread("A star can stand only at the end of a word: tax*.", column + len(head))
    if star and not words:
        return _Found((), column)
    if len(words) > 1:
        return _Found((Phrase(words, bool(star)),), column)
    kind = Prefix if star else Word
    return _Found(tuple(kind(word) for word in words), column)


def _near(operator: Token, found: list[_Found], column: int) -> _Found:
    terms: list[Term] = []
    for item in found:
        match item.parts:
            case ((Word() | Prefix() | Phrase()) as term,):
                terms.append(term)
            case _:
                raise Misread("NEAR joins words and phrases only.", item.column)
    distance = _distance(operator)
    if len(terms) < 2:  # noqa: PLR2004  # one is near itself
        return _Found(tuple(terms), column)
    lengths = [len(term.words) if isinstance(term, Phrase) else 1 for term in terms]
    if _patterns(distance, lengths) > NEAR_PATTERNS:
        most = max(
            (n for n in range(distance) if _patterns(n, lengths) <= NEAR_PATTERNS), default=-1
        )
        advice = f"write NEAR/{most} at most" if most >= 0 else "leave some out"
        raise Misread(f"NEAR/{distance} of {len(terms)} terms is too much; {advice}.", column)
    return _Found((Near(tuple(terms), distance),), column)


def _distance(operator: Token) -> int:
    digits = operator.rstrip("(").partition("/")[2]
    if not digits:
        return NEAR_DEFAULT
    if len(digits.lstrip("0")) > len(str(NEAR_MAX)) or int(digits) > NEAR_MAX:
        raise Misread(f"NEAR reaches over {NEAR_MAX} words at most.", _column(operator))
    return int(digits)


def _patterns(distance: int, lengths: list[int]) -> int:
    """How many ways there are to place terms near each other: see `archive.query.match`."""
    return prod(distance + n + 1 for n in lengths) - prod(distance + n for n in lengths)


def _explained(error: UnexpectedInput, query: str) -> Misread:
    if not isinstance(error, UnexpectedToken):
        unpaired = "This quotation mark has no partner; close it or leave it out."
        return Misread(unpaired, error.column)
    token, may_end = error.token, bool(error.expected & {"$END", "RPAR"})
    if token.type == "$END":
        message = "A closing parenthesis is missing." if may_end else _EARLY
        return Misread(message, len(query) + 1)
    if token.type == "RPAR":
        message = "This parenthesis closes none; leave it out." if may_end else _EMPTY
    elif token.type == "NEAR" and may_end:
        message = "NEAR joins two terms; for more write NEAR/5(a b c)."
    else:
        message = _MISPLACED.format(token)
    return Misread(message, _column(token))


_EARLY = (
    "The query ends where a word, a phrase or an opening parenthesis is expected; add it. "
    "To search for a word such as AND itself, put it in quotes."
)
_EMPTY = "A word, a phrase or an opening parenthesis is expected before this; add it."
_MISPLACED = (
    "{} cannot stand here: a word, a phrase or an opening parenthesis is expected. "
    "To search for the word itself, put it in quotes."
)
