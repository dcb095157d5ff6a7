"""Requisites: which URLs a captured page needs to look right."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from archive.db.engine import insert_or_ignore
from archive.db.schema import requisite
from archive.records import CaptureId, Url


def add(connection: Connection, page: CaptureId, urls: Iterable[Url]) -> None:
    """Note what a page needs."""
    rows = [{"page_id": page, "url": url} for url in urls]
    insert_or_ignore(connection, requisite, rows)


def of_page(connection: Connection, page: CaptureId) -> list[Url]:
    """What a page needs."""
    statement = select(requisite.c.url).where(requisite.c.page_id == page)
    return [Url(url) for url in connection.execute(statement).scalars()]
