"""Requisites: which URLs a captured page needs to look right."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from archive.db.engine import insert_or_ignore
from archive.db.schema import capture, requisite
from archive.records import Capture, CaptureId, Url


def add(connection: Connection, page: CaptureId, urls: Iterable[Url]) -> None:
    """Note what a page needs."""
    rows = [{"page_id": page, "url": url} for url in urls]
    insert_or_ignore(connection, requisite, rows)


def of_page(connection: Connection, page: Capture) -> list[Url]:
    """What a page or a style sheet needs: as it says, or as the last one of its URL before it said.

    A 304 is not read again, and what it refers to may lie at another URL, with other neighbours.
    """
    own = select(requisite.c.url).where(requisite.c.page_id == page.id)
    urls = connection.execute(own).scalars().all()
    if not urls:
        last = (
            select(capture.c.id)
            .where(
                capture.c.urlkey == page.urlkey,
                capture.c.url == page.url,
                capture.c.captured_at <= page.captured_at,
                capture.c.id.in_(select(requisite.c.page_id)),
            )
            .order_by(capture.c.captured_at.desc())
            .limit(1)
        )
        before = select(requisite.c.url).where(requisite.c.page_id.in_(last))
        urls = connection.execute(before).scalars().all()
    return [Url(url) for url in urls]
