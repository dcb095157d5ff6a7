"""What a page said of its article beside the text: its nature, tags, wire, correction, access."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, select

from archive.db.schema import extraction
from archive.records import CaptureId, Nature, VersionId
from archive.structure import Image, image_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What the latest draft of a version says; what it does not know is None or empty.

    Attributes:
        kind: `article`, or `liveblog`, `video`, `gallery`.
        wire: the news agency that the text is credited to.
        is_free: whether the page says that it may be read for nothing.
    """

    kind: Nature = "article"
    tags: tuple[str, ...] = ()
    wire: str | None = None
    correction: str | None = None
    is_free: bool | None = None
    summary: str | None = None
    outline: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()


def particulars_of(connection: Connection, capture_id: CaptureId) -> Particulars:
    """What the draft that counts for a capture says."""
    statement = select(extraction.c.draft).where(
        extraction.c.capture_id == capture_id, extraction.c.is_current
    )
    return _particulars(connection.execute(statement).scalar())


def particulars_by_version(
    connection: Connection, versions: Iterable[VersionId]
) -> dict[VersionId, Particulars]:
    """What the latest draft of each of these versions says, in one question."""
    statement = (
        select(extraction.c.version_id, extraction.c.draft)
        .where(extraction.c.version_id.in_(list(versions)), extraction.c.is_current)
        .order_by(extraction.c.extracted_at, extraction.c.id)
    )
    return {
        VersionId(id_): _particulars(draft)
        for id_, draft in connection.execute(statement)
        if id_ is not None
    }


def _particulars(draft: Mapping[str, Any] | None) -> Particulars:
    said = draft or {}
    return Particulars(
        kind=cast("Nature", said.get("kind", "article")),
        tags=tuple(said.get("tags", ())),
        wire=said.get("wire"),
        correction=said.get("correction"),
        is_free=said.get("is_free"),
        summary=said.get("summary"),
        outline=tuple(said.get("outline", ())),
        images=tuple(image_from_json(one) for one in said.get("images", ())),
    )
