"""The history of an article: its versions, its captures, and what changed between two texts."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, or_, select

from archive import policy
from archive.db import captures
from archive.db.schema import article, article_url, capture, extraction, version
from archive.errors import ArchiveError, NotCaptured
from archive.moments import moment_from_json
from archive.records import (
    Article,
    ArticleId,
    Capture,
    CaptureId,
    Digest,
    OutletId,
    Url,
    Version,
    VersionId,
)
from archive.urls import urlkey

_SENTENCE_END = re.compile(
    r"(?:(?<=[.!?…。！？;])|(?<=[.!?…。！？;][\"'”’»)]))\s+|(?<=[。！？])|\n+"
)


def find_article(connection: Connection, said: str, now: datetime) -> Article:
    """The article that a person means: by its id, a version's, the beginning of either, or a URL.

    Raises:
        NotCaptured: if there is none, or it is not to be seen.
        ArchiveError: if the beginning fits several, naming them.
    """
    ids = _ids(connection, said.strip(), now)
    if not ids:
        raise NotCaptured(f"No article {said!r}. `kliping search` shows the ids there are.")
    if len(ids) > 1:
        raise ArchiveError(f"{said!r} fits {len(ids)} articles: {', '.join(sorted(ids)[:8])} …")
    return _article(connection, ids.pop())


def _ids(connection: Connection, said: str, now: datetime) -> set[str]:
    seen = select(article.c.id).where(policy.visible(now))
    if "://" in said:
        try:
            key = urlkey(said)
        except ValueError as error:
            raise ArchiveError(str(error)) from error
        known = select(article_url.c.article_id).where(article_url.c.urlkey == key)
        return set(connection.execute(seen.where(article.c.id.in_(known))).scalars())
    if said.startswith("v:"):
        owners = select(version.c.article_id).where(version.c.id.startswith(said, autoescape=True))
        return set(connection.execute(seen.where(article.c.id.in_(owners))).scalars())
    if said.startswith("r:"):
        owners = (
            select(version.c.article_id)
            .join(extraction, extraction.c.version_id == version.c.id)
            .where(extraction.c.capture_id.startswith(said, autoescape=True))
        )
        return set(connection.execute(seen.where(article.c.id.in_(owners))).scalars())
    begins = said if said.startswith("a:") else f"a:{said}"
    by_id = seen.where(article.c.id.startswith(begins, autoescape=True)).limit(20)
    return set(connection.execute(by_id).scalars())


def _article(connection: Connection, id_: str) -> Article:
    row = connection.execute(select(article).where(article.c.id == id_)).mappings().one()
    statement = (
        select(version)
        .where(version.c.article_id == id_, version.c.superseded_by.is_(None))
        .order_by(version.c.number)
    )
    found = connection.execute(statement).mappings().all()
    return Article(
        id=ArticleId(row["id"]),
        outlet=OutletId(row["outlet_id"]),
        url=Url(row["url"]),
        first_sighted_at=row["first_sighted_at"],
        gone_at=row["gone_at"],
        gone_cause=row["gone_cause"],
        versions=tuple(_version(one, row) for one in found),
    )


def _version(row: Any, owner: Any) -> Version:
    return Version(
        id=VersionId(row["id"]),
        article=ArticleId(row["article_id"]),
        outlet=OutletId(owner["outlet_id"]),
        url=Url(owner["url"]),
        number=row["number"],
        title=row["title"],
        body=row["body"],
        published=moment_from_json(row["published"]),
        modified=moment_from_json(row["modified"]),
        authors=tuple(row["authors"]),
        language=row["language"],
        section=row["section"],
        text_digest=Digest(row["text_digest"]),
        first_capture=CaptureId(row["first_capture_id"]),
        last_capture=CaptureId(row["last_capture_id"]),
        first_captured_at=row["first_captured_at"],
        last_captured_at=row["last_captured_at"],
        recorded_at=row["recorded_at"],
    )


def capture_meant(one: Article, said: str) -> CaptureId:
    """The capture that a person means by an id: itself, or the last of its version or article."""
    if said.startswith("r:") and len(said) == len(one.current.last_capture):
        return CaptureId(said)
    of_version = [v for v in one.versions if said.startswith("v:") and v.id.startswith(said)]
    return (of_version or [one.current])[-1].last_capture


def captures_of(connection: Connection, one: Article, now: datetime) -> list[Capture]:
    """Every capture of an article's URLs, or that its text was read from; oldest first."""
    keys = select(article_url.c.urlkey).where(article_url.c.article_id == one.id)
    read = (
        select(extraction.c.capture_id)
        .join(version, version.c.id == extraction.c.version_id)
        .where(version.c.article_id == one.id)
    )
    statement = captures.select_captures().where(
        capture.c.outlet_id == one.outlet,
        or_(capture.c.urlkey.in_(keys), capture.c.id.in_(read)),
        policy.visible_capture(now),
    )
    return captures.captures_in(connection, statement.order_by(capture.c.captured_at))


def claims_of(connection: Connection, capture_id: CaptureId) -> dict[str, list[tuple[str, str]]]:
    """What was claimed of each field of a capture, and by what; the chosen claim first."""
    statement = select(extraction.c.draft).where(
        extraction.c.capture_id == capture_id, extraction.c.is_current
    )
    draft = connection.execute(statement).scalar() or {}
    return {
        name: [(origin, value) for origin, value in claims]
        for name, claims in draft.get("claims", {}).items()
    }


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence that two texts do not share, or share (`same`)."""

    kind: Literal["same", "removed", "added"]
    text: str


def differences(before: Version, after: Version) -> tuple[list[Change], list[Change]]:
    """What changed from one version to another: in the headline, and sentence by sentence."""
    title = (
        [Change("same", before.title)]
        if before.title == after.title
        else [Change("removed", before.title), Change("added", after.title)]
    )
    return title, list(_sentence_changes(sentences(before.body), sentences(after.body)))


def _sentence_changes(old: list[str], new: list[str]) -> Iterator[Change]:
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            yield from (Change("same", one) for one in old[a1:a2])
        else:
            yield from (Change("removed", one) for one in old[a1:a2])
            yield from (Change("added", one) for one in new[b1:b2])


def sentences(text: str) -> list[str]:
    """A text cut into sentences, good enough for reading differences in many languages."""
    return [piece.strip() for piece in _SENTENCE_END.split(text) if piece and piece.strip()]
