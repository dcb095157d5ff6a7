"""Another program's WARC file as plain bytes: gzip in members, in one stream, or not packed at all.

It may be torn, cut or made to burst. What is damaged is told by `Torn`, and `next_member` finds the
place from which it can be read again. Nothing is held but a buffer and the end of what was packed.
"""

import contextlib
import re
from collections import deque
from dataclasses import dataclass
from typing import BinaryIO

from archive.errors import ArchiveError
from archive.warc.inflate import InflateError, Unpacker, unpacker

PIECE = 256 * 1024
GZIP = b"\x1f\x8b"
_MEMBER = b"\x1f\x8b\x08"
_VERSION = re.compile(rb"\r?\n(?=WARC/1\.[0-9]\r?\n)")
_HELD_BYTES = 4 << 20
"""Of the packed bytes of one member, those kept to look for another member within them."""
_TRIAL_BYTES = 4096
_SLICE = 256
_FLOOR = 16 << 20
"""Below this nothing is called a bomb."""


class TooMuch(ArchiveError):
    """A file unpacks to more than anybody's archive would: a bomb."""


class Torn(Exception):
    """The packed bytes make no sense from here on; `begun` is where their member begins."""

    def __init__(self, reason: str, begun: int) -> None:
        super().__init__(reason)
        self.begun = begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may unpack to before it is refused."""

    record_bytes: int = 200_000_000
    """A larger record is passed over, and never held."""
    ratio: int = 1000
    """Gzip's best is 1032, for zeros; text rarely passes 20."""
    file_bytes: int = 1_000_000_000_000


class Unpacked:
    """Plain bytes taken from the front of `buffer`; `at` says where in the plain file it begins.

    Args:
        file: as packed.
        name: what errors call it.
        size: its bytes on disk, against which the ratio is judged.
        limits: when it is refused.
    """

    def __init__(self, file: BinaryIO, name: str, size: int, limits: Limits) -> None:
        self._file = file
        self._name = name
        self._most = min(limits.file_bytes, max(_FLOOR, limits.ratio * size))
        self._raw = file.read(PIECE)
        self._packed_at = 0
        self._held = bytearray()
        self._unpacker: Unpacker | None = None
        self._made = 0
        self._tear: Torn | None = None
        self._members: deque[tuple[int, int]] = deque()
        self.buffer = bytearray()
        self.at = 0
        self.is_packed = self._raw.startswith(GZIP)

    def fill(self) -> bool:
        """Add to the buffer; whether there was more.

        Raises:
            Torn: if the packed bytes are damaged here; again, until `next_member` was asked.
            TooMuch: if it unpacks to more than the limits allow.
        """
        plain = self._unpack() if self.is_packed else self._next_raw()
        self.buffer += plain
        self._made += len(plain)
        if self._made > self._most:
            raise TooMuch(f"{self._name} unpacks to more than {self._most} bytes: refused")
        return bool(plain)

    def want(self, count: int) -> bool:
        """Have that many bytes in the buffer; whether there are."""
        while len(self.buffer) < count:
            if not self.fill():
                return False
        return True

    def drop(self, count: int) -> None:
        """Be done with the front of the buffer."""
        del self.buffer[:count]
        self.at += count
        while len(self._members) > 1 and self._members[1][0] <= self.at:
            self._members.popleft()

    def here(self) -> int:
        """Where this lies in the file: its member's offset if it begins one, else as unpacked."""
        self.drop(0)
        return self._members[0][1] if self.begins_member else self.at

    @property
    def begins_member(self) -> bool:
        """Whether a gzip member begins where the buffer does."""
        return bool(self._members) and self._members[0][0] == self.at

    def skip_blank(self) -> bool:
        """Pass over line ends; whether anything follows."""
        while self.want(1):
            blank = len(self.buffer) - len(self.buffer.lstrip(b"\r\n"))
            whole = blank == len(self.buffer)
            self.drop(blank)
            if not whole:
                return True
        return False

    def next_record(self) -> bool:
        """Pass over what is no record, to where one may begin; whether there is such a place."""
        if self.begins_member:
            return self._next_start()
        while True:
            found = _VERSION.search(self.buffer, 1)
            if found:
                self.drop(found.end())
                return True
            self.drop(max(0, len(self.buffer) - 16))
            if not self.fill():
                return False

    def next_member(self) -> bool:
        """Look in the packed bytes for another member that begins with a record; whether one is.

        What was unpacked of the damaged one is forgotten.
        """
        self.drop(len(self.buffer))
        self._unpacker = self._tear = None
        start = self._packed_at - len(self._held)
        data, look = bytes(self._held) + self._raw, 1
        self._held.clear()
        while True:
            found = data.find(_MEMBER, look)
            if found < 0 or len(data) - found < _TRIAL_BYTES:
                more = self._file.read(PIECE)
                if more:
                    keep = found if found >= 0 else max(look, len(data) - 2)
                    start, data, look = start + keep, data[keep:] + more, 0
                    continue
                if found < 0:
                    self._raw = b""
                    return False
            if _begins_record(data[found : found + _TRIAL_BYTES]):
                self._raw, self._packed_at = data[found:], start + found
                self._members.clear()
                return True
            look = found + 1

    def _next_start(self) -> bool:
        begun = self.at
        while True:
            starts = [plain for plain, _ in self._members if plain > begun]
            if starts:
                self.drop(starts[0] - self.at)
                return True
            self.drop(len(self.buffer))
            if not self.fill():
                return False

    def _next_raw(self) -> bytes:
        raw, self._raw = self._raw or self._file.read(PIECE), b""
        return raw

    def _unpack(self) -> bytes:
        while True:
            if not self._raw:
                self._raw = self._file.read(PIECE)
            if self._unpacker is None:
                if not self._raw:
                    return b""
                self._unpacker = unpacker()
                self._held.clear()
                self._members.append((self.at + len(self.buffer), self._packed_at))
            plain = self._inflate(self._unpacker)
            if plain:
                return plain

    def _inflate(self, inflating: Unpacker) -> bytes:
        if self._tear is not None:
            raise self._tear
        before, spare = self._raw, inflating.copy()
        try:
            plain = inflating.decompress(before, PIECE)
        except InflateError as error:
            self._tear = Torn(str(error), self._members[-1][0])
            return _salvaged(spare, before)
        self._raw = inflating.unused_data if inflating.eof else inflating.unconsumed_tail
        used = len(before) - len(self._raw)
        self._packed_at += used
        self._held += before[:used]
        if len(self._held) > 2 * _HELD_BYTES:
            del self._held[:-_HELD_BYTES]
        if inflating.eof:
            self._unpacker = None
        elif not before and not plain:
            self._tear = Torn("the file ends within it", self._members[-1][0])
        return plain


def _salvaged(inflating: Unpacker, packed: bytes) -> bytes:
    """What can be unpacked of a piece before the place where it is damaged."""
    plain: list[bytes] = []
    with contextlib.suppress(InflateError):
        for at in range(0, len(packed), _SLICE):
            plain.append(inflating.decompress(packed[at : at + _SLICE]))
            if sum(map(len, plain)) > PIECE:
                break
    return b"".join(plain)


def _begins_record(packed: bytes) -> bool:
    try:
        return unpacker().decompress(packed, 16).startswith(b"WARC/1.")
    except InflateError:
        return False
