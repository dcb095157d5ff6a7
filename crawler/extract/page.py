"""One captured page and what is known about it: all that extraction may look at."""

from dataclasses import dataclass, field
from datetime import datetime

from archive.records import Discovery, Url, require_aware
from crawler.extract.memory import OutletMemory
from crawler.outlets.spec import ExtractRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The entity of one capture, still content-encoded, with its outlet's facts.

    `zone` is the outlet's IANA zone, for times that it writes without an offset. `rule` is the
    extraction rule in force on the capture's day. `witness` is what a listing said of this URL, or
    None if listings are not to be believed. `status` helps to tell a bot wall from a page.
    `memory` is what the outlet's other pages taught. `is_dated` says whether `captured_at` is when
    these bytes were had; if not, it is only a bound, and "2 hours ago" means nothing.
    """

    url: Url
    body: bytes = field(repr=False)
    content_type: str | None
    content_encoding: str | None
    captured_at: datetime
    is_dated: bool = True
    languages: tuple[str, ...] = ()
    zone: str | None = None
    outlet_name: str | None = None
    rule: ExtractRule | None = None
    witness: Discovery | None = None
    status: int | None = None
    memory: OutletMemory | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        require_aware("Page.captured_at", self.captured_at)
