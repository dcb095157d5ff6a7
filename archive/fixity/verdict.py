"""What a verification found: numbers, damaged records with what is known of them, sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from archive.counting import many
from archive.records import CaptureId, Digest, Url, VersionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Where the payload of a damaged record lies as well; it was read and compared."""

    file: str
    offset: int
    capture: CaptureId


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One record that is not what was recorded; what is not known of it is None.

    Attributes:
        what: what is wrong, such as "it cannot be unpacked".
        type: `response`, `request`, `metadata` …; of what its row or the rest of its head says.
        record: `<urn:uuid:…>`.
        capture: the capture it is the record of, or that its draft was read from.
        revisits: how many revisits have their payload in it.
        versions: the versions that were read from it.
        copy: a second copy of its payload here.
        remedy: what to do.
    """

    file: str
    offset: int
    length: int
    what: str
    type: str | None = None
    record: str | None = None
    capture: CaptureId | None = None
    url: Url | None = None
    captured_at: datetime | None = None
    revisits: int = 0
    versions: tuple[VersionId, ...] = ()
    copy: Copy | None = None
    remedy: str = ""

    def __str__(self) -> str:
        named = " ".join(one for one in (self.type, self.capture or self.record) if one)
        about = f" of {self.url}" if self.url else ""
        on = f" ({self.captured_at.isoformat(timespec='seconds')})" if self.captured_at else ""
        said = f"{self.file} at {self.offset}: {named or 'a record'}{about}{on}: {self.what}."
        rests = (
            [f"{many(self.revisits, 'revisit shares', 'revisits share')} its payload"]
            if self.revisits
            else []
        )
        rests += [f"it carries {', '.join(self.versions)}"] if self.versions else []
        if rests:
            said += f" {'; '.join(rests)}.".replace(" it carries", " It carries", not self.revisits)
        return f"{said} {self.remedy}".strip()


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was checked, and each thing found wrong as one sentence that names its place."""

    files: int = 0
    records: int = 0
    digests: int = 0
    bytes: int = 0
    rows: int = 0
    revisits: int = 0
    """Revisits whose response was looked up."""
    texts: int = 0
    """Versions whose text was compared with its digest."""
    roots: int = 0
    """Files whose Merkle root was computed again and is as noted."""
    days: int = 0
    """Days whose root was computed again and is as noted."""
    unindexed: int = 0
    """Captures without a row: what a crash may leave, and `--repair` indexes."""
    unindexed_drafts: int = 0
    """Drafts without a row; as `unindexed`."""
    unindexed_screenshots: int = 0
    """Screenshots without a row; as `unindexed`."""
    last_root: Digest | None = None
    last_root_on: date | None = None
    since_root_on: date | None = None
    """The day of the root that was asked for, if it is in the chain."""
    repaired: list[str] = field(default_factory=list)
    """What `--repair` did."""
    unchecked: list[str] = field(default_factory=list)
    """What was not checked, and why."""
    is_partial: bool = False
    """Whether the time ran out before all that was asked for was checked."""
    damaged: list[Damage] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Everything wrong, damaged records included, as sentences."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with what was checked."""
        return not self.faults

    def add(self, one: Damage) -> None:
        """Note a damaged record."""
        self.damaged.append(one)
        self.faults.append(str(one))

    def as_mapping(self) -> Mapping[str, object]:
        """The verdict for programs: whether it is sound first."""
        return {"sound": self.is_sound, **{f.name: getattr(self, f.name) for f in fields(self)}}
