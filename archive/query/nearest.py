"""The capture of a URL that one who asked for it at some time, or now, would have got."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from archive import policy
from archive.db import captures
from archive.db.schema import capture
from archive.records import Capture, Url
from archive.urls import urlkey

SOON = timedelta(hours=1)
"""A hop or a requisite is fetched within this of what asked for it, or was known before."""


def nearest(connection: Connection, url: Url, asked_by: Capture, now: datetime) -> Capture | None:
    """The answer that was held when a capture was made, or came soon after; else the next one.

    Raises:
        ValueError: if the URL is none.
    """
    known = captures.select_captures().where(
        capture.c.urlkey == urlkey(url),
        capture.c.status.is_not(None),
        policy.visible_capture(now),
    )
    until = asked_by.captured_at + SOON
    before = known.where(capture.c.captured_at <= until)
    after = known.where(capture.c.captured_at > until)
    for statement in (
        before.order_by(capture.c.captured_at.desc()).limit(1),
        after.order_by(capture.c.captured_at).limit(1),
    ):
        found = captures.captures_in(connection, statement)
        if found:
            return found[0]
    return None


def newest(connection: Connection, url: Url, now: datetime) -> Capture | None:
    """The last answer that is held, if it is to be seen.

    Raises:
        ValueError: if the URL is none.
    """
    known = captures.select_captures().where(
        capture.c.urlkey == urlkey(url),
        capture.c.status.is_not(None),
        policy.visible_capture(now),
    )
    found = captures.captures_in(connection, known.order_by(capture.c.captured_at.desc()).limit(1))
    return found[0] if found else None
