"""Signs of what a page is beside an article: a live blog, a video, a gallery, or nothing at all."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.records import Nature
from crawler.extract import jsonld
from crawler.extract.metadata import Metadata
from crawler.extract.missingwords import MISSING

MISSING_WORDS = 100
"""Words of text that a page which says `not found` in its headline does not have."""
HEADLINE_WORDS = 9
"""A longer headline that says so tells of something that was not found: an aircraft, a cure."""
CAPTION_WORDS = 150
"""The text beside a film or pictures; with more words a page is an article that shows some."""
ENTRIES = 5
"""`time` elements of a live blog that is known by its address only, or entries marked as such.

A teaser of a live blog may have its type, but not its entries. None of 1,257 pages has any: no
article is taken for a live blog, and what the rule gains is not measured."""
_GALLERIES = {"imagegallery", "mediagallery", "photogallery"}
_LIVE = re.compile(
    r"(?<![a-z])(?:live-?blog|live-?ticker|news-?ticker|live-?updates?|minuto-a-minuto|"
    r"minute-par-minute|"
    r"en-vivo|en-directo|en-direct|tempo-reale|ao-vivo|dakika-dakika|canli-anlatim|live-?bericht|"
    r"na-zywo|onlayn|hronika)(?![a-z])",
    re.IGNORECASE,
)
_VIDEOS = frozenset(
    {"video", "videos", "watch", "videot", "wideo", "vidéo", "tv-video", "clip", "play"}
)
_PHOTOS = frozenset(
    {
        "gallery", "galleries", "photo-gallery", "photo-galleries", "photogallery", "slideshow",
        "slideshows", "fotostrecke", "fotostrecken", "bildergalerie", "bildergalerien", "bilder",
        "galerie", "galeria", "galería", "galerias", "fotogaleria", "fotogalerie", "fotogallery",
        "diaporama", "diaporamas", "galeri", "foto-galeri", "galeri-foto", "photostory",
        "photostories", "kuvagalleria", "bildspel", "fotos", "photos",
    }
)  # fmt: skip


def missing_sign(metadata: Metadata, words: int) -> str | None:
    """What says that nothing is at this address, or None: a headline, and hardly any text."""
    if metadata.is_marked_article or words >= MISSING_WORDS:
        return None
    for claim in metadata.claims.of("title"):
        said = MISSING.search(claim.value)
        if said and len(claim.value.split()) <= HEADLINE_WORDS:
            return f"a soft 404 ({said[0]!r} in the headline of {claim.origin})"
    return None


def nature_of(
    tree: HtmlElement, metadata: Metadata, words: int, url: str
) -> tuple[Nature, str | None]:
    """What kind of article a page is, with its sign unless it is a plain one."""
    path = urlsplit(url).path
    if sign := live_sign(tree, metadata, url):
        return "liveblog", sign
    if words < CAPTION_WORDS and (found := _shown(metadata, path)):
        return found
    return "article", None


def live_sign(tree: HtmlElement, metadata: Metadata, url: str) -> str | None:
    """What says that a page is a live blog, or None: itself, its entries, its address."""
    if "liveblogposting" in metadata.schema.types:
        return "declared as a live blog (in JSON-LD)"
    if (said := _LIVE.search(urlsplit(url).path)) and tree.xpath("count(//time)") >= ENTRIES:
        return f"many entries with times ({said[0]!r} in the address)"
    if (entries := metadata.live_entries) >= ENTRIES:
        return f"{entries} entries marked as a live blog's (in microdata)"
    return None


def _shown(metadata: Metadata, path: str) -> tuple[Nature, str] | None:
    """Whether a page with little text is there for a film or for pictures."""
    schema = metadata.schema
    if schema.types & _GALLERIES:
        return "gallery", "declared as a gallery (in JSON-LD)"
    if metadata.og_type.startswith("video"):
        return "video", f"declared as a video ({metadata.og_type!r} in OpenGraph)"
    if "videoobject" in jsonld.types_of(schema.article):
        return "video", "declared as a video (in JSON-LD)"
    if said := _segment(path, _VIDEOS):
        return "video", f"little text at the address of a video ({said!r})"
    if said := _segment(path, _PHOTOS):
        return "gallery", f"little text at the address of a gallery ({said!r})"
    return None


def _segment(path: str, names: Iterable[str]) -> str | None:
    known = set(names)
    return next((part for part in path.lower().split("/")[:-1] if part in known), None)
