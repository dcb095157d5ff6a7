"""What an export holds: the captures of an outlet, of articles, or of all that a query finds.

An article comes with everything that shows it: each capture of its URLs, the hops that led there,
the requisites of its pages, the drafts, the screenshots, and the responses that revisits rest on.
What a restriction hides stays out, and what only rests on hidden captures with it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urljoin

from sqlalchemy import Connection, select

from archive import policy
from archive.db import captures, requisites
from archive.db.schema import capture, extraction, screenshot, version
from archive.query.history import captures_of, find_article
from archive.query.nearest import nearest
from archive.records import Capture, CaptureId, OutletId, Place
from archive.urls import canonical
from archive.wacz.basket import Basket, PageEntry

REDIRECTS = (301, 302, 303, 307, 308)
LONGEST_CHAIN = 8
DEEPEST = 3
"""A sheet may import a sheet that imports a sheet."""


def select_outlet(connection: Connection, basket: Basket, outlet: OutletId, now: datetime) -> None:
    """Put everything in that was captured for an outlet."""
    mine = captures.select_captures().where(
        capture.c.outlet_id == outlet, policy.visible_capture(now)
    )
    _add(connection, basket, captures.each_in(connection, mine), now)


def select_articles(
    connection: Connection, basket: Basket, articles: Iterable[str], now: datetime
) -> None:
    """Put articles in, each with all its versions.

    Raises:
        NotCaptured: if there is none of that id, or it is not to be seen.
    """
    for id_ in articles:
        one = find_article(connection, id_, now)
        _add(connection, basket, captures_of(connection, one, now), now, is_whole=False)


def _add(
    connection: Connection,
    basket: Basket,
    found: Iterable[Capture],
    now: datetime,
    *,
    is_whole: bool = True,
) -> None:
    """Put captures in, with what each needs; a whole outlet has the rest of its own accord."""
    for one in found:
        if not _with_original(connection, basket, one, now):
            continue
        for place in _drafts(connection, one.id):
            basket.add_draft(place)
        for place in _pictures(connection, one.id, now):
            basket.add_picture(place)
        for page in _pages(connection, one):
            basket.add_page(page)
        if not is_whole:
            for needed in (*_hops(connection, one, now), *_requisites(connection, one, now)):
                _with_original(connection, basket, needed, now)


def _with_original(connection: Connection, basket: Basket, one: Capture, now: datetime) -> bool:
    """Put a capture in, and the response that it rests on; not if that is not to be seen."""
    if one.refers_to is not None and one.refers_to not in basket:
        seen = captures.select_captures().where(
            capture.c.id == one.refers_to, policy.visible_capture(now)
        )
        original = captures.captures_in(connection, seen)
        if not original:
            return False
        basket.add(original[0])
    basket.add(one)
    return one.place is not None


def _drafts(connection: Connection, id_: CaptureId) -> Iterator[Place]:
    columns = (extraction.c.file, extraction.c.offset, extraction.c.length)
    for file, offset, length in connection.execute(
        select(*columns).where(extraction.c.capture_id == id_)
    ):
        yield Place(file=file, offset=offset, length=length)


def _pictures(connection: Connection, id_: CaptureId, now: datetime) -> Iterator[Place]:
    columns = (screenshot.c.file, screenshot.c.offset, screenshot.c.length)
    of_it = (screenshot.c.capture_id == id_, policy.visible_screenshot(now))
    for file, offset, length in connection.execute(select(*columns).where(*of_it)):
        yield Place(file=file, offset=offset, length=length)


def _pages(connection: Connection, one: Capture) -> Iterator[PageEntry]:
    """The capture as a page, if it was the first to show a version."""
    shown = (
        select(extraction.c.draft)
        .join(version, version.c.id == extraction.c.version_id)
        .where(version.c.first_capture_id == one.id, extraction.c.capture_id == one.id)
        .limit(1)
    )
    for draft in connection.execute(shown).scalars():
        claims = dict(draft.get("claims", {}).get("title", ()))
        at = f"{one.captured_at:%Y%m%d%H%M%S}"
        # players compare it with the document's own title, so the headline would not do
        yield PageEntry(url=one.url, at=at, title=claims.get("title-tag"))


def _hops(connection: Connection, one: Capture, now: datetime) -> Iterator[Capture]:
    """Where a redirect led, to the end of the chain."""
    for _ in range(LONGEST_CHAIN):
        if one.status not in REDIRECTS or not one.location:
            return
        try:
            target = canonical(urljoin(one.url, one.location))
        except ValueError:
            return
        following = nearest(connection, target, one, now)
        if following is None:
            return
        yield following
        one = following


def _requisites(
    connection: Connection, page: Capture, now: datetime, depth: int = 0
) -> Iterator[Capture]:
    """What the page needs to look right, as it was about then, and what its sheets need."""
    for url in requisites.of_page(connection, page):
        found = nearest(connection, url, page, now)
        if found is None:
            continue
        yield found
        yield from _hops(connection, found, now)
        if depth < DEEPEST:
            yield from _requisites(connection, found, now, depth + 1)
