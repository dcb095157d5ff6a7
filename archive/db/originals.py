"""Originals: the complete responses that a revisit record may refer to (WARC 1.1 §6.7)."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Boolean, ColumnElement, Connection, Row, bindparam, false, func, or_, select

from archive.db.schema import capture
from archive.records import CaptureId, Digest, OutletId, Url, UrlKey
from archive.urls import urlkey
from archive.warc.revisit import Original

Scope = Literal["outlet", "archive", "off"]
"""Among whose captures an original is looked for."""

_IS_ORIGINAL = (
    capture.c.status == 200,  # noqa: PLR2004 - HTTP's number
    capture.c.refers_to.is_(None),
    capture.c.truncated.is_(None),
    capture.c.file.is_not(None),
    capture.c.payload_bytes > 0,
)
_COLUMNS = (capture.c.id, capture.c.url, capture.c.captured_at, capture.c.payload_digest)

_SAME_PAYLOAD = (
    select(*_COLUMNS)
    .where(
        capture.c.payload_digest == bindparam("digest"),
        # pywb takes the framing of the revisit's head for that of the original's body
        func.coalesce(capture.c.is_chunked, false()) == bindparam("is_chunked", type_=Boolean),
        *_IS_ORIGINAL,
    )
    # the same URL first: players then need nothing but that page's own records
    .order_by((capture.c.url == bindparam("url")).desc(), capture.c.captured_at)
    .limit(1)
)
_IN_OUTLET = _SAME_PAYLOAD.where(capture.c.outlet_id == bindparam("outlet"))

_VALIDATED: ColumnElement[bool] = or_(
    capture.c.etag == bindparam("etag"),
    capture.c.last_modified == bindparam("since"),
    capture.c.date == bindparam("since"),
)
_LAST_SEEN = (
    select(capture.c.id, capture.c.refers_to)
    .where(
        capture.c.urlkey == bindparam("urlkey"),
        capture.c.outlet_id == bindparam("outlet"),
        capture.c.url == bindparam("url"),
        capture.c.status == 200,  # noqa: PLR2004 - HTTP's number
        capture.c.truncated.is_(None),
        _VALIDATED,
    )
    .order_by(capture.c.captured_at.desc())
    .limit(1)
)
_BY_ID = select(*_COLUMNS).where(capture.c.id == bindparam("id"), *_IS_ORIGINAL)


def with_payload(
    connection: Connection,
    digest: Digest,
    *,
    url: Url,
    outlet: OutletId,
    is_chunked: bool,
    scope: Scope,
) -> Original | None:
    """The response that brought this payload first, framed alike, if need be by another URL."""
    if scope == "off":
        return None
    statement = _IN_OUTLET if scope == "outlet" else _SAME_PAYLOAD
    values: dict[str, object] = {"digest": digest, "url": url, "is_chunked": is_chunked}
    if scope == "outlet":
        values["outlet"] = outlet
    return _original(connection.execute(statement, values).first())


def captured_at(connection: Connection, url: Url, at: datetime) -> Original | None:
    """The response of this URL at this instant, as other programs' revisits name it."""
    statement = select(*_COLUMNS).where(
        capture.c.urlkey == urlkey(url),
        capture.c.url == url,
        # such dates have seconds, and ours microseconds
        capture.c.captured_at >= at,
        capture.c.captured_at < at + timedelta(seconds=1),
        *_IS_ORIGINAL,
    )
    return _original(connection.execute(statement.limit(1)).first())


def with_id(connection: Connection, id_: CaptureId) -> Original | None:
    """The response of this id, if it is whole."""
    return _original(connection.execute(_BY_ID, {"id": id_}).first())


def confirmed_by(
    connection: Connection,
    url: Url,
    key: UrlKey,
    outlet: OutletId,
    *,
    etag: str | None,
    since: str | None,
) -> Original | None:
    """The response of this URL that a 304 to these validators confirms."""
    values = {
        "url": url,
        "urlkey": key,
        "outlet": outlet,
        "etag": etag,
        "since": since if etag is None else None,  # RFC 9110 §13.1.3
    }
    row = connection.execute(_LAST_SEEN, values).first()
    if row is None:
        return None
    seen, refers_to = row
    return _original(connection.execute(_BY_ID, {"id": refers_to or seen}).first())


def _original(row: Row[str, str, datetime, str | None] | None) -> Original | None:
    if row is None:
        return None
    id_, url, captured_at, digest = row
    return Original(
        id=CaptureId(id_),
        url=Url(url),
        captured_at=captured_at,
        payload_digest=Digest(digest) if digest else None,
    )
