"""Gzip members unpacked by zlib-ng, at about half of zlib's CPU.

It is zlib in all else: what it refuses, where it stops, and what it leaves over. But its errors are
its own (`InflateError`) and no `zlib.error`.
"""

from typing import Protocol, cast

from zlib_ng import zlib_ng

WBITS = 31
"""A gzip member, with its checksum."""
TRUSTED_BYTES = 1 << 28
"""A member that says it unpacks to more is not believed beforehand."""

InflateError = cast("type[Exception]", zlib_ng.error)  # its stub calls it an instance


class Unpacker(Protocol):
    """One member while it is unpacked; as `zlib.decompressobj` gives it."""

    @property
    def eof(self) -> bool:
        """Whether the member's end was reached, and its checksum is right."""

    @property
    def unused_data(self) -> bytes:
        """What was given and lies behind the member's end."""

    @property
    def unconsumed_tail(self) -> bytes:
        """What was given and not looked at yet, since `max_length` was reached."""

    def decompress(self, packed: bytes | memoryview, max_length: int = 0, /) -> bytes:
        """Unpack some more, to at most `max_length` bytes unless that is 0.

        Raises:
            InflateError: if it makes no sense from here on; what came with it is lost.
        """

    def copy(self) -> "Unpacker":
        """As it is now, to go on from twice."""


def unpacker() -> Unpacker:
    """Begin a member."""
    return cast("Unpacker", zlib_ng.decompressobj(wbits=WBITS))


def unpack(member: bytes) -> bytes:
    """A whole member; whatever follows it is passed over.

    Raises:
        InflateError: if it is torn or damaged.
    """
    # its last four bytes say how long it was (RFC 1952 §2.3.1): then nothing is copied to grow.
    # They may lie, so no more is believed than deflate can do at its best
    said = int.from_bytes(member[-4:], "little")
    bound = min(len(member) * 1032, TRUSTED_BYTES)
    return zlib_ng.decompress(member, WBITS, said if 0 < said <= bound else zlib_ng.DEF_BUF_SIZE)
