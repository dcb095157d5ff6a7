"""What a feed may cost to read, counted before a parser sees it.

feedparser takes 15 µs for an element, and twice that if the XML is torn; what it does with the
attributes of one element grows with their square (300,000 elements took 10 s, an element of 200,000
attributes minutes). One pass over the tags costs a hundredth of it. It need not see exactly what a
parser sees: it bounds, and a feed within the bounds costs some seconds at most.
"""

import re
from dataclasses import dataclass, field

MOST_ITEMS = 2_000
"""A feed has 10 to 100 items; one with thousands is a whole archive, which sitemaps tell better."""
MOST_ELEMENTS = 50 * MOST_ITEMS
MOST_DEEP = 200
"""Elements in each other; a feed has 5, and pages in feeds some dozens."""
MOST_QUOTES = 400
"""Quotation marks in one tag: 200 attributes."""
MOST_NAMESPACES = 200
"""Declarations; feedparser looks through all of them at each element. A feed has up to 20."""
LONGEST_TAG = 512 * 1024
"""Bytes; a picture may stand in an attribute."""
MOST_MARKUP = 8 * 1024 * 1024
"""Bytes in tags altogether."""
MOST_ENTITIES = 500_000
"""`&amp;` and the like, each of which is a piece of text for a parser."""

_TAG = re.compile(rb"<(/?)([A-Za-z_:][^\s<>/\"']*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)(>?)")
_ENDS = {b"<!--": b"-->", b"<![C": b"]]>", b"<?": b"?>"}
"""Where what is no tag ends, by how it begins."""
NOT_READ = "not read: "
"""How it is said that nothing of a listing was looked at."""
_OWN = b"<!ENTITY"
_ITEMS = (b"item", b"entry")


class _TooMuch(Exception):
    """What no feed has, in words."""


@dataclass(slots=True)
class _Walk:
    """What was met so far."""

    body: bytes
    open: list[bytes] = field(default_factory=list)
    items: int = 0
    elements: int = 0
    markup: int = 0
    namespaces: int = 0
    has_opened: bool = False

    def take(self, at: int) -> int:
        """Count what begins at a `<`; where to look for the next.

        Raises:
            _TooMuch: if no feed has so much of something.
        """
        body = self.body
        self.has_opened = False
        if end := _ENDS.get(body[at : at + 4]) or _ENDS.get(body[at : at + 2]):
            self.elements += 1  # to a parser a piece of text is as much work as an element
            found = body.find(end, at)
            return found if found >= 0 else len(body)
        if body.startswith(_OWN, at):
            raise _TooMuch("it declares entities of its own")
        tag = _TAG.match(body, at)
        if tag is None:
            self.elements += 1  # it is looked at all the same, if the XML is torn
            return at + 1
        if tag[1]:
            self._close(tag[2])
        else:
            self._begin(tag)
        return tag.end()

    def ends(self) -> bytes:
        """What closes all that was open before what was taken last."""
        names = self.open[:-1] if self.has_opened else self.open
        return b"".join(b"</%b>" % name for name in reversed(names))

    def _begin(self, tag: re.Match[bytes]) -> None:
        inside = tag[3]
        if not tag[4]:  # torn: a parser may take all up to the next for its attributes
            end = self.body.find(b"<", tag.end())
            inside = self.body[tag.start(3) : end if end >= 0 else len(self.body)]
        self.elements += 1
        self.items += tag[2].rpartition(b":")[2].lower() in _ITEMS
        self.markup += len(inside)
        self.namespaces += inside.count(b"xmlns")
        self.has_opened = not inside.endswith(b"/")
        if self.has_opened:
            self.open.append(tag[2])
        for found, most, what in (
            (len(self.open), MOST_DEEP, "elements in each other"),
            (len(inside), LONGEST_TAG, "bytes in one tag"),
            (inside.count(b'"') + inside.count(b"'"), MOST_QUOTES, "quotation marks in one tag"),
            (self.markup, MOST_MARKUP, "bytes in tags"),
            (self.namespaces, MOST_NAMESPACES, "namespaces"),
        ):
            if found > most:
                raise _TooMuch(f"more than {most} {what}")

    def _close(self, name: bytes) -> None:
        if name not in self.open:
            self.elements += 1
            return
        while self.open.pop() != name:  # and what was never closed in it
            pass


def within_bounds(body: bytes) -> tuple[bytes, str | None]:
    """As much of a feed as may be read, and why not all of it.

    Of too many items or elements the first are read, and what was open is closed after them; what
    no feed has, such as 200 elements in each other, is not read at all. There is to be no DOCTYPE.
    """
    if body.count(b"&") > MOST_ENTITIES:
        return b"", f"{NOT_READ}more than {MOST_ENTITIES} entities"
    walk = _Walk(body)
    at = body.find(b"<")
    try:
        while at >= 0:
            after = walk.take(at)
            if walk.items > MOST_ITEMS or walk.elements > MOST_ELEMENTS:
                return body[:at] + walk.ends(), _cut(walk)
            at = body.find(b"<", after)
    except _TooMuch as much:
        return b"", f"{NOT_READ}{much}"
    return body, None


def _cut(walk: _Walk) -> str:
    if walk.items > MOST_ITEMS:
        return f"more than {MOST_ITEMS} items; the first {MOST_ITEMS} were read"
    return f"more than {MOST_ELEMENTS} elements; the rest was left out"
