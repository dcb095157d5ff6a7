"""How a body is built, beside its plain text: an outline, and the article's images.

The outline has a code for each paragraph of the plain text (they are parted by empty lines):

    p       a paragraph               h2 .. h6  a heading of that rank
    q       a quotation               i1 .. i9  an item of a list, and how deep it lies
    r       a row of a table

so that the text is stored once, and sections, lists and quotations can be had from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PARAGRAPH = "p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image of an article, with what the page says of it.

    Attributes:
        variants: other addresses of the same image with their width in pixels.
    """

    url: str
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None
    width: int | None = None
    height: int | None = None
    variants: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of a section: its code in the outline, and its text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; the first section of a body may have none."""

    heading: str | None = None
    level: int = 0
    parts: list[Part] = field(default_factory=list)


def sections_of(body: str, outline: Sequence[str]) -> list[Section]:
    """The sections of a body; a paragraph that the outline does not reach counts as one."""
    sections = [Section()]
    for kind, text in _parts(body, outline):
        if kind[:1] == "h" and kind[1:].isdecimal():
            sections.append(Section(text, int(kind[1:])))
        else:
            sections[-1].parts.append(Part(kind, text))
    return sections if sections[0].parts else sections[1:]


def _parts(body: str, outline: Sequence[str]) -> Iterator[tuple[str, str]]:
    paragraphs = body.split("\n\n")
    for number, text in enumerate(paragraphs):
        yield (outline[number] if number < len(outline) else PARAGRAPH), text


def image_as_json(image: Image) -> dict[str, Any]:
    """What is known of an image; the rest is left out."""
    plain = {
        "url": image.url,
        "caption": image.caption,
        "credit": image.credit,
        "alt": image.alt,
        "width": image.width,
        "height": image.height,
        "variants": [list(one) for one in image.variants],
    }
    return {name: value for name, value in plain.items() if value not in (None, [])}


def image_from_json(plain: Mapping[str, Any]) -> Image:
    """The image again."""
    variants = tuple((url, width) for url, width in plain.get("variants", ()))
    return Image(**{**plain, "variants": variants})
