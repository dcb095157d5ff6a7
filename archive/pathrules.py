"""Path patterns as robots.txt has them (RFC 9309 §2.2.2 and §2.2.3): which fits, and how well.

    /private/        the beginning of a path with its query
    /*.pdf$          `*` is any characters, `$` at the end is the end

TDMRep, Content-Usage and ai.txt borrow them. Pattern and path are compared octet by octet after
both are brought to one spelling: what may be plain is plain, and everything else is
percent-encoded. Pure, and without regular expressions that a file could make slow.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes, urlsplit

REMEMBERED = 500
"""Characters of a pattern that is remembered; one is asked for with each page of its site."""

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN_IN_QUERY = _PLAIN | frozenset(b"/?")
_NEEDS_NOTHING = re.compile(r"[A-Za-z0-9._~-]*")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in one spelling: what stands between its `*`, and whether it ends in `$`."""

    parts: tuple[str, ...]
    is_whole: bool

    @property
    def octets(self) -> int:
        """How specific it is (§2.2.2): an octet is one, however it is spelled."""
        return len(_ESCAPE.sub(".", "*".join(self.parts))) + self.is_whole

    def matches(self, path: str) -> bool:
        """Whether it fits a path from `path_of`, from the beginning; each part where first found.

        Linear in the path.
        """
        first, *others = self.parts
        if not path.startswith(first):
            return False
        if not others:
            return not self.is_whole or path == first
        *between, last = others
        at = len(first)
        for part in between:
            at = path.find(part, at)
            if at < 0:
                return False
            at += len(part)
        if self.is_whole:
            return path.endswith(last) and len(path) - len(last) >= at
        return path.find(last, at) >= 0


def read_pattern(written: str) -> Pattern:
    """A pattern as it is written in a file."""
    return _remembered(written) if len(written) <= REMEMBERED else _read(written)


def path_of(url: str) -> str:
    """What patterns are compared with: a URL's path and query in one spelling; `/` if it has none.

    What is no URL has the path `/`.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return _spelled((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))[0]


def _read(written: str) -> Pattern:
    parts, in_query = [], False
    for part in written.removesuffix("$").split("*"):
        spelled, in_query = _spelled(part, in_query=in_query)
        parts.append(spelled)
    return Pattern(tuple(parts), written.endswith("$"))


_remembered = lru_cache(maxsize=4_000)(_read)


def _spelled(path: str, *, in_query: bool = False) -> tuple[str, bool]:
    """One spelling of a path and query, or of a part; and whether it ends in the query (§2.2.2).

    In the path `%2F` is no `/`, and stays. In the query they mean the same, as in the RFC's own
    example, and so do `?` and `%3F`.
    """
    query = path if in_query else None
    if not in_query:
        path, mark, after = path.partition("?")
        query = after if mark else None
    said = "" if in_query else "/".join(_encoded(one, _PLAIN) for one in path.split("/"))
    if query is not None:
        said += ("" if in_query else "?") + _encoded(query, _PLAIN_IN_QUERY)
    return said, query is not None


def _encoded(text: str, plain: frozenset[int]) -> str:
    if _NEEDS_NOTHING.fullmatch(text):
        return text
    octets = unquote_to_bytes(text)
    return "".join(chr(one) if one in plain else f"%{one:02X}" for one in octets)
