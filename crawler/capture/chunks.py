"""Chunked framing made plain while it streams past: `Chunks` rewrites what stands between chunks.

Twisted takes a size line only if it is bare hexadecimal digits, a short extension of certain
characters, and CR LF. Chromium and curl also take padding, any extension, and a bare LF. So may we:
a connection carries one response at a time, and what follows its end is thrown away.
"""

import re
from enum import IntEnum

LONGEST_SIZE_LINE = 16 * 1024  # bytes; Chromium's limit
LONGEST_TRAILER = 64 * 1024  # bytes; Twisted's limit for all trailers together

_SIZE = re.compile(rb"[ \t]*0*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\n]*)?")


class _Next(IntEnum):
    """What is read next."""

    SIZE = 0
    END = 1
    TRAILER = 2
    DATA = 3
    REST = 4


_LONGEST = (LONGEST_SIZE_LINE, 1, LONGEST_TRAILER)  # bytes of a size, an end, a trailer


class Chunks:
    """A chunked body, piece by piece, with its lines as Twisted wants them.

    ```
    chunk = size  data  end        once or more
    last  = size of 0, trailer lines, an empty line
    rest  = whatever follows, untouched

    size  = blanks, hexadecimal digits, blanks, ";" anything     becomes digits CR LF
    data  = as many bytes, untouched
    end   = an empty line                                       becomes CR LF
    ```

    A line ends in LF or CR LF. What breaks these rules is given in such a way that Twisted refuses
    it. Never raises, and holds back one unfinished line at most.
    """

    def __init__(self) -> None:
        self._next = _Next.SIZE
        self._held = bytearray()  # a line that has not ended
        self._left = 0  # bytes of this chunk still to come

    def feed(self, data: bytes) -> bytes:
        """What to parse in place of this piece; empty while a line is unfinished."""
        given = bytearray()
        at = 0
        while at < len(data):
            if self._next is _Next.REST:
                stop = len(data)
                given += data[at:]
            elif self._next is _Next.DATA:
                stop = min(at + self._left, len(data))
                given += data[at:stop]
                self._pass(stop - at)
            else:
                stop = data.find(b"\n", at) + 1 or len(data)
                self._held += data[at:stop]
                given += self._line()
            at = stop
        return bytes(given)

    def _pass(self, count: int) -> None:
        self._left -= count
        if not self._left:
            self._next = _Next.END

    def _line(self) -> bytes:
        is_ended = self._held.endswith(b"\n")
        if len(self._held) - is_ended > _LONGEST[self._next]:
            return self._give_up()
        if not is_ended:
            return b""
        line = bytes(self._held[:-1].removesuffix(b"\r"))
        if self._next is _Next.SIZE:
            return self._size(line)
        if self._next is _Next.END:
            return self._give_up() if line else self._plain(line, _Next.SIZE)
        return self._plain(line, _Next.TRAILER if line else _Next.REST)

    def _size(self, line: bytes) -> bytes:
        size = _SIZE.fullmatch(line)
        if size is None:
            return self._give_up()
        self._left = int(size[1], 16)
        return self._plain(b"%x" % self._left, _Next.DATA if self._left else _Next.TRAILER)

    def _plain(self, line: bytes, then: _Next) -> bytes:
        self._held.clear()
        self._next = then
        return line + b"\r\n"

    def _give_up(self) -> bytes:
        # Twisted would take a size of 17 digits: an empty line in its place is refused for certain
        refused = b"\r\n" if self._next is _Next.SIZE else b""
        refused += self._held
        self._held.clear()
        self._next = _Next.REST
        return refused
