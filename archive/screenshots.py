"""What both sides say of screenshots: a picture as it was made, and as it is kept."""

import struct
from dataclasses import dataclass, field
from datetime import datetime

from archive.records import CaptureId, Digest, Place, Url, require_aware

_HEAD = struct.Struct(">8sI4sII")
"""Signature, length and name of the first chunk, width and height (PNG, third edition, §11.2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as a browser drew it, from what the archive holds.

    `made_of` names the captures that it was drawn from, the page's own first; `not_held` the URLs
    that the page asked for and nobody could give.
    """

    png: bytes = field(repr=False)
    software: str
    viewport: tuple[int, int]
    made_of: tuple[CaptureId, ...]
    not_held: tuple[Url, ...] = ()
    is_cut: bool = False
    """The page is taller than a picture may be, and its end is missing."""

    def __post_init__(self) -> None:
        size_of_png(self.png)
        if not self.made_of:
            raise ValueError("a picture is made of its page at least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screenshot:
    """A picture that is kept; `id` is the UUID of its `resource` record.

    `url` is that of the capture it shows; None if that has no row.
    """

    id: str
    capture: CaptureId
    url: Url | None
    made_at: datetime
    software: str
    width: int
    height: int
    digest: Digest
    place: Place
    made_of: frozenset[CaptureId] = field(repr=False)

    def __post_init__(self) -> None:
        require_aware("Screenshot.made_at", self.made_at)


def size_of_png(png: bytes) -> tuple[int, int]:
    """Width and height in pixels.

    Raises:
        ValueError: if it is no PNG.
    """
    if len(png) < _HEAD.size:
        raise ValueError("not a PNG file")
    signature, _, chunk, width, height = _HEAD.unpack_from(png)
    if signature != b"\x89PNG\r\n\x1a\n" or chunk != b"IHDR":
        raise ValueError("not a PNG file")
    return width, height
