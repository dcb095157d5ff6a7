"""The copy of a response that Twisted is given to parse: `Cleaner` makes it while bytes come in.

The record holds what came. The copy differs from it only where Twisted would fail on what browsers
take: docs/decisions/0013-the-parser-gets-a-cleaned-copy.md.
"""

import re
from collections.abc import Callable

from crawler.capture.chunks import Chunks
from crawler.capture.heads import LONGEST_HEAD, clean

_BLANK_LINE = re.compile(rb"\n\r?\n")


class Cleaner:
    """One response on its way to the parser: the heads of 1xx answers, the head, the body.

    The same bytes come out, whether they went in as one piece or as many. Never raises, and holds
    back one head or one line between chunks at most. After a chunked body, and in every other
    body, nothing is rewritten: the rest that Twisted hands back is as long as on the wire.
    """

    def __init__(self, *, has_body: bool = True) -> None:
        """`has_body` is False for the answer to a HEAD request."""
        self._has_body = has_body
        self._head = bytearray()  # one that has not ended
        self._heads = 0  # bytes of the interim heads before it
        self._body: Callable[[bytes], bytes] | None = None  # once the last head is over
        self.is_endless = False
        """The head is longer than a browser would read, and there is no sense in reading on."""

    def feed(self, data: bytes) -> bytes:
        """What to parse in place of this piece; empty while a head or a line is unfinished."""
        return self._body(data) if self._body else self._read_heads(data)

    def _read_heads(self, data: bytes) -> bytes:
        searched = max(len(self._head) - 2, 0)
        self._head += data
        given = bytearray()
        while not self._body and (part := self._next_head(searched)):
            given += part
            searched = 0
        return bytes(given)

    def _next_head(self, searched: int) -> bytes:
        if not b"HTTP/".startswith(bytes(self._head[:5]).upper()):
            return self._pass_on()
        blank = _BLANK_LINE.search(self._head, searched)
        end = blank.end() if blank else len(self._head)
        if self._heads + end > LONGEST_HEAD:
            self.is_endless = True
            return self._pass_on()
        if not blank:
            return b""
        head = clean(bytes(self._head[:end]))
        if head is None:
            return self._pass_on()
        del self._head[:end]
        self._heads += end
        if head.is_interim:
            return head.cleaned
        is_framed = self._has_body and head.has_body and head.is_chunked
        return head.cleaned + self._pass_on(Chunks().feed if is_framed else bytes)

    def _pass_on(self, body: Callable[[bytes], bytes] = bytes) -> bytes:
        self._body = body
        rest, self._head = bytes(self._head), bytearray()
        return self._body(rest)
