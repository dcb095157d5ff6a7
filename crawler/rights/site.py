"""The files in which an origin states rights, read together, and asked for one page at a time."""

from dataclasses import dataclass

from archive.records import CaptureId
from archive.signals import Source, Statement
from crawler.rights.aitxt import AiFile
from crawler.rights.robots import RobotsRights
from crawler.rights.tdmrep import TdmFile

PATHS: dict[Source, str] = {"tdmrep.json": "/.well-known/tdmrep.json", "ai.txt": "/ai.txt"}
"""The files that are asked for besides robots.txt."""

Parsed = RobotsRights | TdmFile | AiFile


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file as it was captured, parsed."""

    source: Source
    said_by: CaptureId
    parsed: Parsed


def read_file(source: Source, text: str, origin: str, said_by: CaptureId) -> SiteFile:
    """A file parsed once, for all pages of its origin."""
    parsed: Parsed
    match source:
        case "robots.txt":
            parsed = RobotsRights(text, origin)
        case "tdmrep.json":
            parsed = TdmFile(text, origin)
        case _:
            parsed = AiFile(text)
    return SiteFile(source, said_by, parsed)


def statements_at(files: list[SiteFile], url: str) -> tuple[Statement, ...]:
    """What the files of its origin state of the page at `url`; only those that say something."""
    return tuple(
        Statement(source=one.source, said_by=one.said_by, signals=signals)
        for one in files
        if (signals := one.parsed.at(url))
    )
