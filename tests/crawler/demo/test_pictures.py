import struct
import zlib

import pytest

from crawler.demo import pictures


def pixels_of(file: bytes) -> tuple[int, int, bytes]:
    """Width, height and rows, each with its filter's byte, as a reader of PNG finds them."""
    assert file.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(file):
        (size,) = struct.unpack_from(">I", file, at)
        kind, data = file[at + 4 : at + 8], file[at + 8 : at + 8 + size]
        (check,) = struct.unpack_from(">I", file, at + 8 + size)
        assert zlib.crc32(kind + data) == check
        chunks[kind] = data
        at += 12 + size
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    pixels = zlib.decompress(chunks[b"IDAT"])
    assert max(pixels) < len(chunks[b"PLTE"]) // 3
    return width, height, pixels


@pytest.mark.parametrize("width", [64, 640, 2560])
def test_a_photograph_is_as_wide_as_was_asked_and_half_as_high(width: int) -> None:
    found, height, pixels = pixels_of(pictures.photograph("harbour", width))
    assert (found, height) == (width, width // 2)
    assert len(pixels) == (width + 1) * height


def test_a_name_has_one_photograph() -> None:
    one = pictures.photograph("harbour", 640)
    pictures.photograph.cache_clear()
    assert pictures.photograph("harbour", 640) == one
    assert pictures.photograph("town", 640) != one


def test_paper_and_icons_are_small() -> None:
    assert pixels_of(pictures.grain())[:2] == (64, 64)
    assert pixels_of(pictures.icon((1, 2, 3)))[:2] == (32, 32)
    assert pictures.icon((1, 2, 3)) != pictures.icon((3, 2, 1))
