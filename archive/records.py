"""The words both sides share: one frozen type for each stage of an article's life.

    Discovery -> (Lease) -> Exchange -> Capture -> Draft -> Version -> Hit

A listing sights a URL (`Discovery`), the frontier lends it out (`Lease`), the wire tap keeps the
bytes (`Exchange`), the archive records them (`Capture`), extraction claims what they say (`Draft`),
and the archive keeps each distinct text (`Version`). No object ripens from one stage to the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NewType

from archive.structure import Image

Url = NewType("Url", str)
"""An absolute http or https URL without a fragment."""
UrlKey = NewType("UrlKey", str)  # the sortable (SURT) form of a canonical URL: `archive.urls`
Digest = NewType("Digest", str)  # `sha256:` and 64 lower-case hexadecimal digits
OutletId = NewType("OutletId", str)
ArticleId = NewType("ArticleId", str)
"""`a:` and 12 characters of base32; made from the outlet and the first urlkey."""
VersionId = NewType("VersionId", str)
"""`v:` and 12 characters of base32; made from the article and the text digest."""
CaptureId = NewType("CaptureId", str)  # `r:` and the UUID of the WARC response record
RunId = NewType("RunId", str)
ListingKind = Literal["feed", "sitemap", "section", "seed", "page"]  # seed: a person asked for it
Precision = Literal["year", "month", "day", "minute", "second"]
Zone = Literal["declared", "outlet", "unknown"]
"""Where a time's offset came from: it was written down, the outlet's zone, or nowhere (UTC)."""
Origin = Literal[
    "json-ld", "opengraph", "meta", "time", "microdata", "trafilatura", "text", "url",
    "feed", "sitemap", "section", "rule", "html-lang", "py3langid", "outlet", "h1", "title-tag",
    "memory",
]  # fmt: skip
Wall = Literal["paywall", "consent", "bot", "login"]
Nature = Literal["article", "liveblog", "video", "gallery", "listing", "missing", "other"]
"""What a page is; `missing` says that nothing is there, though its status does not (soft 404)."""
Truncation = Literal["length", "time", "disconnect", "unspecified"]


def require_aware(name: str, value: datetime | None) -> None:
    """Refuse a naive instant, with a ValueError."""
    if value is not None and value.tzinfo is None:
        raise ValueError(f"{name} must be aware, got {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant or a day as a publisher declared it; the precision is never invented.

    `at` keeps the declared offset, so `on` is the local day that a reader saw. Below minute
    precision `at` is the beginning of the period.
    """

    at: datetime
    precision: Precision = "second"
    zone: Zone = "declared"

    def __post_init__(self) -> None:
        require_aware("Moment.at", self.at)

    @property
    def on(self) -> date:
        """The local day."""
        return self.at.date()

    @property
    def utc(self) -> datetime:
        """The instant, in UTC."""
        return self.at.astimezone(UTC)

    def isoformat(self) -> str:
        """ISO 8601 with no more digits than the precision allows: `2024` or `2024-06-19`."""
        cut = {"year": 4, "month": 7, "day": 10}.get(self.precision)
        if cut:
            return self.at.isoformat()[:cut]
        return self.at.isoformat(timespec="minutes" if self.precision == "minute" else "seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """An outlet as its file declares it; `config` is the whole declaration, canonical JSON."""

    id: OutletId
    name: str
    home: str
    country: str | None
    zone: str | None
    config: str = field(repr=False)
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """One sighting of a URL in one listing, with what the listing said about it."""

    url: Url
    listing: Url
    kind: ListingKind
    position: int = 0
    title: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    publication: str | None = None  # as a news sitemap names it
    access: str | None = None  # `Subscription` or `Registration`, as a news sitemap says


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Something due, lent to one worker until `until`; `settle` ends it, expiry returns it.

    `purpose` says why it is due: a listing to poll, an article to fetch, or one we hold to recheck.
    """

    token: str
    outlet: OutletId
    url: Url
    urlkey: UrlKey
    kind: Literal["feed", "sitemap", "section", "article", "requisite"]
    purpose: Literal["poll", "fetch", "recheck"]
    until: datetime
    attempts: int = 0
    unchanged: int = 0  # rechecks since the last change
    score: float = 0.0  # the weight of the failures since the last success
    is_retired: bool = False  # given up; this is the monthly probe
    polled_at: datetime | None = None  # a listing's: when it was last had
    every: timedelta | None = None  # a listing's: the interval it was given then
    first_sighted_at: datetime
    printed_at: datetime | None = None  # an article of the past: its cadence is that of its age
    etag: str | None = None
    since: str | None = None  # what to ask with as If-Modified-Since
    discovery: Discovery | None = None

    @property
    def is_listing(self) -> bool:
        """Whether this is a page whose job is to name other pages."""
        return self.room == "listings"

    @property
    def room(self) -> Literal["listings", "articles", "requisites"]:
        """Among what it is counted."""
        rooms = {"article": "articles", "requisite": "requisites"}
        return rooms.get(self.kind, "listings")  # type: ignore[return-value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One HTTP exchange as it crossed the socket: above TLS, below any parser.

    `request` and `response` are the bytes as sent and received, redaction aside; a response that
    never began is `b""`, and `error` then says why. `interim` holds the heads of 1xx answers.
    """

    url: Url
    request: bytes = field(repr=False)
    response: bytes = field(repr=False)
    began_at: datetime
    method: str = "GET"
    interim: tuple[bytes, ...] = field(default=(), repr=False)
    ip_address: str | None = None
    protocols: tuple[str, ...] = ("http/1.1",)
    cipher: str | None = None
    certificate_digest: Digest | None = None
    truncated: Truncation | None = None
    error: str | None = None
    redacted: tuple[str, ...] = ()
    attempts: int = 1

    def __post_init__(self) -> None:
        require_aware("Exchange.began_at", self.began_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Why a request was made: the outlet, its configuration, the run and what led there."""

    outlet: OutletId
    config_digest: Digest | None
    run: RunId
    via: Url | None = None
    hops: str = ""  # a letter a step, as Heritrix: L link, R redirect, E embedded, P robots
    discovery: Discovery | None = None
    robots: str | None = None  # `ignored; basis: …` if robots.txt was not to count
    visit_at: datetime | None = None  # when the visit began: one visit's captures are a set


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record lies: one gzip member of one file."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One HTTP exchange at one instant, as received and recorded.

    `status` is None if no response came; `payload_digest` is over the entity-body, dechunked and
    still content-encoded (iipc/warc-specifications#22). `date` is what the response's Date said,
    of one that carries no validator.
    """

    id: CaptureId
    url: Url
    urlkey: UrlKey
    outlet: OutletId
    run: RunId
    captured_at: datetime
    status: int | None
    mime: str | None
    payload_digest: Digest | None
    payload_bytes: int
    place: Place | None
    truncated: Truncation | None = None
    error: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    date: str | None = None
    location: str | None = None
    is_chunked: bool = False
    refers_to: CaptureId | None = None  # whose payload a revisit shares
    visit_at: datetime | None = None

    def __post_init__(self) -> None:
        require_aware("Capture.captured_at", self.captured_at)

    @property
    def since(self) -> str | None:
        """What to ask with as If-Modified-Since: Last-Modified, else Date (RFC 9110 §13.1.3)."""
        return self.last_modified or self.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one place says a field is: `Claim(origin="json-ld", value="Harbour to grow")`."""

    origin: Origin
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What made a draft; two texts are compared only if their fingerprints are equal.

    `memory` is the digest of what was known of the outlet's other pages, or None.
    """

    extractor: str
    rules: Digest
    memory: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What extraction claims about one capture, with the origin of each field.

    `claims` maps a field's name to every claim seen for it, the chosen one first; the field itself
    holds the chosen value. A field nothing was said about is None or empty. `kind` is the verdict
    on what the page is, and `reason` says by which sign unless it is a plain article. `wire` is the
    news agency that the text is credited to, `correction` the notice that it was corrected;
    `outline` has a code for each paragraph of the body (`archive.structure`).
    """

    fingerprint: Fingerprint
    text_digest: Digest
    title: str | None = None
    body: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    section: str | None = None
    summary: str | None = None
    image: Url | None = None
    canonical: Url | None = None
    site_name: str | None = None
    is_free: bool | None = None
    tags: tuple[str, ...] = ()
    wire: str | None = None
    correction: str | None = None
    kind: Nature = "article"
    wall: Wall | None = None
    reason: str | None = None
    outline: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    claims: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What `Archive.save` did with a draft."""

    outcome: Literal["new", "changed", "same"]
    article: ArticleId
    version: VersionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One distinct text of an article, with the first and last capture that showed it."""

    id: VersionId
    article: ArticleId
    outlet: OutletId
    url: Url
    number: int
    title: str
    body: str = field(repr=False)
    published: Moment | None
    modified: Moment | None
    authors: tuple[str, ...]
    language: str | None
    section: str | None
    text_digest: Digest
    first_capture: CaptureId
    last_capture: CaptureId
    first_captured_at: datetime
    last_captured_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The work: all its versions, and whether it is gone from its outlet, since when and how."""

    id: ArticleId
    outlet: OutletId
    url: Url
    first_sighted_at: datetime | None
    gone_at: datetime | None
    gone_cause: str | None
    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        """The version that the latest good capture showed."""
        return max(self.versions, key=lambda v: (v.last_captured_at, v.number))
