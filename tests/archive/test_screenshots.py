"""A picture is a PNG of a page, drawn from captures that are named."""

import pytest
from support.pngs import png

from archive.records import CaptureId
from archive.screenshots import Picture, size_of_png

PAGE = CaptureId("r:05091f80-6c9f-4a3b-8f0e-0d1c2b3a4958")
SAID = {"software": "Chrome/1", "viewport": (1280, 800), "made_of": (PAGE,)}


def test_the_size_of_a_picture_is_read_from_its_head():
    assert size_of_png(png(640, 480)) == (640, 480)


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG", b"GIF89a" + bytes(40), png()[:12] + b"IDAT" + png()[16:]]
)
def test_what_is_no_png_is_no_picture(content):
    with pytest.raises(ValueError, match="not a PNG"):
        size_of_png(content)
    with pytest.raises(ValueError, match="not a PNG"):
        Picture(png=content, **SAID)


def test_a_picture_of_nothing_cannot_be():
    with pytest.raises(ValueError, match="its page at least"):
        Picture(png=png(), **SAID | {"made_of": ()})
