"""One line of a batch: which page to read, and what is known of it.

    {"id": "a-1", "url": "https://…", "html_path": "pages/1.html.gz",
     "captured_at": "2024-06-19T05:10:00+00:00",
     "feed": {"title": "…", "published": "Wed, 19 Jun 2024 10:12:00 +0700", "authors": ["…"]}}

`captured_at` and `feed` may be left out. Without `captured_at` nothing is known of when the page
was seen: no date is too late, and `2 hours ago` means nothing. The clock is never asked, so that a
line's answer is the same on any day.
"""

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.records import Discovery, Url

NO_BOUND = datetime(9000, 1, 1, tzinfo=UTC)
"""The capture of a page of which nobody knows when it was seen: no date is later."""
LINE_LIMIT = 1024 * 1024
"""Bytes of one line; a line names a page, it does not hold it."""


class BadLine(ValueError):
    """A line asks for nothing that can be read; `id` is its id if it has one."""

    def __init__(self, message: str, id_: str | int | None = None) -> None:
        super().__init__(message)
        self.id = id_


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A page to read."""

    id: str | int
    url: Url
    path: Path
    captured_at: datetime | None = None
    feed: Mapping[str, Any] = field(default_factory=dict)


def question_of(line: bytes) -> Question:
    """The question that a line asks.

    Raises:
        BadLine: if it asks none.
    """
    if len(line) > LINE_LIMIT:
        raise BadLine(f"longer than {LINE_LIMIT} bytes")
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"no JSON: {error}") from error
    if not isinstance(said, dict):
        raise BadLine("no JSON object")
    id_ = said.get("id")
    if not isinstance(id_, str | int) or isinstance(id_, bool):
        raise BadLine("no id")
    path, url = said.get("html_path"), said.get("url") or ""
    if not isinstance(path, str) or not path or "\0" in path:
        raise BadLine("no html_path", id_)
    if not isinstance(url, str):
        raise BadLine("the url is no string", id_)
    feed = said.get("feed") or {}
    if not isinstance(feed, dict):
        raise BadLine("feed is no object", id_)
    captured_at = _instant(said.get("captured_at"), id_)
    return Question(id=id_, url=Url(url), path=Path(path), captured_at=captured_at, feed=feed)


def bytes_of(path: Path, limit: int) -> bytes:
    """A file's bytes, at most one more than `limit`.

    Raises:
        OSError: if it cannot be read.
        BadLine: if it is no file: a pipe or a terminal would be waited for for ever.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe is to wait already
        raise BadLine(f"{path} is no file")
    with path.open("rb") as file:
        return file.read(limit + 1)


def witness_of(feed: Mapping[str, Any], url: Url) -> Discovery | None:
    """What the feed said, as a witness; what is of no use is left out."""
    from crawler.extract.moments import declared  # noqa: PLC0415 -- lxml comes with it

    if not feed:
        return None
    said = {key: value for key, value in feed.items() if isinstance(value, str) and value.strip()}
    authors = feed.get("authors") or feed.get("author") or ()
    authors = [authors] if isinstance(authors, str) else authors
    authors = authors if isinstance(authors, list) else ()
    return Discovery(
        url=url,
        listing=Url(said.get("url", "")),
        kind="sitemap" if said.get("kind") == "sitemap" else "feed",
        title=said.get("title"),
        published=declared(said["published"], None) if "published" in said else None,
        modified=declared(said["modified"], None) if "modified" in said else None,
        authors=tuple(one for one in authors if isinstance(one, str)),
        language=said.get("language"),
        summary=said.get("summary"),
    )


def _instant(said: object, id_: str | int) -> datetime | None:
    if said is None:
        return None
    try:
        instant = datetime.fromisoformat(str(said))
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadLine(f"captured_at is no ISO time: {said!r}", id_) from error
