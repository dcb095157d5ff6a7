"""Path patterns as robots.txt has them (RFC 9309 §2.2.2 and §2.2.3).

TDMRep and Content-Usage borrow them. A pattern matches the beginning of a path with its query,
`*` stands for any characters, and `$` at the end for the end. Matching is linear in the path:
what is matched is hostile, and no regular expression is made of it.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

PATTERN_LIMIT = 2000
_ESCAPED = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class _Pattern(NamedTuple):
    pieces: list[str]  # between the stars
    is_anchored: bool
    weight: int


def path_of(url: str) -> str:
    """The part of a URL that patterns are matched with: path and query, in one spelling."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def normal(text: str) -> str:
    """Escapes in upper case, those of unreserved characters undone, and what is not ASCII escaped.

    RFC 9309 §2.2.2 has both sides compared so.
    """
    return _ESCAPED.sub(_spelt, quote(text, safe="%/:?#[]@!$&'()*+,;=~-._|^\\{}<>\" `"))


def _spelt(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern, in any spelling, matches a path from `path_of`."""
    pieces, is_anchored, _ = _parsed(pattern[:PATTERN_LIMIT])
    first, rest = pieces[0], pieces[1:]
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not is_anchored or at == len(path)
    for piece in rest[:-1] if is_anchored else rest:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not is_anchored or (path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at)


def weight(pattern: str) -> int:
    """How specific a pattern is: the longest match counts (RFC 9309 §2.2.2)."""
    return _parsed(pattern[:PATTERN_LIMIT]).weight


@lru_cache(maxsize=20_000)
def _parsed(pattern: str) -> _Pattern:
    """A site's pages are matched with the same patterns again and again."""
    pattern = normal(pattern)
    is_anchored = pattern.endswith("$")
    pieces = (pattern[:-1] if is_anchored else pattern).split("*")
    return _Pattern(pieces, is_anchored, len(pattern))
