"""Articles and their versions: whether a text is new, and where it belongs.

A version is one distinct text (headline and body). The same text seen again lengthens its
version; a text seen earlier and back again is that earlier version, current once more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from archive.db import fulltext
from archive.db.crawling import frontier
from archive.db.engine import insert_or_ignore
from archive.db.schema import article, article_url, version
from archive.digests import article_id, version_id
from archive.moments import moment_as_json
from archive.records import (
    ArticleId,
    Capture,
    CaptureId,
    Draft,
    OutletId,
    Saved,
    UrlKey,
    VersionId,
)

DOCID_SEQUENCE_BITS = 20
"""Room for a million versions published in the same second."""


_NEW_ARTICLE = insert(article)
_NEW_VERSION = insert(version)


class _Span(NamedTuple):
    first: CaptureId
    first_at: datetime
    last: CaptureId
    last_at: datetime


_ALIASES = select(article_url.c.urlkey, article_url.c.article_id).where(
    article_url.c.outlet_id == bindparam("outlet"),
    article_url.c.urlkey.in_(bindparam("keys", expanding=True)),
)


def find(connection: Connection, outlet: OutletId, *keys: UrlKey) -> ArticleId | None:
    """The article known under the first of these urlkeys that any is known under."""
    rows = connection.execute(_ALIASES, {"outlet": outlet, "keys": keys})
    known = dict(rows.all())
    return next((ArticleId(known[key]) for key in keys if key in known), None)


def count(connection: Connection) -> int:
    """How many articles there are, whoever may see them."""
    return connection.execute(select(func.count()).select_from(article)).scalar() or 0


def add_aliases(
    connection: Connection, id_: ArticleId, outlet: OutletId, keys: Sequence[UrlKey]
) -> None:
    """Remember the urlkeys that lead to an article."""
    rows = [{"outlet_id": outlet, "urlkey": key, "article_id": id_} for key in dict.fromkeys(keys)]
    insert_or_ignore(connection, article_url, rows)


_FIRST_SIGHTED = select(frontier.c.first_sighted_at).where(
    frontier.c.outlet_id == bindparam("outlet"),
    frontier.c.urlkey == bindparam("key"),
    frontier.c.kind == "article",
)


def keep(
    connection: Connection,
    known: ArticleId | None,
    keys: Sequence[UrlKey],
    draft: Draft,
    capture: Capture,
    now: datetime,
) -> Saved:
    """Keep a draft of the article that these urlkeys lead to; `known` is it, if there is one."""
    if known is None:
        return save_first(connection, keys, draft, capture, now)
    add_aliases(connection, known, capture.outlet, keys)
    return save(connection, known, draft, capture, now)


def save_first(
    connection: Connection, keys: Sequence[UrlKey], draft: Draft, capture: Capture, now: datetime
) -> Saved:
    """Begin an article with its first version; its identity is made from the first urlkey."""
    outlet, key = capture.outlet, keys[0]
    id_ = article_id(outlet, key)
    vid = version_id(id_, draft.text_digest)
    sighted = connection.execute(_FIRST_SIGHTED, {"outlet": outlet, "key": key}).scalar()
    row = {
        "id": id_,
        "outlet_id": outlet,
        "url": capture.url,
        "urlkey": key,
        "first_sighted_at": sighted,
        "current_version_id": vid,
    }
    connection.execute(_NEW_ARTICLE, row)
    add_aliases(connection, id_, outlet, keys)
    span = _Span(capture.id, capture.captured_at, capture.id, capture.captured_at)
    _insert(connection, id_, vid, draft, span, 1, now)
    return Saved(outcome="new", article=id_, version=vid)


def current(connection: Connection, id_: ArticleId) -> tuple[VersionId, CaptureId] | None:
    """The current version and the last capture that showed it."""
    statement = (
        select(version.c.id, version.c.last_capture_id)
        .join(article, article.c.current_version_id == version.c.id)
        .where(article.c.id == id_)
    )
    row = connection.execute(statement).first()
    return (VersionId(row[0]), CaptureId(row[1])) if row else None


def save(
    connection: Connection, id_: ArticleId, draft: Draft, capture: Capture, now: datetime
) -> Saved:
    """Bind a capture's text to its article: a new version, or one we hold."""
    vid = version_id(id_, draft.text_digest)
    before = current(connection, id_)
    span = _Span(capture.id, capture.captured_at, capture.id, capture.captured_at)
    latest = _latest(connection, id_)
    is_new = not _lengthen(connection, id_, vid, span)
    if is_new:
        _insert(connection, id_, vid, draft, span, _next_number(connection, id_), now)
    if latest is not None and capture.captured_at < latest:  # imported: of the past
        _renumber(connection, id_)
        return Saved(outcome="changed" if is_new else "same", article=id_, version=vid)
    values = {"current_version_id": vid, "gone_at": None, "gone_cause": None}
    connection.execute(update(article).where(article.c.id == id_).values(values))
    is_same = before is not None and before[0] == vid
    return Saved(outcome="same" if is_same else "changed", article=id_, version=vid)


