"""PNG made and read with nothing but zlib: what a picture's size is, and which colours it has."""

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from archive.records import Capture
from archive.screenshots import Picture

SIGNATURE = b"\x89PNG\r\n\x1a\n"
Colour = tuple[int, int, int]


def png(width: int = 4, height: int = 3, colour: Colour = (200, 30, 30)) -> bytes:
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def picture(of: Capture, *parts: Capture, **changes: Any) -> Picture:
    """A picture of a capture, drawn from it and others."""
    said: dict[str, Any] = {
        "png": png(),
        "software": "Chrome/1.2 kliping/0",
        "viewport": (1280, 800),
        "made_of": (of.id, *(part.id for part in parts)),
    }
    return Picture(**said | changes)


def size(content: bytes) -> tuple[int, int]:
    return struct.unpack_from(">II", content, 16)


def colours(content: bytes, rows: int) -> set[Colour]:
    """The colours in the first rows; 8 bits a channel, with or without alpha, not interlaced."""
    width, height, depth, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", content, 16)
    assert (depth, interlaced) == (8, 0)
    channels = {2: 3, 6: 4}[kind]
    stride = width * channels
    wanted = min(rows, height) * (stride + 1)
    plain = zlib.decompressobj().decompress(b"".join(_pixels(content)), wanted)
    found: set[Colour] = set()
    above = bytes(stride)
    for at in range(0, len(plain), stride + 1):
        above = _unfiltered(plain[at], plain[at + 1 : at + 1 + stride], above, channels)
        found |= set(zip(*(above[c::channels] for c in range(3)), strict=True))
    return found


def _pixels(content: bytes) -> Iterator[bytes]:
    at = len(SIGNATURE)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        if content[at + 4 : at + 8] == b"IDAT":
            yield content[at + 8 : at + 8 + length]
        at += length + 12


def _unfiltered(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """PNG §9: none, sub, up, average, Paeth."""
    made = bytearray(row)
    if kind == 2:
        return bytes((a + b) & 255 for a, b in zip(row, above, strict=True))
    for i in range(len(made)) if kind else ():
        left = made[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        guesses = (0, left, above[i], (left + above[i]) // 2, _paeth(left, above[i], corner))
        made[i] = (made[i] + guesses[kind]) & 255
    return bytes(made)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
