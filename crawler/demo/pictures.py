"""Pictures drawn when they are asked for: PNG, the same bytes for the same name.

A picture has a palette and one byte for each pixel (PNG §11.2.2: colour type 3), and every row is
made of a few runs of one colour. So the widest takes some hundredths of a second, and nothing
binary lies in the package.
"""

import colorsys
import hashlib
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

Colour = tuple[int, int, int]
Ridge = list[tuple[float, float]]

SKY_SHADES = 24
WATER_SHADES = 12
SUN, FAR, NEAR = (
    SKY_SHADES + WATER_SHADES,
    SKY_SHADES + WATER_SHADES + 1,
    SKY_SHADES + WATER_SHADES + 2,
)
SHORE = 0.76
"""Where the water begins, as a share of the height."""
GRAIN_PIXELS = 64
ICON_PIXELS = 32
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PEAKS = 8


@lru_cache(64)
def photograph(name: str, width: int) -> bytes:
    """A view of hills and water for each name, `width` pixels wide and half as high."""
    seed = hashlib.sha256(name.encode()).digest()
    height = width // 2
    ridges = (
        (FAR, _ridge(seed[2:11], width, height, top=0.38)),
        (NEAR, _ridge(seed[11:20], width, height, top=0.55)),
    )
    sun = (0.15 + seed[20] / 365) * width, (0.16 + seed[21] / 1600) * height, height / 10
    shore = int(height * SHORE)
    rows = []
    for y in range(height):
        if y < shore:
            row = bytearray([y * SKY_SHADES // shore]) * width
            _paint(row, SUN, _disc(sun, y))
            for colour, ridge in ridges:
                for run in _beneath(ridge, y):
                    _paint(row, colour, run)
        else:
            deep = (y - shore) * WATER_SHADES // (height - shore)
            row = bytearray([SKY_SHADES + deep]) * width
            _paint(row, SUN, _glint(sun, y - shore, height))
        rows.append(bytes(row))
    return png(width, rows, _palette(seed))


@lru_cache(1)
def grain() -> bytes:
    """A square of paper, to be repeated: the same for every outlet."""
    noise = b"".join(hashlib.sha256(b"paper %d" % n).digest() for n in range(GRAIN_PIXELS * 2))
    shades = bytes(byte % 3 for byte in noise)
    rows = [shades[at : at + GRAIN_PIXELS] for at in range(0, len(shades), GRAIN_PIXELS)]
    return png(GRAIN_PIXELS, rows, [(253, 252, 249), (251, 250, 246), (254, 253, 251)])


def icon(colour: Colour) -> bytes:
    """A disc of one colour on a white square."""
    middle = ICON_PIXELS / 2
    rows = []
    for y in range(ICON_PIXELS):
        row = bytearray(ICON_PIXELS)
        _paint(row, 1, _disc((middle, middle, middle - 1), y))
        rows.append(bytes(row))
    return png(ICON_PIXELS, rows, [(255, 255, 255), colour])


def png(width: int, rows: list[bytes], palette: list[Colour]) -> bytes:
    """The file of a picture with one byte, an index into the palette, for each pixel."""
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"".join(bytes(colour) for colour in palette)),
        (b"IDAT", pixels),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def shade(hue: float, lightness: float, saturation: float) -> Colour:
    """A colour; all three from 0 to 1."""
    red, green, blue = colorsys.hls_to_rgb(hue % 1, lightness, saturation)
    return int(red * 255), int(green * 255), int(blue * 255)


def _palette(seed: bytes) -> list[Colour]:
    hue = seed[0] / 256
    warm = hue + 0.08 + seed[1] / 1024
    sky = [shade(hue, 0.62 + 0.28 * n / SKY_SHADES, 0.45) for n in range(SKY_SHADES)]
    water = [shade(hue, 0.46 - 0.2 * n / WATER_SHADES, 0.32) for n in range(WATER_SHADES)]
    return [*sky, *water, shade(warm, 0.86, 0.8), shade(hue, 0.5, 0.22), shade(hue, 0.33, 0.28)]


def _ridge(heights: bytes, width: int, height: int, top: float) -> Ridge:
    """Points from left to right, at or below `top` and above the shore."""
    step = width / _PEAKS
    return [
        (at * step, height * (top + (SHORE - top) * byte / 300)) for at, byte in enumerate(heights)
    ]


def _beneath(ridge: Ridge, y: int) -> Iterator[tuple[float, float]]:
    """The runs of a row that lie beneath the ridge."""
    for (left, left_y), (right, right_y) in pairwise(ridge):
        if max(left_y, right_y) <= y:
            yield left, right
        elif min(left_y, right_y) <= y:
            crossing = left + (y - left_y) * (right - left) / (right_y - left_y)
            yield (left, crossing) if left_y <= y else (crossing, right)


def _disc(disc: tuple[float, float, float], y: int) -> tuple[float, float]:
    x, middle, radius = disc
    half = max(0.0, radius**2 - (y - middle) ** 2) ** 0.5
    return x - half, x + half


def _glint(sun: tuple[float, float, float], deep: int, height: int) -> tuple[float, float]:
    """The sun on the water: a broken stroke beneath it."""
    wave = max(2, height // 60)
    half = sun[2] * (0.9 - 2.5 * deep / height) if deep // wave % 2 else 0
    return sun[0] - half, sun[0] + half


def _paint(row: bytearray, colour: int, run: tuple[float, float]) -> None:
    start, end = max(0, round(run[0])), min(len(row), round(run[1]))
    if start < end:
        row[start:end] = bytes([colour]) * (end - start)