def supersede(
    connection: Connection, id_: ArticleId, old: VersionId, draft: Draft, now: datetime
) -> VersionId:
    """Read a version's captures with another extractor: its text under the new fingerprint.

    If the text is the same nothing changes; if not, the new version takes the old one's place,
    number and span, and the old one stays citable but is no longer counted or searched. An
    upgrade of the extractor is so never mistaken for an edit (DESIGN decision 14).
    """
    vid = version_id(id_, draft.text_digest)
    if vid == old:
        return old
    row = connection.execute(select(version).where(version.c.id == old)).mappings().one()
    span = _Span(
        row["first_capture_id"],
        row["first_captured_at"],
        row["last_capture_id"],
        row["last_captured_at"],
    )
    if not _lengthen(connection, id_, vid, span, row["number"]):
        _insert(connection, id_, vid, draft, span, row["number"], now)
    fulltext.remove(connection, row["docid"], row["title"], row["body"])
    connection.execute(update(version).where(version.c.id == old).values(superseded_by=vid))
    is_current = (article.c.id == id_) & (article.c.current_version_id == old)
    connection.execute(update(article).where(is_current).values(current_version_id=vid))
    return vid


def mark_gone(connection: Connection, id_: ArticleId, *, at: datetime, cause: str) -> None:
    """Note that an article is gone from its outlet, since when and how; its versions stay."""
    one = (article.c.id == id_) & article.c.gone_at.is_(None)
    connection.execute(update(article).where(one).values(gone_at=at, gone_cause=cause))


_KNOWN = select(
    version.c.first_captured_at,
    version.c.last_captured_at,
    version.c.superseded_by,
    version.c.docid,
).where(version.c.id == bindparam("vid"))


def _lengthen(
    connection: Connection, id_: ArticleId, vid: VersionId, span: _Span, number: int | None = None
) -> bool:
    """Let a version that we hold cover these captures too; whether we hold it."""
    known = connection.execute(_KNOWN, {"vid": vid}).first()
    if known is None:
        return False
    first_at, last_at, superseded_by, docid = known
    values: dict[str, Any] = {}
    if span.last_at > last_at:
        values |= {"last_capture_id": span.last, "last_captured_at": span.last_at}
    if span.first_at < first_at:
        values |= {"first_capture_id": span.first, "first_captured_at": span.first_at}
    if superseded_by is not None:  # the text is back: counted and searched again
        values |= {"superseded_by": None, "number": number or _next_number(connection, id_)}
        words = select(version.c.title, version.c.body).where(version.c.id == vid)
        fulltext.add(connection, docid, *connection.execute(words).one())
    if values:
        connection.execute(update(version).where(version.c.id == vid).values(values))
    return True


def _latest(connection: Connection, id_: ArticleId) -> datetime | None:
    """When the current version was last seen."""
    statement = (
        select(version.c.last_captured_at)
        .join(article, article.c.current_version_id == version.c.id)
        .where(article.c.id == id_)
    )
    return connection.execute(statement).scalar()


def _renumber(connection: Connection, id_: ArticleId) -> None:
    """Count the versions in the order in which they were first seen; the superseded with theirs."""
    columns = (version.c.id, version.c.first_captured_at, version.c.number)
    mine = connection.execute(select(*columns).where(version.c.article_id == id_)).all()
    places = sorted({(first_at, number) for _, first_at, number in mine})
    for vid, first_at, number in mine:
        right = places.index((first_at, number)) + 1
        if right != number:
            one = version.c.id == vid
            connection.execute(update(version).where(one).values(number=right))


def _next_number(connection: Connection, id_: ArticleId) -> int:
    highest = select(func.max(version.c.number)).where(version.c.article_id == id_)
    return (connection.execute(highest).scalar() or 0) + 1


def _insert(
    connection: Connection,
    id_: ArticleId,
    vid: VersionId,
    draft: Draft,
    span: _Span,
    number: int,
    now: datetime,
) -> None:
    title, body = draft.title or "", draft.body or ""
    published = draft.published.utc if draft.published else None
    docid = _free_docid(connection, published or span.first_at, vid)
    row = {
        "id": vid,
        "article_id": id_,
        "docid": docid,
        "number": number,
        "title": title,
        "body": body,
        "text_digest": draft.text_digest,
        "published_at": published,
        "dated_on": draft.published.on if draft.published else span.first_at.date(),
        "published": moment_as_json(draft.published),
        "modified": moment_as_json(draft.modified),
        "authors": list(draft.authors),
        "language": draft.language,
        "section": draft.section,
        "first_capture_id": span.first,
        "first_captured_at": span.first_at,
        "last_capture_id": span.last,
        "last_captured_at": span.last_at,
        "recorded_at": now,
    }
    connection.execute(_NEW_VERSION, row)
    fulltext.add(connection, docid, title, body)


_TAKEN = select(version.c.id).where(version.c.docid == bindparam("docid"))


def _free_docid(connection: Connection, at: datetime, vid: VersionId) -> int:
    """A free number that sorts by `at`: seconds since 1970, then a sequence."""
    first = int(at.timestamp()) << DOCID_SEQUENCE_BITS
    sequence = int.from_bytes(vid[2:6].encode()) % (1 << DOCID_SEQUENCE_BITS)
    while True:
        docid = first + sequence
        if connection.execute(_TAKEN, {"docid": docid}).scalar() is None:
            return docid
        sequence = (sequence + 1) % (1 << DOCID_SEQUENCE_BITS)
